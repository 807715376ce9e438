// SPDX-License-Identifier: GPL-3.0-or-later
// What the local backend remembers of a workspace on disk, so that a server started anew finds what runs.
#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/error.hpp"
#include "server/backends/inside_workspace.hpp"
#include "server/backends/local/process_identity.hpp"

namespace berth::server::local {

enum class RecordPhase { starting, running, stopping, failed };
BOOST_DESCRIBE_ENUM(RecordPhase, starting, running, stopping, failed)

struct WorkspaceRecord {
  RecordPhase phase = RecordPhase::starting;
  std::string boot;      // of the machine; nothing survives a boot
  std::int32_t pid = 0;  // of the runner as seen from here
  std::uint64_t start_time = 0;
  std::int32_t network_pid = 0;  // of pasta
  std::uint64_t network_start = 0;
  std::string runner_key;
  std::string socket;        // where the runner is dialled
  std::uint64_t memory = 0;  // limit in bytes
  std::string reason;        // of a failure

  ProcessIdentity runner() const { return {pid, start_time}; }
  ProcessIdentity network() const { return {network_pid, network_start}; }
};
BOOST_DESCRIBE_STRUCT(WorkspaceRecord, (),
                      (phase, boot, pid, start_time, network_pid, network_start, runner_key, socket, memory,
                       reason))

/// The runtime folder: one folder per workspace with its socket, bundle, log and record.
class RuntimeFolder {
 public:
  /// Makes it: `data`/run, or a short private folder elsewhere when Unix socket names below that would be too
  /// long.
  static Result<RuntimeFolder> open(const std::string& data);

  const std::string& path() const { return path_; }
  std::string of(const std::string& workspace) const { return path_ + "/ws/" + workspace; }
  std::string socket(const std::string& workspace) const { return of(workspace) + "/runner.sock"; }
  /// A folder for a socket that the runner itself makes.
  std::string socket_folder(const std::string& workspace) const { return of(workspace) + "/socket"; }
  std::string log(const std::string& workspace) const { return of(workspace) + "/runner.log"; }

  /// nullopt when there is none; an unfinished start when it can't be read.
  std::optional<WorkspaceRecord> load(const std::string& workspace) const;
  Result<void> save(const std::string& workspace, const WorkspaceRecord& record) const;
  /// Removes the workspace's folder with everything in it.
  void remove(const std::string& workspace) const;
  std::vector<std::string> workspaces() const;

 private:
  std::string path_;
};

}  // namespace berth::server::local
