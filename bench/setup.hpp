// SPDX-License-Identifier: GPL-3.0-or-later
// What a subject measures with: Berth and the peers, freshly started for it, in an order that rotates from
// run to run.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "bench/client_berth.hpp"
#include "bench/figure.hpp"
#include "bench/peer.hpp"

namespace berth::bench {

class Setup {
 public:
  Setup(const Places& places, Report& report, bool quick);

  bool quick() const { return quick_; }
  /// As many as asked for, or the quick form's number.
  int times(int full, int quick) const { return quick_ ? quick : full; }

  const Places& places() const { return places_; }
  Report& report() { return report_; }
  BerthPeer& berth() { return *berth_; }
  ServerPeer& floor() { return *floor_; }
  ServerPeer* socket_io() { return socket_io_.get(); }  // nullptr when it is not installed
  Peer& raw() { return *raw_; }

  /// Berth and all peers, beginning with another one each run.
  std::vector<Peer*> rotated(int run, bool with_raw = true);

  /// One line for each peer that has results: Berth's p50 (and p99) beside the peer's.
  void compare(const std::string& name, const std::string& unit, const std::map<std::string, Runs>& results,
               bool with_p99 = true);

 private:
  Places places_;
  Report& report_;
  bool quick_;
  std::unique_ptr<BerthPeer> berth_;
  std::unique_ptr<Peer> raw_;
  std::unique_ptr<ServerPeer> floor_;
  std::unique_ptr<ServerPeer> socket_io_, ttyd_;
};

// One file each; the numbers are described in README.md.
void measure_echo(Setup& setup);
void measure_echo_paced(Setup& setup);
void measure_echo_flood(Setup& setup);
void measure_throughput(Setup& setup);
void measure_interrupt(Setup& setup);
void measure_memory(Setup& setup);
void measure_start(Setup& setup);
void measure_edit(Setup& setup);
void measure_save(Setup& setup);
void measure_list(Setup& setup);
void measure_converge(Setup& setup);
void measure_resume(Setup& setup);
void measure_stored(Setup& setup);
void measure_dedup(Setup& setup);
void measure_restore(Setup& setup);

/// A command line that says the same long line for ever.
inline constexpr const char* flood_command = "yes $(printf '%079d' 0)";

}  // namespace berth::bench
