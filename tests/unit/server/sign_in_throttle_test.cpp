// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/sign_in_throttle.hpp"

#include <gtest/gtest.h>

namespace berth::server {
namespace {

constexpr std::int64_t throttle_begin = 1'800'000'000'000;

/// Fails as often as it is let; returns how many attempts were taken until `end`, waiting as told.
int guesses(SignInThrottle& throttle, const std::string& account, const std::string& address,
            std::int64_t now, std::int64_t end) {
  int taken = 0;
  while (now < end) {
    const auto wait = throttle.attempt(account, address, now);
    if (wait == 0) ++taken;
    now += wait == 0 ? 1 : wait;
  }
  return taken;
}

TEST(SignInThrottle, TakesAFewMistakesWithoutDelay) {
  SignInThrottle throttle;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(throttle.attempt("a@b.c", "10.0.0.1", throttle_begin), 0);
  EXPECT_GT(throttle.attempt("a@b.c", "10.0.0.1", throttle_begin), 0);
}

TEST(SignInThrottle, LetsAGuesserTryOnlyAFewTimesAnHour) {
  SignInThrottle throttle;
  EXPECT_LT(guesses(throttle, "a@b.c", "10.0.0.1", throttle_begin, throttle_begin + 3'600'000), 40);
}

TEST(SignInThrottle, CountsAttemptsWhenTheyBegin) {
  SignInThrottle throttle;
  int taken = 0;
  for (int i = 0; i < 100; ++i) taken += throttle.attempt("a@b.c", "10.0.0.1", throttle_begin) == 0;
  EXPECT_EQ(taken, 5);
}

TEST(SignInThrottle, DelaysAreBounded) {
  SignInThrottle throttle;
  guesses(throttle, "a@b.c", "10.0.0.1", throttle_begin, throttle_begin + 3'600'000);
  EXPECT_LE(throttle.attempt("a@b.c", "10.0.0.1", throttle_begin + 3'600'000), 300'000);
}

TEST(SignInThrottle, ManyAddressesTogetherAreSlowedToo) {
  SignInThrottle throttle;
  int taken = 0;
  for (int i = 0; i < 200; ++i)
    taken += throttle.attempt("a@b.c", "10.0.1." + std::to_string(i), throttle_begin) == 0;
  EXPECT_EQ(taken, 20);
}

TEST(SignInThrottle, TheOwnerGetsInFromAKnownAddressDuringAnAttack) {
  SignInThrottle throttle;
  ASSERT_EQ(throttle.attempt("a@b.c", "192.0.2.7", throttle_begin), 0);
  throttle.succeeded("a@b.c", "192.0.2.7", throttle_begin);
  for (int i = 0; i < 200; ++i) throttle.attempt("a@b.c", "10.0.1." + std::to_string(i), throttle_begin);
  ASSERT_GT(throttle.attempt("a@b.c", "10.0.2.1", throttle_begin), 0);
  EXPECT_EQ(throttle.attempt("a@b.c", "192.0.2.7", throttle_begin), 0);
}

TEST(SignInThrottle, TheOwnerGetsInFromANewAddressWithinAMinute) {
  SignInThrottle throttle;
  for (int i = 0; i < 200; ++i) throttle.attempt("a@b.c", "10.0.1." + std::to_string(i), throttle_begin);
  EXPECT_LE(throttle.attempt("a@b.c", "192.0.2.7", throttle_begin), 60'000);
}

TEST(SignInThrottle, ASuccessDoesNotWashAwayGuessesAtOthers) {
  SignInThrottle throttle;
  int taken = 0;
  for (int i = 0; i < 300; ++i) {
    taken += throttle.attempt("victim" + std::to_string(i) + "@b.c", "10.0.0.1", throttle_begin) == 0;
    if (throttle.attempt("own@b.c", "10.0.0.1", throttle_begin) == 0)
      throttle.succeeded("own@b.c", "10.0.0.1", throttle_begin);
  }
  EXPECT_LE(taken, 40);
}

TEST(SignInThrottle, OneNetworkOfIpv6CountsAsOneAddress) {
  SignInThrottle throttle;
  int taken = 0;
  for (int i = 1; i < 50; ++i)
    taken += throttle.attempt("a@b.c", "2001:db8:1:2::" + std::to_string(i), throttle_begin) == 0;
  EXPECT_EQ(taken, 5);
}

TEST(SignInThrottle, ForgetsAfterAQuarterOfAnHour) {
  SignInThrottle throttle;
  for (int i = 0; i < 10; ++i) throttle.attempt("a@b.c", "10.0.0.1", throttle_begin);
  EXPECT_EQ(throttle.attempt("a@b.c", "10.0.0.1", throttle_begin + 16 * 60'000), 0);
}

TEST(SignInThrottle, MemoryIsBounded) {
  SignInThrottle throttle;
  for (int i = 0; i < 60'000; ++i)
    throttle.attempt("a" + std::to_string(i) + "@b.c",
                     "10." + std::to_string(i % 250) + "." + std::to_string(i / 250) + ".1", throttle_begin);
  EXPECT_LE(throttle.size(), 50'003u);
}

TEST(SignInThrottle, CallsWithoutAccountHaveAnHourlyNumber) {
  SignInThrottle throttle;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(throttle.attempt_from("10.0.0.1", "register", 3, throttle_begin), 0);
  EXPECT_EQ(throttle.attempt_from("10.0.0.1", "register", 3, throttle_begin), 3'600'000);
  EXPECT_EQ(throttle.attempt_from("10.0.0.2", "register", 3, throttle_begin), 0);
  EXPECT_EQ(throttle.attempt_from("10.0.0.1", "register", 3, throttle_begin + 3'600'001), 0);
}

}  // namespace
}  // namespace berth::server
