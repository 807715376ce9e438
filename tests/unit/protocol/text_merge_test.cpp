// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/text_merge.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "concurrent_history.hpp"
#include "tests/machine_time.hpp"
#include "tests/soak.hpp"

namespace berth::protocol {
namespace {

struct MergedText {
  std::string text;
  bool touching;
  bool operator==(const MergedText&) const = default;
};
void PrintTo(const MergedText& merged, std::ostream* out) {
  *out << testing::PrintToString(merged.text) << (merged.touching ? " touching" : "");
}

MergedText merged(const std::string& agreed, const std::string& now, const std::string& theirs) {
  const auto merge = merge_texts(agreed, short_difference(agreed, now), theirs);
  if (!merge) return {merge.error().message, false};
  return {merge->change.apply(now).value_or("does not fit"), merge->touching};
}

TEST(TextMerge, BringsBothTogetherWhereTheyAreApart) {
  EXPECT_EQ(merged("one\ntwo\nthree\n", "one!\ntwo\nthree\n", "one\ntwo\n3\n"),
            MergedText("one!\ntwo\n3\n", false));
  EXPECT_EQ(merged("a\n", "a\n", "b\n"), MergedText("b\n", false));
  EXPECT_EQ(merged("a\n", "b\n", "a\n"), MergedText("b\n", false));
}

TEST(TextMerge, NeverDeletesWhatWasTypedSince) {
  // A formatter that read the older text drops the line in which somebody types.
  EXPECT_EQ(merged("keep\ndrop this\n", "keep\ndrop new words this\n", "keep\n"),
            MergedText("keep\nnew words ", true));
  // The whole file is made anew.
  EXPECT_EQ(merged("old\n", "old\nmine\n", "fresh\n").text, "fresh\nmine\n");
}

TEST(TextMerge, TakesWhatBothDidOnce) {
  EXPECT_EQ(merged("a\nb\n", "a\nx\nb\n", "a\nx\nb\n").text, "a\nx\nb\n");
  EXPECT_EQ(merged("foo bar\n", "foo baz\n", "foo baz\n").text, "foo baz\n");
  EXPECT_EQ(merged("a\n", "", "").text, "");
  // One went on where the other had stopped.
  EXPECT_EQ(merged("a\n", "a\nb\nc\n", "a\nb\n").text, "a\nb\nc\n");
  EXPECT_EQ(merged("a\n", "a\nb\n", "a\nb\nc\n").text, "a\nb\nc\n");
}

TEST(TextMerge, TellsWhereBothChangedOnePlace) {
  EXPECT_TRUE(merged("value = 1\n", "value = 2\n", "value = 3\n").touching);
  EXPECT_TRUE(merged("a\n", "a\nmine\n", "a\ntheirs\n").touching);
  EXPECT_EQ(merged("a\n", "a\nmine\n", "a\ntheirs\n").text, "a\nmine\ntheirs\n");
}

TEST(TextMerge, ItsInverseHoldsWhatItRemoves) {
  const std::string agreed = "one\ntwo\n", now = "one\ntwo\nthree\n";
  const auto merge = merge_texts(agreed, short_difference(agreed, now), "two\n");
  ASSERT_TRUE(merge);
  EXPECT_EQ(*merge->change.invert(now), TextOperation().insert("one\n").retain(10));
}

TEST(TextMerge, RefusesAnOperationOfAnotherText) {
  EXPECT_FALSE(merge_texts("abc", TextOperation().retain(2), "abc"));
  EXPECT_FALSE(merge_texts("😀", TextOperation().retain(1).remove(1), "x"));
}

TEST(TextMerge, TakesBoundedTimeFor64MiB) {
  std::string agreed;
  for (int i = 0; agreed.size() < (64u << 20) - 200; ++i)
    agreed += std::to_string(i) + std::string(150, static_cast<char>('a' + i % 20)) + "\n";
  const auto units = static_cast<std::int64_t>(agreed.size());
  const auto since = TextOperation().retain(units / 2).insert("typed").retain(units - units / 2);
  const auto theirs = "first\n" + agreed.substr(0, agreed.size() - 10) + "last\n";
  const test::ThreadTime time;
  const auto merge = merge_texts(agreed, since, theirs);
  EXPECT_LT(time.elapsed(), std::chrono::seconds(5));
  ASSERT_TRUE(merge);
  EXPECT_FALSE(merge->touching);
  EXPECT_LE(merge->change.runs().size(), 6u);
  EXPECT_EQ(merge->change.target_length(), static_cast<std::int64_t>(theirs.size()) + 5);
}

// Every character that was typed since the agreed text is there afterwards, in order, whatever theirs is.
TEST(TextMerge, HoldsOnRandomTexts) {
  test::Soak soak(3'000, 3'000'000);
  const test::Luck luck = [&](std::size_t below) { return soak.below(below); };
  for (int round = 0; round < soak.rounds(); ++round) {
    const auto agreed = test::lucky_text(luck, 30);
    const auto since = test::lucky_operation(luck, agreed);
    const auto now = *since.apply(agreed);
    const auto theirs = *test::lucky_operation(luck, agreed).apply(agreed);
    const auto merge = merge_texts(agreed, since, theirs);
    ASSERT_TRUE(merge) << soak.where(round);
    const auto after = merge->change.apply(now);
    ASSERT_TRUE(after) << soak.where(round);
    std::string typed;
    for (const auto& run : since.runs())
      if (const auto* text = std::get_if<std::string>(&run)) typed += *text;
    std::size_t found = 0;
    for (const char c : *after) found += found < typed.size() && typed[found] == c;
    ASSERT_EQ(found, typed.size()) << soak.where(round);
    ASSERT_EQ(*merge_texts(agreed, since, agreed)->change.apply(now), now) << soak.where(round);
    TextOperation nothing;
    nothing.retain(since.base_length());
    ASSERT_EQ(*merge_texts(agreed, nothing, theirs)->change.apply(agreed), theirs) << soak.where(round);
  }
}

}  // namespace
}  // namespace berth::protocol
