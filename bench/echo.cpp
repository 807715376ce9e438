// SPDX-License-Identifier: GPL-3.0-or-later
// Keystroke to echo: back to back, with a typist's gaps, and while another terminal of the same person
// floods.
#include <unistd.h>

#include "bench/setup.hpp"

namespace berth::bench {
namespace {

// Types one key and waits for its echo; ms. Other screens' output is read and shown meanwhile.
double keystroke(const std::vector<Desk*>& desks, const std::vector<Screen*>& screens, Screen& screen) {
  const auto before = screen.shown();
  const auto begin = Clock::now();
  screen.type("x");
  if (!pump(desks, screens, std::chrono::seconds(20), [&] { return screen.shown() > before; }))
    throw Failure("a key was not echoed within 20 s");
  return milliseconds_since(begin);
}

}  // namespace

void measure_echo(Setup& setup) {
  std::map<std::string, Runs> results;
  const int keys = setup.times(2000, 50);
  for (int run = 0; run < setup.times(8, 1); ++run)
    for (auto* peer : setup.rotated(run)) {
      auto desk = peer->open(1);
      Screen screen(*desk.terminals[0]);
      prepare_echo(desk, screen);
      for (int i = 0; i < keys / 10; ++i) keystroke({&desk}, {&screen}, screen);
      std::vector<double> samples;
      for (int i = 0; i < keys; ++i) samples.push_back(keystroke({&desk}, {&screen}, screen));
      results[peer->name()].add_run(std::move(samples));
    }
  setup.compare("echo", "ms", results);
}

void measure_echo_paced(Setup& setup) {
  // All peers stand ready and are typed at in turn, so that a drift of the machine meets all alike.
  struct Typist {
    Peer* peer;
    Desk desk;
    std::unique_ptr<Screen> screen;
    std::vector<double> samples = {};
  };
  std::map<std::string, Runs> results;
  for (int run = 0; run < setup.times(4, 1); ++run) {
    std::vector<Typist> typists;
    std::vector<Desk*> desks;
    for (auto* peer : setup.rotated(run)) typists.push_back({peer, peer->open(1), nullptr});
    for (auto& typist : typists) {
      typist.screen = std::make_unique<Screen>(*typist.desk.terminals[0]);
      prepare_echo(typist.desk, *typist.screen);
      desks.push_back(&typist.desk);
    }
    unsigned gap = 0;
    for (int i = 0; i < setup.times(100, 3); ++i)
      for (auto& typist : typists) {
        gap = (gap * 13 + 7) % 23;  // 20..42 ms between keys, so that nothing falls into step with a timer
        pump(desks, {}, std::chrono::milliseconds(20 + gap), [] { return false; });
        typist.samples.push_back(keystroke(desks, {typist.screen.get()}, *typist.screen));
      }
    for (auto& typist : typists) results[typist.peer->name()].add_run(std::move(typist.samples));
  }
  setup.compare("echo_paced", "ms", results);
}

void measure_echo_flood(Setup& setup) {
  std::map<std::string, Runs> results;
  for (int run = 0; run < setup.times(6, 1); ++run)
    for (auto* peer : setup.rotated(run)) {
      auto desk = peer->open(2);
      Screen quiet(*desk.terminals[0]);
      Screen flooded(*desk.terminals[1]);
      const std::vector<Screen*> screens{&quiet, &flooded};
      prepare_echo(desk, quiet);
      prepare_shell(desk, flooded);
      flooded.type(std::string(flood_command) + "\r");
      const auto begin = flooded.shown();
      pump(desk, screens, std::chrono::seconds(10), [&] { return flooded.shown() - begin > (4u << 20); });
      std::vector<double> samples;
      for (int i = 0; i < setup.times(200, 10); ++i) {
        pump(desk, screens, std::chrono::milliseconds(7), [] { return false; });
        samples.push_back(keystroke({&desk}, screens, quiet));
      }
      flooded.type("\x03");
      flooded.reset_search();
      pump(desk, screens, std::chrono::seconds(60), [&] { return flooded.saw(prompt); });
      results[peer->name()].add_run(std::move(samples));
    }
  setup.compare("echo_flood", "ms", results);
}

}  // namespace berth::bench
