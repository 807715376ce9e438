// SPDX-License-Identifier: GPL-3.0-or-later
// The Unix socket that the server makes for a runner and hands over as a descriptor: the workspace never sees
// its path.
#pragma once

#include <chrono>
#include <string>

#include "protocol/error.hpp"
#include "server/backends/local/child_process.hpp"
#include "server/backends/local/process_identity.hpp"

namespace berth::server::local {

/// A listening socket at `path` (replaced when there is one), for this user alone.
Result<Descriptor> listen_at(const std::string& path);

/// Returns once whoever listens at `path` answers HTTP with anything at all. unavailable when `runner` ends
/// before, timeout at the deadline.
Result<void> wait_for_answer(const std::string& path, const ProcessIdentity& runner,
                             std::chrono::milliseconds deadline);

}  // namespace berth::server::local
