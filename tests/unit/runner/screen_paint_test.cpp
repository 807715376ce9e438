// SPDX-License-Identifier: GPL-3.0-or-later
// A screen that is painted anew is the same screen.
#include "runner/screen_paint.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>

#include "screen_dump.hpp"
#include "screen_noise.hpp"

namespace berth::runner {
namespace {

using test::screen_dump;
using test::ScreenNoise;

/// What a viewer has that is fed with the paint and then with the output whose rest had not come.
void expect_same_when_painted(const ScreenModel& model, const std::string& output, const std::string& what,
                              test::DumpWants wants = {}) {
  ScreenModel viewer(model.columns(), model.rows(), model.history().limit());
  viewer.feed(screen_repaint(model));
  const auto again = std::min<std::size_t>(model.incomplete(), output.size());
  viewer.feed(std::string_view(output).substr(output.size() - again));
  ASSERT_EQ(screen_dump(viewer, wants), screen_dump(model, wants)) << what;
}

void expect_same_when_painted(int columns, int rows, const std::string& output) {
  ScreenModel model(columns, rows);
  model.feed(output);
  expect_same_when_painted(model, output, output);
}

std::uint64_t seed_of_this_run() {
  const char* given = std::getenv("BERTH_SEED");
  return given ? std::strtoull(given, nullptr, 10) : 20261121;
}

int rounds_of_this_run(int usual) {
  const char* given = std::getenv("BERTH_SOAK");
  return given ? std::atoi(given) : usual;
}

TEST(ScreenPaint, AnEmptyScreenIsPaintedAsOne) { expect_same_when_painted(80, 24, ""); }

TEST(ScreenPaint, BringsBackHistoryAndScreen) {
  std::string output;
  for (int i = 0; i < 100; ++i) output += "line " + std::to_string(i) + "\r\n";
  expect_same_when_painted(40, 10, output + "$ ");
}

TEST(ScreenPaint, GivesNoMoreHistoryThanAskedFor) {
  ScreenModel model(20, 5), viewer(20, 5);
  for (int i = 0; i < 100; ++i) model.feed("line " + std::to_string(i) + "\r\n");
  viewer.feed(screen_repaint(model, 7));
  EXPECT_EQ(viewer.history().size(), 7u);
  RowText row;
  auto place = viewer.history().place(0);
  viewer.history().read(place, row);
  EXPECT_EQ(row.text, "line 89");
  EXPECT_EQ(screen_dump(viewer, {.history = false}), screen_dump(model, {.history = false}));
}

TEST(ScreenPaint, KeepsLinesThatWrapTogether) {
  ScreenModel model(10, 4);
  model.feed("0123456789abcdefghij0123456789abcdefghij0123456789abcdefghij0123456789\r\nnext");
  ScreenModel viewer(10, 4);
  viewer.feed(screen_repaint(model));
  viewer.resize(70, 4);
  RowText row;
  viewer.read_row(viewer.main_rows()[0], row);
  EXPECT_EQ(row.text, "0123456789abcdefghij0123456789abcdefghij0123456789abcdefghij0123456789");
}

TEST(ScreenPaint, KeepsStylesAndColours) {
  expect_same_when_painted(
      30, 6,
      "\x1b[1;3;4;7;9mall\x1b[m \x1b[38;5;200;48;2;1;2;3mcolours\x1b[K\r\n\x1b[4:3;58:5:9mcurly\x1b[m"
      "\x1b[2;53;21mfaint\x1b[0;93;104mbright");
}

TEST(ScreenPaint, KeepsTheMainScreenUnderTheOther) {
  ScreenModel model(20, 6);
  const std::string output =
      "before\r\n\x1b[31m$ vim\x1b[?1049h\x1b[2J\x1b[3;4Hediting\x1b[?1h\x1b=\x1b[?2004h";
  model.feed(output);
  expect_same_when_painted(model, output, "in the alternate screen");
  ScreenModel viewer(20, 6);
  viewer.feed(screen_repaint(model));
  for (auto* each : {&model, &viewer}) each->feed("\x1b[?1049lback");
  EXPECT_EQ(screen_dump(viewer), screen_dump(model));
  RowText row;
  viewer.read_row(viewer.main_rows()[1], row);
  EXPECT_EQ(row.text, "$ vimback");
}

TEST(ScreenPaint, KeepsTheWrapThatIsPending) {
  expect_same_when_painted(10, 4, "0123456789");
  expect_same_when_painted(10, 4, "01234567\u6f22");
  expect_same_when_painted(10, 4, "\x1b[4;1H0123456789");
}

TEST(ScreenPaint, KeepsModesRegionTabsAndCharsets) {
  expect_same_when_painted(
      40, 12,
      "\x1b[3;9r\x1b[?6h\x1b[2;5H\x1b[3g\x1b[7G\x1bH\x1b[?1000h\x1b[?1006h\x1b[?25l\x1b[?7l\x1b[4h"
      "\x1b(0\x1b)A\x0e\x1b[5 q\x1b[?1004h\x1b]2;title\a\x1b]7;file:///tmp\a\x1b[33m");
}

TEST(ScreenPaint, KeepsLinksMarksAndColoursThatWereSet) {
  expect_same_when_painted(
      40, 6,
      "\x1b]133;A\a$ \x1b]133;B\als\r\n\x1b]133;C\a\x1b]8;id=x;https://example.org\alink\x1b]8;;\a\r\n"
      "\x1b]133;D;0\a\x1b]4;1;#102030\a\x1b]10;#ffffff\a\x1b]133;A\a$ ");
}

TEST(ScreenPaint, EndsBeforeASequenceWhoseRestHasNotCome) {
  ScreenModel model(20, 4);
  const std::string output = "text \x1b[3";
  model.feed(output);
  EXPECT_EQ(model.incomplete(), 3u);
  expect_same_when_painted(model, output, "within a sequence");
  model.feed("1mred");
  ScreenModel viewer(20, 4);
  viewer.feed("text \x1b[31mred");
  EXPECT_EQ(screen_dump(viewer), screen_dump(model));
}

TEST(ScreenPaint, CanEndInAStringWhoseBeginningIsGone) {
  ScreenModel model(20, 4), viewer(20, 4);
  model.feed("text\x1b]52;c;" + std::string(50'000, 'A'));
  ScreenPaint paint(model, 100, true);
  viewer.feed(paint.take(1u << 20));
  for (auto* each : {&model, &viewer}) each->feed("AAAA\aafter");
  EXPECT_EQ(screen_dump(viewer), screen_dump(model));
}

TEST(ScreenPaint, IsTheSameInPiecesOfAnySize) {
  ScreenNoise noise(3);
  ScreenModel model(33, 9);
  model.feed(noise.some(3000));
  const auto whole = screen_repaint(model);
  for (const std::size_t size : {1u, 7u, 100u}) {
    ScreenPaint paint(model, ScreenModel::most_scrollback, true);
    std::string bytes;
    while (!paint.done()) {
      const auto piece = paint.take(size);
      ASSERT_FALSE(piece.empty());
      ASSERT_LE(piece.size(), size);
      bytes += piece;
    }
    EXPECT_EQ(bytes, whole);
  }
}

TEST(ScreenPaint, DoesNotChangeWhileTheModelGoesOn) {
  ScreenModel model(20, 5, 50);
  for (int i = 0; i < 500; ++i) model.feed("line " + std::to_string(i) + "\r\n");
  const auto whole = screen_repaint(model);
  ScreenPaint paint(model, ScreenModel::most_scrollback, true);
  std::string bytes;
  while (!paint.done()) {
    bytes += paint.take(10);
    model.feed("more\r\n");
    model.resize(20 + static_cast<int>(bytes.size() % 3), 5);
  }
  EXPECT_EQ(bytes, whole);
}

TEST(ScreenPaint, AnyOutputIsPaintedAsItWas) {
  const auto seed = seed_of_this_run();
  for (int round = 0; round < rounds_of_this_run(1500); ++round) {
    ScreenNoise noise(seed + static_cast<std::uint64_t>(round));
    ScreenModel model(noise.number(1, 40), noise.number(1, 15), 200);
    std::string output;
    test::DumpWants wants;
    for (int step = 0; step < 4; ++step) {
      const auto more = noise.some(noise.number(1, 60));
      output += more;
      model.feed(more);
      expect_same_when_painted(
          model, output, "BERTH_SEED=" + std::to_string(seed) + " round " + std::to_string(round), wants);
      if (testing::Test::HasFatalFailure()) return;
      if (noise.number(0, 3) != 0) continue;
      model.resize(noise.number(1, 40), noise.number(1, 15));
      wants.history = false;  // rows of the old width flow into the new one when they are painted
    }
  }
}

}  // namespace
}  // namespace berth::runner
