// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/retention.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace berth::server {
namespace {

constexpr std::int64_t second = 1000, minute = 60 * second, hour = 60 * minute, day = 24 * hour;
constexpr std::int64_t retention_now =
    1'800'000'000'000 / day * day + 13 * hour;  // one o'clock in the afternoon

VersionRecord version(std::int64_t created, const std::string& name = {}) {
  VersionRecord record;
  record.id = std::to_string(created) + name;
  record.created = created;
  record.name = name;
  return record;
}

std::vector<VersionRecord> every(std::int64_t step, std::int64_t oldest, std::int64_t newest) {
  std::vector<VersionRecord> versions;
  for (auto time = retention_now - oldest; time <= retention_now - newest; time += step)
    versions.push_back(version(time));
  return versions;
}

std::vector<VersionRecord> kept(std::vector<VersionRecord> versions, std::int64_t at) {
  const auto gone = thinned_out(versions, at);
  const std::set<std::string> names(gone.begin(), gone.end());
  std::erase_if(versions, [&](const auto& one) { return names.contains(one.id); });
  return versions;
}

TEST(Retention, KeepsEverythingForAnHour) {
  const auto versions = every(2 * second, hour - second, 0);
  EXPECT_EQ(kept(versions, retention_now).size(), versions.size());
}

TEST(Retention, KeepsOneEveryTenMinutesForADay) {
  const auto left = kept(every(10 * second, 20 * hour, 2 * hour), retention_now);
  ASSERT_EQ(left.size(), 18u * 6 + 1);  // the newest begins a span of its own
  std::set<std::int64_t> spans;
  for (const auto& one : left) EXPECT_TRUE(spans.insert(one.created / (10 * minute)).second);
}

TEST(Retention, KeepsTheNewestOfASpan) {
  const auto begin = retention_now - 10 * hour;
  const auto left =
      kept({version(begin), version(begin + minute), version(begin + 9 * minute), version(retention_now)},
           retention_now);
  ASSERT_EQ(left.size(), 2u);
  EXPECT_EQ(left.front().created, begin + 9 * minute);
}

TEST(Retention, KeepsOneAnHourForAWeekAndOneADayForNinetyDays) {
  EXPECT_EQ(kept(every(minute, 6 * day, 3 * day), retention_now).size(), 3u * 24 + 1);
  const auto left = kept(every(hour, 120 * day, 30 * day), retention_now);
  EXPECT_GE(left.size(), 60u);
  EXPECT_LE(left.size(), 61u);
  EXPECT_GT(left.front().created, retention_now - 90 * day);
}

TEST(Retention, KeepsNamedOnesAndTheNewestForEver) {
  auto old = version(retention_now - 400 * day);
  auto named = version(retention_now - 500 * day, "first release");
  EXPECT_TRUE(thinned_out({old}, retention_now).empty());
  const auto gone = thinned_out({named, old, version(retention_now - 300 * day)}, retention_now);
  EXPECT_EQ(gone, std::vector<std::string>{old.id});
}

TEST(Retention, ANamedVersionDoesNotTakeTheOnlyPlaceOfItsSpanFromNobody) {
  const auto begin = retention_now - 10 * hour;
  const auto left = kept(
      {version(begin + minute, "mine"), version(begin + 2 * minute), version(retention_now)}, retention_now);
  EXPECT_EQ(left.size(), 3u);  // the newest of the span, and the named one besides
}

TEST(Retention, VersionsOfTheFutureStay) {
  EXPECT_EQ(kept({version(retention_now + day), version(retention_now + 2 * day)}, retention_now).size(), 2u);
}

/// What a collection every few minutes leaves has no gap that thinning once, at the end, would not have left.
TEST(Retention, ThinningOftenNeverLosesWhatALongerSpanNeeds) {
  std::mt19937 random(20261121);
  std::vector<VersionRecord> all, often;
  const std::int64_t begin = retention_now;
  std::int64_t time = begin;
  for (int i = 0; i < 4000; ++i) {
    time += static_cast<std::int64_t>(random() % (2 * hour));
    all.push_back(version(time));
    often.push_back(all.back());
    if (i % 7 == 0) often = kept(std::move(often), time + static_cast<std::int64_t>(random() % minute));
  }
  const auto once = kept(all, time);
  often = kept(std::move(often), time);
  const auto spans = [&](const std::vector<VersionRecord>& versions, std::int64_t length, std::int64_t age) {
    std::set<std::int64_t> numbers;
    for (const auto& one : versions)
      if (time - one.created < age) numbers.insert(one.created / length);
    return numbers;
  };
  EXPECT_EQ(spans(often, day, 90 * day), spans(once, day, 90 * day));
  EXPECT_EQ(spans(often, hour, 7 * day), spans(once, hour, 7 * day));
  EXPECT_EQ(spans(often, 10 * minute, day), spans(once, 10 * minute, day));
  EXPECT_LT(often.size(), 600u);
}

}  // namespace
}  // namespace berth::server
