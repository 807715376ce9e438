// SPDX-License-Identifier: GPL-3.0-or-later
// Kill -9 of runner, server and clients while two people type, at any moment and where the runner has taken,
// journalled, fsynced or answered an edit, or merges what another program appends to the file: what was
// acknowledged is there, nothing is there twice, and both have one text afterwards. What a client kept on its
// disk while it was away survives its death.
#include <gtest/gtest.h>

#include <array>
#include <iostream>
#include <thread>

#include "tests/soak.hpp"
#include "typing_hand.hpp"
#include "typing_room.hpp"

namespace berth::test {
namespace {

using namespace std::chrono_literals;

constexpr int key_pause = 15;  // ms between keys, in the middle

/// Where the runner ends itself, and how often it passes there in a round at the most.
constexpr struct {
  const char* point;
  std::size_t passes;
} blows[] = {
    {"edit.accepted", 40}, {"edit.appended", 40},   {"edit.journalled", 40}, {"edit.told", 40},
    {"journal.begun", 1},  {"journal.replaced", 1}, {"journal.written", 40}, {"journal.synced", 40},
    {"save.written", 3},   {"save.synced", 3},      {"save.recorded", 3},    {"save.placed", 3},
    {"save.noted", 3},     {"recovery.noted", 1},   {"recovery.written", 1}, {"merge.computed", 3},
    {"merge.applied", 3},  {"merge.recorded", 3},
};
constexpr std::size_t merging_blows = 3;  // the last ones

class LiveKills : public ::testing::Test {
 protected:
  int met = 0, asked = 0;             // fault points
  std::array<std::size_t, 2> safe{};  // keys that one who died had been told are safe, or had kept

  /// The runner ends itself while they type; where it is to merge, another program writes meanwhile.
  std::string strike_at_point(TypingRoom& room, Soak& soak, bool merging = false) {
    const auto& blow = merging ? blows[std::size(blows) - 1 - soak.below(merging_blows)]
                               : blows[soak.below(std::size(blows))];
    const bool merges = std::string_view(blow.point).starts_with("merge.");
    const auto point = std::string(blow.point) + ":" + std::to_string(1 + soak.below(blow.passes));
    auto& place = room.place();
    ++asked;
    place.kill_runner();
    place.kill_server();
    if (place.start_server({"", point})) {
      room.find_server();
      try {
        if (place.start_workspace_once()) {
          room.hurry();
          (void)eventually(
              [&] {
                if (merges) {
                  room.append_to_file();
                  std::this_thread::sleep_for(40ms);
                }
                return !place.runner_lives();
              },
              3s);
        }
      } catch (const std::exception&) {
        // It was met while the workspace started.
      }
    }
    met += place.runner_lives() ? 0 : 1;
    place.kill_server();
    place.kill_runner();
    return "runner " + point;
  }

  std::string strike_server(TypingRoom& room, Soak& soak) {
    std::this_thread::sleep_for(soak.time_below(900ms));
    room.place().kill_server();
    return "server";
  }

  std::string strike_runner(TypingRoom& room, Soak& soak) {
    std::this_thread::sleep_for(soak.time_below(900ms));
    room.place().kill_runner();
    return "runner";
  }

  std::string strike_many(TypingRoom& room, Soak& soak) {
    std::this_thread::sleep_for(soak.time_below(900ms));
    room.place().kill_server();
    room.place().kill_runner();
    const auto client = static_cast<int>(soak.below(2));
    begin_again(room, client);
    return std::string("server, runner and ") + room.typist(client).person();
  }

  /// Kills it, where it lives, and starts it again over what it kept; it rests then.
  void begin_again(TypingRoom& room, int client, std::size_t kept = 0) {
    auto& typist = room.typist(client);
    typist.kill();
    safe[static_cast<std::size_t>(client)] = std::max(typist.acknowledged(), kept);
    room.restart(client);
  }

  std::string strike_client(TypingRoom& room, Soak& soak) {
    const auto client = static_cast<int>(soak.below(2));
    std::this_thread::sleep_for(soak.time_below(900ms));
    begin_again(room, client);
    return std::string(1, room.typist(client).person());
  }

  /// It is away, and dies away.
  std::string strike_client_away(TypingRoom& room, Soak& soak) {
    const auto client = static_cast<int>(soak.below(2));
    auto& typist = room.typist(client);
    const auto who = std::string(1, typist.person());
    room.road(client).set_refusing(true);
    std::this_thread::sleep_for(1s + soak.time_below(soak.rounds() > 100 ? 4s : 1s));
    typist.rest();
    protocol::Json report;
    const auto kept = [&] {
      report = typist.report();
      return !report.at("slipped") && (report.at("kept") || !report.at("unsent"));
    };
    EXPECT_TRUE(eventually(kept, 20s)) << who << " keeps nothing " << report;
    std::this_thread::sleep_for(500ms);  // by now its last key is on its disk
    const std::size_t keys = typist.report().at("typed");
    typist.kill();
    const bool comes_back_first = soak.one_in(2);
    if (comes_back_first) room.road(client).set_refusing(false);
    begin_again(room, client, keys);
    if (!comes_back_first) {
      std::this_thread::sleep_for(soak.time_below(800ms));
      room.road(client).set_refusing(false);
    }
    return who + " away with " + std::to_string(keys) + " keys";
  }

  std::string strike(TypingRoom& room, Soak& soak, int round) {
    switch (round % 8) {
      case 1:
        return strike_server(room, soak);
      case 2:
        return strike_client_away(room, soak);
      case 3:
        return strike_at_point(room, soak, true);
      case 4:
        return strike_many(room, soak);
      case 5:
        return strike_client(room, soak);
      case 6:
        return strike_runner(room, soak);
      default:
        return strike_at_point(room, soak);
    }
  }

  void play_round(TypingRoom& room, Soak& soak, int round) {
    const auto began = std::chrono::steady_clock::now();
    room.type(key_pause);
    std::this_thread::sleep_for(200ms + soak.time_below(400ms));
    safe = {};
    const auto what = strike(room, soak, round);
    SCOPED_TRACE(what);
    auto& place = room.place();
    // One that was killed may not be seen as dead yet.
    const bool runner_died = eventually([&] { return !place.runner_lives(); }, 100ms);
    if (!place.server_lives()) {
      place.start_server();
      room.find_server();
    }
    place.run_workspace();
    if (runner_died) room.new_terminal();
    room.hurry();
    std::this_thread::sleep_for(soak.time_below(300ms));
    room.expect_together();
    for (int client = 0; client < 2; ++client) {
      const auto report = room.typist(client).report();
      EXPECT_GE(report.at("typed").get<std::size_t>(), safe[static_cast<std::size_t>(client)])
          << room.typist(client).person() << " has lost what was safe\n"
          << room.story();
      if (report.at("was_asked")) std::cout << room.typist(client).person() << " was asked ";
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    std::cout << round << " " << what << " " << took.count() << " s" << std::endl;
  }
};

TEST_F(LiveKills, WhatWasAcknowledgedIsThereOnceForBoth) {
  Soak soak(6, 500);
  TypingRoom room(soak.below(1'000'000));
  for (int round = 0; round < soak.rounds() && !HasFailure(); ++round) {
    SCOPED_TRACE(soak.where(round));
    play_round(room, soak, round);
  }
  if (asked >= 20) {
    EXPECT_GT(met, asked / 5) << "the fault points are not where people come by";
  }
  std::cout << met << " of " << asked << " fault points were met" << std::endl;
  if (HasFailure()) std::fputs(room.place().log().c_str(), stderr);
}

}  // namespace
}  // namespace berth::test
