// SPDX-License-Identifier: GPL-3.0-or-later
// What comes of a text that another program wrote while people typed.
#include "runner/disk_merge.hpp"

#include <gtest/gtest.h>

namespace berth::runner {
namespace {

using protocol::TextOperation;

struct DiskMergeTest : testing::Test {
  Document document{"d", "a.txt", 1, DocumentText("one\ntwo\nthree\n")};
  int edits = 0;

  /// Types at the end of the first `line` found.
  void type(const std::string& behind, const std::string& text) {
    const auto now = document.text().str();
    const auto at = static_cast<std::int64_t>(now.find(behind) + behind.size());
    ASSERT_TRUE(document.edit(
        document.version(),
        TextOperation().retain(at).insert(text).retain(static_cast<std::int64_t>(now.size()) - at),
        "a-" + std::to_string(++edits), "ann"));
    (void)document.take_journalled();
  }
  void save() {
    document.agree(document.text(), document.version(), "", false);
    document.disk_version = document.version();
  }
  DiskMerge merge(const std::string& disk, bool newest_only = false) {
    const auto merged = merge_disk(disk_merge_request(document, DocumentText(disk), newest_only));
    if (!merged) throw std::runtime_error(merged.error().message);
    EXPECT_EQ(*merged->change.apply(document.text().str()), merged->merged.str());
    EXPECT_EQ(merged->rest ? *merged->rest->apply(disk) : disk, merged->merged.str());
    return *merged;
  }
};

TEST_F(DiskMergeTest, ACleanDocumentBecomesWhatTheDiskHas) {
  const auto merged = merge("one\n2\nthree\n");
  EXPECT_EQ(merged.merged.str(), "one\n2\nthree\n");
  EXPECT_FALSE(merged.rest);
  EXPECT_TRUE(merged.removes);
  EXPECT_EQ(merged.change, TextOperation().retain(4).insert("2").remove(3).retain(7));
  EXPECT_FALSE(merge("zero\none\ntwo\nthree\n").removes);
  EXPECT_TRUE(merge("one\ntwo\nthree\n").change.is_identity());
}

TEST_F(DiskMergeTest, WhatWasTypedStaysAndWhatTheDiskChangedComes) {
  type("three", " and more");
  const auto merged = merge("ONE\ntwo\nthree\n");
  EXPECT_EQ(merged.merged.str(), "ONE\ntwo\nthree and more\n");
  EXPECT_TRUE(merged.rest);
  EXPECT_FALSE(merged.against_older);
}

TEST_F(DiskMergeTest, AFormatterThatReadAnOlderTextDeletesNothingNewer) {
  type("two", " typed");
  save();  // after the formatter had read it
  const auto merged = merge("one\n  two\nthree\n");
  EXPECT_EQ(merged.merged.str(), "one\n  two typed\nthree\n");
  EXPECT_TRUE(merged.against_older);
  EXPECT_TRUE(merged.rest);
  // What is known to be meant is not held against older texts.
  EXPECT_EQ(merge("one\n  two\nthree\n", true).merged.str(), "one\n  two\nthree\n");
}

TEST_F(DiskMergeTest, AProgramThatReadTheNewestTextMayDeleteWhatItFoundThere) {
  type("two", " typed");
  save();
  const auto merged = merge("one\ntwo typ\nthree\n");
  EXPECT_EQ(merged.merged.str(), "one\ntwo typ\nthree\n");
  EXPECT_FALSE(merged.against_older);
}

TEST_F(DiskMergeTest, ThereAndBackAgainOnDiskIsMeant) {
  type("two", " typed");
  save();
  auto away = merge("another branch\n", true);
  document.change_by_disk(away.change, away.merged, true);
  document.agree(DocumentText("another branch\n"), document.version(), "", true);
  EXPECT_EQ(merge("one\ntwo typed\nthree\n").merged.str(), "one\ntwo typed\nthree\n");
}

TEST_F(DiskMergeTest, WhatIsTypedDuringTheMergeIsBroughtIntoIt) {
  type("three", " and more");
  auto merged = merge("ONE\ntwo\nthree\n");
  const auto at = document.version();
  type("two", "!");
  const auto before = document.text().str();
  ASSERT_TRUE(merge_typed_meanwhile(document.merge(), at, merged));
  EXPECT_EQ(merged.merged.str(), "ONE\ntwo!\nthree and more\n");
  EXPECT_EQ(*merged.change.apply(before), merged.merged.str());
  EXPECT_EQ(*merged.rest->apply("ONE\ntwo\nthree\n"), merged.merged.str());
  EXPECT_FALSE(merge_typed_meanwhile(document.merge(), 0, merged));
}

TEST_F(DiskMergeTest, TypedIntoWhatWasCleanTheDocumentIsDirty) {
  auto merged = merge("ONE\ntwo\nthree\n");
  EXPECT_FALSE(merged.rest);
  type("two", "!");
  ASSERT_TRUE(merge_typed_meanwhile(document.merge(), document.version() - 1, merged));
  ASSERT_TRUE(merged.rest);
  EXPECT_EQ(*merged.rest->apply("ONE\ntwo\nthree\n"), "ONE\ntwo!\nthree\n");
}

TEST_F(DiskMergeTest, WithoutMemoryOfTheEditsTheTextsTell) {
  type("one", "\nmine");
  document.agree(DocumentText("one\ntwo\n3\n"), std::nullopt, "", true);
  const auto merged = merge("one\n2\n3\n");
  EXPECT_EQ(merged.merged.str(), "one\nmine\n2\nthree\n");
}

}  // namespace
}  // namespace berth::runner
