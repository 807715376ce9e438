// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/undo_stack.hpp"

#include <gtest/gtest.h>

#include "random_edits.hpp"

namespace berth::client {
namespace {

TEST(UndoStack, TakesBackEveryStepInTurn) {
  std::mt19937 random(3);
  std::string text = "hello wide world";
  const auto start = text;
  UndoStack stack;
  for (int i = 0; i < 40; ++i) {
    const auto edit = test::random_edit(random, text);
    text = *test::operation_of(edit).apply(text);
    stack.typed(inverse_of(edit), i % 3 == 1);
  }
  while (const auto operation = stack.takeUndo()) {
    const auto back = operation->apply(text);
    ASSERT_TRUE(back);
    stack.undone(*operation->invert(text));
    text = *back;
  }
  EXPECT_EQ(text, start);
  EXPECT_TRUE(stack.canRedo());
}

// Undoing all must leave exactly what the others wrote, wherever it went meanwhile.
TEST(UndoStack, LeavesTheChangesOfOthers) {
  std::mt19937 random(11);
  for (int round = 0; round < 200; ++round) {
    std::string text = "one\ntwo\nthree\n";
    UndoStack stack;
    for (int i = 0; i < 20; ++i) {
      const auto edit = test::random_edit(random, text);
      if (random() % 2) {
        text = *test::operation_of(edit).apply(text);
        stack.typed(inverse_of(edit), false);
      } else {
        const auto operation = test::operation_of(edit);
        text = *operation.apply(text);
        stack.remote(operation);
      }
      if (random() % 5 == 0) {
        if (const auto operation = stack.takeUndo()) {
          const auto back = operation->apply(text);
          ASSERT_TRUE(back) << "round " << round;
          stack.undone(*operation->invert(text));
          text = *back;
        }
      }
      if (random() % 9 == 0) {
        if (const auto operation = stack.takeRedo()) {
          const auto again = operation->apply(text);
          ASSERT_TRUE(again) << "round " << round;
          stack.redone(*operation->invert(text));
          text = *again;
        }
      }
    }
    while (const auto operation = stack.takeUndo()) {
      const auto back = operation->apply(text);
      ASSERT_TRUE(back) << "round " << round;
      text = *back;
    }
  }
}

TEST(UndoStack, UndoesOnlyOnesOwnInsertion) {
  UndoStack stack;
  std::string text = "ac";
  const LocalEdit mine{1, "", "b", 2};
  text = *test::operation_of(mine).apply(text);  // abc
  stack.typed(inverse_of(mine), false);
  const LocalEdit theirs{0, "", "xy", 3};
  text = *test::operation_of(theirs).apply(text);  // xyabc
  stack.remote(test::operation_of(theirs));
  text = *stack.takeUndo()->apply(text);
  EXPECT_EQ(text, "xyac");
}

}  // namespace
}  // namespace berth::client
