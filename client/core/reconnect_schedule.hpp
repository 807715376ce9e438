// SPDX-License-Identifier: GPL-3.0-or-later
// When to try again after a lost connection: exponential back-off with jitter, so that a thousand clients of
// a restarted server do not return in one instant. No clock and no socket.
#pragma once

#include <chrono>
#include <random>

namespace berth::client {

class ReconnectSchedule {
 public:
  explicit ReconnectSchedule(std::uint32_t seed = std::random_device{}()) : random_(seed) {}

  /// How long to wait before the next attempt: at most 100 ms first, doubling from 250 ms, never over 15 s.
  std::chrono::milliseconds next();

  /// After success, or when the network returned: start anew.
  void reset() { attempts_ = 0; }

  int attempts() const { return attempts_; }

 private:
  std::minstd_rand random_;
  int attempts_ = 0;
};

}  // namespace berth::client
