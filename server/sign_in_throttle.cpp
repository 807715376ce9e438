// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/sign_in_throttle.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>

namespace berth::server {
namespace {

constexpr std::int64_t second = 1000;
constexpr std::int64_t forget_after = 15 * 60 * second;
constexpr std::int64_t hour = 3600 * second;
constexpr std::int64_t known_for = 30ll * 24 * hour;
constexpr std::size_t most_entries = 50'000;

/// One person can own a whole IPv6 /64: that counts as one address.
std::string network_of(const std::string& address) {
  boost::system::error_code error;
  const auto parsed = boost::asio::ip::make_address(address, error);
  if (error || !parsed.is_v6() || parsed.to_v6().is_v4_mapped() || parsed.is_loopback()) return address;
  auto bytes = parsed.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), 0);
  return boost::asio::ip::address_v6(bytes).to_string() + "/64";
}

}  // namespace

std::int64_t SignInThrottle::wait(const Count& count, const Rule& rule, std::int64_t now) {
  if (count.failures < rule.free) return 0;
  const int doublings = std::min(count.failures - rule.free, 16);
  const auto until = count.last + std::min(second << doublings, rule.longest);
  return std::max<std::int64_t>(0, until - now);
}

SignInThrottle::Count& SignInThrottle::count_of(const std::string& key, std::int64_t now) {
  auto& count = counts_[key];
  if (now - count.last > forget_after) count = {};
  return count;
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
    std::erase_if(known_, [&](const auto& entry) { return now - entry.second > known_for; });
    while (known_.size() > enough) known_.erase(known_.begin());
  }
}

std::int64_t SignInThrottle::attempt(const std::string& account, const std::string& address,
                                     std::int64_t now) {
  make_room(now);
  const auto network = network_of(address);
  const auto pair = account + "\n" + network;
  const bool known = known_.contains(pair) && now - known_[pair] < known_for;
  Count* const counts[] = {&count_of("pair " + pair, now), &count_of("from " + network, now),
                           &count_of("to " + account, now)};
  static constexpr Rule rules[] = {{5, 300 * second}, {40, 300 * second}, {20, 60 * second}};
  std::int64_t longest = 0;
  for (int i = 0; i < (known ? 2 : 3); ++i) longest = std::max(longest, wait(*counts[i], rules[i], now));
  if (longest > 0) return longest;
  for (auto* count : counts) {
    ++count->failures;
    count->last = now;
  }
  return 0;
}

void SignInThrottle::succeeded(const std::string& account, const std::string& address, std::int64_t now) {
  const auto network = network_of(address);
  counts_.erase("pair " + account + "\n" + network);
  // The others lose only this attempt: a guesser's own account must not wash away guesses at others.
  for (const auto& key : {"from " + network, "to " + account})
    if (const auto it = counts_.find(key); it != counts_.end() && it->second.failures > 0)
      --it->second.failures;
  known_[account + "\n" + network] = now;
}

std::int64_t SignInThrottle::attempt_from(const std::string& address, const std::string& purpose, int free,
                                          std::int64_t now) {
  make_room(now);
  auto& count = counts_[purpose + " " + network_of(address)];
  if (now - count.last > hour) count = {.failures = 0, .last = now};  // `last` is the window's begin here
  if (count.failures >= free) return count.last + hour - now;
  ++count.failures;
  return 0;
}

}  // namespace berth::server
