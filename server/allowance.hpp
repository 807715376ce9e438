// SPDX-License-Identifier: GPL-3.0-or-later
// How often somebody may do something: a bucket each, that refills steadily. Thread-safe, no I/O; the time is
// passed in. Of what was done elsewhere it knows nothing: each server gives this much.
#pragma once

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

namespace berth::server {

class Allowance {
 public:
  /// At most `burst` at once, and one more each `refill` ms.
  Allowance(std::int64_t burst, std::int64_t refill) : burst_(burst), refill_(refill) {}

  /// 0: go ahead, it is counted; otherwise how many ms to wait.
  std::int64_t wait(const std::string& who, std::int64_t now) {
    const std::lock_guard lock(mutex_);
    if (empty_at_.size() >= most_known) forget_full(now);
    // The moment at which the bucket was empty, as if it refilled from there.
    auto& since = empty_at_.try_emplace(who, now - burst_ * refill_).first->second;
    since = std::max(since, now - burst_ * refill_);
    if (now - since < refill_) return since + refill_ - now;
    since += refill_;
    return 0;
  }

 private:
  static constexpr std::size_t most_known = 100'000;

  void forget_full(std::int64_t now) {
    std::erase_if(empty_at_, [&](const auto& one) { return now - one.second >= burst_ * refill_; });
    if (empty_at_.size() >= most_known) empty_at_.clear();  // a flood of names gains each a bucket, no memory
  }

  const std::int64_t burst_, refill_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::int64_t> empty_at_;
};

}  // namespace berth::server
