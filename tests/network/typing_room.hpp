// SPDX-License-Identifier: GPL-3.0-or-later
// Two people in networks of their own who type into one document and one terminal of a real server's
// workspace, each over a road that can be made bad; and the look whether anything was lost, doubled or
// seen differently.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "client_networks.hpp"
#include "tests/durability/durable_place.hpp"
#include "tests/fault_proxy.hpp"
#include "typist.hpp"

namespace berth::test {

class TypingRoom {
 public:
  /// Everybody is there, has the text and the terminal, and rests.
  explicit TypingRoom(std::uint64_t seed);
  ~TypingRoom();

  ClientNetworks& networks() { return networks_; }
  DurablePlace& place() { return place_; }
  Typist& typist(int client) { return *typists_[static_cast<std::size_t>(client)]; }
  /// The road of one of them.
  FaultProxy& road(int client) { return *roads_[static_cast<std::size_t>(client)]; }

  /// Both type, a key every so many ms.
  void type(int mean_milliseconds);
  /// Both see that all is there again and do not wait for their next attempt.
  void hurry();
  /// Waits until everybody is connected again and rests, both have one text without a key lost or doubled,
  /// the file holds it, and the terminal has every key and showed every byte. Fails the test when that does
  /// not come about.
  void expect_together(std::chrono::seconds limit = std::chrono::seconds(40));
  /// Another program adds to the document's file, as `>>` does.
  void append_to_file();
  /// Another terminal, as the last one went with its runner.
  void new_terminal();
  /// Starts one that was killed, over what it kept; it goes on in the terminal where its keys end.
  void restart(int client);
  /// The server came back on another port.
  void find_server();
  std::string story();
  /// The longest that it took until they were together again, s.
  double longest() const { return longest_.count(); }

 private:
  std::string terminal_name() const { return "keys-" + std::to_string(terminals_); }
  /// What stands in the terminal's file.
  std::string terminal_file() const;

  ClientNetworks networks_{2};  // before there are threads
  DurablePlace place_;
  server::testing::DataPlace folders_;
  std::array<std::unique_ptr<FaultProxy>, 2> roads_;
  std::array<std::unique_ptr<Typist>, 2> typists_;
  int terminals_ = 0;
  std::chrono::duration<double> longest_{0};
};

}  // namespace berth::test
