// SPDX-License-Identifier: GPL-3.0-or-later
// Connecting to a port that a program of the workspace listens on, for previews and tunnels.
#pragma once

#include "protocol/error.hpp"
#include "protocol/net/task.hpp"
#include "runner/websocket_connection.hpp"

namespace berth::runner {

struct Workspace;

/// Tries 127.0.0.1, ::1, then the address that the listing shows; unavailable when nothing answers within 5
/// s.
net::Task<Result<StreamSocket>> dial_loopback(Workspace& workspace, std::uint16_t port);

}  // namespace berth::runner
