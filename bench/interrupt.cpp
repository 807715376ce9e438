// SPDX-License-Identifier: GPL-3.0-or-later
// Ctrl-C on a flood until the prompt is on the screen: with a client that shows all at once, and with one
// that shows 8 MB/s. A client reads what comes and keeps what it can't show yet, as browsers do.
#include "bench/setup.hpp"

namespace berth::bench {
namespace {

constexpr double slow_rate = 8e6;  // bytes a second

struct Interrupted {
  double milliseconds = 0;
  double shown_after = 0;  // KiB shown between the key and the prompt: all queues of the way together
};

Interrupted interrupt(Peer& peer, double rate, std::chrono::milliseconds flood) {
  auto desk = peer.open(1);
  Screen screen(*desk.terminals[0], rate);
  prepare_shell(desk, screen);
  screen.type(std::string(flood_command) + "\r");
  pump(desk, {&screen}, flood, [] { return false; });
  screen.reset_search();
  const auto before = screen.shown();
  const auto begin = Clock::now();
  screen.type("\x03");
  if (!pump(desk, {&screen}, std::chrono::seconds(120), [&] { return screen.saw(prompt); }))
    throw Failure(peer.name() + " shows no prompt within 120 s of Ctrl-C");
  return {milliseconds_since(begin), static_cast<double>(screen.shown() - before) / 1024};
}

}  // namespace

void measure_interrupt(Setup& setup) {
  std::map<std::string, Runs> fast;
  std::map<std::string, Runs> slow;
  std::map<std::string, std::vector<double>> queue;
  for (int run = 0; run < setup.times(5, 1); ++run)
    for (auto* peer : setup.rotated(run)) {
      std::vector<double> samples;
      for (int i = 0; i < setup.times(5, 1); ++i)
        samples.push_back(interrupt(*peer, 0, std::chrono::milliseconds(setup.times(300, 100))).milliseconds);
      fast[peer->name()].add_run(std::move(samples));
    }
  // A bare PTY has no queue but its own: there is nothing to compare a slow client with.
  for (int run = 0; run < setup.times(3, 1); ++run)
    for (auto* peer : setup.rotated(run, false)) {
      std::vector<double> samples;
      for (int i = 0; i < (peer->name() == "berth" ? setup.times(10, 1) : 1); ++i) {
        const auto one = interrupt(*peer, slow_rate, std::chrono::milliseconds(setup.times(1000, 200)));
        samples.push_back(one.milliseconds);
        queue[peer->name()].push_back(one.shown_after);
      }
      slow[peer->name()].add_run(std::move(samples));
    }
  setup.compare("interrupt.fast", "ms", fast);
  setup.compare("interrupt.slow", "ms", slow);
  const auto& own = queue.at("berth");
  for (const auto& [peer, values] : queue)
    if (peer != "berth")
      setup.report().add(
          {"interrupt.slow_queue", median(own), "KiB", peer, median(values), static_cast<int>(own.size())});
}

}  // namespace berth::bench
