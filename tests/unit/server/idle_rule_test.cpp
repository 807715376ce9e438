// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/idle_rule.hpp"

#include <gtest/gtest.h>

namespace berth::server {
namespace {

using Kind = IdleDecision::Kind;
constexpr std::int64_t minute = 60'000;
constexpr std::int64_t begin = 1'800'000'000'000;
const IdleRule half_hour{.idle_limit = 30 * minute, .maximum_life = 0, .warning = 2 * minute};

TEST(IdleRule, KeepsWhatIsInUse) {
  const auto decision = decide_idle(half_hour, {begin, begin + 60 * minute, {}}, begin + 87 * minute);
  EXPECT_EQ(decision.kind, Kind::keep);
  EXPECT_EQ(decision.stops_at, 0);
}

TEST(IdleRule, WarnsTwoMinutesBefore) {
  const auto decision = decide_idle(half_hour, {begin, begin, {}}, begin + 28 * minute);
  EXPECT_EQ(decision.kind, Kind::warn);
  EXPECT_EQ(decision.stops_at, begin + 30 * minute);
  EXPECT_NE(decision.text.find("2 minutes"), std::string::npos);
}

TEST(IdleRule, StopsAfterTheWarningRanOut) {
  EXPECT_EQ(decide_idle(half_hour, {begin, begin, begin + 28 * minute}, begin + 30 * minute - 1).kind,
            Kind::keep);
  const auto decision = decide_idle(half_hour, {begin, begin, begin + 28 * minute}, begin + 30 * minute);
  EXPECT_EQ(decision.kind, Kind::stop);
  EXPECT_EQ(decision.text, "Stopped after 30 minutes without input.");
}

TEST(IdleRule, NeverStopsWithoutAWarningBefore) {
  // After a restart of the server the limit may have passed long ago.
  const auto late = decide_idle(half_hour, {begin, begin, {}}, begin + 300 * minute);
  EXPECT_EQ(late.kind, Kind::warn);
  EXPECT_EQ(late.stops_at, begin + 302 * minute);
  EXPECT_EQ(decide_idle(half_hour, {begin, begin, begin + 300 * minute}, begin + 301 * minute).kind,
            Kind::keep);
  EXPECT_EQ(decide_idle(half_hour, {begin, begin, begin + 300 * minute}, begin + 302 * minute).kind,
            Kind::stop);
}

TEST(IdleRule, InputAfterTheWarningMakesItVoid) {
  const auto decision =
      decide_idle(half_hour, {begin, begin + 29 * minute, begin + 28 * minute}, begin + 58 * minute);
  EXPECT_EQ(decision.kind, Kind::warn);
  EXPECT_EQ(decision.stops_at, begin + 60 * minute);
}

TEST(IdleRule, UnknownActivityIsNoReasonToStop) {
  EXPECT_EQ(decide_idle(half_hour, {begin, std::nullopt, begin}, begin + 300 * minute).kind, Kind::keep);
}

TEST(IdleRule, ZeroMeansNever) {
  EXPECT_EQ(decide_idle({0, 0, 2 * minute}, {begin, begin, begin}, begin + 100'000 * minute).kind,
            Kind::keep);
}

TEST(IdleRule, MaximumLifeEndsWhatIsInUse) {
  const IdleRule day{.idle_limit = 30 * minute, .maximum_life = 24 * 60 * minute, .warning = 2 * minute};
  const auto end = begin + 24 * 60 * minute;
  EXPECT_EQ(decide_idle(day, {begin, end - minute, {}}, end - 3 * minute).kind, Kind::keep);
  EXPECT_EQ(decide_idle(day, {begin, end - minute, {}}, end - 2 * minute).kind, Kind::warn);
  const auto decision = decide_idle(day, {begin, end, end - 2 * minute}, end);
  EXPECT_EQ(decision.kind, Kind::stop);
  EXPECT_EQ(decision.text, "Stopped after 24 hours, the longest a workspace may run here.");
}

}  // namespace
}  // namespace berth::server
