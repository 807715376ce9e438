// SPDX-License-Identifier: GPL-3.0-or-later
// Wiring of what makes several berthd on one PostgreSQL one server; with SQLite all of these do nothing.
#pragma once

#include "server/application.hpp"

namespace berth::server {

/// Once the metadata store and the backend are there: takes part under the address that the configuration
/// names, or that of `port` where it names none. conflict when another one serves and the workspaces can't be
/// shared.
Result<void> join_replicas(Application& application, std::uint16_t port);

/// claim_storage(), one server after the other.
Result<void> claim_storage_together(Application& application);

/// Whether this server does the rounds of the collection; blocks.
bool collects(Application& application);

/// Once everything is wired: hears the others, and is heard.
void share_events(Application& application);

/// Looks after workspaces from now on.
void begin_division(Application& application);

/// Nothing new is taken any more; before the work ends.
net::Task<void> end_division(Application& application);

/// While the work ends: the others take over at once what has ended.
net::Task<void> hand_over(Application& application);

/// After the work has ended: the others take the rest over at once.
net::Task<void> leave_replicas(Application& application);

}  // namespace berth::server
