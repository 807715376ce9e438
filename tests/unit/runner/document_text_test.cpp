// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/document_text.hpp"

#include <gtest/gtest.h>

#include <random>

#include "runner/document.hpp"

namespace berth::runner {
namespace {

using protocol::TextOperation;

std::string random_text(std::mt19937& random, std::size_t characters) {
  static const char* const alphabet[] = {"a", "b", "\n", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x9a\xa2"};
  std::string text;
  for (std::size_t i = 0; i < characters; ++i) text += alphabet[random() % 6];
  return text;
}

/// A random operation on `text` that splits no character.
TextOperation random_operation(std::mt19937& random, const std::string& text) {
  TextOperation operation;
  for (std::size_t at = 0; at < text.size();) {
    auto end = std::min(text.size(), at + 1 + random() % 40000);
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) ++end;
    const auto units =
        static_cast<std::int64_t>(protocol::utf16_length(std::string_view(text).substr(at, end - at)));
    switch (random() % 4) {
      case 0:
        operation.remove(units);
        break;
      case 1:
        operation.insert(random_text(random, random() % 50)).retain(units);
        break;
      default:
        operation.retain(units);
    }
    at = end;
  }
  return operation;
}

TEST(DocumentText, AppliesRandomOperationsLikeAPlainString) {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    std::mt19937 random(seed);
    std::string plain = random_text(random, random() % 60000);
    DocumentText text(plain);
    for (int step = 0; step < 10; ++step) {
      const auto operation = random_operation(random, plain);
      const auto expected = operation.apply(plain);
      ASSERT_TRUE(expected) << "seed " << seed;
      ASSERT_TRUE(text.apply(operation)) << "seed " << seed;
      plain = *expected;
      ASSERT_EQ(text.str(), plain) << "seed " << seed;
      ASSERT_EQ(text.units(), static_cast<std::int64_t>(protocol::utf16_length(plain)));
      ASSERT_EQ(text.bytes(), plain.size());
    }
  }
}

TEST(DocumentText, RefusesWhatDoesNotFitAndStaysAsItWas) {
  DocumentText text("a\xf0\x9f\x9a\xa2z");
  EXPECT_FALSE(text.apply(TextOperation().retain(3).insert("x")));
  EXPECT_FALSE(text.apply(TextOperation().retain(2).insert("x").retain(2)));  // inside of the ship
  EXPECT_EQ(text.str(), "a\xf0\x9f\x9a\xa2z");
  EXPECT_TRUE(text.apply(TextOperation().retain(1).remove(2).retain(1)));
  EXPECT_EQ(text.str(), "az");
}

TEST(DocumentText, AnEditTouchesOnlyItsPiece) {
  DocumentText text(std::string(1 << 20, 'x'));
  const auto before = text.pieces();
  ASSERT_TRUE(text.apply(TextOperation().retain(500000).insert("y").retain((1 << 20) - 500000)));
  std::size_t shared = 0;
  for (const auto& piece : text.pieces())
    for (const auto& old : before) shared += piece == old;
  EXPECT_GE(shared, before.size() - 1);
}

TEST(DocumentText, ASnapshotStaysAsItWas) {
  DocumentText text("before");
  const DocumentText snapshot = text;
  ASSERT_TRUE(text.apply(TextOperation().remove(6).insert("after")));
  EXPECT_EQ(snapshot.str(), "before");
  EXPECT_EQ(text.str(), "after");
}

TEST(DocumentText, DifferenceLeadsToTheOtherTextAndIsMinimal) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    std::mt19937 random(seed);
    const auto before = random_text(random, random() % 40000);
    auto after = before;
    if (seed % 3 == 0)
      after = random_text(random, random() % 40000);
    else if (const auto changed = random_operation(random, before).apply(before))
      after = *changed;
    DocumentText text(before);
    const auto operation = text.difference(DocumentText(after));
    ASSERT_TRUE(text.apply(operation)) << "seed " << seed;
    ASSERT_EQ(text.str(), after) << "seed " << seed;
  }
  EXPECT_EQ(DocumentText("one two three").difference(DocumentText("one 2 three")),
            TextOperation().retain(4).insert("2").remove(3).retain(6));
  EXPECT_EQ(DocumentText("").difference(DocumentText("x")), TextOperation().insert("x"));
  // Two characters with a common first byte: no half of one is kept.
  EXPECT_EQ(DocumentText("\xc3\xa4").difference(DocumentText("\xc3\xb6")),
            TextOperation().insert("\xc3\xb6").remove(1));
}

TEST(Document, RefusesAStaleBaseWithBothVersions) {
  Document document("d1", "a.txt", 4, DocumentText("abc"));
  ASSERT_EQ(document.edit(4, TextOperation().retain(3).insert("d")), 5u);
  const auto refused = document.edit(4, TextOperation().retain(3).insert("e"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::stale_base);
  EXPECT_EQ(refused.error().data.at("version"), "5");
  EXPECT_EQ(document.text().str(), "abcd");
}

TEST(Document, RefusesCarriageReturnsAndReadOnlyEdits) {
  Document document("d1", "a.txt", 1, DocumentText("abc"));
  EXPECT_EQ(document.edit(1, TextOperation().retain(3).insert("\r\n")).error().code,
            ErrorCode::invalid_argument);
  document.read_only = protocol::ReadOnlyReason::permission;
  EXPECT_EQ(document.edit(1, TextOperation().retain(3).insert("x")).error().code,
            ErrorCode::permission_denied);
  EXPECT_FALSE(document.dirty());
}

TEST(Document, TakesTheDisksTextAsOneOperation) {
  Document document("d1", "a.txt", 1, DocumentText("one\ntwo\n"));
  const auto operation = document.adopt(DocumentText("one\n2\n"));
  ASSERT_TRUE(operation);
  EXPECT_EQ(operation->apply("one\ntwo\n"), "one\n2\n");
  EXPECT_EQ(document.version(), 2u);
  EXPECT_FALSE(document.dirty());
  EXPECT_FALSE(document.adopt(DocumentText("one\n2\n")));
}

}  // namespace
}  // namespace berth::runner
