// SPDX-License-Identifier: GPL-3.0-or-later
// How long to wait before the next attempt: exponential back-off with "equal jitter" (half fixed, half
// random; Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015), until a deadline.
// Pure.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

namespace berth::server {

class Backoff {
 public:
  using Duration = std::chrono::milliseconds;

  Backoff(Duration first, Duration longest, Duration total)
      : next_(first), longest_(longest), total_(total) {}

  /// The pause before the next attempt, `elapsed` after the first began; nullopt when there is to be none any
  /// more. `wish` is what the server asked for (Retry-After), honoured as far as `longest` goes.
  std::optional<Duration> next(Duration elapsed, std::uint32_t random, Duration wish = {}) {
    const auto half = next_ / 2;
    auto pause = half + Duration(half.count() > 0 ? random % (half.count() + 1) : 0);
    pause = std::max(pause, std::min(wish, longest_));
    next_ = std::min(next_ * 2, longest_);
    if (elapsed + pause >= total_) return std::nullopt;
    return pause;
  }

 private:
  Duration next_, longest_, total_;
};

}  // namespace berth::server
