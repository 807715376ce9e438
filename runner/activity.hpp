// SPDX-License-Identifier: GPL-3.0-or-later
// What idle stop is decided by: when a person last did something, and how much CPU the workspace's programs
// take.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace berth::runner {

/// CPU of one process in clock ticks from the text of its /proc/PID/stat: its own and its reaped children's.
std::optional<std::uint64_t> ticks_of_stat(std::string_view stat);

class Activity {
 public:
  void note_input() { last_input_ = std::chrono::steady_clock::now(); }
  std::int64_t idle_milliseconds() const;

  /// Per cent of one core since the last call, of all programs but the runner. Walks /proc: call from the
  /// pool, one at a time.
  double cpu_percent();

 private:
  std::chrono::steady_clock::time_point last_input_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point last_look_ = last_input_;
  double last_seconds_ = 0;
};

}  // namespace berth::runner
