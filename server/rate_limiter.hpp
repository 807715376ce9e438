// SPDX-License-Identifier: GPL-3.0-or-later
// How many requests somebody may make: the generic cell rate algorithm (ITU-T I.371, annex A), which keeps
// one time for each caller. A pure state machine with the time passed in.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

namespace berth::server {

struct RateVerdict {
  bool allowed = true;
  std::int64_t limit = 0;        // requests a minute
  std::int64_t remaining = 0;    // that may come at once now
  std::int64_t reset = 0;        // seconds until all of `limit` may come at once again, rounded up
  std::int64_t retry_after = 0;  // seconds until the next one is taken, rounded up; 0 where it was
};

/// Thread-safe. Of this server alone: several that share a database each count what comes to them.
class RateLimiter {
 public:
  /// One request of `caller`, who may make `limit` a minute, all of them at once; `now` in milliseconds of a
  /// clock that does not go back.
  RateVerdict take(const std::string& caller, std::int64_t limit, std::int64_t now);

  std::size_t size() const;

 private:
  void make_room(std::int64_t now);

  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::int64_t> arrivals_;  // caller → theoretical arrival time, microseconds
};

}  // namespace berth::server
