// SPDX-License-Identifier: GPL-3.0-or-later
// What a directory store does with single files: opening them, writing drafts, and saying what went wrong.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/net/confined_directory.hpp"

namespace berth::server {

/// limit_exceeded for a full disk, not_found for what is not there, else unavailable; `what` is for the log.
std::unexpected<Error> disk_error(const std::string& what, int number);

/// root.open_at() with the errors above.
Result<net::FileDescriptor> open_in(const net::ConfinedDirectory& root, const std::string& path, int flags);

/// Names in an open directory, without "." and "..", in no order.
Result<std::vector<std::string>> names_in(int directory);

/// Reads at most `size` bytes at `at`, as pread does; -1 with errno.
using PositionedRead = std::function<ssize_t(char* into, std::size_t size, off_t at)>;

/// `length` bytes from `offset` of the blob `key`, which has them. A few blocks that the disk can't read
/// (EIO: a bad sector, or a file system that found its own checksum wrong) are zeros, so that they cost what
/// lies in them and not the whole blob: the reader's checksums tell.
Result<std::string> read_blob(const PositionedRead& read, const std::string& key, std::uint64_t offset,
                              std::uint64_t length);

/// A file in `.new` that its writer holds locked, so that nobody takes it for a leftover; gone again unless
/// it was renamed.
class Draft {
 public:
  /// In the open directory `folder`, which outlives it.
  explicit Draft(int folder);
  ~Draft();
  Draft(const Draft&) = delete;

  /// All of `bytes`, durable. Once.
  Result<void> write(std::string_view bytes);
  Result<void> rename_to(int parent, const std::string& name);
  int fd() const { return fd_.get(); }

 private:
  int folder_;
  std::string name_;
  net::FileDescriptor fd_;
  bool renamed_ = false;
};

}  // namespace berth::server
