// SPDX-License-Identifier: GPL-3.0-or-later
// Two people type into one document and one terminal while the network does what networks do.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <thread>

#include "tests/soak.hpp"
#include "typing_room.hpp"

namespace berth::test {
namespace {

using namespace std::chrono_literals;

constexpr int key_pause = 25;  // ms between keys, in the middle

/// Round trips, what is lost, how wide.
constexpr struct {
  std::chrono::milliseconds round_trip;
  double loss;
  int kilobits;
} qualities[] = {{0ms, 0, 0}, {50ms, 0.02, 0}, {200ms, 0.02, 0}, {50ms, 0, 1'000}, {200ms, 0.02, 1'000}};

class Together : public ::testing::Test {
 protected:
  /// With BERTH_STORY the whole course of events is told.
  static void tell(TypingRoom& room) {
    std::cout << "together again after at most " << room.longest() << " s" << std::endl;
    if (std::getenv("BERTH_STORY")) std::cout << room.story() << std::endl;
  }
  void make_road(TypingRoom& room, int client, std::size_t quality, std::uint64_t seed) {
    const auto& wanted = qualities[quality];
    room.road(client).set_road({.each_way = wanted.round_trip / 2, .loss = wanted.loss, .seed = seed});
    room.networks().set_width(client, wanted.kilobits);
  }
};

TEST_F(Together, WhatTwoTypeConvergesOverEveryRoad) {
  Soak soak(3, 60);
  TypingRoom room(soak.below(1'000'000));
  for (int round = 0; round < soak.rounds() && !HasFailure(); ++round) {
    SCOPED_TRACE(soak.where(round));
    // The first rounds are the plainest, the middle and the worst.
    const std::size_t first = round < 3 ? std::size_t(round) * 2 : soak.below(std::size(qualities));
    make_road(room, 0, first, soak.below(1'000'000));
    make_road(room, 1, round < 3 ? 4 - first : soak.below(std::size(qualities)), soak.below(1'000'000));
    room.type(key_pause);
    std::this_thread::sleep_for(soak.rounds() > 3 ? 20s : 2s);
    room.expect_together();
  }
  tell(room);
}

TEST_F(Together, OutagesAreTypedThrough) {
  Soak soak(4, 40);
  TypingRoom room(soak.below(1'000'000));
  const auto away = soak.rounds() > 4 ? 30'000ms : 3'500ms;
  for (int round = 0; round < soak.rounds() && !HasFailure(); ++round) {
    SCOPED_TRACE(soak.where(round));
    const auto client = static_cast<int>(soak.below(2));
    room.type(key_pause);
    std::this_thread::sleep_for(500ms + soak.time_below(500ms));
    switch (round % 4) {
      case 0:  // everything under way is lost, and nobody answers for a while
        room.road(client).set_refusing(true);
        std::this_thread::sleep_for(away);
        room.road(client).set_refusing(false);
        break;
      case 1:  // broken off again and again
        for (int times = 0; times < 6; ++times) {
          room.road(static_cast<int>(soak.below(2))).reset();
          std::this_thread::sleep_for(soak.time_below(400ms));
        }
        break;
      default:
        room.networks().unplug(client,
                               round % 4 == 2 ? ClientNetworks::End::client : ClientNetworks::End::road);
        std::this_thread::sleep_for(away);
        room.networks().plug_in(client);
    }
    room.expect_together();
  }
  tell(room);
}

TEST_F(Together, WhoMovesToAnotherNetworkGoesOn) {
  Soak soak(1, 30);
  TypingRoom room(soak.below(1'000'000));
  for (int round = 0; round < soak.rounds() && !HasFailure(); ++round) {
    SCOPED_TRACE(soak.where(round));
    const auto client = static_cast<int>(soak.below(2));
    const auto before = room.typist(client).connections();
    room.type(key_pause);
    std::this_thread::sleep_for(500ms + soak.time_below(500ms));
    room.networks().move(client);
    // It can only find out by what is not answered any more.
    EXPECT_TRUE(eventually([&] { return room.typist(client).connections() > before; }, 40s)) << room.story();
    room.expect_together();
  }
  tell(room);
}

TEST_F(Together, WhoSleptGoesOn) {
  Soak soak(1, 6);
  TypingRoom room(soak.below(1'000'000));
  for (int round = 0; round < soak.rounds() && !HasFailure(); ++round) {
    SCOPED_TRACE(soak.where(round));
    const auto client = static_cast<int>(soak.below(2));
    room.type(key_pause);
    std::this_thread::sleep_for(500ms + soak.time_below(500ms));
    room.typist(client).sleep();
    std::this_thread::sleep_for(soak.rounds() > 1 ? 300s : 14s);  // longer than a ping may be unanswered
    room.typist(client).wake();
    room.expect_together();
  }
  tell(room);
}

}  // namespace
}  // namespace berth::test
