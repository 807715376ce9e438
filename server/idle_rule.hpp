// SPDX-License-Identifier: GPL-3.0-or-later
// When a running workspace is warned and stopped: after a time without a person's input and with its
// programs' CPU under 1 %, or after its maximum life. Pure: times are passed in, Unix milliseconds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace berth::server {

struct IdleRule {
  std::int64_t idle_limit = 0;    // ms; 0: never
  std::int64_t maximum_life = 0;  // ms; 0: unlimited
  std::int64_t warning = 0;       // ms between warning and stop
};

inline constexpr double quiet_cpu_percent = 1.0;  // of one core; from here on programs count as busy

/// What is known of one running workspace.
struct IdleFacts {
  std::int64_t started = 0;
  std::optional<std::int64_t>
      quiet_since;                     // last input, busy program, start or "stay"; absent: not known now
  std::optional<std::int64_t> warned;  // when the person was told
};

struct IdleDecision {
  enum class Kind { keep, warn, stop };
  Kind kind = Kind::keep;
  std::int64_t stops_at = 0;  // in warn (and in keep after a warning): when it will end; 0: not near
  std::string text;           // warn: what to tell; stop: the reason to keep
};

/// A stop comes only `warning` after the person was told, also when the limit passed long ago (after a server
/// restart).
IdleDecision decide_idle(const IdleRule& rule, const IdleFacts& facts, std::int64_t now);

}  // namespace berth::server
