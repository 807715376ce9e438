// SPDX-License-Identifier: GPL-3.0-or-later
// Takes what a snapshot of a home has and the store lacks from the runner into the store: fetching, checking
// and writing overlap, in memory that does not grow with the home's files.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "server/sync_parts.hpp"
#include "server/workspace_versions.hpp"

namespace berth::server {

/// The trees of a small change, so that neither the next snapshot nor a comparison reads them back.
class RecentTrees {
 public:
  void keep(const protocol::ObjectId& id, const std::string& tree);
  const std::string* find(const protocol::ObjectId& id) const;

 private:
  static constexpr std::size_t most_bytes = 256u << 10;
  std::unordered_map<protocol::ObjectId, std::string> trees_;
  std::size_t bytes_ = 0;
};

struct Intake {
  bool gone = false;  // files changed while they were read: everything else is stored, take a new snapshot
  std::uint64_t objects = 0;  // that the store lacked
  std::uint64_t bytes = 0;    // of them, as they came
  RecentTrees trees;          // of the snapshot, as far as they were fetched
};

/// When it returns without `gone`, the store has `root` and all it reaches. `before` is the root of the
/// newest committed version, `recent` has some of its trees. Errors: the store's, the runner's,
/// invalid_argument for a runner that sends what makes no sense.
net::Task<Result<Intake>> take_in(const SyncParts& parts, WorkspaceOwner of, protocol::ObjectId root,
                                  std::optional<protocol::ObjectId> before, const RecentTrees& recent);

}  // namespace berth::server
