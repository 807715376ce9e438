// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/adaptive_window.hpp"

#include <algorithm>

namespace berth::client {

void AdaptiveWindow::on_drained(std::uint64_t bytes, std::int64_t nanoseconds) {
  // Small pieces (a key's echo) measure the timer, not the view.
  if (bytes < 4096 || nanoseconds <= 0) return;
  const auto rate = static_cast<double>(bytes) / static_cast<double>(nanoseconds);
  rate_ = rate_ == 0 ? rate : rate_ * 0.75 + rate * 0.25;
  window_ = std::clamp(static_cast<std::uint64_t>(rate_ * 10e6), smallest, largest);
}

}  // namespace berth::client
