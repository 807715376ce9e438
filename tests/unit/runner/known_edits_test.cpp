// SPDX-License-Identifier: GPL-3.0-or-later
// Which edits are known, whatever comes again and however long ago.
#include "runner/known_edits.hpp"

#include <gtest/gtest.h>

#include "runner/journal_records.hpp"

namespace berth::runner {
namespace {

TEST(KnownEdits, KnowsTheNewestOfEachAuthorAndFile) {
  KnownEdits known;
  known.remember({"ann-1", "a.txt", 2});
  known.remember({"bea-1", "a.txt", 3});
  known.remember({"ann-2", "a.txt", 4});
  known.remember({"ann-3", "b.txt", 9});
  EXPECT_EQ(known.version_of("a.txt", "ann-2"), 4u);
  EXPECT_EQ(known.version_of("a.txt", "bea-1"), 3u);
  EXPECT_EQ(known.version_of("b.txt", "ann-3"), 9u);
  EXPECT_EQ(known.version_of("a.txt", "ann-1"), std::nullopt);
  EXPECT_TRUE(known.is_over("a.txt", "ann-1"));
  EXPECT_FALSE(known.is_over("a.txt", "ann-3"));
  EXPECT_FALSE(known.is_over("b.txt", "bea-0"));
  EXPECT_EQ(known.version_anywhere("ann-3"), 9u);
  EXPECT_EQ(known.version_anywhere("ann-1"), std::nullopt);
  EXPECT_EQ(known.all().size(), 3u);
}

TEST(KnownEdits, AnIdOfAnotherFormIsItsOwnAuthor) {
  KnownEdits known;
  for (const char* id : {"same", "a.txt#5", "doc-1/7", "x-", "-4"}) known.remember({id, "a.txt", 2});
  for (const char* id : {"same", "a.txt#5", "doc-1/7", "x-", "-4"}) {
    EXPECT_EQ(known.version_of("a.txt", id), 2u) << id;
    EXPECT_FALSE(known.is_over("a.txt", id)) << id;
  }
}

TEST(KnownEdits, ForgetsTheAuthorSilentLongest) {
  KnownEdits known;
  for (std::size_t i = 0; i < KnownEdits::most_authors; ++i)
    known.remember({"author" + std::to_string(i) + "-1", "a.txt", i + 1});
  known.remember({"author0-2", "a.txt", 5000});
  known.remember({"new-1", "a.txt", 5001});
  EXPECT_EQ(known.all().size(), KnownEdits::most_authors);
  EXPECT_EQ(known.version_of("a.txt", "author0-2"), 5000u);
  EXPECT_EQ(known.version_of("a.txt", "author1-1"), std::nullopt);
  EXPECT_EQ(known.version_of("a.txt", "new-1"), 5001u);
}

TEST(KnownEdits, FollowsFilesThatMove) {
  KnownEdits known;
  known.remember({"ann-1", "folder/a.txt", 2});
  known.remember({"ann-7", "folder", 3});
  known.remember({"ann-4", "folders/a.txt", 4});
  known.remember({"ann-2", "moved/a.txt", 8});
  EXPECT_TRUE(known.move("folder", "moved"));
  EXPECT_EQ(known.version_of("moved/a.txt", "ann-1"), 2u);
  EXPECT_EQ(known.version_of("moved", "ann-7"), 3u);
  EXPECT_EQ(known.version_of("folders/a.txt", "ann-4"), 4u);
  EXPECT_EQ(known.version_of("folder/a.txt", "ann-1"), std::nullopt);
  EXPECT_EQ(known.all().size(), 3u);
  EXPECT_FALSE(known.move("nothing", "there"));
}

TEST(KnownEdits, LeavesWhatIsOfALaterFileAtTheOldPath) {
  KnownEdits known;
  known.remember({"ann-1", "a.txt", 4});
  known.remember({"bea-1", "a.txt", 5});
  EXPECT_TRUE(known.move("a.txt", "b.txt", 4));
  EXPECT_EQ(known.version_of("b.txt", "ann-1"), 4u);
  EXPECT_EQ(known.version_of("a.txt", "bea-1"), 5u);
  EXPECT_FALSE(known.move("a.txt", "b.txt", 4));
}

TEST(KnownEdits, ARecordOfAllIsShort) {
  KnownEdits known;
  for (std::size_t i = 0; i < KnownEdits::most_authors; ++i)
    known.remember({"QWERTYUI" + std::to_string(1000 + i) + "-12345",
                    "project/source/file number " + std::to_string(i % 50) + ".cpp", 1000 + i});
  const auto record = to_record(start_record(known.all()));
  EXPECT_LT(record.size(), 300'000u);
  const auto read = understand_journal({record}).known.all();
  ASSERT_EQ(read.size(), KnownEdits::most_authors);
  EXPECT_EQ(read.front().id, "QWERTYUI1000-12345");
  EXPECT_EQ(read.back().path, "project/source/file number 45.cpp");
  EXPECT_EQ(read.back().version, 1000 + KnownEdits::most_authors - 1);
}

}  // namespace
}  // namespace berth::runner
