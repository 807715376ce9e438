// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/terminal_screen.hpp"

#include <gtest/gtest.h>

#include "screen_dump.hpp"
#include "screen_noise.hpp"

namespace berth::runner {
namespace {

const TerminalOutput::TimePoint any_moment{};

std::string painted(TerminalScreen::Painted& from) {
  std::string bytes;
  while (!from.paint.done()) bytes += from.paint.take(10'000);
  return bytes;
}

TEST(TerminalScreen, PaintsWhatTheOutputMadeAndWhereItGoesOn) {
  TerminalOutput output;
  TerminalScreen screen(40, 10, 1000);
  ScreenModel whole(40, 10, 1000);
  test::ScreenNoise noise(11);
  std::string all;
  for (int i = 0; i < 200; ++i) {
    const auto more = noise.some(20);
    all += more;
    output.append(more, any_moment);
    screen.keep_up(output);
    if (i % 3 == 0) screen.follow(output);
    whole.feed(more);
    if (i % 20 != 0) continue;
    auto from = screen.paint(output, 1000);
    ScreenModel viewer(40, 10, 1000);
    viewer.feed(painted(from));
    viewer.feed(std::string_view(all).substr(from.offset));
    ASSERT_EQ(test::screen_dump(viewer), test::screen_dump(whole)) << i;
  }
}

TEST(TerminalScreen, NothingIsLostThatTheRingForgets) {
  TerminalOutput output;
  TerminalScreen screen(40, 10, 100);
  std::string chunk;
  for (int i = 0; i < 200'000; ++i) {
    chunk += "line " + std::to_string(i) + "\r\n";
    if (chunk.size() < 60'000) continue;
    output.append(chunk, any_moment);
    screen.keep_up(output);
    chunk.clear();
  }
  output.append(chunk, any_moment);
  auto from = screen.paint(output, 100);
  const auto bytes = painted(from);
  EXPECT_TRUE(bytes.contains("line 199999\r\n"));
  EXPECT_TRUE(bytes.contains("line 199891\r\n"));
  EXPECT_EQ(from.offset, output.end());
}

TEST(TerminalScreen, MuchWorkOfFewBytesIsDoneInShortTurns) {
  TerminalOutput output;
  TerminalScreen screen(200, 50, 1000);
  std::string hostile = "x\x1b[4h";
  while (hostile.size() < TerminalScreen::piece - 20) hostile += "\x1b[65535b";
  output.append(hostile, any_moment);
  screen.follow(output);
  EXPECT_TRUE(screen.behind(output));  // it is the work of hundreds of milliseconds
}

TEST(TerminalScreen, FollowsInTurnsToTheSameScreen) {
  TerminalOutput output;
  TerminalScreen screen(80, 24, 100);
  ScreenModel whole(80, 24, 100);
  std::string more;
  while (more.size() < TerminalScreen::piece - 1100)
    more += "x\x1b[4h\x1b[65535b\x1b[4l\r\n" + std::string(1000, 'y') + "\r";
  for (int i = 0; i < 6; ++i) {
    output.append(more, any_moment);
    whole.feed(more);
  }
  EXPECT_TRUE(screen.overdue(output));
  screen.keep_up(output);
  while (!screen.follow(output)) EXPECT_TRUE(screen.behind(output));
  auto from = screen.paint(output, 100);
  ScreenModel viewer(80, 24, 100);
  viewer.feed(painted(from));
  EXPECT_EQ(test::screen_dump(viewer), test::screen_dump(whole));
}

TEST(TerminalScreen, ASizeHoldsFromItsByteOn) {
  TerminalOutput output;
  TerminalScreen screen(10, 4, 100);
  output.append("0123456789abcde\r\n", any_moment);
  screen.resize(output, 20, 4);
  output.append("0123456789abcde", any_moment);
  screen.resize(output, 30, 4);
  screen.resize(output, 20, 5);
  auto from = screen.paint(output, 100);
  ScreenModel viewer(20, 5), wanted(10, 4);
  viewer.feed(painted(from));
  wanted.feed("0123456789abcde\r\n");
  wanted.resize(20, 4);
  wanted.feed("0123456789abcde");
  wanted.resize(20, 5);
  EXPECT_EQ(test::screen_dump(viewer), test::screen_dump(wanted));
}

TEST(TerminalScreen, CostsNothingBeforeItIsNeeded) {
  TerminalOutput output;
  TerminalScreen screen(1000, 1000, 100'000);
  output.append("some output", any_moment);
  screen.keep_up(output);
  EXPECT_EQ(screen.allocated(), 0u);
}

}  // namespace
}  // namespace berth::runner
