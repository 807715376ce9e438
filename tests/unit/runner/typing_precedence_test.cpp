// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/typing_precedence.hpp"

#include <gtest/gtest.h>

namespace berth::runner {
namespace {

using namespace std::chrono_literals;

class TypingPrecedenceTest : public testing::Test {
 protected:
  bool other_waits(TypingPrecedence::TimePoint now) {
    return typing.puts_off(&other, now, [this] { ++read_on; });
  }
  asio::io_context io;
  TypingPrecedence typing{io};
  int typed = 0, other = 0;  // two terminals
  int read_on = 0;
  // Far off, so that no wait ends by itself however slow the machine is.
  const TypingPrecedence::TimePoint start = std::chrono::steady_clock::now() + 1h;
};

TEST_F(TypingPrecedenceTest, OthersWaitForTheEchoAndNoLonger) {
  EXPECT_FALSE(other_waits(start));
  typing.on_key(&typed, start);
  EXPECT_TRUE(other_waits(start + 1ms));
  EXPECT_FALSE(typing.puts_off(&typed, start + 1ms, [] {})) << "the terminal that was typed at is read";
  io.poll();
  EXPECT_EQ(read_on, 0);
  typing.on_output(&other, start + 1ms);
  EXPECT_TRUE(other_waits(start + 1ms)) << "its own output is no echo";
  typing.on_output(&typed, start + 1ms);
  io.restart();
  io.poll();
  EXPECT_EQ(read_on, 2);
  EXPECT_FALSE(other_waits(start + 1ms));
}

TEST_F(TypingPrecedenceTest, AProgramThatDoesNotAnswerHoldsUpNobodyForLong) {
  const auto now = std::chrono::steady_clock::now();
  typing.on_key(&typed, now);
  EXPECT_TRUE(other_waits(now));
  io.run_for(20s);  // the wait ends by itself
  EXPECT_EQ(read_on, 1);
  EXPECT_FALSE(other_waits(now + TypingPrecedence::longest));
}

TEST_F(TypingPrecedenceTest, WhoWaitedHasAsLongForItselfBeforeTheNextKey) {
  typing.on_key(&typed, start);
  typing.on_output(&typed, start + 3ms);
  typing.on_key(&typed, start + 4ms);
  EXPECT_FALSE(other_waits(start + 4ms));
  typing.on_key(&typed, start + 6ms);
  EXPECT_TRUE(other_waits(start + 6ms));
}

TEST_F(TypingPrecedenceTest, AnUnansweredKeyDoesNotTakeThePlaceOfALaterOne) {
  typing.on_key(&typed, start);
  typing.on_key(&other, start + 20ms);
  EXPECT_FALSE(other_waits(start + 20ms)) << "it is the one that was typed at now";
  EXPECT_TRUE(typing.puts_off(&typed, start + 20ms, [] {}));
}

}  // namespace
}  // namespace berth::runner
