// SPDX-License-Identifier: GPL-3.0-or-later
// How the server reaches a runner: a new connection with a handshake of its own, nothing of a client's in it,
// and the proof that the one who answers is the runner that this server started.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "protocol/connect_token.hpp"
#include "protocol/net/task.hpp"
#include "server/splice.hpp"
#include "server/workspace_backend.hpp"

namespace berth::server {

struct RunnerHandshake {
  std::string target;              // "/connect" or "/tunnel?port=3000"
  std::string upgrade;             // "websocket" or "berth-tunnel"
  protocol::ConnectClaims claims;  // `expires` and `nonce` are filled in by dial_runner
  std::vector<std::pair<std::string, std::string>> headers;  // Sec-WebSocket-… only; checked values
};

/// A proven connection.
struct RunnerConnection {
  StreamSocket socket;
  std::string accept;    // Sec-WebSocket-Accept, "" when there was none
  std::string protocol;  // Sec-WebSocket-Protocol, "" when there was none
  std::string early;     // what the runner sent right after its answer
};

inline constexpr std::chrono::milliseconds runner_dial_deadline{5'000};

/// Connects, sends the upgrade and checks the answer, all within `deadline`. Errors:
///   unavailable  nothing takes connections at `address`, or who answered can't prove to be the runner
///   (detail says which) not_found    (with data "port") the runner runs, but nothing in the workspace
///   listens on the tunnel's port timeout      it took longer than `deadline` internal     the runner refused
///   (detail has its status)
/// Resumes on the caller's executor, which the socket belongs to.
net::Task<Result<RunnerConnection>> dial_runner(RunnerAddress address, RunnerHandshake handshake,
                                                const protocol::SecretKey& server_key,
                                                std::chrono::milliseconds deadline = runner_dial_deadline);

/// The first step alone, for who speaks the handshake itself (the control link); errors as above.
net::Task<Result<StreamSocket>> connect_runner(RunnerAddress address,
                                               std::chrono::milliseconds deadline = runner_dial_deadline);

/// Fills in `expires` and `nonce` and gives the Authorization value for them.
std::string authorise(protocol::ConnectClaims& claims, const protocol::SecretKey& server_key);

/// What an answer without the proof for `claims` means.
Result<void> check_runner_proof(std::string_view proof, const protocol::ConnectClaims& claims,
                                const protocol::PublicKey& runner_key);

}  // namespace berth::server
