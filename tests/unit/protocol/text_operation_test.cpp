// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/text_operation.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <random>

#include "tests/soak.hpp"

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

// Long enough that eight bytes at a time are counted, at every place they can begin and end.
TEST(TextOperation, FindsEveryPlaceOfALongTextOfAllKindsOfCharacters) {
  std::mt19937 random(20261122);
  const std::vector<std::string> kinds{"a", "é", "漢", "😀"};
  std::vector<std::string> characters;
  for (int i = 0; i < 300; ++i) characters.push_back(kinds[(random() >> 3) % kinds.size()]);
  std::string text;
  std::int64_t length = 0;
  for (const auto& character : characters) {
    text += character;
    length += character.size() == 4 ? 2 : 1;
  }
  ASSERT_EQ(utf16_length(text), static_cast<std::size_t>(length));
  std::size_t byte = 0;
  std::int64_t unit = 0;
  const auto cut_at = [&](std::int64_t at) {
    return TextOperation().retain(at).insert("|").retain(length - at).apply(text);
  };
  for (const auto& character : characters) {
    const auto cut = cut_at(unit);
    ASSERT_TRUE(cut) << unit;
    ASSERT_EQ(*cut, text.substr(0, byte) + "|" + text.substr(byte));
    if (character.size() == 4) {
      ASSERT_FALSE(cut_at(unit + 1)) << "inside a surrogate pair at " << unit;
    }
    byte += character.size();
    unit += character.size() == 4 ? 2 : 1;
  }
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

TEST(TextOperation, BothOrdersGiveTheSameTextOnRandomHistories) {
  test::Soak soak(20'000, 20'000'000);
  std::mt19937 random(static_cast<unsigned>(soak.below(1u << 31)));
  for (int round = 0; round < soak.rounds(); ++round) {
    const auto text = random_text(random, 12);
    const auto [mine, after_mine] = random_operation(random, text);
    const auto [theirs, after_theirs] = random_operation(random, text);
    const auto moved = transform(mine, theirs);
    ASSERT_TRUE(moved) << moved.error().message;
    const auto one = moved->theirs.apply(after_mine), other = moved->mine.apply(after_theirs);
    ASSERT_TRUE(one && other) << soak.where(round);
    ASSERT_EQ(*one, *other) << soak.where(round);
    ASSERT_EQ(*mine.compose(moved->theirs)->apply(text), *one) << soak.where(round);
  }
}

// Where each unit of the text before stands afterwards; nullopt for deleted ones.
std::vector<std::optional<std::int64_t>> places_after(const TextOperation& operation) {
  std::vector<std::optional<std::int64_t>> places;
  std::int64_t at = 0;
  for (const auto& run : operation.runs()) {
    if (const auto* text = std::get_if<std::string>(&run)) {
      at += static_cast<std::int64_t>(utf16_length(*text));
      continue;
    }
    const auto units = std::get<std::int64_t>(run);
    for (auto n = std::abs(units); n > 0; --n)
      places.push_back(units > 0 ? std::optional(at++) : std::nullopt);
  }
  return places;
}

TEST(TextOperation, PositionsKeepTheirOrderAndTheirCharacter) {
  test::Soak soak(5'000, 5'000'000);
  std::mt19937 random(static_cast<unsigned>(soak.below(1u << 31)));
  for (int round = 0; round < soak.rounds(); ++round) {
    const auto operation = random_operation(random, random_text(random, 8)).first;
    const auto places = places_after(operation);
    std::int64_t last = 0;
    for (std::int64_t position = 0; position <= operation.base_length(); ++position) {
      const auto left = *operation.map_position(position, Bias::before);
      const auto right = *operation.map_position(position, Bias::after);
      ASSERT_TRUE(last <= left && left <= right && right <= operation.target_length()) << soak.where(round);
      last = right;
      const auto index = static_cast<std::size_t>(position);
      if (index < places.size() && places[index]) {
        ASSERT_EQ(right, *places[index]) << soak.where(round);
      }
      if (index > 0 && places[index - 1]) {
        ASSERT_EQ(left, *places[index - 1] + 1) << soak.where(round);
      }
    }
  }
  EXPECT_FALSE(TextOperation().retain(2).map_position(3, Bias::before));
  EXPECT_FALSE(TextOperation().retain(2).map_position(-1, Bias::before));
}

// Offsets anywhere, as a hostile peer sends them: refused, or, where the other side deleted the pair they
// would have split, harmless. No text is ever half a character.
TEST(TextOperation, HostileOffsetsNeverMakeHalfACharacter) {
  test::Soak soak(5'000, 5'000'000);
  std::mt19937 random(static_cast<unsigned>(soak.below(1u << 31)));
  int refused = 0, taken = 0;
  for (int round = 0; round < soak.rounds(); ++round) {
    const auto text = random_text(random, 8);
    TextOperation hostile;
    const auto length = static_cast<std::int64_t>(utf16_length(text));
    while (hostile.base_length() < length) {
      const auto units = static_cast<std::int64_t>(random() % 3) + 1;
      const auto run = std::min(units, length - hostile.base_length());
      random() % 2 ? hostile.retain(run) : hostile.remove(run);
      if (random() % 3 == 0) hostile.insert(random_text(random, 2));
    }
    const auto after = hostile.apply(text);
    ASSERT_EQ(after.has_value(), hostile.fits(text).has_value());
    ASSERT_EQ(after.has_value(), hostile.invert(text).has_value());
    ++(after ? taken : refused);
    const auto [theirs, now] = random_operation(random, text);
    const auto moved = transform(hostile, theirs);
    ASSERT_TRUE(moved);
    const auto merged = moved->mine.apply(now);
    if (after) {
      ASSERT_TRUE(merged) << soak.where(round);
    }
    if (merged) {
      ASSERT_TRUE(is_valid_utf8(*merged)) << soak.where(round);
    }
  }
  EXPECT_GT(refused, soak.rounds() / 10);
  EXPECT_GT(taken, soak.rounds() / 10);
}

TEST(TextOperation, RefusesOperationsOfDifferentTexts) {
  EXPECT_FALSE(transform(TextOperation().retain(3), TextOperation().retain(4)));
  EXPECT_FALSE(TextOperation().retain(3).compose(TextOperation().retain(4)));
}

// A hundred edits in a text of a terabyte: what is not in the operations costs nothing.
TEST(TextOperation, CostsWhatTheOperationsHoldNotWhatTheTextDoes) {
  const auto length = std::int64_t{1} << 39;
  TextOperation mine, theirs;
  for (int edit = 0; edit < 100; ++edit) {
    mine.retain(length / 100 - 10).insert("mine").remove(10);
    theirs.retain(length / 100 - 20).remove(5).insert("theirs").retain(15);
  }
  const auto moved = transform(mine, theirs);
  ASSERT_TRUE(moved);
  EXPECT_EQ(mine.compose(moved->theirs)->target_length(), theirs.compose(moved->mine)->target_length());
  EXPECT_EQ(mine.map_position(mine.base_length(), Bias::after), mine.target_length());
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
