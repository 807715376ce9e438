// SPDX-License-Identifier: GPL-3.0-or-later
// A database that went away, as all calls see it together: for a while each of them waits for it; after that
// only one a second tries to connect, and the others fail at once instead of holding a thread each for as
// long as a connection attempt takes. Thread-safe; told the time.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <utility>

namespace berth::server {

class PostgresqlAbsence {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// `patience`: for how long every call may try.
  explicit PostgresqlAbsence(std::chrono::milliseconds patience) : patience_(patience) {}

  /// False when the call has to fail without trying.
  bool may_try(Time now) {
    const std::lock_guard lock(mutex_);
    if (!is_long(now)) return true;
    if (now < next_probe_) return false;
    next_probe_ = now + longest_probe;
    return true;
  }

  struct Noticed {
    bool first = false;  // nobody knew before
    bool is_long = false;
  };
  /// A connection could not be had.
  Noticed noticed(Time now) {
    const std::lock_guard lock(mutex_);
    const bool first = !since_;
    if (first) since_ = now;
    next_probe_ = now + between_probes;
    return {first, is_long(now)};
  }

  /// A call that tried ended without an answer, whatever it had: while the database is away, another may try.
  void broke(Time now) {
    const std::lock_guard lock(mutex_);
    if (since_) next_probe_ = now + between_probes;
  }

  /// It answered. True when it had been away.
  bool over() {
    const std::lock_guard lock(mutex_);
    next_probe_ = {};
    return std::exchange(since_, std::nullopt).has_value();
  }

 private:
  static constexpr std::chrono::seconds between_probes{1};
  static constexpr std::chrono::seconds longest_probe{10};  // should one end without a word, another begins
  bool is_long(Time now) const { return since_ && now - *since_ >= patience_; }

  const std::chrono::milliseconds patience_;
  std::mutex mutex_;
  std::optional<Time> since_;
  Time next_probe_{};
};

}  // namespace berth::server
