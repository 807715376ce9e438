// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/backends/kubernetes/kube_credentials.hpp"

#include <algorithm>

namespace berth::server::kubernetes {

namespace {

constexpr std::chrono::seconds file_life{60};
constexpr std::chrono::seconds before_expiry{60};  // credentials are renewed ahead of their end
constexpr std::size_t largest_material = 1u << 20;

/// A token goes into a header: nothing but printable characters.
Result<void> tidy_token(std::string& token) {
  while (!token.empty() && (token.back() == '\n' || token.back() == '\r' || token.back() == ' '))
    token.pop_back();
  if (std::ranges::all_of(token, [](char c) { return c > ' ' && c < '\x7f'; })) return {};
  return failure(ErrorCode::unavailable,
                 "The server can't sign in to Kubernetes: its token has characters that no token has.");
}

}  // namespace

KubeCredentials::KubeCredentials(KubeAccess access, ExecLimits limits, SteadyClock steady, WallClock wall)
    : access_(std::move(access)), limits_(limits), steady_(std::move(steady)), wall_(std::move(wall)) {}

Result<std::string> KubeCredentials::read(const Material& material) {
  if (!material.text.empty() || material.file.empty()) return material.text;
  const auto now = steady_();
  const auto kept = files_.find(material.file);
  if (kept != files_.end() && now < kept->second.until) return kept->second.text;
  auto text = read_access_file(material.file, largest_material);
  if (!text || text->empty()) {
    // In the middle of being replaced; the last one may still be good.
    if (kept != files_.end() && !kept->second.text.empty()) return kept->second.text;
    if (text)
      return failure(ErrorCode::unavailable,
                     "The server can't sign in to Kubernetes: a file is empty; the log names it.",
                     material.file);
    return std::unexpected(std::move(text.error()));
  }
  files_[material.file] = {*text, now + file_life};
  return text;
}

Result<void> KubeCredentials::ask_plugin(Presented& presented) {
  if (!answer_ || (answer_->expires && *answer_->expires - before_expiry <= wall_())) {
    auto answer = run_exec_plugin(*access_.exec, exec_info(access_, presented.authority), limits_);
    if (!answer) return std::unexpected(std::move(answer.error()));
    answer_ = std::move(*answer);
  }
  if (!answer_->token.empty()) presented.token = answer_->token;
  if (!answer_->certificate.empty()) {
    presented.certificate = answer_->certificate;
    presented.key = answer_->key;
  }
  return {};
}

Result<Presented> KubeCredentials::present() {
  const std::lock_guard lock(mutex_);
  Presented presented;
  const std::pair<const Material*, std::string*> parts[] = {{&access_.authority, &presented.authority},
                                                            {&access_.certificate, &presented.certificate},
                                                            {&access_.key, &presented.key},
                                                            {&access_.token, &presented.token}};
  for (const auto& [material, into] : parts) {
    auto text = read(*material);
    if (!text) return std::unexpected(std::move(text.error()));
    *into = std::move(*text);
  }
  // As client-go: a program is asked only where nothing else says who one is.
  if (access_.exec && presented.token.empty() && presented.certificate.empty())
    if (auto asked = ask_plugin(presented); !asked) return std::unexpected(std::move(asked.error()));
  if (auto tidy = tidy_token(presented.token); !tidy) return std::unexpected(std::move(tidy.error()));
  return presented;
}

bool KubeCredentials::refused(const Presented& presented) {
  const std::lock_guard lock(mutex_);
  for (auto& [path, kept] : files_) kept.until = {};
  // Another thread may have asked for new ones meanwhile; those were not refused.
  if (answer_ && answer_->token == presented.token && answer_->certificate == presented.certificate)
    answer_.reset();
  return access_.exec.has_value() || !access_.token.file.empty() || !access_.certificate.file.empty();
}

}  // namespace berth::server::kubernetes
