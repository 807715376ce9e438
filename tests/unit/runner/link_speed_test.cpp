// SPDX-License-Identifier: GPL-3.0-or-later
// When output is deflated, and that it can be inflated again.
#include "runner/link_speed.hpp"

#include <gtest/gtest.h>

#include "runner/deflate.hpp"
#include "runner/inflate.hpp"

namespace berth::runner {
namespace {

using namespace std::chrono_literals;
const LinkSpeed::TimePoint first_moment{};

TEST(LinkSpeed, IsUnknownUntilSomethingWaited) {
  LinkSpeed link;
  EXPECT_FALSE(link.slow());
  EXPECT_TRUE(link.maybe_slow());
  link.on_sent(100'000'000);
  link.on_idle();
  EXPECT_TRUE(link.maybe_slow());
}

TEST(LinkSpeed, JudgesByWhatIsTakenWhileMoreWaits) {
  LinkSpeed link;
  link.on_waiting(first_moment);
  link.on_sent(10'000);
  link.on_waiting(first_moment + 50ms);
  EXPECT_FALSE(link.slow());  // too short to tell
  link.on_sent(10'000);
  link.on_waiting(first_moment + 200ms);
  EXPECT_TRUE(link.slow());  // 100 KB/s
  link.on_sent(2'000'000);
  link.on_waiting(first_moment + 300ms);
  EXPECT_FALSE(link.slow());  // 20 MB/s
  EXPECT_FALSE(link.maybe_slow());
}

TEST(LinkSpeed, TimeWithoutOutputIsNotSlowness) {
  LinkSpeed link;
  link.on_waiting(first_moment);
  link.on_sent(1000);
  link.on_idle();
  link.on_waiting(first_moment + 1h);
  EXPECT_FALSE(link.slow());
}

TEST(Deflate, CanBeInflatedAndKeepsNothing) {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "line " + std::to_string(i) + "\r\n";
  const auto first = deflate(text);
  EXPECT_LT(first.size(), text.size() / 2);
  EXPECT_EQ(deflate(text), first);
  const auto back = inflate(first, 256u << 10);
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, text);
}

TEST(Deflate, GivesNothingWhereItWouldNotBeShorter) {
  std::string noise;
  std::uint32_t state = 1;
  for (int i = 0; i < 4000; ++i) noise += static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  EXPECT_TRUE(deflate(noise).empty());
  EXPECT_TRUE(deflate("").empty());
  EXPECT_TRUE(deflate("x").empty());
}

}  // namespace
}  // namespace berth::runner
