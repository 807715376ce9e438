// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/backends/kubernetes/kube_credentials.hpp"

#include <algorithm>

namespace berth::server::kubernetes {

namespace {

constexpr std::chrono::seconds file_life{60};
constexpr std::chrono::seconds before_expiry{60};  // credentials are renewed ahead of their end
constexpr std::chrono::seconds failure_life{5};
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

Result<ExecAnswer> KubeCredentials::ask_plugin(const std::string& authority, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  if (!asked_.wait(lock, stop, [this] { return !asking_; }))
    return failure(ErrorCode::cancelled, "The server is stopping.");
  if (answer_ && (!answer_->expires || *answer_->expires - before_expiry > wall_())) return *answer_;
  if (failure_ && steady_() < failure_until_) return std::unexpected(*failure_);
  asking_ = true;
  lock.unlock();
  auto answer = run_exec_plugin(*access_.exec, exec_info(access_, authority), limits_, stop);
  lock.lock();
  asking_ = false;
  asked_.notify_all();
  answer_.reset();
  failure_.reset();
  if (answer) {
    answer_ = *answer;
  } else if (answer.error().code != ErrorCode::cancelled) {
    failure_ = answer.error();
    failure_until_ = steady_() + failure_life;
  }
  return answer;
}

Result<Presented> KubeCredentials::read_files() {
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
  return presented;
}

Result<Presented> KubeCredentials::present(const std::stop_token& stop) {
  auto presented = read_files();
  if (!presented) return presented;
  // As client-go: a program is asked only where nothing else says who one is.
  if (access_.exec && presented->token.empty() && presented->certificate.empty()) {
    auto answer = ask_plugin(presented->authority, stop);
    if (!answer) return std::unexpected(std::move(answer.error()));
    presented->token = std::move(answer->token);
    presented->certificate = std::move(answer->certificate);
    presented->key = std::move(answer->key);
  }
  if (auto tidy = tidy_token(presented->token); !tidy) return std::unexpected(std::move(tidy.error()));
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
