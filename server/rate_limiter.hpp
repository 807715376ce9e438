// SPDX-License-Identifier: GPL-3.0-or-later
// How often somebody may do something: the generic cell rate algorithm (ITU-T I.371, annex A), which keeps
// one time for each caller. A pure state machine with the time passed in.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

namespace berth::server {

struct RateVerdict {
  bool allowed = true;
  std::int64_t limit = 0;        // times in a period
  std::int64_t remaining = 0;    // that may come at once now
  std::int64_t reset = 0;        // seconds until all of `limit` may come at once again, rounded up
  std::int64_t retry_after = 0;  // seconds until the next one is taken, rounded up; 0 where it was
};

/// Thread-safe. Of this server alone: several that share a database each count what comes to them.
class RateLimiter {
 public:
  explicit RateLimiter(std::chrono::milliseconds period = std::chrono::minutes(1)) : period_(period) {}

  /// Once more by `caller`, who may `limit` times in a period, all of them at once; `now` in milliseconds.
  /// What is refused does not count.
  RateVerdict take(const std::string& caller, std::int64_t limit, std::int64_t now);

  std::size_t size() const;

 private:
  void make_room(std::int64_t now);

  const std::chrono::microseconds period_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::int64_t> arrivals_;  // caller → theoretical arrival time, microseconds
};

}  // namespace berth::server
