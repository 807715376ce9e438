// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/text_operation.hpp"

#include <gtest/gtest.h>

#include <random>

#include "tests/integration/runner/soak.hpp"

namespace berth::protocol {
namespace {

using Characters = std::vector<std::string>;

// Characters of one to four UTF-8 bytes, so that pairs and long sequences are everywhere.
const Characters alphabet = {"a", "b", "\n", "é", "漢", "😀", "𝄞"};

std::string random_text(std::mt19937& random, int most) {
  std::string text;
  for (int n = static_cast<int>(random() % static_cast<unsigned>(most + 1)); n > 0; --n)
    text += alphabet[random() % alphabet.size()];
  return text;
}

Characters split(const std::string& text) {
  Characters out;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0) == 0x80) {
      out.back() += c;
    } else {
      out.emplace_back(1, c);
    }
  }
  return out;
}

// A random operation on `text`, made of whole characters, with the text it must give.
std::pair<TextOperation, std::string> random_operation(std::mt19937& random, const std::string& text) {
  TextOperation operation;
  std::string after;
  for (const auto& character : split(text)) {
    const auto units = static_cast<std::int64_t>(utf16_length(character));
    if (random() % 5 == 0) {
      const auto inserted = random_text(random, 3);
      operation.insert(inserted);
      after += inserted;
    }
    if (random() % 3 == 0) {
      operation.remove(units);
    } else {
      operation.retain(units);
      after += character;
    }
  }
  const auto tail = random_text(random, 2);
  operation.insert(tail);
  return {operation, after + tail};
}

TEST(TextOperation, CountsUtf16Units) {
  EXPECT_EQ(utf16_length("aé漢😀"), 5u);
  EXPECT_EQ(TextOperation().insert("😀").target_length(), 2);
}

TEST(TextOperation, AppliesAndRefusesWrongLengths) {
  const auto operation = TextOperation().retain(1).insert("X").remove(1).retain(1);
  EXPECT_EQ(*operation.apply("abc"), "aXc");
  EXPECT_FALSE(operation.apply("ab"));
  EXPECT_FALSE(operation.apply("abcd"));
}

TEST(TextOperation, NeverSplitsASurrogatePair) {
  EXPECT_FALSE(TextOperation().retain(1).remove(1).apply("😀"));
  const auto pair = TextOperation().insert("😀");
  EXPECT_FALSE(pair.compose(TextOperation().retain(1).remove(1)));
}

TEST(TextOperation, KeepsInsertsBeforeDeletes) {
  EXPECT_EQ(TextOperation().remove(1).insert("x"), TextOperation().insert("x").remove(1));
  EXPECT_EQ(TextOperation().insert("a").remove(1).insert("b").remove(1),
            TextOperation().insert("ab").remove(2));
}

TEST(TextOperation, ComposeAndInvertHoldOnRandomHistories) {
  test::Soak soak(20'000, 20'000'000);
  std::mt19937 random(static_cast<unsigned>(soak.below(1u << 31)));
  for (int round = 0; round < soak.rounds(); ++round) {
    const auto text = random_text(random, 12);
    const auto [first, middle] = random_operation(random, text);
    const auto [second, end] = random_operation(random, middle);
    ASSERT_EQ(*first.apply(text), middle);
    const auto both = first.compose(second);
    ASSERT_TRUE(both) << both.error().message;
    ASSERT_EQ(*both->apply(text), end);
    const auto back = both->invert(text);
    ASSERT_TRUE(back);
    ASSERT_EQ(*back->apply(end), text);
  }
}

TEST(TextOperation, DifferenceIsLeastAndRight) {
  test::Soak soak(5'000, 20'000'000);
  std::mt19937 random(static_cast<unsigned>(soak.below(1u << 31)));
  for (int round = 0; round < soak.rounds(); ++round) {
    const auto before = random_text(random, 8), after = random_text(random, 8);
    ASSERT_EQ(*TextOperation::difference(before, after).apply(before), after);
  }
  EXPECT_TRUE(TextOperation::difference("same", "same").is_identity());
  EXPECT_EQ(TextOperation::difference("x😀y", "x😁y"),
            TextOperation().retain(1).insert("😁").remove(2).retain(1));
}

TEST(Utf8, IsCheckedStrictly) {
  EXPECT_TRUE(is_valid_utf8("aé漢😀"));
  EXPECT_TRUE(is_valid_utf8(""));
  for (const char* bad : {"\x80", "\xC3", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                          "\xF8\x88\x80\x80\x80", "a\xE6\xBC"})
    EXPECT_FALSE(is_valid_utf8(bad)) << bad;
}

}  // namespace
}  // namespace berth::protocol
