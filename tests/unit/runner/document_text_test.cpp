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

TEST(DocumentText, EditsToLeadsThereWhateverWasEdited) {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    std::mt19937 random(seed);
    std::string plain = random_text(random, random() % 200000);
    const DocumentText before(plain);
    DocumentText after = before;
    for (auto steps = random() % 6; steps > 0; --steps) {
      const auto operation = random_operation(random, plain);
      plain = *operation.apply(plain);
      ASSERT_TRUE(after.apply(operation));
    }
    auto there = before;
    ASSERT_TRUE(there.apply(before.edits_to(after))) << "seed " << seed;
    ASSERT_EQ(there.str(), plain) << "seed " << seed;
  }
  const DocumentText nothing, something("text");
  EXPECT_EQ(nothing.edits_to(something).apply(""), "text");
  EXPECT_EQ(something.edits_to(nothing).apply("text"), "");
  EXPECT_TRUE(something.edits_to(something).is_identity());
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

TEST(DocumentText, TakesChangesFarApartWithoutTouchingWhatLiesBetween) {
  std::string big;
  while (big.size() < (4u << 20)) big += "line " + std::to_string(big.size()) + " \xf0\x9f\x9a\xa2\n";
  DocumentText text(big);
  const auto before = text;
  const auto units = text.units();
  TextOperation operation;
  operation.retain(3).insert("first").remove(2).retain(units / 2 - 5).insert("middle");
  operation.retain(units - units / 2 - 1).remove(1);
  TextOperation inverse;
  ASSERT_TRUE(text.apply(operation, &inverse));
  EXPECT_EQ(text.str(), *operation.apply(big));
  std::size_t shared = 0;
  for (const auto& piece : text.pieces())
    for (const auto& old : before.pieces()) shared += piece == old;
  EXPECT_GE(shared + 9, before.pieces().size());
  EXPECT_EQ(inverse, *operation.invert(big));
  ASSERT_TRUE(text.apply(inverse));
  EXPECT_TRUE(text == before);
  // The last of its changes would split a pair: none is made.
  ASSERT_TRUE(big.ends_with("\xf0\x9f\x9a\xa2\n"));
  const auto torn = TextOperation().insert("x").retain(units - 3).remove(1).retain(2);
  EXPECT_EQ(text.apply(torn).error().code, ErrorCode::invalid_argument);
  EXPECT_TRUE(text == before);
}

TEST(DocumentText, InversesTakeAnyEditBack) {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    std::mt19937 random(seed);
    std::string before;
    for (unsigned i = random() % 30000; i > 0; --i) before += static_cast<char>('a' + random() % 26);
    DocumentText text(before);
    TextOperation operation;
    for (auto left = text.units(); left > 0;) {
      const auto run = std::min<std::int64_t>(left, 1 + static_cast<std::int64_t>(random() % 90000));
      if (random() % 3 == 0)
        operation.remove(run);
      else
        operation.retain(run);
      if (random() % 2 == 0) operation.insert(std::string(random() % 40, 'N'));
      left -= run;
    }
    TextOperation inverse;
    ASSERT_TRUE(text.apply(operation, &inverse)) << "seed " << seed;
    ASSERT_EQ(text.str(), *operation.apply(before)) << "seed " << seed;
    ASSERT_TRUE(text.apply(inverse)) << "seed " << seed;
    ASSERT_EQ(text.str(), before) << "seed " << seed;
  }
}

TEST(DocumentText, FindsShortDifferencesInLargeTexts) {
  std::string before, after;
  for (int i = 0; i < 40000; ++i) {
    before += "line " + std::to_string(i) + "\n";
    after += (i == 20000 || i == 20010 ? "changed " : "line ") + std::to_string(i) + "\n";
  }
  const auto operation = DocumentText(before).short_difference(DocumentText(after));
  EXPECT_EQ(*operation.apply(before), after);
  EXPECT_LE(operation.runs().size(), 7u);
  EXPECT_TRUE(DocumentText(before).short_difference(DocumentText(before)).is_identity());
  for (const auto& [one, other] : {std::pair("", "x\n"), std::pair("x", ""), std::pair("a\n\nb", "a\nb"),
                                   std::pair("no line end", "no line ends")})
    EXPECT_EQ(*DocumentText(one).short_difference(DocumentText(other)).apply(one), other);
}

TEST(Document, BringsAnOlderEditForward) {
  Document document("d1", "a.txt", 4, DocumentText("abc"));
  ASSERT_TRUE(document.edit(4, TextOperation().retain(3).insert("d"), "a-1", "ann"));
  const auto later = document.edit(4, TextOperation().insert("0").retain(3), "b-1", "bea");
  ASSERT_TRUE(later);
  EXPECT_EQ((*later)->version, 6u);
  EXPECT_EQ((*later)->operation, TextOperation().insert("0").retain(4));
  EXPECT_EQ(document.text().str(), "0abcd");
  const auto unknown = document.edit(3, TextOperation().retain(3).insert("e"), "c-1", "ann");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::stale_base);
  EXPECT_EQ(document.text().str(), "0abcd");
}

TEST(Document, RefusesWhatDoesNotFitTheText) {
  Document document("d1", "a.txt", 1, DocumentText("a\xf0\x9f\x9a\xa2z"));
  EXPECT_EQ(document.edit(1, TextOperation().retain(2).insert("x").retain(2), "a-1", "ann").error().code,
            ErrorCode::invalid_argument);
  EXPECT_EQ(document.edit(1, TextOperation().retain(3), "a-2", "ann").error().code,
            ErrorCode::invalid_argument);
  EXPECT_EQ(document.edit(1, TextOperation().retain(4).insert("\r\n"), "a-3", "ann").error().code,
            ErrorCode::invalid_argument);
  document.read_only = protocol::ReadOnlyReason::permission;
  EXPECT_EQ(document.edit(1, TextOperation().retain(4).insert("x"), "a-4", "ann").error().code,
            ErrorCode::permission_denied);
  EXPECT_FALSE(document.dirty());
  EXPECT_TRUE(document.accepted().empty());
}

TEST(Document, RemembersWhatTheFileHeldOnlyAsLongAsThatIsOfUse) {
  Document document("d1", "a.txt", 1, DocumentText("one\n"));
  for (std::uint64_t version = 2; version < 40; ++version)
    document.agree(DocumentText("saved"), version, "etag", false);
  EXPECT_LE(document.agreed().size(), 12u);
  document.agree(DocumentText("another program's"), 40, "etag", true);
  EXPECT_EQ(document.agreed().size(), 1u);
  const std::string large((2u << 20) + 1, 'x');
  document.agree(DocumentText(large), 41, "etag", false);
  document.agree(DocumentText(large), 42, "etag", false);
  EXPECT_EQ(document.agreed().size(), 1u);
  // While a change on disk is on its way to the journal, it may be taken back.
  document.change_by_disk(TextOperation().retain(4).insert("two"), DocumentText("one\ntwo"), false);
  document.agree(DocumentText("one\ntwo"), 43, "newer", true);
  EXPECT_EQ(document.agreed().size(), 2u);
}

TEST(Document, WhatWasNotJournalledIsTakenBack) {
  Document document("d1", "a.txt", 1, DocumentText("one\n"));
  document.etag = "first";
  ASSERT_TRUE(document.edit(1, TextOperation().retain(4).insert("two\n"), "a-1", "ann"));
  EXPECT_EQ(document.take_journalled().id, "a-1");
  EXPECT_EQ(document.journalled_version, 2u);
  ASSERT_TRUE(document.edit(2, TextOperation().insert("zero\n").retain(8), "a-2", "ann"));
  document.change_by_disk(TextOperation().retain(5).remove(4).retain(4), DocumentText("zero\ntwo\n"), false);
  document.agree(DocumentText("disk"), std::nullopt, "second", true);
  ASSERT_TRUE(document.edit(4, TextOperation().retain(9).insert("!"), "b-1", "bea"));
  EXPECT_EQ(document.text().str(), "zero\ntwo\n!");
  EXPECT_EQ(document.told_units(), 8);
  const auto undone = document.take_back();
  EXPECT_EQ(undone.size(), 3u);
  EXPECT_EQ(document.text().str(), "one\ntwo\n");
  EXPECT_EQ(document.version(), 2u);
  EXPECT_EQ(document.etag, "first") << "the change on disk is looked at again";
  EXPECT_EQ(document.agreed().back().text.str(), "one\n");
  EXPECT_EQ(document.merge().known("a-2"), std::nullopt);
  ASSERT_TRUE(document.edit(2, TextOperation().retain(8).insert("three\n"), "a-2", "ann"));
}

}  // namespace
}  // namespace berth::runner
