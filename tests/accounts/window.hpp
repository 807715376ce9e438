// SPDX-License-Identifier: GPL-3.0-or-later
// A window that should be closed by the server.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "tests/integration/gateway/wire.hpp"

namespace berth::test {

inline constexpr std::chrono::seconds at_once{2};  // a second, and one for a loaded machine

/// What the server said when it closed the window (after its code), "" when it did not within the time.
inline std::string closing_reason(WebSocket& window, std::chrono::milliseconds within) {
  const auto until = std::chrono::steady_clock::now() + within;
  try {
    for (;;) {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
      if (left.count() <= 0) return {};
      window.wire().set_deadline(left);
      const auto message = window.receive();
      if (!message) return {};
      if (message->opcode != 8) continue;
      EXPECT_EQ(message->payload.substr(0, 2), "\x0f\xa1") << "4001: access ended";
      return message->payload.size() > 2 ? message->payload.substr(2) : "";
    }
  } catch (const std::exception&) {
    return {};  // the deadline
  }
}

}  // namespace berth::test
