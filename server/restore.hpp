// SPDX-License-Identifier: GPL-3.0-or-later
// Brings a version, or a part of it, back into a home: the runner says what it lacks, the store is read while
// what was read before is on its way.
#pragma once

#include "server/sync_parts.hpp"
#include "server/workspace_versions.hpp"

namespace berth::server {

struct RestoreWish {
  VersionRecord version;
  std::string path;            // "" everything
  bool remove_others = false;  // what the version does not have goes to the trash
  bool resumable = false;      // one that breaks off goes on at the next start; until then nothing is stored
};

/// Gives what could not be brought back; the rest was. An error: nothing or a part was; one that is not
/// resumable has ended then, as far as the runner could be told. not_found for a path that the version does
/// not have, before anything has happened.
net::Task<Result<std::vector<protocol::PathProblem>>> restore_home(const SyncParts& parts, WorkspaceOwner of,
                                                                   RestoreWish wish);

/// Ends one that was broken off and will not go on: the home stays as it is and can be stored again.
net::Task<Result<void>> abandon_restore(const SyncParts& parts, std::string workspace, std::string version);

}  // namespace berth::server
