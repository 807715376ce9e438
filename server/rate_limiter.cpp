// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/rate_limiter.hpp"

#include <algorithm>
#include <ranges>
#include <vector>

namespace berth::server {
namespace {

constexpr std::size_t most_callers = 100'000;

std::int64_t in_seconds(std::int64_t microseconds) { return (microseconds + 999'999) / 1'000'000; }

}  // namespace

RateVerdict RateLimiter::take(const std::string& caller, std::int64_t limit, std::int64_t now) {
  const auto time = now * 1000;
  const std::int64_t period = period_.count(), interval = period / limit;
  const std::lock_guard lock(mutex_);
  if (arrivals_.size() >= most_callers && !arrivals_.contains(caller)) make_room(time);
  auto& arrival = arrivals_[caller];
  const auto from = std::max(arrival, time);
  RateVerdict verdict{.limit = limit};
  // A bucket of `limit` that fills in a period.
  verdict.allowed = from + interval - time <= period;
  if (verdict.allowed)
    arrival = from + interval;
  else
    verdict.retry_after = std::max<std::int64_t>(1, in_seconds(from + interval - period - time));
  const auto ahead = std::max(arrival - time, std::int64_t{0});
  verdict.remaining = std::max<std::int64_t>(0, (period - ahead) / interval);
  verdict.reset = in_seconds(ahead);
  return verdict;
}

std::size_t RateLimiter::size() const {
  const std::lock_guard lock(mutex_);
  return arrivals_.size();
}

/// Who may make all their requests again is as good as unknown. Where everybody is busy, a flood of
/// addresses, those who have used least are forgotten.
void RateLimiter::make_room(std::int64_t time) {
  std::erase_if(arrivals_, [&](const auto& known) { return known.second <= time; });
  if (arrivals_.size() < most_callers) return;
  std::vector<std::int64_t> all;
  all.reserve(arrivals_.size());
  for (const auto& [caller, arrival] : arrivals_) all.push_back(arrival);
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
  std::ranges::nth_element(all, middle);
  std::erase_if(arrivals_, [&](const auto& known) { return known.second <= *middle; });
}

}  // namespace berth::server
