// SPDX-License-Identifier: GPL-3.0-or-later
// What differs between two versions: a walk over two trees that skips what has equal ids, so that its cost
// grows with the change.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "protocol/object_id.hpp"
#include "protocol/rest_history.hpp"
#include "protocol/tree.hpp"

namespace berth::server {

/// Gives objects by id, in order; nullopt for each that can't be had. May block.
using ReadObjects = std::function<Result<std::vector<std::optional<std::string>>>(
    const std::vector<protocol::ObjectId>& ids)>;

/// Levels of folders that a version may have; what the runner finds deeper it leaves out and names.
inline constexpr std::size_t deepest_tree = 512;

struct TreeDifference {
  std::uint64_t added = 0, modified = 0, deleted = 0;  // files and symlinks; a change of time alone is none
  std::vector<protocol::rest::VersionChange> changes;  // in order of paths, at most as many as were asked for
  bool truncated = false;                              // there are more changes than that
  std::uint64_t unreadable = 0;                        // folders that could not be read, taken as equal
  /// Of the files (no symlinks) among what differs: how many there were and are, and their bytes.
  std::uint64_t files_before = 0, files_after = 0, bytes_before = 0, bytes_after = 0;
};

struct TreeDiffOptions {
  std::string below;             // path relative to home: only what lies at or below it; "" for everything
  std::size_t most_changes = 0;  // to be named; all are counted
  std::size_t most_trees = 200'000;  // read at the most; limit_exceeded past it
};

/// From `before` (none: everything is added) to `after`. Errors of `read` are passed on.
Result<TreeDifference> diff_trees(const std::optional<protocol::ObjectId>& before,
                                  const protocol::ObjectId& after, const ReadObjects& read,
                                  TreeDiffOptions options = {});

/// The entry at `path` (relative to home, no "." or "..") of a version; nullopt when the version has no such
/// path. For "" a directory entry whose content is `root`. An error when a tree on the way can't be read.
Result<std::optional<protocol::TreeEntry>> find_in_tree(const protocol::ObjectId& root,
                                                        const std::string& path, const ReadObjects& read);

}  // namespace berth::server
