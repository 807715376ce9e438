// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/adaptive_window.hpp"

#include <gtest/gtest.h>

namespace berth::client {
namespace {

TEST(AdaptiveWindow, HoldsWhatTheViewDrainsInTenMilliseconds) {
  AdaptiveWindow window;
  for (int i = 0; i < 50; ++i) window.on_drained(80'000, 10'000'000);  // 8 MB/s
  EXPECT_NEAR(static_cast<double>(window.window()), 80'000, 2'000);
}

TEST(AdaptiveWindow, ShrinksForASlowViewAndStaysUsable) {
  AdaptiveWindow window;
  for (int i = 0; i < 50; ++i) window.on_drained(10'000, 100'000'000);
  EXPECT_EQ(window.window(), AdaptiveWindow::smallest);
}

TEST(AdaptiveWindow, IsBoundedForAFastView) {
  AdaptiveWindow window;
  for (int i = 0; i < 50; ++i) window.on_drained(10'000'000, 1'000'000);
  EXPECT_EQ(window.window(), AdaptiveWindow::largest);
}

TEST(AdaptiveWindow, IsSmallerWhereTheRoadIsShort) {
  AdaptiveWindow window;
  for (int i = 0; i < 50; ++i) window.on_drained(10'000'000, 1'000'000);
  EXPECT_EQ(window.window(0.3), AdaptiveWindow::largest_near);
  EXPECT_EQ(window.window(20), AdaptiveWindow::largest);
  for (int i = 0; i < 50; ++i) window.on_drained(20'000, 10'000'000);  // 2 MB/s
  EXPECT_EQ(window.window(0.3), window.window(20));
}

TEST(AdaptiveWindow, IsNotMisledByTheEchoOfAKey) {
  AdaptiveWindow window;
  for (int i = 0; i < 100; ++i) window.on_drained(3, 9'000'000);
  EXPECT_EQ(window.window(), AdaptiveWindow::first);
}

TEST(AdaptiveWindow, AMomentOfABusyMachineCountsForAsLongAsItTook) {
  AdaptiveWindow window;
  // 40 KB in 2 ms, and every third time in 20 ms: 120 KB in 24 ms are 5 MB/s.
  for (int i = 0; i < 60; ++i) window.on_drained(40'000, i % 3 == 0 ? 20'000'000 : 2'000'000);
  EXPECT_LE(window.window(), 90'000u);
}

TEST(AdaptiveWindow, RecoversFromAStallThroughSmallPieces) {
  AdaptiveWindow window;
  window.on_drained(8'000, 300'000'000);
  EXPECT_EQ(window.window(), AdaptiveWindow::smallest);
  for (int i = 0; i < 300; ++i) window.on_drained(4'095, 200'000);  // 20 MB/s, as a PTY gives it
  EXPECT_GE(window.window(), 60'000u);
}

}  // namespace
}  // namespace berth::client
