// SPDX-License-Identifier: GPL-3.0-or-later
// When to store: how often a home that changes all the time, and how long to wait after a failure. Pure.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace berth::server {

/// A few versions at once, then one per interval: a person's saves are stored as they come, and a program
/// that writes all the time does not make a version of every line.
class SyncPace {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr int burst = 4;
  static constexpr std::chrono::milliseconds interval{1'000};

  /// How long to wait before the next round; counts it as done then.
  std::chrono::milliseconds next(Time now) {
    const auto earned = (now - since_) / interval;
    if (earned > 0) {
      left_ = static_cast<int>(std::min<std::int64_t>(burst, left_ + earned));
      since_ = left_ == burst ? now : since_ + earned * interval;
    }
    if (left_ > 0) {
      if (left_ == burst) since_ = now;
      --left_;
      return std::chrono::milliseconds(0);
    }
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(since_ + interval - now);
    since_ += interval;
    return wait;
  }

 private:
  int left_ = burst;
  Time since_{};
};

/// Doubles from a second to half a minute; each wait is a random part of it, at least half, so that many
/// workspaces do not come back to a store in the same moment.
class BackOff {
 public:
  static constexpr std::chrono::milliseconds first{1'000};
  static constexpr std::chrono::milliseconds last{30'000};

  /// `random` is any number.
  std::chrono::milliseconds next(std::uint32_t random) {
    limit_ = std::clamp(limit_ * 2, first, last);
    return limit_ / 2 +
           std::chrono::milliseconds(random % static_cast<std::uint32_t>(limit_.count() / 2 + 1));
  }
  void reset() { limit_ = std::chrono::milliseconds(0); }

 private:
  std::chrono::milliseconds limit_{0};
};

}  // namespace berth::server
