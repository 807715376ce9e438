// SPDX-License-Identifier: GPL-3.0-or-later
// Networks of the clients' own: each client lives in a network namespace from which one cable (a veth pair)
// leads to a road that all share; the server's machine is reached over that road by whoever listens there
// (FaultProxy). Cables are narrow, drop out, and come back with another address, as the test says. The
// test's own network, where the server is, is left as it is: so an ordinary user needs no rights but those
// of a user namespace.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "protocol/net/file_descriptor.hpp"

namespace berth::test {

class ClientNetworks {
 public:
  /// Throws with a sentence that says what the kernel lacks.
  explicit ClientNetworks(int clients);
  ~ClientNetworks();
  ClientNetworks(const ClientNetworks&) = delete;

  /// A socket that listens on the road, on `port` or on a free one that it is set to.
  net::FileDescriptor listen(std::uint16_t& port) const;
  /// Where a client finds whoever listens on the road.
  std::string road_address(int client) const;

  /// Which end of the cable: the client's own (its Wi-Fi is off: it knows at once that there is no network)
  /// or the road's (what it sends goes nowhere).
  enum class End { client, road };
  void unplug(int client, End end = End::road);
  void plug_in(int client);
  /// Both directions of the cable carry so much from now on; 0 takes that away.
  void set_width(int client, int kilobits_per_second);
  /// The client has moved: another address, and nothing comes to the old one any more.
  void move(int client);

  /// Starts a program there. `in` and `out` become its standard input and output; it ends with this thread.
  pid_t start(int client, const std::vector<std::string>& command, int in, int out) const;

 private:
  struct Place {
    net::FileDescriptor network;
    net::FileDescriptor alive;  // its keeper ends when this is closed
    pid_t keeper = -1;
  };
  struct Cable {
    Place place;
    int moves = 0;
    bool unplugged = false;
  };

  Place make_place();
  bool enter(const Place& place) const;
  /// Runs shell commands in a place; throws with `what` when they fail.
  void run(const Place& place, const std::string& commands, const std::string& what) const;
  std::string address(int client) const;

  net::FileDescriptor user_;  // an ordinary user's namespace; none for root
  Place road_;
  std::vector<Cable> cables_;
};

}  // namespace berth::test
