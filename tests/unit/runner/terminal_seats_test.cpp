// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/terminal_seats.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace berth::runner {
namespace {

using namespace std::chrono_literals;
using Size = TerminalSeats::Size;
const TerminalSeats::TimePoint start{};

TEST(TerminalSeats, TheSmallestOfBothSidesCounts) {
  TerminalSeats seats;
  EXPECT_FALSE(seats.size(start));
  seats.sit_down("a", Size{120, 30}, start);
  seats.sit_down("b", Size{80, 50}, start);
  EXPECT_EQ(seats.size(start), (Size{80, 30}));
  seats.stand_up("b", true, start);
  EXPECT_EQ(seats.size(start), (Size{120, 30}));
  EXPECT_THAT(seats.attached(), testing::ElementsAre("a"));
}

TEST(TerminalSeats, WhoOnlyWatchesMakesNoSize) {
  TerminalSeats seats;
  seats.sit_down("watcher", std::nullopt, start);
  EXPECT_FALSE(seats.size(start));
  seats.sit_down("a", Size{120, 30}, start);
  EXPECT_EQ(seats.size(start), (Size{120, 30}));
  EXPECT_THAT(seats.attached(), testing::ElementsAre("a", "watcher"));
}

TEST(TerminalSeats, OneThatLeadsMakesTheSizeAlone) {
  TerminalSeats seats;
  seats.sit_down("a", Size{120, 30}, start);
  seats.sit_down("b", Size{80, 50}, start);
  seats.lead("a", true);
  EXPECT_EQ(seats.leader(), "a");
  EXPECT_EQ(seats.size(start), (Size{120, 30}));
  seats.lead("b", false);  // not its to give up
  EXPECT_EQ(seats.leader(), "a");
  seats.lead("b", true);
  EXPECT_EQ(seats.size(start), (Size{80, 50}));
  seats.stand_up("b", true, start);
  EXPECT_FALSE(seats.leader());
  EXPECT_EQ(seats.size(start), (Size{120, 30}));
  seats.lead("nobody", true);
  EXPECT_FALSE(seats.leader());
}

TEST(TerminalSeats, ALostConnectionKeepsItsPlaceForAWhile) {
  TerminalSeats seats;
  seats.sit_down("a", Size{120, 30}, start);
  seats.sit_down("b", Size{80, 50}, start);
  seats.lead("b", true);
  seats.stand_up("b", false, start);
  EXPECT_THAT(seats.attached(), testing::ElementsAre("a"));
  EXPECT_EQ(seats.size(start + 1s), (Size{80, 50}));
  EXPECT_EQ(seats.next_change(), start + TerminalSeats::kept);
  EXPECT_EQ(seats.size(start + TerminalSeats::kept), (Size{120, 30}));
  EXPECT_FALSE(seats.leader());
  EXPECT_FALSE(seats.next_change());
}

TEST(TerminalSeats, OneThatComesBackInTimeChangesNothing) {
  TerminalSeats seats;
  seats.sit_down("a", Size{120, 30}, start);
  seats.sit_down("b", Size{80, 50}, start);
  seats.stand_up("b", false, start);
  seats.sit_down("b", std::nullopt, start + 1s);
  EXPECT_EQ(seats.size(start + 1h), (Size{80, 30}));
  EXPECT_FALSE(seats.next_change());
}

TEST(TerminalSeats, ASizeMayComeBeforeItsSession) {
  TerminalSeats seats;
  seats.resize("a", {90, 20}, start);
  EXPECT_EQ(seats.size(start), (Size{90, 20}));
  EXPECT_TRUE(seats.attached().empty());
  EXPECT_FALSE(seats.size(start + TerminalSeats::kept));
}

}  // namespace
}  // namespace berth::runner
