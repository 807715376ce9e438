// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/sign_in_throttle.hpp"

#include <algorithm>

#include "server/client_network.hpp"

namespace berth::server {
namespace {

using throttle::Counts;
using ThrottleCount = SharedCounts::Count;

constexpr std::int64_t second = 1000;
constexpr std::int64_t forget_after = 15 * 60 * second;
constexpr std::int64_t hour = throttle::counted_for;
constexpr std::size_t most_entries = 50'000;

struct ThrottleRule {
  int free;              // attempts before delays begin
  std::int64_t longest;  // ms
};

std::int64_t throttled_for(const ThrottleCount& count, const ThrottleRule& rule, std::int64_t now) {
  if (count.failures < rule.free) return 0;
  const auto doublings = std::min<std::int64_t>(count.failures - rule.free, 16);
  const auto until = count.last + std::min(second << doublings, rule.longest);
  return std::max<std::int64_t>(0, until - now);
}

ThrottleCount& count_of(Counts& counts, const std::string& name, std::int64_t now) {
  auto& count = counts[name];
  if (now - count.last > forget_after) count = {};
  return count;
}

}  // namespace

namespace throttle {

std::vector<std::string> names(const std::string& account, const std::string& address) {
  const auto network = network_of(address);
  const auto pair = account + "\n" + network;
  return {"pair " + pair, "from " + network, "to " + account, known_names + pair};
}

std::int64_t attempt(Counts& counts, const std::string& account, const std::string& address,
                     std::int64_t now) {
  const auto all = names(account, address);
  const auto known_at = counts.find(all[3]);
  const bool known = known_at != counts.end() && now - known_at->second.last < known_for;
  ThrottleCount* const looked_at[] = {&count_of(counts, all[0], now), &count_of(counts, all[1], now),
                                      &count_of(counts, all[2], now)};
  static constexpr ThrottleRule rules[] = {{5, 300 * second}, {40, 300 * second}, {20, 60 * second}};
  std::int64_t longest = 0;
  for (int i = 0; i < (known ? 2 : 3); ++i)
    longest = std::max(longest, throttled_for(*looked_at[i], rules[i], now));
  if (longest > 0) return longest;
  for (auto* count : looked_at) {
    ++count->failures;
    count->last = now;
  }
  return 0;
}

void succeeded(Counts& counts, const std::string& account, const std::string& address, std::int64_t now) {
  const auto all = names(account, address);
  counts.erase(all[0]);
  // The others lose only this attempt: a guesser's own account must not wash away guesses at others.
  for (const auto& name : {all[1], all[2]})
    if (const auto it = counts.find(name); it != counts.end() && it->second.failures > 0)
      --it->second.failures;
  counts[all[3]] = {.failures = 0, .last = now};
}

std::string name_from(const std::string& address, const std::string& purpose) {
  return purpose + " " + network_of(address);
}

std::int64_t attempt_from(Counts& counts, const std::string& address, const std::string& purpose, int free,
                          std::int64_t now) {
  auto& count = counts[name_from(address, purpose)];
  if (now - count.last > hour) count = {.failures = 0, .last = now};  // `last` is the window's begin here
  if (count.failures >= free) return count.last + hour - now;
  ++count.failures;
  return 0;
}

}  // namespace throttle

SignInThrottle::Kept& SignInThrottle::kept(const std::string& name) {
  return name.starts_with(throttle::known_names) ? known_ : counts_;
}

Counts SignInThrottle::some(const std::vector<std::string>& names) {
  Counts counts;
  for (const auto& name : names)
    if (const auto it = kept(name).find(name); it != kept(name).end()) counts[name] = it->second;
  return counts;
}

void SignInThrottle::keep(const std::vector<std::string>& names, const Counts& counts) {
  for (const auto& name : names)
    if (const auto it = counts.find(name); it != counts.end())
      kept(name)[name] = it->second;
    else
      kept(name).erase(name);
}

/// Frees a quarter at once, so that a full table costs little per attempt. What was counted often goes last:
/// a flood of new names must not wash away the count of the one that is being guessed.
void SignInThrottle::make_room(std::int64_t now) {
  constexpr std::size_t enough = most_entries / 4 * 3;
  if (counts_.size() >= most_entries) {
    std::erase_if(counts_, [&](const auto& entry) { return now - entry.second.last > forget_after; });
    if (counts_.size() > enough)
      std::erase_if(counts_, [](const auto& entry) { return entry.second.failures <= 1; });
    while (counts_.size() > enough) counts_.erase(counts_.begin());
  }
  if (known_.size() >= most_entries) {
    std::erase_if(known_, [&](const auto& entry) { return now - entry.second.last > throttle::known_for; });
    while (known_.size() > enough) known_.erase(known_.begin());
  }
}

std::int64_t SignInThrottle::attempt(const std::string& account, const std::string& address,
                                     std::int64_t now) {
  make_room(now);
  const auto names = throttle::names(account, address);
  auto counts = some(names);
  const auto waits = throttle::attempt(counts, account, address, now);
  keep(names, counts);
  return waits;
}

void SignInThrottle::succeeded(const std::string& account, const std::string& address, std::int64_t now) {
  const auto names = throttle::names(account, address);
  auto counts = some(names);
  throttle::succeeded(counts, account, address, now);
  keep(names, counts);
}

std::int64_t SignInThrottle::attempt_from(const std::string& address, const std::string& purpose, int free,
                                          std::int64_t now) {
  make_room(now);
  const std::vector<std::string> names{throttle::name_from(address, purpose)};
  auto counts = some(names);
  const auto waits = throttle::attempt_from(counts, address, purpose, free, now);
  keep(names, counts);
  return waits;
}

}  // namespace berth::server
