// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/setup.hpp"

#include <algorithm>

namespace berth::bench {

Setup::Setup(const Places& places, Report& report, bool quick)
    : places_(places),
      report_(report),
      quick_(quick),
      berth_(std::make_unique<BerthPeer>(places)),
      raw_(raw_peer(places)),
      floor_(floor_peer(places)) {
  if (!places.node.empty()) socket_io_ = socket_io_peer(places);
  if (!places.ttyd.empty()) ttyd_ = ttyd_peer(places);
}

std::vector<Peer*> Setup::rotated(int run, bool with_raw) {
  std::vector<Peer*> peers{berth_.get(), floor_.get()};
  if (socket_io_) peers.push_back(socket_io_.get());
  if (ttyd_) peers.push_back(ttyd_.get());
  if (with_raw) peers.push_back(raw_.get());
  std::ranges::rotate(peers, peers.begin() + run % static_cast<int>(peers.size()));
  return peers;
}

void Setup::compare(const std::string& name, const std::string& unit,
                    const std::map<std::string, Runs>& results, bool with_p99) {
  const auto& own = results.at("berth");
  for (const auto& [peer, runs] : results)
    if (peer != "berth") report_.add({name + ".p50", own.p50(), unit, peer, runs.p50(), own.count()});
  if (results.size() == 1) report_.add({name + ".p50", own.p50(), unit, "", 0, own.count()});
  if (!with_p99) return;
  for (const auto& [peer, runs] : results)
    if (peer != "berth") report_.add({name + ".p99", own.p99(), unit, peer, runs.p99(), own.count()});
  if (results.size() == 1) report_.add({name + ".p99", own.p99(), unit, "", 0, own.count()});
}

}  // namespace berth::bench
