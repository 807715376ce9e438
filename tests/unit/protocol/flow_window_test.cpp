// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/flow_window.hpp"

#include <gtest/gtest.h>

namespace berth::protocol {
namespace {

TEST(SendWindow, StopsAtItsLimitAndIgnoresLowerGrants) {
  SendWindow window(0, 10);
  window.on_sent(10);
  EXPECT_EQ(window.available(), 0u);
  window.on_credit(5);
  EXPECT_EQ(window.available(), 0u);
  window.on_credit(15);
  EXPECT_EQ(window.available(), 5u);
}

TEST(ReceiveWindow, GrantsHalfAWindowAtATime) {
  ReceiveWindow window(100);
  EXPECT_TRUE(window.on_data(0, 100));
  EXPECT_FALSE(window.on_consumed(49));
  EXPECT_EQ(window.on_consumed(1), 150u);
}

TEST(ReceiveWindow, RefusesBytesPastTheCreditOrOutOfOrder) {
  ReceiveWindow window(100);
  EXPECT_FALSE(window.on_data(0, 101));
  EXPECT_FALSE(window.on_data(1, 10));
  EXPECT_TRUE(window.on_data(0, 10));
  EXPECT_FALSE(window.on_data(0, 10));
}

TEST(ReceiveWindow, NeverRevokesWhenItShrinks) {
  ReceiveWindow window(100);
  window.resize(10);
  EXPECT_EQ(window.limit(), 100u);
  EXPECT_TRUE(window.on_data(0, 100));
  EXPECT_EQ(window.on_consumed(95), 105u);
}

}  // namespace
}  // namespace berth::protocol
