// SPDX-License-Identifier: GPL-3.0-or-later
// What people do with files in a home directory, for the runner and for the server while a workspace is
// stopped. All paths are relative to home and confined to it (confined_directory.hpp). Calls block; any
// thread may make them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/messages.hpp"
#include "protocol/net/confined_directory.hpp"

namespace berth::net {

/// Begins the names of temporary files; listings and watches leave them out.
inline constexpr std::string_view temporary_prefix = ".berth-write-";

/// Names one state of a file: another inode, size or modification time gives another etag.
std::string etag_of(const struct stat& status);

/// What opening for reading gives.
struct OpenedFile {
  FileDescriptor fd;
  struct stat status{};
  std::string etag;
};

/// A whole-file write on its way: bytes go to a temporary file beside the target; commit() puts it in place
/// at once. Destroying it without commit leaves the old file as it was.
class PendingWrite {
 public:
  PendingWrite(PendingWrite&&) noexcept = default;
  PendingWrite& operator=(PendingWrite&& other) noexcept;
  ~PendingWrite();
  Result<void> append(std::string_view bytes);
  std::uint64_t size() const { return size_; }
  /// Checks the expected etag again, fsyncs, renames. Returns the new etag. `conflict` names both etags in
  /// `data`.
  Result<std::string> commit();
  /// fsyncs; returns the etag that the file will have after commit() unless more is appended.
  Result<std::string> sync();

 private:
  friend class HomeFiles;
  PendingWrite() = default;
  Result<void> give_name();
  Result<void> put_in_place();
  FileDescriptor parent_;
  FileDescriptor temporary_;
  std::string name_, temporary_name_,
      path_;  // temporary_name_ is "" while the file has no name yet (O_TMPFILE)
  std::optional<std::string> expected_;
  std::uint64_t size_ = 0;
};

class HomeFiles {
 public:
  explicit HomeFiles(ConfinedDirectory home) : home_(std::move(home)) {}
  const ConfinedDirectory& directory() const { return home_; }

  Result<protocol::FileStat::Result> stat(std::string_view path) const;
  /// One entry of a directory as it is now; not_found when it is gone.
  Result<protocol::FileEntry> entry_at(int directory_fd, std::string_view directory_path,
                                       const std::string& name) const;
  Result<protocol::FileList::Result> list(const protocol::FileList::Params& params) const;
  /// A regular file; unsupported for anything else (never blocks on a pipe).
  Result<OpenedFile> open_for_reading(std::string_view path) const;

  /// Begins a write; a symlink is followed to its target inside home, an existing file keeps its mode.
  Result<PendingWrite> begin_write(std::string_view path, std::optional<std::string> expected_etag,
                                   std::optional<std::uint32_t> mode) const;
  Result<void> create_directory(std::string_view path) const;
  Result<void> rename(std::string_view from, std::string_view to, bool overwrite) const;
  /// Copies a file or a tree (symlinks as symlinks, sockets and devices left out); never overwrites. Nothing
  /// stays on failure.
  Result<void> copy(std::string_view from, std::string_view to) const;
  /// Deletes for good, whole trees too.
  Result<void> remove(std::string_view path) const;
  /// Moves to the freedesktop.org trash in home; returns the name for undelete().
  Result<std::string> trash(std::string_view path) const;
  /// Puts it back; returns its path.
  Result<std::string> undelete(std::string_view trash) const;

 private:
  ConfinedDirectory home_;
};

}  // namespace berth::net
