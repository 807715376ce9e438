// SPDX-License-Identifier: GPL-3.0-or-later
// The short form, in this language alone; histories_across does it across both languages, and the million.
#include "concurrent_history.hpp"

#include <gtest/gtest.h>

#include "tests/soak.hpp"

namespace berth::test {
namespace {

TEST(ConcurrentHistory, PeopleWhoTypeSideBySideComeToOneText) {
  Soak soak(1'000, 1'000'000);
  const Luck luck = [&](std::size_t below) { return soak.below(below); };
  for (int round = 0; round < soak.rounds(); ++round) {
    protocol::Json record;
    ASSERT_NO_THROW(record = ConcurrentHistory::make(luck)) << soak.where(round);
    ASSERT_NO_THROW(ConcurrentHistory::replay(record)) << soak.where(round) << " " << record.dump();
  }
}

TEST(ConcurrentHistory, AReplaySeesADifference) {
  Soak soak(1, 1);
  auto record = ConcurrentHistory::make([&](std::size_t below) { return soak.below(below); });
  ASSERT_FALSE(record["accepted"].empty());
  auto other = record;
  other["accepted"][0].push_back("x");
  EXPECT_THROW(ConcurrentHistory::replay(other), std::logic_error);
  other = record;
  other["text"] = record["text"].get<std::string>() + "x";
  EXPECT_THROW(ConcurrentHistory::replay(other), std::logic_error);
}

}  // namespace
}  // namespace berth::test
