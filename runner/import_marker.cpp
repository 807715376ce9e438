// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/import_marker.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "protocol/codec.hpp"
#include "protocol/net/confined_directory.hpp"

namespace berth::runner {
namespace {

constexpr std::size_t longest_marker = 64u << 10;  // bytes

}  // namespace

Result<void> write_import_marker(const std::string& path, const ImportMarker& marker) {
  const auto fresh = path + ".new";
  const auto text = protocol::to_text(protocol::encode(marker));
  const net::FileDescriptor fd(
      ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd || ::write(fd.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
      ::fsync(fd.get()) != 0 || std::rename(fresh.c_str(), path.c_str()) != 0)
    return std::unexpected(net::error_of_errno(errno, "The workspace's state"));
  const net::FileDescriptor directory(
      ::open(path.substr(0, path.rfind('/')).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory || (::fsync(directory.get()) != 0 && errno != EINVAL))
    return std::unexpected(net::error_of_errno(errno, "The workspace's state"));
  return {};
}

std::optional<ImportMarker> read_import_marker(const std::string& path) {
  const net::FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!fd) return std::nullopt;
  std::string text(longest_marker, '\0');
  const auto length = ::read(fd.get(), text.data(), text.size());
  if (length <= 0) return std::nullopt;
  text.resize(static_cast<std::size_t>(length));
  const auto json = protocol::parse_json(text);
  if (!json) return std::nullopt;
  auto marker = protocol::decode<ImportMarker>(*json, "marker");
  if (!marker) return std::nullopt;
  return std::move(*marker);
}

}  // namespace berth::runner
