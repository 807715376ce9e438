// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a runner in a pod takes connections yet. Blocking.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "protocol/error.hpp"

namespace berth::server::kubernetes {

/// Tries to connect until that succeeds. timeout at the deadline, with a sentence that names the usual cause:
/// pod addresses that this server can't reach. invalid_argument where `address` is none.
Result<void> wait_for_port(const std::string& address, std::uint16_t port,
                           std::chrono::steady_clock::time_point deadline);

/// One attempt; false also where `address` is none.
bool takes_connections(const std::string& address, std::uint16_t port, std::chrono::milliseconds deadline);

}  // namespace berth::server::kubernetes
