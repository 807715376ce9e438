// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/adaptive_window.hpp"

#include <algorithm>

namespace berth::client {
namespace {

constexpr double memory = 40e6;  // ns of draining over which the rate is told
constexpr std::uint64_t smallest_piece =
    1'024;  // bytes; less (a key's echo) measures the timer, not the view

}  // namespace

void AdaptiveWindow::on_drained(std::uint64_t bytes, std::int64_t nanoseconds) {
  if (bytes < smallest_piece || nanoseconds <= 0) return;
  const auto took = static_cast<double>(nanoseconds);
  // Sums that fade, not a mean of rates: a moment in which the machine was busy counts for as long as it
  // took.
  const double fading = 1 / (1 + took / memory);
  bytes_ = bytes_ * fading + static_cast<double>(bytes);
  nanoseconds_ = nanoseconds_ * fading + took;
  window_ = std::clamp(static_cast<std::uint64_t>(bytes_ / nanoseconds_ * 10e6), smallest, largest);
}

}  // namespace berth::client
