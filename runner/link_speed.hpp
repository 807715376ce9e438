// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a peer takes what it is sent so slowly that deflating is worth its time: measured while something
// waits to be sent. No I/O, no clock of its own.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace berth::runner {

class LinkSpeed {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  /// Bytes a second on the wire. A view that shows 8 MB/s is not meant; a link of 16 Mbit/s is.
  static constexpr double slow_rate = 2e6;
  static constexpr std::chrono::milliseconds shortest_measure{100};

  void on_sent(std::size_t wire_bytes) { sent_ += wire_bytes; }
  /// There is more to be sent than credit and connection take. Call after each sending.
  void on_waiting(TimePoint now) {
    if (!since_) {
      since_ = now;
      sent_ = 0;
    }
    judge(now);
  }
  /// All was sent.
  void on_idle() { since_.reset(); }
  bool measuring() const { return since_.has_value(); }

  bool slow() const { return judged_ && slow_; }
  /// Not known to be fast.
  bool maybe_slow() const { return !judged_ || slow_; }

 private:
  void judge(TimePoint now) {
    const auto took = now - *since_;
    if (took < shortest_measure) return;
    slow_ = static_cast<double>(sent_) < slow_rate * std::chrono::duration<double>(took).count();
    judged_ = true;
    since_ = now;
    sent_ = 0;
  }
  std::optional<TimePoint> since_;
  std::uint64_t sent_ = 0;
  bool judged_ = false, slow_ = false;
};

}  // namespace berth::runner
