// SPDX-License-Identifier: GPL-3.0-or-later
// Putting entries of a version in place: whole or not at all, never through a symbolic link, with mode and
// time; what is of another kind goes to the trash. Calls block; one thread makes them.
#pragma once

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

  /// Makes it or finds it; writable for its owner until finish_directory().
  Result<void> put_directory(const WantedEntry& entry);
  Result<void> put_symlink(const WantedEntry& entry);
  /// The new file's status; `sync`: fsynced, too. not_found when a chunk can't be had, limit_exceeded when
  /// the disk is full; then what was there is as it was.
  Result<struct stat> put_file(const WantedEntry& entry, const ChunkSource& chunk, bool sync);
  /// The file has the right content: its mode and time.
  Result<struct stat> touch_file(const WantedEntry& entry);
  Result<void> finish_directory(const WantedEntry& entry);
  /// The regular file at `path`, opened for reading.
  Result<net::FileDescriptor> open_file(const std::string& path);

  /// Everything below (and at) `path` whose hash is not in `kept` goes to the trash, but for what the rules
  /// leave out and the trash itself. `kept` holds std::hash of paths.
  void move_others(const std::string& path, const std::unordered_set<std::size_t>& kept,
                   const std::vector<const IgnoreRules*>& rules, const std::string& own_directory,
                   std::vector<protocol::PathProblem>& problems);
  /// Forgets the directory it holds open.
  void close_parent();

 private:
  Result<int> parent_of(const std::string& path, std::string& name, bool make_parents = true);
  Result<void> clear_way(int parent, const std::string& name, const std::string& path, mode_t kind);
  Result<void> write_chunks(int fd, const WantedEntry& entry, const ChunkSource& chunk);

  const net::HomeFiles& files_;
  std::string parent_path_;
  net::FileDescriptor parent_;
};

}  // namespace berth::runner
