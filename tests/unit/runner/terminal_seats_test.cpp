// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/terminal_seats.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace berth::runner {
namespace {

using namespace std::chrono_literals;
using Size = TerminalSeats::Size;
const TerminalSeats::TimePoint begin_time{};

TEST(TerminalSeats, TheSmallestOfBothSidesCounts) {
  TerminalSeats seats;
  EXPECT_FALSE(seats.size(begin_time));
  seats.sit_down("a", Size{120, 30}, begin_time);
  seats.sit_down("b", Size{80, 50}, begin_time);
  EXPECT_EQ(seats.size(begin_time), (Size{80, 30}));
  seats.stand_up("b", true, begin_time);
  EXPECT_EQ(seats.size(begin_time), (Size{120, 30}));
  EXPECT_THAT(seats.attached(), testing::ElementsAre("a"));
}

TEST(TerminalSeats, WhoOnlyWatchesMakesNoSize) {
  TerminalSeats seats;
  seats.sit_down("watcher", Size{10, 5}, begin_time, false);
  EXPECT_FALSE(seats.size(begin_time));
  seats.sit_down("a", Size{120, 30}, begin_time);
  EXPECT_EQ(seats.size(begin_time), (Size{120, 30}));
  EXPECT_THAT(seats.attached(), testing::ElementsAre("a", "watcher"));
}

TEST(TerminalSeats, OneThatLeadsMakesTheSizeAlone) {
  TerminalSeats seats;
  seats.sit_down("a", Size{120, 30}, begin_time);
  seats.sit_down("b", Size{80, 50}, begin_time);
  seats.lead("a", true);
  EXPECT_EQ(seats.leader(), "a");
  EXPECT_EQ(seats.size(begin_time), (Size{120, 30}));
  seats.lead("b", false);  // not its to give up
  EXPECT_EQ(seats.leader(), "a");
  seats.lead("b", true);
  EXPECT_EQ(seats.size(begin_time), (Size{80, 50}));
  seats.stand_up("b", true, begin_time);
  EXPECT_FALSE(seats.leader());
  EXPECT_EQ(seats.size(begin_time), (Size{120, 30}));
  seats.lead("nobody", true);
  EXPECT_FALSE(seats.leader());
}

TEST(TerminalSeats, OneThatMayTypeNoMoreDoesNotLead) {
  TerminalSeats seats;
  seats.sit_down("a", Size{120, 30}, begin_time);
  seats.sit_down("b", Size{80, 50}, begin_time);
  seats.lead("a", true);
  seats.sit_down("a", std::nullopt, begin_time, false);
  EXPECT_FALSE(seats.leader());
  EXPECT_EQ(seats.size(begin_time), (Size{80, 50}));
  EXPECT_THAT(seats.attached(), testing::ElementsAre("b", "a"));
}

TEST(TerminalSeats, OneThatMayNotTypeCanNeitherTakeTheLeadNorMakeASize) {
  TerminalSeats seats;
  seats.sit_down("watcher", Size{10, 5}, begin_time, false);
  seats.sit_down("a", Size{120, 30}, begin_time);
  seats.lead("watcher", true);
  EXPECT_FALSE(seats.leader());
  seats.resize("watcher", Size{10, 5}, begin_time);
  EXPECT_EQ(seats.size(begin_time), (Size{120, 30}));
  seats.lead("a", true);
  seats.lead("watcher", true);
  EXPECT_EQ(seats.leader(), "a");
  EXPECT_EQ(seats.size(begin_time), (Size{120, 30}));
  // It may type from now on.
  seats.sit_down("watcher", Size{100, 20}, begin_time, true);
  seats.lead("watcher", true);
  EXPECT_EQ(seats.leader(), "watcher");
  EXPECT_EQ(seats.size(begin_time), (Size{100, 20}));
}

TEST(TerminalSeats, TheFirstIsTheLeaderElseWhoCameFirstOfThoseWhoMayType) {
  TerminalSeats seats;
  seats.sit_down("watcher", std::nullopt, begin_time, false);
  seats.sit_down("z", std::nullopt, begin_time);
  seats.sit_down("a", std::nullopt, begin_time);
  EXPECT_THAT(seats.attached(), testing::ElementsAre("z", "a", "watcher"));
  seats.lead("a", true);
  EXPECT_THAT(seats.attached(), testing::ElementsAre("a", "z", "watcher"));
}

TEST(TerminalSeats, ALostConnectionKeepsItsPlaceForAWhile) {
  TerminalSeats seats;
  seats.sit_down("a", Size{120, 30}, begin_time);
  seats.sit_down("b", Size{80, 50}, begin_time);
  seats.lead("b", true);
  seats.stand_up("b", false, begin_time);
  EXPECT_THAT(seats.attached(), testing::ElementsAre("a"));
  EXPECT_EQ(seats.size(begin_time + 1s), (Size{80, 50}));
  EXPECT_EQ(seats.next_change(), begin_time + TerminalSeats::kept);
  EXPECT_EQ(seats.size(begin_time + TerminalSeats::kept), (Size{120, 30}));
  EXPECT_FALSE(seats.leader());
  EXPECT_FALSE(seats.next_change());
}

TEST(TerminalSeats, OneThatComesBackInTimeChangesNothing) {
  TerminalSeats seats;
  seats.sit_down("a", Size{120, 30}, begin_time);
  seats.sit_down("b", Size{80, 50}, begin_time);
  seats.stand_up("b", false, begin_time);
  seats.sit_down("b", std::nullopt, begin_time + 1s);
  EXPECT_EQ(seats.size(begin_time + 1h), (Size{80, 30}));
  EXPECT_FALSE(seats.next_change());
}

TEST(TerminalSeats, ASizeMayComeBeforeItsSession) {
  TerminalSeats seats;
  seats.resize("a", {90, 20}, begin_time);
  EXPECT_EQ(seats.size(begin_time), (Size{90, 20}));
  EXPECT_TRUE(seats.attached().empty());
  EXPECT_FALSE(seats.size(begin_time + TerminalSeats::kept));
}

}  // namespace
}  // namespace berth::runner
