// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/rate_limiter.hpp"

#include <gtest/gtest.h>

namespace berth::server {
namespace {

constexpr std::int64_t limit = 60;

TEST(RateLimiter, TakesAMinutesRequestsAtOnceAndThenOneASecond) {
  RateLimiter limiter;
  std::int64_t now = 1'000'000;
  for (int i = 0; i < limit; ++i) {
    const auto verdict = limiter.take("ann", limit, now);
    ASSERT_TRUE(verdict.allowed) << i;
    EXPECT_EQ(verdict.remaining, limit - 1 - i);
  }
  const auto refused = limiter.take("ann", limit, now);
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.retry_after, 1);
  EXPECT_EQ(refused.reset, 60);
  EXPECT_FALSE(limiter.take("ann", limit, now + 999).allowed) << "what is refused does not count";
  for (int i = 1; i <= 5; ++i) {
    EXPECT_TRUE(limiter.take("ann", limit, now + 1000 * i).allowed);
    EXPECT_FALSE(limiter.take("ann", limit, now + 1000 * i).allowed);
  }
  now += 3'600'000;
  const auto later = limiter.take("ann", limit, now);
  EXPECT_TRUE(later.allowed);
  EXPECT_EQ(later.remaining, limit - 1) << "nothing is saved up beyond a minute's";
  EXPECT_EQ(later.reset, 1);
}

TEST(RateLimiter, CountsEachCallerAlone) {
  RateLimiter limiter;
  for (int i = 0; i < limit; ++i) limiter.take("ann", limit, 5);
  EXPECT_FALSE(limiter.take("ann", limit, 5).allowed);
  EXPECT_TRUE(limiter.take("bob", limit, 5).allowed);
}

TEST(RateLimiter, APeriodMayBeADay) {
  RateLimiter limiter(std::chrono::hours(24));
  std::int64_t now = 1'000'000'000;
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(limiter.take("ann", 3, now).allowed);
  const auto refused = limiter.take("ann", 3, now);
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.retry_after, 8 * 3600) << "a third of a day";
  now += 8 * 3'600'000 - 1;
  EXPECT_EQ(limiter.take("ann", 3, now).retry_after, 1);
  EXPECT_TRUE(limiter.take("ann", 3, now + 1).allowed);
  EXPECT_EQ(limiter.take("ann", 3, now + 1).retry_after, 8 * 3600)
      << "who is refused loses nothing, and gains nothing";
}

TEST(RateLimiter, RemembersAFloodOfAddressesOnlySoFarAndTheBusiestLongest) {
  RateLimiter limiter;
  for (int i = 0; i < limit; ++i) limiter.take("busy", limit, 5);
  for (int i = 0; i < 250'000; ++i) limiter.take(std::to_string(i), limit, 5);
  EXPECT_LE(limiter.size(), 100'000u);
  EXPECT_FALSE(limiter.take("busy", limit, 5).allowed);
}

}  // namespace
}  // namespace berth::server
