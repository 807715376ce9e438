// SPDX-License-Identifier: GPL-3.0-or-later
// What berthd does when root started it: what only root can do, then it becomes an ordinary user for good.
#pragma once

#include <functional>

#include "protocol/error.hpp"
#include "server/config.hpp"

namespace berth::server {

/// Root's part of a backend's preparation (a delegated cgroup subtree); a failure is told and not fatal.
using PrepareAsRoot = std::function<Result<void>(const std::string& user)>;

/// Nothing for an ordinary user. As root: makes the data folder and hands it over, runs `prepare`, becomes
/// config.user. With user = "root" it stays root, which is for tests and says so.
Result<void> leave_root(const Config& config, const PrepareAsRoot& prepare);

}  // namespace berth::server
