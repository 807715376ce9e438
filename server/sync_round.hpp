// SPDX-License-Identifier: GPL-3.0-or-later
// One version of a home: a snapshot by the runner, its objects into the store, a row for it, and the runner
// is told.
#pragma once

#include <optional>

#include "server/sync_intake.hpp"

namespace berth::server {

struct RoundWish {
  bool complete = false;  // look at every file instead of trusting the watches
  bool always = false;    // a version of its own even when nothing changed
  VersionRequest request{protocol::rest::VersionKind::automatic, {}, {}};
  std::string restored_from;  // version id, of a restored one
};

struct Round {
  VersionRecord version;     // that holds what was found: a new one, or the newest when nothing changed
  std::uint64_t change = 0;  // of the snapshot: everything up to there is in it
  RecentTrees trees;
};

/// Stores the home as it is now. `newest` is the newest committed version. nullopt when files changed while
/// they were read or the collection came between: do it again. Errors are those of the store and the runner,
/// for the person.
net::Task<Result<std::optional<Round>>> store_home(const SyncParts& parts, WorkspaceOwner of,
                                                   std::optional<VersionRecord> newest,
                                                   const RecentTrees& recent, RoundWish wish);

/// Commits a version of `root`, later than `newest`; fills in what differs. nullopt when the store has lost
/// the root meanwhile.
struct NewVersion {
  protocol::ObjectId root;
  std::uint64_t files = 0, bytes = 0, problems = 0;
  RoundWish wish;
};
net::Task<Result<std::optional<VersionRecord>>> commit_version(const SyncParts& parts, WorkspaceOwner of,
                                                               std::optional<VersionRecord> newest,
                                                               const RecentTrees& before,
                                                               const RecentTrees& after, NewVersion version);

/// Tells the runner that the snapshot with `change` is stored as `version`.
net::Task<Result<void>> acknowledge(const SyncParts& parts, std::string workspace, VersionRecord version,
                                    std::uint64_t change);

}  // namespace berth::server
