// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/blobs/blob_files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "protocol/net/directory_names.hpp"
#include "server/fault_points.hpp"
#include "server/random_id.hpp"

namespace berth::server {
namespace {

constexpr std::uint64_t disk_block = 4096;  // bytes
constexpr int most_unreadable = 16;         // blocks of one blob; beyond them it is the disk that is ill

Result<void> write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return disk_error("write", written == 0 ? EIO : errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace

std::unexpected<Error> disk_error(const std::string& what, int number) {
  auto detail = what + ": " + std::strerror(number);
  if (number == ENOSPC || number == EDQUOT)
    return failure(ErrorCode::limit_exceeded,
                   "The server's disk for stored files is full; the administrator must make room on it.",
                   std::move(detail));
  if (number == ENOENT || number == ENOTDIR)
    return failure(ErrorCode::not_found, "This is not stored here (any more).", std::move(detail));
  return failure(ErrorCode::unavailable,
                 "The server's disk for stored files does not work at the moment; try again or ask the "
                 "administrator.",
                 std::move(detail));
}

Result<net::FileDescriptor> open_in(const net::ConfinedDirectory& root, const std::string& path, int flags) {
  auto fd = root.open_at(path, flags);
  if (fd) return fd;
  const auto& error = fd.error();
  // A name on the way that is a file is a key below another key: no such blob.
  const bool absent = error.code == ErrorCode::not_found || error.code == ErrorCode::invalid_argument;
  return disk_error(path + " (" + error.detail + ")", absent ? ENOENT : EIO);
}

Result<std::vector<std::string>> names_in(int directory) {
  auto names = net::names_in(directory);
  if (!names) return disk_error("read directory", errno);
  return std::move(*names);
}

Result<std::string> read_blob(const PositionedRead& read, const std::string& key, std::uint64_t offset,
                              std::uint64_t length) {
  std::string bytes(length, '\0');
  int unreadable = 0;
  for (std::size_t have = 0; have < bytes.size();) {
    const auto at = offset + have;
    const auto got = read(bytes.data() + have, bytes.size() - have, static_cast<off_t>(at));
    if (got > 0) {
      have += static_cast<std::size_t>(got);
      continue;
    }
    const int number = got == 0 ? 0 : errno;
    if (number == EINTR) continue;
    if (number != EIO || ++unreadable > most_unreadable)
      return disk_error("read " + key, number ? number : EIO);
    spdlog::error("the disk can't read {} at byte {}", key, at);
    const auto skipped = std::min<std::uint64_t>(disk_block - at % disk_block, bytes.size() - have);
    std::fill_n(bytes.data() + have, skipped, '\0');
    have += skipped;
  }
  return bytes;
}

Draft::Draft(int folder) : folder_(folder), name_(random_id(20)) {}

Draft::~Draft() {
  if (fd_ && !renamed_) ::unlinkat(folder_, name_.c_str(), 0);
}

Result<void> Draft::write(std::string_view bytes) {
  for (;;) {
    fd_.reset(::openat(folder_, name_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd_) return disk_error("open draft", errno);
    if (::flock(fd_.get(), LOCK_EX) != 0) return disk_error("lock draft", errno);
    struct stat status{};
    if (::fstat(fd_.get(), &status) != 0) return disk_error("stat draft", errno);
    if (status.st_nlink > 0) break;  // else a cleaner was faster than the lock
  }
  if (auto written = write_all(fd_.get(), bytes); !written) return written;
  fault_point("blob.written");
  if (::fsync(fd_.get()) != 0) return disk_error("fsync draft", errno);
  fault_point("blob.synced");
  return {};
}

Result<void> Draft::rename_to(int parent, const std::string& name) {
  if (::renameat(folder_, name_.c_str(), parent, name.c_str()) != 0)
    return disk_error("rename " + name, errno);
  renamed_ = true;
  fault_point("blob.named");
  return {};
}

}  // namespace berth::server
