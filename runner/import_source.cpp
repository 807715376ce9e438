// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/import_source.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "runner/unpack.hpp"

namespace berth::runner {
namespace {

constexpr std::size_t longest_url = 2000;
constexpr std::size_t longest_line = 300;

std::string find_program(std::string_view name) {
  for (const std::string directory : {"/usr/local/bin/", "/usr/bin/", "/bin/"})
    if (const auto file = directory + std::string(name); ::access(file.c_str(), X_OK) == 0) return file;
  return {};
}

void hide_credentials(std::string& line) {
  for (auto at = line.find("://"); at != line.npos; at = line.find("://", at + 3)) {
    const auto end = std::min(line.find_first_of("/ '\"", at + 3), line.size());
    const auto sign = line.rfind('@', end);
    if (sign != line.npos && sign > at) line.erase(at + 3, sign - at - 2);
  }
}

}  // namespace

Result<void> check_git_url(std::string_view url) {
  const auto refuse = [](const char* why) {
    return failure(ErrorCode::invalid_argument, std::string("This is no URL to clone from: ") + why + ".");
  };
  if (url.size() > longest_url) return refuse("it is too long");
  if (!std::ranges::all_of(url, [](char c) { return c > ' ' && c < 0x7f; }))
    return refuse("it contains spaces or other characters that no URL has");
  constexpr std::array<std::string_view, 4> schemes{"https://", "http://", "ssh://", "git://"};
  const auto scheme = std::ranges::find_if(schemes, [&](auto prefix) { return url.starts_with(prefix); });
  if (scheme == schemes.end()) return refuse("it must begin with https://, http://, ssh:// or git://");
  auto host = url.substr(scheme->size());
  host = host.substr(0, host.find('/'));
  if (const auto sign = host.rfind('@'); sign != host.npos) host.remove_prefix(sign + 1);
  if (host.empty() || host[0] == '-' || host[0] == ':') return refuse("it names no host");
  if (url.size() <= scheme->size() + host.size() + 1) return refuse("it names no repository");
  return {};
}

Result<ImportProgram> git_program(const std::string& url) {
  const auto git = find_program("git");
  if (git.empty())
    return failure(ErrorCode::unavailable, "There is no git in this workspace: choose another template.");
  // A peer that goes silent ends it.
  return ImportProgram{git,
                       {"git", "-c", "http.lowSpeedLimit=100", "-c", "http.lowSpeedTime=60", "clone",
                        "--progress", "--", url, "."}};
}

Result<ImportProgram> archive_program(const std::string& archive, const std::string& format,
                                      std::uint64_t most_bytes) {
  if (format != "zip" && format != "tar")
    return failure(ErrorCode::invalid_argument, "import/begin.format: neither \"zip\" nor \"tar\"");
  return ImportProgram{"/proc/self/exe",
                       {"berth-runner", "--unpack", format, archive, std::to_string(most_bytes)}};
}

bool ImportOutput::append(std::string_view bytes) {
  bool news = false;
  for (const char c : bytes) {
    if (c == '\n' || c == '\r') {
      news = news || !line_.empty();
      take_line();
    } else if (static_cast<unsigned char>(c) >= ' ' && c != 0x7f && line_.size() < longest_line) {
      line_ += c;
    }
  }
  return news;
}

void ImportOutput::take_line() {
  if (line_.empty()) return;
  hide_credentials(line_);
  if (line_.starts_with(unpack_failed)) line_.erase(0, unpack_failed.size()), fatal_ = line_;
  if (line_.starts_with("fatal:") || line_.starts_with("ERROR")) fatal_ = line_;
  last_ = std::exchange(line_, {});
}

std::optional<double> ImportOutput::percent() const {
  const auto sign = last_.find('%');
  if (sign == last_.npos) return std::nullopt;
  auto start = sign;
  while (start > 0 && last_[start - 1] >= '0' && last_[start - 1] <= '9') --start;
  int value = 0;
  if (std::from_chars(last_.data() + start, last_.data() + sign, value).ec != std::errc() || value > 100)
    return std::nullopt;
  return value;
}

}  // namespace berth::runner
