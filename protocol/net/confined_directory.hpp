// SPDX-License-Identifier: GPL-3.0-or-later
// A directory that names can't leave: every path is resolved by openat2(RESOLVE_BENEATH |
// RESOLVE_NO_MAGICLINKS), so neither "..", nor a symlink, nor one that is swapped in at the last moment leads
// outside. Calls block and may be made from any thread; the object holds one descriptor and no other state.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>

#include <string>
#include <string_view>

#include "protocol/error.hpp"
#include "protocol/net/file_descriptor.hpp"

namespace berth::net {

/// The Error for a failed system call on `path`: the code that fits errno and a sentence with the path in it.
Error error_of_errno(int number, std::string_view path);

/// "a//./b/" → "a/b". invalid_argument for "..", a leading "/", NUL, or more than 4,000 bytes.
Result<std::string> normal_path(std::string_view path);

class ConfinedDirectory {
 public:
  /// `absolute` itself may contain symlinks: it is the server's word, not the person's.
  static Result<ConfinedDirectory> open(const std::string& absolute);

  /// Opens what `path` ("" is the directory itself) names; O_CLOEXEC and O_NOCTTY are added. A last symlink
  /// that is absolute and leads into this directory is followed as if it were relative.
  Result<FileDescriptor> open_at(std::string_view path, int flags, mode_t mode = 0) const;

  /// The directory that holds `path`'s last name, opened O_PATH, and that name. invalid_argument for "".
  struct Place {
    FileDescriptor parent;
    std::string name;
  };
  Result<Place> place_of(std::string_view path, bool make_parents = false) const;

  /// `path` with every symlink in it resolved, relative to this directory; the entry must exist.
  Result<std::string> canonical(std::string_view path) const;

  /// What `path` names without following a last symlink.
  Result<struct stat> stat_entry(std::string_view path) const;

  int fd() const { return root_.get(); }
  /// Absolute, symlinks resolved.
  const std::string& path() const { return path_; }

 private:
  std::string target_of_absolute_link(const std::string& path) const;
  FileDescriptor root_;
  std::string path_;
};

/// Where an open descriptor's file lies now, absolute; "" when it was deleted or can't be told.
std::string path_of_descriptor(int fd);

}  // namespace berth::net
