// SPDX-License-Identifier: GPL-3.0-or-later
// Putting entries of a version in place: whole or not at all, never through a symbolic link, with mode and
// time; what is of another kind goes to the trash. Calls block; one thread makes them.
#pragma once

#include <sys/stat.h>

#include <functional>
#include <string>
#include <unordered_set>
#include <vector>

#include "protocol/net/home_files.hpp"
#include "protocol/sync_messages.hpp"
#include "runner/ignore_rules.hpp"
#include "runner/restore_entry.hpp"

namespace berth::runner {

class RestoreFiles {
 public:
  /// The bytes of a file's chunk, "" when they can't be had.
  using ChunkSource = std::function<std::string(const protocol::ObjectId&)>;

  explicit RestoreFiles(const net::HomeFiles& files) : files_(files) {}

  /// Another restore: forgets what was made.
  void begin();
  /// Makes it or finds it; writable for its owner until finish_directory().
  Result<void> put_directory(const WantedEntry& entry);
  Result<void> put_symlink(const WantedEntry& entry);
  struct Placed {
    net::FileDescriptor fd;  // to be synced by whoever wants that
    struct stat status;
    /// Whether `status` is certain to be of the content that is right: a later write shows in its times.
    bool certain = true;
  };
  /// not_found when a chunk can't be had, limit_exceeded when the disk is full; then what was there is as it
  /// was.
  Result<Placed> put_file(const WantedEntry& entry, const ChunkSource& chunk);
  /// The file had the right content when it was as `seen`: its mode and time.
  Result<Placed> touch_file(const WantedEntry& entry, const struct stat& seen);
  Result<void> finish_directory(const WantedEntry& entry);
  /// The regular file at `path`, opened for reading.
  Result<net::FileDescriptor> open_file(const std::string& path);
  /// The directory's entries and what was renamed into it are on the disk.
  Result<void> sync_directory(const std::string& path);
  /// Whether this restore made the directory: nothing is in it but what this restore put there, as far as it
  /// matters.
  bool made(const std::string& directory) const {
    return made_.contains(std::hash<std::string>()(directory));
  }

  /// Everything below (and at) `path` whose hash is not in `kept` goes to the trash, but for what the rules
  /// leave out, the trash itself and what lies in directories that were made. `kept` holds std::hash of
  /// paths.
  void move_others(const std::string& path, const std::unordered_set<std::size_t>& kept,
                   const std::vector<const IgnoreRules*>& rules, const std::string& own_directory,
                   std::vector<protocol::PathProblem>& problems);
  /// Forgets the directory it holds open.
  void close_parent();

 private:
  Result<int> parent_of(const std::string& path, std::string& name, bool make_parents = true);
  bool lies_in_absent(const std::string& directory) const;
  Result<void> clear_way(int parent, const std::string& name, const std::string& path, mode_t kind);
  Result<void> write_chunks(int fd, const WantedEntry& entry, const ChunkSource& chunk);
  std::string temporary_name();

  const net::HomeFiles& files_;
  std::string parent_path_;
  net::FileDescriptor parent_;
  std::string absent_;                    // a directory that was not there when it was last looked for
  std::unordered_set<std::size_t> made_;  // hashes of directories' paths
  std::uint64_t next_name_ = 0;
};

}  // namespace berth::runner
