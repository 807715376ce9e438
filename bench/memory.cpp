// SPDX-License-Identifier: GPL-3.0-or-later
// Proportional set sizes: idle servers, idle windows, idle terminals. Only the servers' own processes count,
// never shells.
#include "bench/setup.hpp"

namespace berth::bench {
namespace {

// Lets what was just opened settle and reads what it sends.
void settle(Desk& desk) {
  pump(desk, {}, std::chrono::milliseconds(400), [] { return false; });
}

struct PeerMemory {
  double idle = 0;           // KiB
  double ten_terminals = 0;  // KiB
  double window = 0;         // KiB each
};

PeerMemory measure_peer(Peer& peer, int windows) {
  PeerMemory memory;
  memory.idle = memory_kib(peer.processes());
  auto desk = peer.open(10);
  settle(desk);
  memory.ten_terminals = memory_kib(peer.processes());
  auto more = peer.open(windows - 10);
  settle(more);
  memory.window = (memory_kib(peer.processes()) - memory.idle) / windows;
  return memory;
}

}  // namespace

void measure_memory(Setup& setup) {
  auto& berth = setup.berth();
  const auto runner = berth.runner();
  const auto server = berth.server().pid();
  const int windows = setup.times(100, 12);

  Desk nothing;
  settle(nothing);
  const double server_idle = memory_kib(server);
  const double runner_idle = memory_kib(runner);
  double ten_terminals = 0;
  {
    Desk desk = berth.open(10);
    settle(desk);
    ten_terminals = memory_kib(runner);
  }
  double server_window = 0;
  double runner_window = 0;
  {
    Desk warm;
    for (int i = 0; i < windows / 5; ++i) warm.links.push_back(berth.open_window());
    settle(warm);
    const double server_before = memory_kib(server);
    const double runner_before = memory_kib(runner);
    Desk desk;
    for (int i = 0; i < windows; ++i) desk.links.push_back(berth.open_window());
    settle(desk);
    server_window = (memory_kib(server) - server_before) / windows;
    runner_window = (memory_kib(runner) - runner_before) / windows;
  }

  std::vector<Peer*> peers{&setup.floor()};
  if (setup.socket_io() != nullptr) peers.push_back(setup.socket_io());
  for (auto* peer : peers) {
    const auto theirs = measure_peer(*peer, windows);
    setup.report().add({"memory.server_idle", server_idle / 1024, "MiB", peer->name(), theirs.idle / 1024});
    setup.report().add({"memory.runner_idle", runner_idle / 1024, "MiB", peer->name(), theirs.idle / 1024});
    setup.report().add({"memory.runner_10_terminals", ten_terminals / 1024, "MiB", peer->name(),
                        theirs.ten_terminals / 1024});
    setup.report().add(
        {"memory.window", server_window + runner_window, "KiB", peer->name(), theirs.window, windows});
  }
  setup.report().add({"memory.window_in_server", server_window, "KiB", "", 0, windows});
  setup.report().add({"memory.window_in_runner", runner_window, "KiB", "", 0, windows});
}

}  // namespace berth::bench
