// SPDX-License-Identifier: GPL-3.0-or-later
// When a command began, in the mark that its shell made (OSC 133;C): kept with the mark as a moment of this
// process, painted as an age, so that whoever attaches later knows how long it has been running. No I/O.
#pragma once

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace berth::runner {

namespace command_mark {

constexpr std::string_view began = ";began=", age = ";age=";

inline std::int64_t now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

/// The number behind `field`, which is taken out.
inline std::optional<std::int64_t> take(std::string& mark, std::string_view field) {
  const auto at = mark.find(field);
  if (at == mark.npos) return std::nullopt;
  const auto end = std::min(mark.find(';', at + 1), mark.size());
  std::int64_t number = 0;
  const auto parsed = std::from_chars(mark.data() + at + field.size(), mark.data() + end, number);
  const bool whole = parsed.ec == std::errc() && parsed.ptr == mark.data() + end && number >= 0;
  mark.erase(at, end - at);
  return whole ? std::optional(number) : std::nullopt;
}

}  // namespace command_mark

/// What a mark is, without when: "C;cmdline=ls".
inline std::string timeless_mark(std::string_view mark) {
  std::string kept(mark);
  if (!kept.starts_with('C')) return kept;
  command_mark::take(kept, command_mark::began);
  command_mark::take(kept, command_mark::age);
  return kept;
}

/// A mark as it is to be kept: with the moment, in ms of the steady clock.
inline std::string timed_mark(std::string_view mark) {
  std::string kept(mark);
  if (!kept.starts_with('C')) return kept;
  command_mark::take(kept, command_mark::began);
  const auto age = command_mark::take(kept, command_mark::age).value_or(0);
  const auto now = command_mark::now();
  return kept.append(command_mark::began).append(std::to_string(now - std::min(age, now)));
}

/// A kept mark as it is to be painted: with the age, in ms.
inline std::string aged_mark(std::string_view mark) {
  std::string painted(mark);
  if (!painted.starts_with('C')) return painted;
  const auto began = command_mark::take(painted, command_mark::began);
  if (began) painted.append(command_mark::age).append(std::to_string(command_mark::now() - *began));
  return painted;
}

}  // namespace berth::runner
