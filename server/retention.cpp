// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/retention.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace berth::server {
namespace {

constexpr std::int64_t minute = 60'000, hour = 60 * minute, day = 24 * hour;

struct Rule {
  std::int64_t younger_than;  // ms
  std::int64_t span;          // of which one version stays; 0: all
};
constexpr Rule rules[] = {{hour, 0}, {day, 10 * minute}, {7 * day, hour}, {90 * day, day}};

const Rule* rule_for(std::int64_t age) {
  for (const auto& rule : rules)
    if (age < rule.younger_than) return &rule;
  return nullptr;
}

}  // namespace

std::vector<std::string> thinned_out(const std::vector<VersionRecord>& versions, std::int64_t now) {
  std::vector<const VersionRecord*> newest_first;
  for (const auto& version : versions) newest_first.push_back(&version);
  std::ranges::sort(newest_first, [](const auto* a, const auto* b) { return a->created > b->created; });
  std::vector<std::string> gone;
  std::set<std::pair<std::int64_t, std::int64_t>> taken;  // spans that have their version: length, number
  for (const auto* version : newest_first) {
    const bool newest = version == newest_first.front();
    const bool named = !version->name.empty() || version->kind == protocol::rest::VersionKind::named;
    const auto* rule = rule_for(now - version->created);
    const bool kept =
        rule && (rule->span == 0 || taken.emplace(rule->span, version->created / rule->span).second);
    if (!newest && !named && !kept) gone.push_back(version->id);
  }
  return gone;
}

}  // namespace berth::server
