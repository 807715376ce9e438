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
  Soak soak(2, 40);
  TypingRoom room(soak.below(1'000'000));
  const auto away = soak.rounds() > 2 ? 30'000ms : 3'300ms;
  for (int round = 0; round < soak.rounds() && !HasFailure(); ++round) {
    SCOPED_TRACE(soak.where(round));
    const auto one = static_cast<int>(soak.below(2)), other = 1 - one;
    room.type(key_pause);
    std::this_thread::sleep_for(500ms + soak.time_below(500ms));
    const auto until = std::chrono::steady_clock::now() + away;
    if (round % 2 == 0) {
      // The one loses all that is under way, and nobody answers it for a while; the other is broken off again
      // and again.
      room.road(one).set_refusing(true);
      while (std::chrono::steady_clock::now() < until) {
        std::this_thread::sleep_for(100ms + soak.time_below(away / 4));
        room.road(other).reset();
      }
      room.road(one).set_refusing(false);
    } else {
      room.networks().unplug(one, ClientNetworks::End::client);
      std::this_thread::sleep_for(soak.time_below(away / 4));
      room.networks().unplug(other, ClientNetworks::End::road);
      std::this_thread::sleep_until(until);
      room.networks().plug_in(one);
      std::this_thread::sleep_for(soak.time_below(away / 4));
      room.networks().plug_in(other);
    }
    room.expect_together();
  }
  tell(room);
}

/// A formatter reads the file, works for a moment and puts what it made of that older text in its place, or
/// (the long form) writes it over the file.
TEST_F(Together, WhatAFormatterWritesDeletesNothingThatWasTypedMeanwhile) {
  Soak soak(1, 60);
  TypingRoom room(soak.below(1'000'000));
  for (int round = 0; round < soak.rounds() && !HasFailure(); ++round) {
    SCOPED_TRACE(soak.where(round));
    room.type(key_pause);
    run_in_terminal(
        room.place(),
        "cd ~/project; for i in $(seq 8); do sed 's/nop/pono/g; s/fgh/h/; s/jk/k/' "
        "live.txt > ../formatted; sleep 0.$((i % 4)); " +
            std::string(round % 2 == 0 ? "mv ../formatted live.txt" : "cat ../formatted > live.txt") +
            "; done");
    room.expect_together();
  }
  tell(room);
}

/// The one sleeps and the other moves, at one time.
TEST_F(Together, WhoSleptAndWhoMovedToAnotherNetworkGoOn) {
  Soak soak(1, 8);
  TypingRoom room(soak.below(1'000'000));
  for (int round = 0; round < soak.rounds() && !HasFailure(); ++round) {
    SCOPED_TRACE(soak.where(round));
    const auto sleeper = static_cast<int>(soak.below(2));
    auto& mover = room.typist(1 - sleeper);
    const auto before = mover.connections();
    room.type(key_pause);
    std::this_thread::sleep_for(500ms + soak.time_below(500ms));
    room.typist(sleeper).sleep();
    const auto woken = std::chrono::steady_clock::now() + (soak.rounds() > 1 ? 300s : 12s);
    std::this_thread::sleep_for(soak.time_below(500ms));
    room.networks().move(1 - sleeper);
    // Nobody keeps the connection of a sleeper for ever.
    if (round % 2 == 0) room.road(sleeper).reset();
    // The mover can only find out by what is not answered any more.
    EXPECT_TRUE(eventually([&] { return mover.connections() > before; }, 40s)) << room.story();
    std::this_thread::sleep_until(woken);
    room.typist(sleeper).wake();
    room.expect_together();
  }
  tell(room);
}

}  // namespace
}  // namespace berth::test
