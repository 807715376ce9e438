// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/position_map.hpp"

#include <gtest/gtest.h>

#include <random>

namespace berth::runner {
namespace {

using protocol::Bias;
using protocol::TextOperation;

TEST(PositionMap, MapsEveryPositionAsTheOperationItselfDoes) {
  std::mt19937 random(7);
  const char* const pieces[] = {"a", "bc", "\xc3\xa4", "\xf0\x9f\x9a\xa2"};
  for (int round = 0; round < 500; ++round) {
    TextOperation operation;
    for (auto runs = random() % 8; runs > 0; --runs) switch (random() % 3) {
        case 0:
          operation.retain(1 + random() % 5);
          break;
        case 1:
          operation.insert(pieces[random() % 4]);
          break;
        default:
          operation.remove(1 + random() % 5);
      }
    const PositionMap map(operation);
    for (std::int64_t at = 0; at <= operation.base_length(); ++at)
      for (const auto bias : {Bias::before, Bias::after})
        ASSERT_EQ(map.map(at, bias), *operation.map_position(at, bias)) << "round " << round << " at " << at;
  }
}

TEST(PositionMap, APositionOutsideIsTheEndThatItLiesBeyond) {
  const PositionMap map(TextOperation().insert("xx").retain(3).insert("y"));
  EXPECT_EQ(map.map(-5, Bias::before), 0);
  EXPECT_EQ(map.map(std::int64_t{1} << 60, Bias::before), 5);
  EXPECT_EQ(map.map(std::int64_t{1} << 60, Bias::after), 6);
  const PositionMap nothing{TextOperation()};
  EXPECT_EQ(nothing.map(4, Bias::after), 0);
}

}  // namespace
}  // namespace berth::runner
