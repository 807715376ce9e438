// SPDX-License-Identifier: GPL-3.0-or-later
// What the rules of workspaces ask where several servers share the work: which workspaces are this one's, and
// where those of others can be reached. division.hpp implements it; without it every workspace is this
// server's.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

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
  /// Those that nothing is under way for, so that drop() takes no longer than storing does. On the home
  /// executor.
  virtual std::vector<std::string> idle() const = 0;
};

/// A workspace that another server looks after, as that one says.
struct OthersWorkspace {
  WorkspaceRecord record;
  std::optional<RunnerAddress> address;  // where it runs, or ran last
  std::optional<std::int64_t> stops_at;  // as was told last
};

/// What the others are to know of one that runs.
struct PublishedWorkspace {
  RunnerAddress address;
  std::optional<std::int64_t> stops_at;  // Unix ms: when it is stopped for its idleness, or its life
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
  /// Of these workspaces those that there are; true for one that some server looks after. On the home
  /// executor, as what follows.
  virtual net::Task<Result<std::map<std::string, bool>>> tended(std::vector<std::string> workspaces) = 0;
  /// They are this server's from now on, but for those that somebody living looks after.
  virtual net::Task<void> look_after(std::vector<std::string> workspaces) = 0;
  /// The others hear of it soon.
  virtual void publish(const std::string& workspace, const PublishedWorkspace& what) = 0;
  /// Returns when the others can know what was published last of this workspace, or two seconds later.
  virtual net::Task<void> told(std::string workspace) = 0;
  /// At most a second old. not_found where there is no such workspace.
  virtual net::Task<Result<OthersWorkspace>> others(std::string workspace) = 0;
};

}  // namespace berth::server
