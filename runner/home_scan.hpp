// SPDX-License-Identifier: GPL-3.0-or-later
// Brings the index of a home up to date and names its root: looks only where something may have changed, and
// reads only files that did. Never leaves the home: each directory is opened from its parent, no link is
// followed. Sockets, pipes and devices are left out. Blocks; one thread makes the calls.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "protocol/net/confined_directory.hpp"
#include "protocol/sync_messages.hpp"
#include "runner/home_changes.hpp"
#include "runner/home_index.hpp"
#include "runner/ignore_rules.hpp"

namespace berth::runner {

/// New small objects, kept as they were hashed until they are stored; what has no room is read again.
class SmallObjects {
 public:
  static constexpr std::size_t largest = 64u << 10, most_bytes = 4u << 20;
  void keep(const protocol::ObjectId& id, std::string_view bytes);
  /// "" when it is not here (no object of a file is empty).
  std::string find(const protocol::ObjectId& id) const;
  void clear();

 private:
  std::unordered_map<protocol::ObjectId, std::string> objects_;
  std::size_t bytes_ = 0;
};

/// Names bytes for people: what is no UTF-8 is replaced.
std::string readable(std::string_view path);

struct ScanResult {
  protocol::ObjectId root;
  std::uint64_t files = 0, directories = 0, bytes = 0;
  std::vector<protocol::PathProblem> problems;  // at most 100
  std::uint64_t problem_count = 0;
  std::set<std::string> busy;  // directories of files that changed while they were read: look there again
  bool rules_changed = false;
};

class HomeScan {
 public:
  static constexpr std::size_t most_named_problems = 100;
  /// `own_directory`: the runner's own, should it lie in the home ("" otherwise). `cancelled` may become
  /// true at any time.
  HomeScan(const net::ConfinedDirectory& home, HomeIndex& index, HomeChanges& changes, SmallObjects& small,
           std::string own_directory, const std::atomic<bool>& cancelled);

  /// Looks at what may have changed. Reads .berthignore first; new rules have everything looked at again.
  /// Fails when the home can't be read at all; then nothing in the index is wrong, and the same directories
  /// have to be looked at again.
  /// `patient`: also reads again what has just changed while it was read.
  Result<ScanResult> run(const HomeChanges::Dirty& dirty, bool patient);
  /// Those of `directories` whose entries are not as the index has them. Reads no file.
  std::set<std::string> differing(const std::set<std::string>& directories);
  /// Reads .berthignore; whether it is another one than before.
  bool read_rules();
  const IgnoreRules& rules() const { return *rules_; }

 private:
  struct Summary {
    protocol::ObjectId tree;
    std::uint64_t files = 0, directories = 0, bytes = 0;
  };
  bool left_out(const std::string& path, bool directory) const;
  /// Where a walk is. `anew`: the directory is another one than its record tells of, so everything below it
  /// is listed.
  struct Step {
    int depth = 0;
    bool anew = false;
  };
  Result<Summary> look(const net::FileDescriptor& directory, const std::string& path, Step step);
  Result<DirectoryRecord> list(int directory, const std::string& path, const DirectoryRecord& old, Step step);
  bool take_entry(int directory, const std::string& path, const struct stat& status, const RecordEntry* old,
                  RecordEntry& entry, Step step);
  bool take_file(int directory, const std::string& path, const struct stat& status, const RecordEntry* old,
                 RecordEntry& entry);
  struct Outcome {
    enum Kind { read, gone, changes, fails } kind;
    std::string reason;
  };
  Outcome read_once(int directory, const std::string& path, RecordEntry& entry);
  bool take_directory(int parent, const std::string& path, const struct stat& status, const RecordEntry* old,
                      RecordEntry& entry, Step step);
  bool take_symlink(int directory, const std::string& path, RecordEntry& entry);
  Result<std::vector<FileChunk>> read_file(int fd, std::uint64_t size);
  void forget_missing(const DirectoryRecord& old, const DirectoryRecord& now, const std::string& path);
  void problem(const std::string& path, std::string reason);
  bool is_dirty(const std::string& path) const;
  bool is_dirty_below(const std::string& path) const;

  const net::ConfinedDirectory& home_;
  HomeIndex& index_;
  HomeChanges& changes_;
  SmallObjects& small_;
  const std::string own_directory_;
  const std::atomic<bool>& cancelled_;
  std::shared_ptr<const IgnoreRules> rules_;
  std::string rules_text_;
  std::map<std::string, std::string> problems_;  // path → reason, of the home as it was last seen
  HomeChanges::Dirty dirty_;
  std::set<std::string> busy_;
  // Files that changed while they were read, and until when they are left alone.
  std::map<std::string, std::chrono::steady_clock::time_point> resting_;
};

}  // namespace berth::runner
