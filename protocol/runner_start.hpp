// SPDX-License-Identifier: GPL-3.0-or-later
// What a backend hands a runner when it starts one: a JSON object on an inherited descriptor (`berth-runner
// --config-fd 3`), read once and closed, so that nothing of it is visible in /proc or the environment.
#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace berth::protocol {

struct RunnerStart {
  std::string workspace;
  std::string server_public_key;  // base64url; verifies connect tokens
  std::string runner_secret_key;  // base64url, made for this one start, worth nothing elsewhere
  std::string home;               // absolute path of the person's home
  std::string project;            // where terminals start, relative to home
  std::string state_directory;    // absolute; journals; kept as long as home
  std::string person_name;        // login name in terminals
  std::uint32_t person_uid;       // uid of shells and of every file operation
  std::uint32_t person_gid;
  std::uint32_t
      runner_uid;  // real and saved uid of the runner itself; equals person_uid where there is one only
  std::optional<int> listen_fd;                    // an inherited listening socket (local backend)
  std::optional<std::string> listen_tcp;           // "0.0.0.0:7700" (pods)
  std::string shell;                               // "/bin/bash"; falls back to /bin/sh
  std::map<std::string, std::string> environment;  // of every terminal
  // Where to make a socket instead (gVisor, which takes no listening socket from outside).
  std::optional<std::string> listen_unix = {};
  // ms for which a session whose connection was lost can be resumed; 10 minutes when absent.
  std::optional<std::uint32_t> resumable = {};
  // ms after which an import that has not ended is ended; 2 hours when absent.
  std::optional<std::uint32_t> longest_import = {};
  // For tests: where to end as if killed (runner/fault_points.hpp).
  std::optional<std::string> fault_point = {};
};
BOOST_DESCRIBE_STRUCT(RunnerStart, (),
                      (workspace, server_public_key, runner_secret_key, home, project, state_directory,
                       person_name, person_uid, person_gid, runner_uid, listen_fd, listen_tcp, shell,
                       environment, listen_unix, resumable, longest_import, fault_point))

// The runner's HTTP side, on that listener:
//   GET /connect            WebSocket upgrade (berth.v1) → JSON-RPC and frames
//   GET /tunnel?port=N      Upgrade: berth-tunnel → raw bytes to the workspace's port N; 502 when nothing
//   listens there
// Both need `Authorization: Berth <connect token>` with capability "session" or "tunnel:N", and answer 101
// with `Berth-Runner-Proof: <sign_runner_proof(workspace, the token's nonce)>`, which the server checks
// before it passes a byte.

}  // namespace berth::protocol
