// SPDX-License-Identifier: GPL-3.0-or-later
// Whose edits come too late.
#include "runner/authors.hpp"

#include <gtest/gtest.h>

namespace berth::runner {
namespace {

TEST(Authors, AnEditOfAnOlderOpeningIsTooLateOnceItsAuthorAskedFromANewerOne) {
  Authors authors;
  const auto before = authors.next_opening();
  EXPECT_TRUE(authors.may_send("ann-1", before)) << "nobody asked";
  const auto after = authors.next_opening();
  authors.asked("ann-2", after);
  EXPECT_FALSE(authors.may_send("ann-2", before));
  EXPECT_FALSE(authors.may_send("ann-3", before));
  EXPECT_TRUE(authors.may_send("ann-3", after));
  EXPECT_TRUE(authors.may_send("bea-1", before)) << "others are not concerned";
}

TEST(Authors, WhoSendsFromANewerOpeningLeavesTheOlderBehind) {
  Authors authors;
  const auto first = authors.next_opening();
  authors.asked("ann-1", first);
  const auto second = authors.next_opening();
  EXPECT_TRUE(authors.may_send("ann-1", second));
  EXPECT_FALSE(authors.may_send("ann-2", first));
}

TEST(Authors, AreBoundedAndTheOldestOpeningIsForgottenFirst) {
  Authors authors;
  const auto old = authors.next_opening();
  for (std::size_t i = 0; i <= Authors::most; ++i)
    authors.asked("author" + std::to_string(i) + "-1", authors.next_opening());
  EXPECT_TRUE(authors.may_send("author0-2", old)) << "forgotten";
  EXPECT_FALSE(authors.may_send("author1-2", old));
  EXPECT_FALSE(authors.may_send("author" + std::to_string(Authors::most) + "-2", old));
}

TEST(Authors, AnIdTooLongToBeSentIsNotKept) {
  Authors authors;
  const auto before = authors.next_opening();
  const auto id = std::string(longest_operation_id, 'x') + "-1";
  authors.asked(id, authors.next_opening());
  EXPECT_TRUE(authors.may_send(id, before));
}

}  // namespace
}  // namespace berth::runner
