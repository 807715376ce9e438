// SPDX-License-Identifier: GPL-3.0-or-later
// Ends what stands on a sign-in or token when its time is over.
#pragma once

#include "protocol/net/task.hpp"
#include "server/clock.hpp"
#include "server/session_events.hpp"

namespace berth::server {

/// Runs until it is cancelled. Looks by the clock of the wall, which may be set, so it asks several times a
/// second instead of sleeping until then.
net::Task<void> end_expired_access(SessionEvents& events, Clock clock);

}  // namespace berth::server
