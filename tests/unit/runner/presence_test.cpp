// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/presence.hpp"

#include <gtest/gtest.h>

#include <set>

namespace berth::runner {
namespace {

using namespace protocol;
using namespace std::chrono_literals;

const Presence::Person ada{"u-ada", "Ada", Role::owner};
const Presence::Person grace{"u-grace", "Grace", Role::viewer};

Presence::Place at(std::int64_t position, std::uint64_t version = 1) {
  return {.document = "d1",
          .path = "project/main.py",
          .version = version,
          .length = 100,
          .selections = {{position, position}},
          .top = 0,
          .terminal = {},
          .following = {}};
}

Presence::Place follows(const std::string& session) {
  Presence::Place place;
  place.following = session;
  return place;
}

struct TwoWindows : testing::Test {
  TwoWindows() {
    presence.arrive("a", ada, 1000);
    presence.arrive("g", grace, 2000);
    presence.listen("a");
  }
  Presence::News news(Presence::TimePoint now, bool crowded = false) {
    return presence.take_news("a", now, crowded);
  }
  Presence presence;
  const Presence::TimePoint start = Presence::TimePoint() + 1h;
};

TEST(Presence, ColoursDifferWhileFewerThanTwelveWindowsAreOpen) {
  Presence presence;
  std::set<int> colours;
  for (int window = 0; window < 12; ++window) presence.arrive(std::to_string(window), ada, window);
  for (const auto& participant : presence.listen("0")) {
    EXPECT_GE(participant.colour, 0);
    EXPECT_LT(participant.colour, 12);
    colours.insert(participant.colour);
  }
  EXPECT_EQ(colours.size(), 12u);
  presence.arrive("12", grace, 12);
  presence.leave("5");
  presence.arrive("13", grace, 13);
  std::map<int, int> windows;
  for (const auto& participant : presence.listen("0")) ++windows[participant.colour];
  for (const auto& [colour, count] : windows) EXPECT_LE(count, 2) << colour;
}

TEST(Presence, WhoIsAwayGivesTheColourUpFirst) {
  Presence presence;
  for (int window = 0; window < 12; ++window) presence.arrive(std::to_string(window), ada, window);
  presence.drop("7");
  presence.arrive("new", grace, 12);
  int away = -1, fresh = -1;
  for (const auto& participant : presence.listen("0")) {
    if (participant.session == "7") away = participant.colour;
    if (participant.session == "new") fresh = participant.colour;
  }
  EXPECT_EQ(fresh, away);
}

TEST_F(TwoWindows, TheListNamesEverybodyInTheOrderTheyCame) {
  const auto all = presence.listen("g");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].name, "Ada");
  EXPECT_EQ(all[0].role, Role::owner);
  EXPECT_EQ(all[1].user, "u-grace");
  EXPECT_EQ(all[1].role, Role::viewer);
  EXPECT_EQ(all[1].since, 2000);
  EXPECT_FALSE(all[1].document);
}

TEST_F(TwoWindows, AMoveIsToldOnceAndNotToTheOneWhoMoved) {
  presence.listen("g");
  presence.set("g", at(7));
  const auto first = news(start);
  ASSERT_EQ(first.changed.size(), 1u);
  EXPECT_EQ(first.changed[0].session, "g");
  EXPECT_EQ(first.changed[0].selections.at(0).head, 7);
  EXPECT_TRUE(news(start + 1s).changed.empty());
  EXPECT_TRUE(presence.take_news("g", start, false).changed.empty());
}

TEST_F(TwoWindows, QuickMovesBecomeTheNewest) {
  presence.set("g", at(1));
  EXPECT_EQ(news(start).changed.size(), 1u);
  presence.set("g", at(2));
  presence.set("g", at(3));
  const auto early = news(start + 10ms);
  EXPECT_TRUE(early.changed.empty());
  ASSERT_TRUE(early.next);
  const auto later = news(*early.next);
  ASSERT_EQ(later.changed.size(), 1u);
  EXPECT_EQ(later.changed[0].selections.at(0).head, 3);
  EXPECT_FALSE(later.next);
}

TEST_F(TwoWindows, AConnectionThatIsBehindHearsLessOften) {
  presence.set("g", at(1));
  EXPECT_EQ(news(start).changed.size(), 1u);
  presence.set("g", at(2));
  EXPECT_TRUE(news(start + 500ms, true).changed.empty());
  EXPECT_EQ(news(start + 500ms, false).changed.size(), 1u);
  presence.set("g", at(3));
  EXPECT_EQ(news(start + 1600ms, true).changed.size(), 1u);
}

TEST_F(TwoWindows, NobodyHearsBeforeAskingOrAfterDropping) {
  presence.set("a", at(1));
  EXPECT_TRUE(presence.take_news("g", start, false).changed.empty());
  presence.drop("a");
  presence.set("g", at(2));
  EXPECT_TRUE(news(start).changed.empty());
}

TEST_F(TwoWindows, ADropIsShownAndComingBackKeepsTheColour) {
  const auto colour = presence.listen("a").at(1).colour;
  presence.drop("g");
  auto told = news(start);
  ASSERT_EQ(told.changed.size(), 1u);
  EXPECT_FALSE(told.changed[0].connected);
  presence.come_back("g", {"u-grace", "Grace Hopper", Role::editor});
  told = news(start + 1s);
  ASSERT_EQ(told.changed.size(), 1u);
  EXPECT_TRUE(told.changed[0].connected);
  EXPECT_EQ(told.changed[0].colour, colour);
  EXPECT_EQ(told.changed[0].role, Role::editor);
  EXPECT_EQ(told.changed[0].name, "Grace Hopper");
}

TEST_F(TwoWindows, WhoSaysGoodbyeIsGoneAndMayComeBackAllTheSame) {
  presence.set("g", at(3));
  presence.part("g");
  const auto told = news(start);
  EXPECT_EQ(told.left, std::vector<std::string>{"g"});
  EXPECT_TRUE(told.changed.empty());
  EXPECT_EQ(presence.listen("a").size(), 1u);
  presence.set("g", at(4));
  EXPECT_TRUE(news(start + 1s).changed.empty());
  presence.come_back("g", grace);
  const auto back = news(start + 2s);
  EXPECT_TRUE(back.left.empty());
  ASSERT_EQ(back.changed.size(), 1u);
  presence.part("g");
  news(start + 4s);
  presence.leave("g");
  EXPECT_TRUE(news(start + 5s).left.empty());  // told once
}

TEST_F(TwoWindows, WhoLeavesIsNoLongerFollowed) {
  presence.arrive("h", grace, 3000);
  presence.set("g", follows("h"));
  news(start);
  presence.leave("h");
  const auto told = news(start + 1s);
  EXPECT_EQ(told.left, std::vector<std::string>{"h"});
  ASSERT_EQ(told.changed.size(), 1u);
  EXPECT_FALSE(told.changed[0].following);
}

TEST_F(TwoWindows, NobodyFollowsThemselvesOrNobody) {
  presence.set("g", follows("g"));
  EXPECT_FALSE(news(start).changed.at(0).following);
  presence.set("g", follows("who"));
  EXPECT_FALSE(news(start + 1s).changed.at(0).following);
  presence.set("g", follows("a"));
  EXPECT_EQ(news(start + 2s).changed.at(0).following, "a");
}

TEST_F(TwoWindows, HostilePositionsAreBroughtIntoTheText) {
  auto place = at(0);
  place.selections.assign(1000, {-5, std::int64_t{1} << 62});
  place.top = -1;
  presence.set("g", place);
  const auto told = news(start).changed.at(0);
  EXPECT_EQ(told.selections.size(), Presence::most_selections);
  EXPECT_EQ(told.selections[0].anchor, 0);
  EXPECT_EQ(told.selections[0].head, 100);
  EXPECT_EQ(told.top, 0);
}

TEST_F(TwoWindows, PositionsMoveWithTheTextForThoseWhoComeLater) {
  auto place = at(10);
  place.selections = {{5, 10}};
  place.top = 8;
  presence.set("g", place);
  presence.change_document("d1", 2, TextOperation().retain(6).insert("abc").retain(94), "a");
  presence.change_document("other", 9, TextOperation().insert("zzz").retain(100), "a");
  presence.change_document("d1", 2, TextOperation().retain(6).insert("abc").retain(94),
                           "a");  // known already
  auto now = presence.listen("a").at(1);
  EXPECT_EQ(now.version, 2u);
  EXPECT_EQ(now.selections.at(0).anchor, 5);
  EXPECT_EQ(now.selections.at(0).head, 13);
  EXPECT_EQ(now.top, 11);
  presence.change_document("d1", 3, TextOperation().retain(2).remove(101), "disk");
  now = presence.listen("a").at(1);
  EXPECT_EQ(now.selections.at(0).head, 2);
}

TEST_F(TwoWindows, WhatIsTypedAtACursorMovesTheCursorOfItsWriterAlone) {
  presence.set("a", at(10));
  presence.set("g", at(10));
  presence.change_document("d1", 2, TextOperation().retain(10).insert("x").retain(90), "g");
  const auto all = presence.listen("a");
  EXPECT_EQ(all.at(0).selections.at(0).head, 10);
  EXPECT_EQ(all.at(1).selections.at(0).head, 11);
}

TEST_F(TwoWindows, AClosedDocumentAndAnEndedTerminalVanish) {
  auto place = at(10);
  place.terminal = "t1";
  presence.set("g", place);
  presence.hide_document("g", "d2");
  EXPECT_EQ(news(start).changed.at(0).document, "d1");
  presence.hide_document("g", "d1");
  auto told = news(start + 1s).changed.at(0);
  EXPECT_FALSE(told.document);
  EXPECT_FALSE(told.path);
  EXPECT_TRUE(told.selections.empty());
  EXPECT_EQ(told.terminal, "t1");
  presence.hide_terminal("t1");
  EXPECT_FALSE(news(start + 2s).changed.at(0).terminal);
}

TEST_F(TwoWindows, AMovedDocumentIsShownUnderItsNewPath) {
  presence.set("g", at(1));
  news(start);
  presence.move_document("d1", "project/renamed.py");
  EXPECT_EQ(news(start + 1s).changed.at(0).path, "project/renamed.py");
  presence.move_document("d1", "project/renamed.py");
  EXPECT_TRUE(news(start + 2s).changed.empty());
}

TEST(Presence, ManyWindowsAreToldOfLessOften) {
  Presence presence;
  for (int window = 0; window < 120; ++window) presence.arrive(std::to_string(window), ada, window);
  presence.listen("0");
  const auto start = Presence::TimePoint() + 1h;
  presence.set("1", at(1));
  EXPECT_EQ(presence.take_news("0", start, false).changed.size(), 1u);
  presence.set("1", at(2));
  EXPECT_TRUE(presence.take_news("0", start + 300ms, false).changed.empty());
  EXPECT_EQ(presence.take_news("0", start + 330ms, false).changed.size(), 1u);
}

}  // namespace
}  // namespace berth::runner
