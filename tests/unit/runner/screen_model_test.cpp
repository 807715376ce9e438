// SPDX-License-Identifier: GPL-3.0-or-later
// What sequences do to a screen, in any chunks, plain lines in bulk, other sizes, bounds.
#include "runner/screen_model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/character_width.hpp"
#include "runner/screen_paint.hpp"
#include "screen_dump.hpp"
#include "screen_noise.hpp"

namespace berth::runner {
namespace {

using test::screen_dump;
using test::ScreenNoise;

std::vector<std::string> shown(const ScreenModel& model) {
  std::vector<std::string> rows;
  RowText row;
  for (const auto& each : model.shown_rows()) {
    model.read_row(each, row);
    rows.push_back(row.text);
  }
  while (!rows.empty() && rows.back().empty()) rows.pop_back();
  return rows;
}

std::vector<std::string> rows_of(std::string_view output, int columns = 10, int rows = 4) {
  ScreenModel model(columns, rows);
  model.feed(output);
  return shown(model);
}

using Rows = std::vector<std::string>;

TEST(ScreenModel, WritesWrapsAndScrolls) {
  EXPECT_EQ(rows_of("one\r\ntwo"), (Rows{"one", "two"}));
  EXPECT_EQ(rows_of("0123456789abc"), (Rows{"0123456789", "abc"}));
  EXPECT_EQ(rows_of("0123456789\r\nx"), (Rows{"0123456789", "x"}));
  EXPECT_EQ(rows_of("1\r\n2\r\n3\r\n4\r\n5"), (Rows{"2", "3", "4", "5"}));
  EXPECT_EQ(rows_of("\x1b[?7l0123456789abc"), (Rows{"012345678c"}));
  EXPECT_EQ(rows_of("012345678\u6f22"), (Rows{"012345678", "\u6f22"}));
  EXPECT_EQ(rows_of("\u6f22\u5b57\x1b[2Gx"), (Rows{" x\u5b57"}));
  EXPECT_EQ(rows_of("e\u0301x"), (Rows{"e\u0301x"}));
  EXPECT_EQ(rows_of("\u6f22", 1, 2), Rows{});  // there is no place for it
}

TEST(ScreenModel, AShellThatDrawsItsPromptAnewKeepsWhereItBegan) {
  const auto marks = [](std::string_view output) {
    ScreenModel model(20, 4);
    model.feed(output);
    std::vector<std::string> found;
    RowText row;
    for (const auto& each : model.shown_rows()) {
      model.read_row(each, row);
      for (const auto& mark : row.marks) found.push_back(row.text + " " + mark.what);
    }
    return found;
  };
  // What comes before each prompt says once where it begins; the prompt itself, each time, where it ends.
  const std::string begin = "\x1b]133;D;1\a\x1b]133;A\a", prompt = "$ \x1b]133;B\a";
  const Rows wanted{"$ ls D;1", "$ ls A", "$ ls B"};
  for (const std::string anew : {"\r\x1b[J", "\r\x1b[K", "\r\x1b[2K", "\x1b[1K\r"})
    EXPECT_EQ(marks(begin + prompt + "l" + anew + prompt + "ls"), wanted);
  std::string often = begin + prompt;
  for (int i = 0; i < 40; ++i) often += "\r\x1b[J" + prompt;
  EXPECT_EQ(marks(often + "ls"), wanted);
  // What is cleared by another line's command is gone.
  EXPECT_EQ(marks(begin + prompt + "\r\n\x1b[2J"), Rows{});
  EXPECT_EQ(marks("one\r\n" + begin + prompt + "\x1b[1;1H\x1b[J"), Rows{});
}

// Of whatever clock: an age comes out as that or a little more, through any number of models.
TEST(ScreenModel, ACommandThatRunsIsPaintedWithItsAge) {
  ScreenModel model(40, 4);
  model.feed("\x1b]133;A\a$ \x1b]133;B\amake\r\n\x1b]133;C;cmdline=make;age=5000\a");
  const auto age_in = [](const std::string& painted) {
    const auto at = painted.find("133;C;cmdline=make;age=");
    return at == painted.npos ? -1 : std::stol(painted.substr(at + 23));
  };
  const auto painted = screen_repaint(model);
  EXPECT_GE(age_in(painted), 5000) << painted;
  EXPECT_LT(age_in(painted), 65'000);
  ScreenModel next(40, 4);
  next.feed(painted);
  EXPECT_GE(age_in(screen_repaint(next)), 5000);
  // What a program says wrongly is no age.
  ScreenModel odd(40, 4);
  odd.feed("\x1b]133;C;age=-7;began=1\a");
  EXPECT_THAT(screen_repaint(odd), testing::HasSubstr("133;C;age="));
  EXPECT_THAT(screen_repaint(odd), testing::Not(testing::HasSubstr("-7")));
}

TEST(ScreenModel, MovesErasesInsertsAndDeletes) {
  EXPECT_EQ(rows_of("abcdef\x1b[3G\x1b[K"), (Rows{"ab"}));
  EXPECT_EQ(rows_of("abcdef\x1b[3G\x1b[1K"), (Rows{"   def"}));
  EXPECT_EQ(rows_of("abcdef\x1b[3G\x1b[2P"), (Rows{"abef"}));
  EXPECT_EQ(rows_of("abcdef\x1b[3G\x1b[2@"), (Rows{"ab  cdef"}));
  EXPECT_EQ(rows_of("abcdef\x1b[3G\x1b[2X"), (Rows{"ab  ef"}));
  EXPECT_EQ(rows_of("abc\x1b[4hX\x1b[1GY"), (Rows{"YabcX"}));
  EXPECT_EQ(rows_of("1\r\n2\r\n3\x1b[1;1H\x1b[L"), (Rows{"", "1", "2", "3"}));
  EXPECT_EQ(rows_of("1\r\n2\r\n3\x1b[1;1H\x1b[M"), (Rows{"2", "3"}));
  EXPECT_EQ(rows_of("1\r\n2\r\n3\r\n4\x1b[2;3r\x1b[3;1H\nx"), (Rows{"1", "3", "x", "4"}));
  EXPECT_EQ(rows_of("1\r\n2\r\n3\r\n4\x1b[2;3r\x1b[2;1H\x1bMx"), (Rows{"1", "x", "2", "4"}));
  EXPECT_EQ(rows_of("a\tb\x1b[Zc"), (Rows{"a       c"}));
  EXPECT_EQ(rows_of("ab\x1b[3b"), (Rows{"abbbb"}));
  EXPECT_EQ(rows_of("\x1b(0lqk\x1b(B lqk"), (Rows{"\u250c\u2500\u2510 lqk"}));
  EXPECT_EQ(rows_of("text\x1b[?1049hother\x1b[?1049l!"), (Rows{"text!"}));
  EXPECT_EQ(rows_of("\x1b[2;2Hx\x1b"
                    "7\x1b[1;1Hy\x1b"
                    "8z"),
            (Rows{"y", " xz"}));
}

TEST(ScreenModel, KeepsWhatLeavesTheScreenUpToItsLimit) {
  ScreenModel model(20, 3, 5);
  for (int i = 0; i < 20; ++i) model.feed("line " + std::to_string(i) + "\r\n");
  EXPECT_EQ(model.history().size(), 5u);
  RowText row;
  auto place = model.history().place(0);
  model.history().read(place, row);
  EXPECT_EQ(row.text, "line 13");
  model.feed("\x1b[?1049h\n\n\n\n\n\n");  // the other screen has no history
  EXPECT_EQ(model.history().size(), 5u);
  model.feed("\x1b[?1049l\x1b[3J");
  EXPECT_EQ(model.history().size(), 0u);
}

TEST(ScreenModel, HostileOutputNeitherCrashesNorHangsIt) {
  // Each of them ended or stopped libvterm 0.3.3.
  ScreenModel model(1, 1);
  model.feed("\x1b[5b\x1b[2147483647b");
  std::string many = "\x1b[";
  for (int i = 0; i < 5000; ++i) many += "1;";
  model.feed(many + "m");
  model.feed(
      "\u6f22\u6f22\x1b[5b\x1b"
      "7");
  model.resize(1000, 1000);
  model.feed(
      "\x1b[1000;1000H\x1b"
      "7\x1b[900;1000r");
  model.resize(2, 2);
  model.feed(
      "\x1b"
      "8text\n\n\x1b[999999999999999999999999A\x1b[65535@\x1b[65535P\x1b[65535X\x1b[65535L\x1b[65535M\x1b["
      "65535S");
  model.feed("\x1b]" + std::string(1 << 20, 'x') + "\x07\x1b]8;;" + std::string(1 << 20, 'x') + "\x1b\\");
  model.feed("a" + [] {
    std::string marks;
    for (int i = 0; i < 100'000; ++i) marks += "\u0301";
    return marks;
  }());
  EXPECT_FALSE(screen_dump(model).empty());
}

TEST(ScreenModel, ChunksMakeNoDifference) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    ScreenNoise noise(seed), cuts(seed + 1000);
    const auto output = noise.some(150);
    ScreenModel whole(30, 8), pieces(30, 8), bytes(30, 8);
    whole.feed(output);
    for (std::size_t at = 0; at < output.size();) {
      const auto size = static_cast<std::size_t>(cuts.number(1, 40));
      pieces.feed(std::string_view(output).substr(at, size));
      at += size;
    }
    for (const char byte : output) bytes.feed(std::string_view(&byte, 1));
    ASSERT_EQ(screen_dump(pieces), screen_dump(whole)) << "seed " << seed;
    ASSERT_EQ(screen_dump(bytes), screen_dump(whole)) << "seed " << seed;
  }
}

TEST(ScreenModel, PlainLinesInBulkAreWhatTheyAreOneByOne) {
  ScreenNoise noise(7);
  for (int round = 0; round < 40; ++round) {
    std::string output = noise.pick({"", "\x1b[5;1Hstart", "\x1b[31mred\r\n\x1b[m", "\x1b]133;A\a$ ls\r\n"});
    for (int i = noise.number(0, 400); i > 0; --i)
      output += std::string(static_cast<std::size_t>(noise.number(0, 70)),
                            static_cast<char>(noise.number('a', 'z'))) +
                noise.pick({"", " end", "   "}) + "\r\n";
    output += noise.pick({"$ ", "\x1b[1mbold", "partly", "\r\n\r\n"});
    const int columns = noise.number(1, 60), rows = noise.number(1, 20);
    const auto scrollback = static_cast<std::size_t>(noise.pick({"a", "b"}) == "a" ? 50 : 10'000);
    ScreenModel bulk(columns, rows, scrollback), single(columns, rows, scrollback);
    bulk.feed(output);
    for (const char byte : output) single.feed(std::string_view(&byte, 1));
    ASSERT_EQ(screen_dump(bulk), screen_dump(single)) << round;
  }
}

TEST(ScreenModel, LinesFlowIntoAnotherWidthAndBack) {
  ScreenModel model(20, 6);
  model.feed(
      "short\r\nthis line is longer than twenty columns\r\n\u6f22\u5b57\u6f22\u5b57\u6f22\u5b57\r\n$ typed");
  const auto before = screen_dump(model, {.history = false});
  for (const auto& [columns, rows] : {std::pair(7, 6), std::pair(40, 3), std::pair(13, 9), std::pair(5, 2)}) {
    model.resize(columns, rows);
    EXPECT_EQ(model.columns(), columns);
  }
  model.resize(40, 6);
  EXPECT_EQ(shown(model), (Rows{"short", "this line is longer than twenty columns",
                                "\u6f22\u5b57\u6f22\u5b57\u6f22\u5b57", "$ typed"}));
  EXPECT_EQ(model.cursor(), (ScreenCursor{3, 7, false}));
  model.resize(20, 6);
  EXPECT_EQ(screen_dump(model, {.history = false}), before);
}

TEST(ScreenModel, TakesRowsBackFromTheHistoryWhenItGrows) {
  ScreenModel model(20, 3);
  for (int i = 0; i < 10; ++i) model.feed("line " + std::to_string(i) + "\r\n");
  model.feed("$ ");
  model.resize(20, 5);
  EXPECT_EQ(shown(model), (Rows{"line 6", "line 7", "line 8", "line 9", "$ "}));
  model.resize(20, 2);
  EXPECT_EQ(shown(model), (Rows{"line 9", "$ "}));
  EXPECT_EQ(model.history().size(), 9u);
}

TEST(ScreenModel, AnySizeAtAnyTimeIsBorne) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    ScreenNoise noise(seed);
    ScreenModel model(10, 5, 100);
    for (int i = 0; i < 60; ++i) {
      model.feed(noise.some(noise.number(1, 30)));
      model.resize(noise.number(1, 60), noise.number(1, 30));
      ASSERT_EQ(model.shown_rows().size(), static_cast<std::size_t>(model.rows()));
      for (const auto* rows : {&model.main_rows(), &model.shown_rows()})
        for (const auto& row : *rows) ASSERT_EQ(row.cells.size(), static_cast<std::size_t>(model.columns()));
      ASSERT_LT(model.cursor().row, model.rows());
      ASSERT_LT(model.cursor().column, model.columns());
    }
  }
}

TEST(ScreenModel, ALineOfManyCombinationsFlowsWhole) {
  std::string line;
  for (int i = 0; i < 16'000; ++i) {
    const auto base = 0xc0 + i / 0x60, mark = 0x300 + i % 0x60;
    for (const int c : {base, mark}) {
      line += static_cast<char>(0xc0 | c >> 6);
      line += static_cast<char>(0x80 | (c & 0x3f));
    }
  }
  ScreenModel model(80, 24);
  model.feed(line);
  for (const auto& [columns, rows] : {std::pair(100, 24), std::pair(100, 40), std::pair(33, 10)}) {
    model.resize(columns, rows);
    std::string whole;
    RowText row;
    auto place = model.history().place(0);
    for (std::size_t i = 0; i < model.history().size(); ++i) {
      model.history().read(place, row);
      whole += row.text;
    }
    for (const auto& text : shown(model)) whole += text;
    EXPECT_TRUE(whole == line) << columns;
    ScreenModel viewer(columns, rows);
    ScreenPaint paint(model, 100, false);
    while (!paint.done()) viewer.feed(paint.take(10'000));
    EXPECT_EQ(shown(viewer), shown(model));
  }
}

TEST(ScreenModel, ALongLineTakenBackIntoOneColumnIsBorne) {
  ScreenModel model(1000, 5);
  model.feed(std::string(190'000, 'x') + "\r\n1\r\n2\r\n3\r\n4\r\n5");
  model.resize(1, 1000);
  EXPECT_EQ(model.main_rows().size(), 1000u);
  EXPECT_EQ(model.cursor().row, 999);
  EXPECT_EQ(shown(model).back(), "5");
}

TEST(ScreenModel, ARepeatedCharacterIsWhatItIsOneByOne) {
  ScreenNoise noise(5);
  for (int round = 0; round < 500; ++round) {
    const int columns = noise.number(1, 12), rows = noise.number(1, 5);
    ScreenModel repeated(columns, rows, 20), single(columns, rows, 20);
    const auto before = "a\u6f22b\u5b57cdefg\r\n\u6f22hi\u5b57" + noise.pick({"", "\x1b[4h"}) +
                        noise.pick({"", "\x1b[?7l"}) + "\x1b[" + std::to_string(noise.number(1, rows)) + ";" +
                        std::to_string(noise.number(1, columns)) + "H";
    const auto what = noise.pick({"x", "\u6f22", "\u00e9"});
    const int times = noise.number(1, columns * rows);
    repeated.feed(before + what + "\x1b[" + std::to_string(times) + "b");
    single.feed(before + what);
    for (int i = 0; i < times; ++i) single.feed(what);
    ASSERT_EQ(screen_dump(repeated), screen_dump(single)) << round;
  }
}

TEST(ScreenModel, AColourHasOneNumberHoweverItIsWritten) {
  ScreenModel model(10, 2);
  model.feed("\x1b]10;red\a\x1b]010;green\a\x1b]00010;blue\a");
  EXPECT_THAT(model.colors(), testing::ElementsAre(testing::Pair("10", "blue")));
  model.feed("\x1b]110\a");
  EXPECT_TRUE(model.colors().empty());
}

TEST(ScreenModel, CharactersHaveTheWidthThatEmulatorsGiveThem) {
  for (const char32_t narrow : {U'a', U'\u00e9', U'\u2500', U'\u00ad', U'\u0628'})
    EXPECT_EQ(protocol::character_width(narrow), 1);
  for (const char32_t wide : {U'\u6f22', U'\uac00', U'\uff21', U'\U0001f600', U'\U00020000'})
    EXPECT_EQ(protocol::character_width(wide), 2);
  for (const char32_t none : {U'\u0301', U'\u200d', U'\ufe0f', U'\u0483'})
    EXPECT_EQ(protocol::character_width(none), 0);
}

TEST(ScreenHistory, IsSmallAndBounded) {
  ScreenModel model(80, 24);
  EXPECT_LT(model.history().allocated(), 1u << 10);
  const std::string line(79, 'x');
  for (int i = 0; i < 30'000; ++i) model.feed("\x1b[3" + std::to_string(i % 8) + "m" + line + "\x1b[m\r\n");
  EXPECT_EQ(model.history().size(), ScreenModel::usual_scrollback);
  EXPECT_LT(model.history().allocated(), 10'000u * 130);
  // Rows that are very long or very colourful: then fewer of them.
  ScreenModel wide(1000, 24);
  for (int i = 0; i < 12'000; ++i) {
    std::string colours;
    for (int column = 0; column < 100; ++column)
      colours += "\x1b[38;5;" + std::to_string((i + column) % 256) + "m0123456789";
    wide.feed(colours + "\r\n");
  }
  EXPECT_LT(wide.history().size(), ScreenModel::usual_scrollback);
  EXPECT_LT(wide.history().allocated(), 10'000 * ScreenHistory::bytes_a_row * 3 / 2);
}

}  // namespace
}  // namespace berth::runner
