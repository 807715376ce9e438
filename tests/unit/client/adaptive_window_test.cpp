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

TEST(AdaptiveWindow, IsNotMisledByTheEchoOfAKey) {
  AdaptiveWindow window;
  for (int i = 0; i < 100; ++i) window.on_drained(3, 9'000'000);
  EXPECT_EQ(window.window(), AdaptiveWindow::first);
}

}  // namespace
}  // namespace berth::client
