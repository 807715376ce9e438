// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/side_by_side.hpp"

#include <gmock/gmock.h>

#include <random>

namespace berth::test {
namespace {

using client::side_by_side;
using testing::ElementsAre;

std::string words(const client::SideBySide::Side& side) {
  std::string out;
  for (const auto& [begin, length] : side.words) out += "[" + side.text.substr(begin, length) + "]";
  return out;
}

TEST(SideBySide, EqualLinesShareARowAndGapsStandWhereTheOtherHasMore) {
  const auto both = side_by_side("one\ntwo\nthree\n", "one\nthree\nfour\n");
  EXPECT_EQ(both.left.text, "one\ntwo\nthree\n\n");
  EXPECT_EQ(both.right.text, "one\n\nthree\nfour\n");
  EXPECT_THAT(both.left.numbers, ElementsAre(1, 2, 3, 0, 4));
  EXPECT_THAT(both.right.numbers, ElementsAre(1, 0, 2, 3, 4));
  EXPECT_THAT(both.changed, ElementsAre(false, true, false, true, false));
}

TEST(SideBySide, WordsThatDifferAreMarkedInChangedLinesOnly) {
  const auto both = side_by_side("keep = 1\nheight = 2.1 * cos\n", "keep = 1\nheight = level * cos\n");
  EXPECT_EQ(words(both.left), "[2.1]");
  EXPECT_EQ(words(both.right), "[level]");
  EXPECT_THAT(both.changed, ElementsAre(false, true, false));
}

TEST(SideBySide, AnEmptySideIsAllGaps) {
  const auto added = side_by_side("", "a\nb");
  EXPECT_THAT(added.left.numbers, ElementsAre(0, 0));
  EXPECT_THAT(added.right.numbers, ElementsAre(1, 2));
  EXPECT_THAT(side_by_side("a\nb", "").right.numbers, ElementsAre(0, 0));
  EXPECT_TRUE(side_by_side("", "").changed.empty());
}

TEST(SideBySide, CarriageReturnsCountButDoNotBreakRows) {
  const auto both = side_by_side("a\r\nb\rc\n", "a\nb\rc\n");
  EXPECT_THAT(both.changed, ElementsAre(true, false, false));
  EXPECT_EQ(both.left.text, "a\nb c\n");
  EXPECT_EQ(both.left.text, both.right.text);
}

/// Both sides can be read back from their rows, and a row that is not changed holds the same line twice.
TEST(SideBySide, RandomTextsKeepTheirLinesInOrder) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::string texts[2];
    for (auto& text : texts)
      for (auto lines = random() % 30; lines > 0; --lines)
        text += "line " + std::to_string(random() % 6) + "\n";
    const auto both = side_by_side(texts[0], texts[1]);
    ASSERT_EQ(both.left.numbers.size(), both.changed.size());
    ASSERT_EQ(both.right.numbers.size(), both.changed.size());
    const client::SideBySide::Side* sides[] = {&both.left, &both.right};
    std::vector<std::string> rows[2];
    for (int side = 0; side < 2; ++side) {
      std::string line;
      for (const char c : sides[side]->text + "\n")
        c == '\n' ? rows[side].push_back(std::exchange(line, "")) : line.push_back(c);
      std::string again;
      int number = 0;
      for (std::size_t row = 0; row < both.changed.size(); ++row) {
        if (sides[side]->numbers[row] == 0) continue;
        ASSERT_EQ(sides[side]->numbers[row], ++number);
        again += rows[side][row] + "\n";
      }
      if (!again.empty()) again.pop_back();
      ASSERT_EQ(again, texts[side]);
    }
    for (std::size_t row = 0; row < both.changed.size(); ++row)
      ASSERT_TRUE(both.changed[row] || rows[0][row] == rows[1][row]);
  }
}

TEST(SideBySide, ALargeRewrittenFileIsQuick) {
  std::string left;
  std::string right;
  for (int i = 0; i < 60'000; ++i) {
    left += "old " + std::to_string(i) + "\n";
    right += (i % 1000 == 0 ? "old " : "new ") + std::to_string(i) + "\n";
  }
  const auto both = side_by_side(left, right);
  EXPECT_EQ(std::count(both.changed.begin(), both.changed.end(), false), 61);  // and the end
}

}  // namespace
}  // namespace berth::test
