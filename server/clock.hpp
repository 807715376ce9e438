// SPDX-License-Identifier: GPL-3.0-or-later
// The time of day, injectable, so that tests of throttling, tokens and idle stop need not wait.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

namespace berth::server {

/// Unix milliseconds.
using Clock = std::function<std::int64_t()>;

inline std::int64_t system_clock_now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace berth::server
