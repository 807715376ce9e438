// SPDX-License-Identifier: GPL-3.0-or-later
// What the rules of workspaces and the history routes ask of versions: bring a home to its last version
// before people get in, store it as it changes and once more before a stop, store or restore on request.
// `sync_engine` implements it; unit tests have a fake. Calls may be made on any I/O thread and resume on the
// caller's executor; calls for one workspace wait for each other. A fork needs no call of its own: it is a
// new workspace of the same owner whose first version (VersionStore::insert) names the other one's root, so
// that its first start brings that back.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "protocol/net/task.hpp"
#include "protocol/sync_messages.hpp"
#include "server/version_store.hpp"

namespace berth::server {

struct WorkspaceOwner {
  std::string workspace;
  std::string owner;  // account whose objects its versions name
};

/// A version that somebody asks for.
struct VersionRequest {
  protocol::rest::VersionKind kind = protocol::rest::VersionKind::named;
  std::string name;    // checked by the caller
  std::string author;  // name of the account, "" for none
};

struct RestoredVersion {
  VersionRecord version;                        // the new one
  std::vector<protocol::PathProblem> problems;  // what could not be brought back
};

/// Called before a home is changed by something other than its people; with an error it is not.
using BeforeHomeChanges = std::function<net::Task<Result<void>>()>;

class WorkspaceVersions {
 public:
  virtual ~WorkspaceVersions() = default;

  /// Before a start: whether there are versions, so that a home that is not there is made empty and brought
  /// back instead of made from the template.
  virtual net::Task<Result<bool>> has_versions(std::string workspace) = 0;

  /// After a start, once the runner is attached and before anybody else gets in: brings the home to its last
  /// version where it is not there (a restore that was interrupted goes on; what lies in an older or unknown
  /// home is stored as a version of its own first) and names what could not be brought back. From then on
  /// every change is stored until end(). An error: people must not get in; nothing is stored.
  /// `before_change` is called once all that the home holds is stored and a version is about to be brought
  /// back: from then until this succeeds, the home may be a mixture that no one should add to.
  virtual net::Task<Result<std::vector<protocol::PathProblem>>> begin(WorkspaceOwner workspace,
                                                                      BeforeHomeChanges before_change) = 0;

  /// The server came back and the workspace had been running all the time: its home is the truth, and storing
  /// goes on until end(). Call on the home executor.
  virtual void resume(WorkspaceOwner workspace) = 0;

  /// Before a stop: success when all that lies in the home is stored, and the version that holds it verified.
  /// Otherwise why not, for the person; storing goes on.
  virtual net::Task<Result<void>> store_for_stop(std::string workspace) = 0;

  /// The workspace does not run any more: storing ends, calls in flight end with `unavailable`. Unknown ids
  /// are fine. Call on the home executor.
  virtual void end(const std::string& workspace) = 0;

  /// Returns once nothing of a workspace that has ended (end()) is in a call any more: from then on nothing
  /// is stored of it before its next begin(). At once for one that never ran.
  virtual net::Task<void> settled(std::string workspace) = 0;

  /// Stores what lies in the home now as a version of its own. unavailable while it does not run or can't be
  /// stored; limit_exceeded over the quota.
  virtual net::Task<Result<VersionRecord>> store_now(std::string workspace, VersionRequest request) = 0;

  /// Brings `path` ("" everything) of a version back as a new version; what is there now is stored first and
  /// what has to go goes to the trash. not_found for an unknown version or a path it does not have;
  /// unavailable while the workspace does not run.
  virtual net::Task<Result<RestoredVersion>> restore(std::string workspace, std::string version,
                                                     std::string path, std::string author) = 0;

  /// The workspace is deleted: its versions go; their objects with the next collection.
  virtual net::Task<Result<void>> remove(std::string workspace) = 0;
};

}  // namespace berth::server
