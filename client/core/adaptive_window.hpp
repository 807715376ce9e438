// SPDX-License-Identifier: GPL-3.0-or-later
// How much terminal output may be under way: what the view drains in 10 ms, measured while it is busy. So
// Ctrl-C on a flood is answered within about 10 ms plus a round trip, however slow the view is. On a road so
// short that less keeps it full, less: keys typed elsewhere on the connection wait behind it.
#pragma once

#include <algorithm>
#include <cstdint>

namespace berth::client {

class AdaptiveWindow {
 public:
  static constexpr std::uint64_t smallest = 8u << 10;   // bytes
  static constexpr std::uint64_t largest = 256u << 10;  // bytes
  static constexpr std::uint64_t largest_near = 64u << 10;
  static constexpr double near = 2;                  // ms of round trip, below which it is a short road
  static constexpr std::uint64_t first = 64u << 10;  // bytes, before anything was measured

  /// The view took `bytes` in `nanoseconds`, including the repaints between; idle time must not be counted.
  void on_drained(std::uint64_t bytes, std::int64_t nanoseconds);

  /// Bytes; `round_trip` in ms, negative while it is unknown.
  std::uint64_t window(double round_trip = -1) const {
    return round_trip >= 0 && round_trip < near ? std::min(window_, largest_near) : window_;
  }

 private:
  double bytes_ = 0;        // drained of late
  double nanoseconds_ = 0;  // that it took
  std::uint64_t window_ = first;
};

}  // namespace berth::client
