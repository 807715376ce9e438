// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/terminal_marks.hpp"

#include <gtest/gtest.h>

namespace berth::desktop {
namespace {

TEST(TerminalMarks, FindsThePromptsAround) {
  TerminalMarks marks;
  for (const int line : {2, 10, 40}) marks.beginPrompt(line);
  EXPECT_EQ(marks.promptBefore(10), 2);
  EXPECT_EQ(marks.promptAfter(10), 40);
  EXPECT_EQ(marks.promptBefore(2), std::nullopt);
  EXPECT_EQ(marks.promptAfter(40), std::nullopt);
}

TEST(TerminalMarks, AnEmptyCommandHasNoOutcome) {
  TerminalMarks marks;
  marks.beginPrompt(1);
  marks.commandFinished(0);
  EXPECT_EQ(marks.promptAt(1)->state, PromptMark::State::prompt);
  marks.commandStarted();
  marks.commandFinished(130);
  EXPECT_EQ(marks.promptAt(1)->state, PromptMark::State::failed);
  EXPECT_EQ(marks.promptAt(1)->exit_code, 130);
}

TEST(TerminalMarks, APromptHigherUpMeansThatTheScreenWasCleared) {
  TerminalMarks marks;
  for (const int line : {2, 10, 40}) marks.beginPrompt(line);
  marks.beginPrompt(5);
  ASSERT_EQ(marks.prompts().size(), 2u);
  EXPECT_EQ(marks.prompts().back().line, 5);
}

TEST(TerminalMarks, LinesThatAreDroppedTakeTheirMarksAlong) {
  TerminalMarks marks;
  for (const int line : {2, 10, 40}) marks.beginPrompt(line);
  marks.link({0, 3}, "https://a", false);
  marks.link({4, 3}, "", false);
  marks.link({0, 20}, "https://b", false);
  marks.link({4, 20}, "", false);
  marks.shrink(8);
  ASSERT_EQ(marks.prompts().size(), 2u);
  EXPECT_EQ(marks.prompts()[0].line, 2);
  EXPECT_EQ(marks.linkAt({1, 12}, false)->target, "https://b");
  EXPECT_EQ(marks.linkAt({1, 20}, false), nullptr);
}

TEST(TerminalMarks, ALinkGoesOverLinesAndEndsBeforeItsEnd) {
  TerminalMarks marks;
  marks.link({70, 1}, "https://long", false);
  marks.link({5, 3}, "", false);
  EXPECT_NE(marks.linkAt({79, 1}, false), nullptr);
  EXPECT_NE(marks.linkAt({0, 2}, false), nullptr);
  EXPECT_NE(marks.linkAt({4, 3}, false), nullptr);
  EXPECT_EQ(marks.linkAt({5, 3}, false), nullptr);
  EXPECT_EQ(marks.linkAt({69, 1}, false), nullptr);
  EXPECT_EQ(marks.linkAt({4, 3}, true), nullptr) << "of the other screen";
  EXPECT_EQ(link_rows(*marks.linkAt({0, 2}, false), 80),
            (std::vector{QRect(70, 1, 10, 1), QRect(0, 2, 80, 1), QRect(0, 3, 5, 1)}));
}

TEST(TerminalMarks, TextWrittenAnewHasNoLink) {
  TerminalMarks marks;
  marks.link({0, 3}, "https://a", false);
  marks.link({4, 3}, "https://b", false);  // one right after the other
  marks.link({8, 3}, "", false);
  EXPECT_EQ(marks.linkAt({4, 3}, false)->target, "https://b");
  marks.rewound(4);
  EXPECT_TRUE(marks.hasLinks());
  marks.rewound(3);
  EXPECT_FALSE(marks.hasLinks());
}

}  // namespace
}  // namespace berth::desktop
