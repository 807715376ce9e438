// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/operation_transform.hpp"

#include <gtest/gtest.h>

#include <random>

#include "random_edits.hpp"

namespace berth::client {
namespace {

using protocol::TextOperation;

TEST(OperationTransform, BothOrdersGiveTheSameText) {
  std::mt19937 random(7);
  for (int round = 0; round < 400; ++round) {
    const auto base = test::random_text(random, 60);
    const auto mine = test::random_operation(random, base);
    const auto theirs = test::random_operation(random, base);
    const auto both = transform(mine, theirs);
    ASSERT_TRUE(both);
    const auto one = both->theirs.apply(*mine.apply(base));
    const auto other = both->mine.apply(*theirs.apply(base));
    ASSERT_TRUE(one && other) << "round " << round;
    ASSERT_EQ(*one, *other) << "round " << round;
  }
}

TEST(OperationTransform, RefusesOperationsOfDifferentTexts) {
  EXPECT_FALSE(transform(TextOperation().retain(3), TextOperation().retain(4)));
}

TEST(OperationTransform, SeesWhereTwoChangesTouch) {
  const auto replace = [](std::int64_t at, std::int64_t removed, std::string text) {
    TextOperation operation;
    operation.retain(at);
    if (!text.empty()) operation.insert(std::move(text));
    if (removed) operation.remove(removed);
    operation.retain(20 - at - removed);
    return operation;
  };
  EXPECT_TRUE(overlapping(replace(5, 3, "x"), replace(6, 1, "")));
  EXPECT_TRUE(overlapping(replace(5, 0, "x"), replace(5, 0, "y")));
  EXPECT_TRUE(overlapping(replace(5, 0, "x"), replace(4, 3, "")));
  EXPECT_FALSE(overlapping(replace(5, 3, "x"), replace(10, 1, "y")));
  EXPECT_FALSE(overlapping(replace(10, 1, "y"), replace(2, 3, "x")));
  EXPECT_FALSE(overlapping(replace(5, 3, ""), replace(8, 2, "")));
}

}  // namespace
}  // namespace berth::client
