// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/idle_rule.hpp"

#include <algorithm>

namespace berth::server {
namespace {

std::string duration(std::int64_t ms) {
  if (ms < 120'000) return std::to_string((ms + 999) / 1000) + " seconds";
  const auto minutes = ms / 60'000;
  if (minutes < 120) return std::to_string(minutes) + " minutes";
  return std::to_string(minutes / 60) + " hours";
}

}  // namespace

IdleDecision decide_idle(const IdleRule& rule, const IdleFacts& facts, std::int64_t now) {
  std::optional<std::int64_t> idle_end, life_end;
  if (rule.idle_limit > 0 && facts.quiet_since) idle_end = *facts.quiet_since + rule.idle_limit;
  if (rule.maximum_life > 0) life_end = facts.started + rule.maximum_life;
  if (!idle_end && !life_end) return {};
  const bool by_life = !idle_end || (life_end && *life_end <= *idle_end);
  const auto end = by_life ? *life_end : *idle_end;
  if (now < end - rule.warning) return {};
  // Input after an idle warning made it void; a life goes on ending whatever is typed.
  const auto warned =
      by_life || (facts.warned && facts.quiet_since <= facts.warned) ? facts.warned : std::nullopt;
  if (!warned) {
    const auto stops_at = std::max(end, now + rule.warning);
    const auto left = duration(stops_at - now);
    return {IdleDecision::Kind::warn, stops_at,
            by_life ? "This workspace stops in " + left + ": workspaces here may run for " +
                          duration(rule.maximum_life) + "."
                    : "This workspace stops in " + left + " because nobody is using it."};
  }
  const auto stops_at = std::max(end, *warned + rule.warning);
  if (now < stops_at) return {IdleDecision::Kind::keep, stops_at, {}};
  return {IdleDecision::Kind::stop, stops_at,
          by_life ? "Stopped after " + duration(rule.maximum_life) + ", the longest a workspace may run here."
                  : "Stopped after " + duration(rule.idle_limit) + " without input."};
}

}  // namespace berth::server
