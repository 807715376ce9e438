// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/undo_stack.hpp"

#include <gtest/gtest.h>

#include <QString>
#include <chrono>
#include <set>

#include "random_edits.hpp"
#include "tests/machine_time.hpp"
#include "tests/soak.hpp"

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

/// A text whose every character is another one, so that it can be told whose each is.
class Marked {
 public:
  std::string fresh(std::mt19937& random) {
    const char32_t point = next_++ + (random() % 3 == 0 ? 0x10000 : 0);  // some are surrogate pairs
    return QString::fromUcs4(&point, 1).toStdString();
  }

 private:
  char32_t next_ = 0x4E00;
};

// Any mix of my edits, others' edits, my undo and redo: when I have taken all back, there is nothing of mine,
// and of the others' exactly what they left, in their order.
TEST(UndoStack, UndoingAllLeavesExactlyWhatIsOthers) {
  test::Soak soak(300, 200'000);
  for (int round = 0; round < soak.rounds(); ++round) {
    soak.tell(round);
    const auto seed = soak.where(round);
    std::mt19937 random(static_cast<unsigned>(soak.below(1u << 31)));
    Marked marked;
    UndoStack stack;
    std::string text;
    std::set<std::string> mine;
    std::set<std::string> others;  // that none of them deleted
    const auto edit_of = [&](bool me) {
      const auto all = test::characters(text);
      const auto begin = random() % (all.size() + 1);
      const auto count = std::min<std::size_t>(all.size() - begin, random() % 4);
      LocalEdit edit{0, {}, {}, static_cast<std::int64_t>(protocol::utf16_length(text))};
      for (std::size_t i = 0; i < begin; ++i)
        edit.position += static_cast<std::int64_t>(protocol::utf16_length(all[i]));
      for (std::size_t i = begin; i < begin + count; ++i) {
        edit.removed += all[i];
        if (!me) others.erase(all[i]);
      }
      for (auto n = random() % 4; n > 0; --n) {
        const auto one = marked.fresh(random);
        (me ? mine : others).insert(one);
        edit.inserted += one;
      }
      return edit;
    };
    const auto take = [&](bool undo) {
      const auto operation = undo ? stack.takeUndo() : stack.takeRedo();
      if (!operation) return false;
      auto inverse = operation->invert(text);
      const auto after = operation->apply(text);
      EXPECT_TRUE(inverse && after) << seed;
      if (!inverse || !after) return false;
      undo ? stack.undone(std::move(*inverse)) : stack.redone(std::move(*inverse));
      text = *after;
      return true;
    };
    for (int step = 0; step < 150; ++step) {
      const auto what = random() % 8;
      if (what < 5) {
        const bool me = what < 3;
        const auto edit = edit_of(me);
        const auto operation = test::operation_of(edit);
        text = *operation.apply(text);
        me ? stack.typed(inverse_of(edit), random() % 3 == 0) : stack.remote(operation);
      } else {
        take(what < 7);
      }
    }
    std::string visible;  // the others' text before
    for (const auto& one : test::characters(text))
      if (!mine.contains(one)) visible += one;
    while (take(true)) {
    }
    std::set<std::string> left;
    std::string still;
    for (const auto& one : test::characters(text)) {
      EXPECT_FALSE(mine.contains(one)) << seed;
      left.insert(one);
      if (visible.find(one) != std::string::npos) still += one;
    }
    ASSERT_EQ(left, others) << seed;
    ASSERT_EQ(still, visible) << seed;
    EXPECT_FALSE(stack.canUndo());
  }
}

TEST(UndoStack, NothingIsLeftToTakeBackWhereOthersDeletedIt) {
  UndoStack stack;
  stack.typed(inverse_of({1, "", "mine", 2}), false);
  EXPECT_TRUE(stack.canUndo());
  stack.remote(protocol::TextOperation().retain(1).remove(4).retain(1));
  EXPECT_FALSE(stack.canUndo());
}

// Somebody else's key costs the same with one step to undo and with two thousand.
TEST(UndoStack, OthersKeysAreCheapHoweverMuchThereIsToUndo) {
  UndoStack stack;
  constexpr std::int64_t length = 2'000;
  for (int i = 0; i < 2'000; ++i) stack.typed(inverse_of({i, "", "x", i}), false);
  const test::ThreadTime time;
  for (int i = 0; i < 5'000; ++i)
    stack.remote(protocol::TextOperation().retain(i).insert("k").retain(length));
  EXPECT_LT(time.elapsed(), std::chrono::seconds(4));
}

// Fifty people type at once for a long time, each in a place of their own.
TEST(UndoStack, OthersKeysAreCheapHoweverMuchTheyTyped) {
  UndoStack stack;
  constexpr std::int64_t people = 50, keys = 400, between = 1'000;
  std::int64_t length = people * between;
  for (int i = 0; i < 10; ++i) stack.typed(inverse_of({i, "", "x", length + i}), false);
  length += 10;
  const test::ThreadTime time;
  for (std::int64_t key = 0; key < keys; ++key)
    for (std::int64_t person = 0; person < people; ++person) {
      // Further on each time, so that nothing they type grows together.
      const auto at = person * (between + key) + 2 * key + 10;
      stack.remote(protocol::TextOperation().retain(at).insert("k").retain(length++ - at));
    }
  // Composed with all that waits, each of the 20,000 would cost milliseconds.
  EXPECT_LT(time.elapsed(), std::chrono::seconds(15));
  int steps = 0;
  while (const auto operation = stack.takeUndo()) {
    EXPECT_EQ(operation->base_length(), length);
    length = operation->target_length();
    ++steps;
  }
  EXPECT_EQ(steps, 10);
}

// Every step applies, wherever others' text went meanwhile.
TEST(UndoStack, EveryStepAppliesAmongTheChangesOfOthers) {
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
