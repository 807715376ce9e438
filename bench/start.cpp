// SPDX-License-Identifier: GPL-3.0-or-later
// Waiting to begin: a server from exec to ready, a terminal in a running workspace, a new workspace to its
// first prompt.
#include "bench/setup.hpp"

namespace berth::bench {
namespace {

bool shows_prompt(const Screen& screen) { return screen.saw("$ ") || screen.saw("# "); }

void wait_for_prompt(Desk& desk, Screen& screen, const std::string& peer) {
  if (!pump(desk, {&screen}, std::chrono::seconds(20), [&] { return shows_prompt(screen); }))
    throw Failure("a shell of " + peer + " shows no prompt: " + screen.tail().substr(0, 200));
}

double connect_to_prompt(Peer& peer) {
  const auto begin = Clock::now();
  auto desk = peer.open(1);
  Screen screen(*desk.terminals[0]);
  wait_for_prompt(desk, screen, peer.name());
  return milliseconds_since(begin);
}

double create_to_prompt(BerthServer& server) {
  const auto begin = Clock::now();
  const auto id = server.create_workspace();
  double elapsed = 0;
  {
    Desk desk;
    auto window = std::make_unique<BerthWindow>(server, id);
    desk.terminals.push_back(BerthPeer::open_terminal(*window));
    desk.links.push_back(std::move(window));
    Screen screen(*desk.terminals[0]);
    wait_for_prompt(desk, screen, "berth");
    elapsed = milliseconds_since(begin);
  }
  server.delete_workspace(id);
  return elapsed;
}

double start_again(ServerPeer& peer) {
  peer.stop();
  const auto begin = Clock::now();
  peer.start();
  return milliseconds_since(begin);
}

}  // namespace

void measure_start(Setup& setup) {
  std::map<std::string, Runs> server;
  auto& berthd = setup.berth().server();
  for (int run = 0; run < setup.times(10, 1); ++run) {
    berthd.stop();
    server["berth"].add_run({berthd.start()});
    server["floor"].add_run({start_again(setup.floor())});
    if (setup.socket_io() != nullptr) server["socket.io"].add_run({start_again(*setup.socket_io())});
  }
  setup.compare("start.server", "ms", server, false);

  std::map<std::string, Runs> terminal;
  setup.berth().workspace();
  for (int run = 0; run < setup.times(6, 1); ++run)
    for (auto* peer : setup.rotated(run)) {
      std::vector<double> samples;
      for (int i = 0; i < setup.times(10, 1); ++i) samples.push_back(connect_to_prompt(*peer));
      terminal[peer->name()].add_run(std::move(samples));
    }
  setup.compare("start.terminal", "ms", terminal);

  std::map<std::string, Runs> workspace;
  create_to_prompt(berthd);  // warms the disk's cache
  for (int run = 0; run < setup.times(3, 1); ++run) {
    std::vector<double> samples;
    for (int i = 0; i < setup.times(10, 1); ++i) samples.push_back(create_to_prompt(berthd));
    workspace["berth"].add_run(std::move(samples));
  }
  setup.compare("start.workspace", "ms", workspace);
}

}  // namespace berth::bench
