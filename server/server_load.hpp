// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "protocol/rest_admin.hpp"
#include "server/clock.hpp"
#include "server/traffic.hpp"

namespace berth::server {

/// What this process and its machine carry; `since` in Unix ms. Reads /proc.
protocol::rest::ServerLoad measure_load(const Traffic& traffic, std::size_t running, std::int64_t since,
                                        std::int64_t now);

}  // namespace berth::server
