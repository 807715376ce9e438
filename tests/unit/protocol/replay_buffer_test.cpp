// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/replay_buffer.hpp"

#include <gtest/gtest.h>

#include <random>

namespace berth::protocol {
namespace {

TEST(ReplayBuffer, DropsOldestWhenFull) {
  ReplayBuffer buffer(8);
  buffer.append("abcdef");
  buffer.append("ghij");
  EXPECT_EQ(buffer.begin(), 2u);
  EXPECT_EQ(buffer.end(), 10u);
  EXPECT_EQ(buffer.read(2, 100), "cdefghij");
  EXPECT_EQ(buffer.read(1, 100), "");
  EXPECT_EQ(buffer.read(9, 100), "j");
  EXPECT_EQ(buffer.read(10, 100), "");
}

TEST(ReplayBuffer, AllocatesAsUsed) {
  ReplayBuffer buffer(1 << 20);
  buffer.append("x");
  EXPECT_LE(buffer.allocated(), 8192u);
}

TEST(ReplayBuffer, AgreesWithAPlainStringOnRandomUse) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    const std::size_t capacity = 1 + random() % 20000;
    ReplayBuffer buffer(capacity);
    std::string all;
    for (int step = 0; step < 30; ++step) {
      std::string piece(random() % (capacity + capacity / 2 + 2), '\0');
      for (auto& c : piece) c = static_cast<char>(random());
      buffer.append(piece);
      all += piece;
      ASSERT_EQ(buffer.end(), all.size());
      ASSERT_EQ(buffer.begin(), all.size() - std::min(all.size(), capacity));
      const auto from = buffer.begin() + random() % (buffer.end() - buffer.begin() + 1);
      const auto limit = random() % (capacity + 1);
      ASSERT_EQ(buffer.read(from, limit), all.substr(from, limit));
    }
  }
}

}  // namespace
}  // namespace berth::protocol
