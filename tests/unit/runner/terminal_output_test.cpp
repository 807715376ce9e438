// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/terminal_output.hpp"

#include <gtest/gtest.h>

namespace berth::runner {
namespace {

using namespace std::chrono_literals;
const TerminalOutput::TimePoint start{};

TEST(TerminalOutput, GivesNoMoreThanCreditAndRoom) {
  TerminalOutput output;
  output.attach(1, 0, 10, start);
  output.append("0123456789abcdef", start);
  EXPECT_EQ(output.next(1, 4, start)->bytes, "0123");
  EXPECT_EQ(output.next(1, 100, start)->bytes, "456789");
  EXPECT_FALSE(output.next(1, 100, start));
  output.on_credit(1, 12);
  const auto more = output.next(1, 100, start);
  EXPECT_EQ(more->offset, 10u);
  EXPECT_EQ(more->bytes, "ab");
}

TEST(TerminalOutput, ALowerCreditTakesNothingBack) {
  TerminalOutput output;
  output.attach(1, 0, 10, start);
  output.on_credit(1, 3);
  output.append("0123456789", start);
  EXPECT_EQ(output.next(1, 100, start)->bytes.size(), 10u);
}

TEST(TerminalOutput, ResumesAtTheExactByteWhileTheRingHasIt) {
  TerminalOutput output;
  output.append("hello world", start);
  ASSERT_TRUE(output.has(6));
  output.attach(1, 6, 100, start);
  EXPECT_EQ(output.next(1, 100, start)->bytes, "world");
}

TEST(TerminalOutput, SaysWhenTheAskedForBytesAreGone) {
  TerminalOutput output;
  for (int i = 0; i < 300; ++i) output.append(std::string(8191, 'x') + "\n", start);
  EXPECT_FALSE(output.has(5));
  EXPECT_TRUE(output.has(300u * 8192 - TerminalOutput::ring_capacity));
  EXPECT_TRUE(output.has(output.end()));
  // An offset that never was is no better.
  EXPECT_FALSE(output.has(1u << 30));
}

TEST(TerminalOutput, ASlowViewerPausesTheProgramForAWhileOnly) {
  TerminalOutput output;
  output.attach(1, 0, 1000, start);
  output.attach(2, 0, 1u << 30, start);
  output.append(std::string(TerminalOutput::backlog_limit + 1000, 'x'), start);
  (void)output.next(1, 1u << 20, start);
  (void)output.next(2, 1u << 20, start);
  EXPECT_FALSE(output.may_read(start + 1s));
  EXPECT_TRUE(output.may_read(start + TerminalOutput::patience));
  EXPECT_EQ(output.patience_ends(), start + TerminalOutput::patience);
  output.on_credit(1, 1u << 30);
  (void)output.next(1, 1u << 20, start + 1s);
  EXPECT_TRUE(output.may_read(start + 1s));
}

TEST(TerminalOutput, ReadsNoMoreAtOnceThanCreditAndBacklogTake) {
  TerminalOutput output;
  EXPECT_GE(output.read_room(), 64u << 10);
  output.attach(1, 0, 5000, start);
  EXPECT_EQ(output.read_room(), 5000 + TerminalOutput::backlog_limit);
  output.append(std::string(6000, 'x'), start);
  (void)output.next(1, 1u << 20, start);
  EXPECT_EQ(output.read_room(), TerminalOutput::backlog_limit - 1000);
  output.on_credit(1, ~std::uint64_t{0});
  EXPECT_GE(output.read_room(), 64u << 10);
}

TEST(TerminalOutput, AViewerThatWasIdleWithTheProgramIsNotTakenForAbsent) {
  TerminalOutput output;
  output.attach(1, 0, 10, start);
  output.append("0123456789", start);
  (void)output.next(1, 100, start);
  // An hour later the program floods: the viewer gets its time to follow.
  output.append(std::string(2 * TerminalOutput::backlog_limit, 'x'), start + 1h);
  EXPECT_FALSE(output.may_read(start + 1h + 1s));
}

TEST(TerminalOutput, NobodyAttachedNeverPauses) {
  TerminalOutput output;
  output.append(std::string(3u << 20, 'x'), start);
  EXPECT_TRUE(output.may_read(start));
  output.attach(1, 0, 0, start);
  output.detach(1);
  EXPECT_TRUE(output.may_read(start));
}

TEST(TerminalOutput, AViewerThatGetsTheScreenFirstHoldsNobodyUp) {
  TerminalOutput output;
  output.attach(1, 0, 1u << 20, start, true);
  output.append(std::string(10 * TerminalOutput::backlog_limit, 'x'), start);
  EXPECT_TRUE(output.may_read(start));
  EXPECT_GT(output.read_room(), 0u);
  output.append(std::string(TerminalOutput::ring_capacity / 2, 'x'), start);
  EXPECT_FALSE(output.may_read(start));  // before its bytes are gone
  output.release(1, start + 1s);
  EXPECT_FALSE(output.may_read(start + 1s));
  (void)output.next(1, 1u << 20, start + 1s);
  EXPECT_TRUE(output.may_read(start + 1s));
}

TEST(TerminalOutput, KnowsAViewerThatTheRingHasLeftBehind) {
  TerminalOutput output;
  output.attach(1, 0, 0, start);
  output.append("x", start);
  EXPECT_FALSE(output.lost(1));
  output.append(std::string(2 * TerminalOutput::ring_capacity, 'x'), start);
  EXPECT_TRUE(output.lost(1));
  EXPECT_FALSE(output.next(1, 100, start));
}

TEST(TerminalOutput, TakesTheNewestBytesOnlyWhenTheViewerIsUpToDate) {
  TerminalOutput output;
  output.attach(1, 0, 100, start);
  output.append("abc", start);
  EXPECT_FALSE(output.take_newest(1, 3, 2, start));
  EXPECT_TRUE(output.take_newest(1, 3, 100, start));
  EXPECT_TRUE(output.sent_all(1));
  output.append("d", start);
  output.append("e", start);
  EXPECT_FALSE(output.take_newest(1, 1, 100, start));
}

}  // namespace
}  // namespace berth::runner
