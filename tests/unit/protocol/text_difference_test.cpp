// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/text_difference.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "concurrent_history.hpp"
#include "protocol/sequence_matches.hpp"
#include "tests/machine_time.hpp"
#include "tests/soak.hpp"

namespace berth::protocol {
namespace {

using namespace std::chrono_literals;

/// Length of the longest common subsequence, by the table everybody knows.
std::size_t longest_common(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) {
  std::vector<std::vector<std::size_t>> best(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = 0; j < b.size(); ++j)
      best[i + 1][j + 1] = a[i] == b[j] ? best[i][j] + 1 : std::max(best[i][j + 1], best[i + 1][j]);
  return best[a.size()][b.size()];
}

/// Fails where the matches cross or are none; returns how many numbers they hold.
std::size_t matched_length(const std::vector<SequenceMatch>& matches, const std::vector<std::uint32_t>& a,
                           const std::vector<std::uint32_t>& b) {
  std::size_t x = 0, y = 0, total = 0;
  for (const auto& match : matches) {
    EXPECT_TRUE(match.from_first >= x && match.from_second >= y && match.length > 0);
    x = match.from_first + match.length;
    y = match.from_second + match.length;
    EXPECT_TRUE(x <= a.size() && y <= b.size());
    for (std::size_t i = 0; i < match.length; ++i)
      EXPECT_EQ(a.at(match.from_first + i), b.at(match.from_second + i));
    total += match.length;
  }
  return total;
}

std::vector<std::uint32_t> random_numbers(test::Soak& soak, std::size_t most, std::size_t kinds) {
  std::vector<std::uint32_t> numbers(soak.below(most + 1));
  for (auto& number : numbers) number = static_cast<std::uint32_t>(soak.below(kinds));
  return numbers;
}

std::size_t inserted_bytes(const TextOperation& operation) {
  std::size_t bytes = 0;
  for (const auto& run : operation.runs())
    if (const auto* text = std::get_if<std::string>(&run)) bytes += text->size();
  return bytes;
}

std::int64_t removed_units(const TextOperation& operation) {
  return operation.base_length() - operation.target_length() + static_cast<std::int64_t>([&] {
           std::size_t units = 0;
           for (const auto& run : operation.runs())
             if (const auto* text = std::get_if<std::string>(&run)) units += utf16_length(*text);
           return units;
         }());
}

std::string numbered_lines(int from, int to) {
  std::string text;
  for (int i = from; i < to; ++i) text += "line number " + std::to_string(i) + " of a long file\n";
  return text;
}

TEST(SequenceMatches, AreAsManyAsCanBe) {
  test::Soak soak(3'000, 3'000'000);
  for (int round = 0; round < soak.rounds(); ++round) {
    const auto a = random_numbers(soak, 20, 2 + soak.below(6)),
               b = random_numbers(soak, 20, 2 + soak.below(6));
    std::size_t work = 1'000'000;
    ASSERT_EQ(matched_length(sequence_matches(a, b, work), a, b), longest_common(a, b)) << soak.where(round);
  }
}

TEST(SequenceMatches, StayRightWhenTheWorkRunsOut) {
  test::Soak soak(300, 300'000);
  for (int round = 0; round < soak.rounds(); ++round) {
    const auto a = random_numbers(soak, 400, 30), b = random_numbers(soak, 400, 30);
    std::size_t work = soak.below(20'000);
    const auto allowed = work;
    (void)matched_length(sequence_matches(a, b, work), a, b);
    ASSERT_LE(work, allowed);
    ASSERT_FALSE(testing::Test::HasFailure()) << soak.where(round);
  }
}

TEST(SequenceMatches, FindMostOfWhatIsCommonToTextsFarApart) {
  // More edits than the search has patience for.
  std::vector<std::uint32_t> a, b;
  for (std::uint32_t i = 0; i < 30'000; ++i) {
    a.push_back(i);
    if (i % 3 != 0) b.push_back(i);
    if (i % 5 == 0) b.push_back(1'000'000 + i);
  }
  std::size_t work = 40'000'000;
  EXPECT_GE(matched_length(sequence_matches(a, b, work), a, b), 19'000u);  // of 20,000
  EXPECT_GT(work, 0u);
}

TEST(ShortDifference, IsRightOnRandomTexts) {
  test::Soak soak(5'000, 5'000'000);
  const test::Luck luck = [&](std::size_t below) { return soak.below(below); };
  for (int round = 0; round < soak.rounds(); ++round) {
    const auto before = test::lucky_text(luck, 40);
    const auto after =
        luck(4) == 0 ? test::lucky_text(luck, 40) : *test::lucky_operation(luck, before).apply(before);
    DifferenceBounds bounds;
    if (luck(3) == 0) bounds = {.lines = luck(8), .words = luck(8), .work = luck(200)};
    const auto change = short_difference(before, after, bounds);
    ASSERT_TRUE(change.fits(before)) << soak.where(round);
    ASSERT_EQ(*change.apply(before), after) << soak.where(round);
  }
}

TEST(ShortDifference, ChangesOnlyTheWordsThatDiffer) {
  EXPECT_EQ(short_difference("one two three\nfour\n", "one 2 three\nfour\nfive\n"),
            TextOperation().retain(4).insert("2").remove(3).retain(12).insert("five\n"));
  EXPECT_EQ(short_difference("x😀y", "x😁y"), TextOperation().retain(1).insert("😁").remove(2).retain(1));
  EXPECT_TRUE(short_difference("same\n", "same\n").is_identity());
  EXPECT_EQ(short_difference("", "new"), TextOperation().insert("new"));
  EXPECT_EQ(short_difference("old\n", ""), TextOperation().remove(4));
}

TEST(ShortDifference, LeavesDistantLinesAlone) {
  const auto before = numbered_lines(0, 5'000);
  const auto after = "a new first line\n" + numbered_lines(0, 2'000) + numbered_lines(2'010, 4'000) +
                     "inserted\n" + numbered_lines(4'000, 5'000) + "a last one";
  const auto change = short_difference(before, after);
  EXPECT_EQ(*change.apply(before), after);
  EXPECT_EQ(inserted_bytes(change), 17u + 9u + 10u);
  EXPECT_EQ(removed_units(change), static_cast<std::int64_t>(numbered_lines(2'000, 2'010).size()));
}

TEST(ShortDifference, FollowsAFormatterThatTouchesEveryLine) {
  std::string before, after;
  for (int i = 0; i < 3'000; ++i) {
    const auto code = "call_" + std::to_string(i) + "(argument, " + std::to_string(i * 7) + ");\n";
    before += "  " + code;
    after += "\t" + code;
  }
  const auto change = short_difference(before, after);
  EXPECT_EQ(*change.apply(before), after);
  EXPECT_LE(inserted_bytes(change), 3'000u + 300u);
}

TEST(ShortDifference, TakesBoundedTimeFor64MiB) {
  const std::string line =
      "a line that stands in the text more than once, as lines do" + std::string(100, '.') + "\n";
  std::string before, after, other;
  before.reserve(64u << 20);
  for (int i = 0; before.size() < (64u << 20) - 100; ++i) {
    before += i % 3 == 0 ? line : std::to_string(i) + " " + line;
    if (i % 1'000 != 0) after += i % 3 == 0 ? line : std::to_string(i) + " " + line;
    other += std::to_string(i * 31) + "; " + line;
  }
  struct Case {
    const char* what;
    std::string_view after;
    std::size_t inserted;
  };
  const std::string one_word = before.substr(0, 32u << 20) + "x" + before.substr(32u << 20);
  for (const auto& [what, text, inserted] :
       {Case{"one character", one_word, 1}, Case{"many places", after, 0},
        Case{"everything", other, 80u << 20}, Case{"nothing left", "", 0}}) {
    const test::ThreadTime time;
    const auto change = short_difference(before, text);
    const auto took = time.elapsed();
    EXPECT_EQ(change.apply(before), text) << what;
    EXPECT_LE(inserted_bytes(change), inserted) << what;
    std::cout << what << ": " << std::chrono::duration_cast<std::chrono::milliseconds>(took).count()
              << " ms\n";
    EXPECT_LT(took, 5s) << what;
  }
}

TEST(ShortDifference, TakesBoundedTimeForTextsMadeToBeHard) {
  // Few kinds of lines in random order: thousands of edits on every diagonal.
  test::Soak soak(1, 1);
  std::string before, after;
  for (int i = 0; i < 400'000; ++i) {
    before += static_cast<char>('a' + soak.below(4));
    before += '\n';
    after += static_cast<char>('a' + soak.below(4));
    after += '\n';
  }
  const test::ThreadTime time;
  const auto change = short_difference(before, after);
  EXPECT_LT(time.elapsed(), 5s);
  EXPECT_EQ(*change.apply(before), after);
}

}  // namespace
}  // namespace berth::protocol
