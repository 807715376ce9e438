// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/reconnect_schedule.hpp"

#include <algorithm>

namespace berth::client {

std::chrono::milliseconds ReconnectSchedule::next() {
  const auto attempt = attempts_++;
  const int ceiling = attempt == 0 ? 100 : std::min(15'000, 250 << std::min(attempt - 1, 6));
  return std::chrono::milliseconds(std::uniform_int_distribution<int>(ceiling / 2, ceiling)(random_));
}

}  // namespace berth::client
