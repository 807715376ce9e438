// SPDX-License-Identifier: GPL-3.0-or-later
// What the rules of workspaces ask where several servers share the work: which workspaces are this one's, and
// where those of others can be reached. division.hpp implements it; without it every workspace is this
// server's.
#pragma once

#include <string>

#include "protocol/net/task.hpp"
#include "server/metadata_store.hpp"
#include "server/workspace_backend.hpp"

namespace berth::server {

/// Who is told which workspaces come and go: Workspaces.
class DividedWork {
 public:
  virtual ~DividedWork() = default;
  /// This server looks after it from now on. On the home executor.
  virtual void take(WorkspaceRecord workspace) = 0;
  /// It does not any more. Returns when nothing is done about it any more. On the home executor.
  virtual net::Task<void> drop(std::string workspace) = 0;
};

/// A workspace that another server looks after, as that one says.
struct OthersWorkspace {
  WorkspaceRecord record;
  std::optional<RunnerAddress> address;  // where it runs, or ran last
};

class WorkspaceLeases {
 public:
  virtual ~WorkspaceLeases() = default;
  /// Whether something may be done about this workspace now. Any thread; cheap.
  virtual bool holds(const std::string& workspace) const = 0;
  /// One server at a time does what concerns all (what runs without a row). Any thread; cheap.
  virtual bool leads() const = 0;
  /// Whether it was found a moment ago that there is no such workspace, or can't be. On the home executor.
  virtual bool known_missing(const std::string& workspace) const = 0;
  /// For a new workspace, before its row is made. unavailable where this server may do nothing now.
  virtual net::Task<Result<void>> take_new(std::string workspace) = 0;
  /// What take_new() took is no workspace after all. On the home executor.
  virtual net::Task<void> give_back(std::string workspace) = 0;
  /// It runs at `address`: the others hear of it soon. On the home executor.
  virtual void publish(const std::string& workspace, const RunnerAddress& address) = 0;
  /// At most a second old. not_found where there is no such workspace.
  virtual net::Task<Result<OthersWorkspace>> others(std::string workspace) = 0;
};

}  // namespace berth::server
