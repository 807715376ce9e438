// SPDX-License-Identifier: GPL-3.0-or-later
// A TCP proxy that does to each connection what the test said: passes it on, breaks it, damages a byte, or
// answers in the server's place; and a bad road for all of them (slow_road.hpp). Whoever knows nothing of
// HTTP uses reset(), set_refusing() and set_road() alone. It listens on loopback, or wherever the test does.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "protocol/net/file_descriptor.hpp"
#include "tests/slow_road.hpp"

namespace berth::test {

/// What happens to one connection.
struct Fault {
  enum class Kind {
    none,
    refuse,          // closed as soon as it is accepted
    answer,          // `text` as the answer of its first request, then closed
    cut_request,     // closed after `at` bytes from the client
    cut_answer,      // closed after `at` bytes from the server
    damage_request,  // byte `at` from the client is another one; once
    damage_answer,   // byte `at` from the server is another one; once
    stall,           // open, but nothing goes through
    lose_answer,     // the request reaches the server, the connection is closed when its answer begins
  };
  Kind kind = Kind::none;
  std::size_t at = 0;
  std::string text = {};

  static Fault status(int code, const std::string& body = {}, const std::string& headers = {});
};

class FaultProxy {
 public:
  /// Listens on `port`, or on a free one that it is set to; throws.
  using Listen = std::function<net::FileDescriptor(std::uint16_t& port)>;

  /// In front of a server on loopback.
  explicit FaultProxy(std::uint16_t server_port);
  FaultProxy(std::uint16_t server_port, Listen listen);
  ~FaultProxy();
  FaultProxy(const FaultProxy&) = delete;

  std::uint16_t port() const { return port_; }
  std::string endpoint() const { return "http://127.0.0.1:" + std::to_string(port_); }
  /// For the next connections, one each; then `rest_` for all others.
  void plan(std::vector<Fault> next, Fault rest = {});
  /// Resets all connections, both ways, with whatever was under way.
  void reset();
  /// Nobody listens, and all connections are reset; or takes connections again, on the same port.
  void set_refusing(bool refusing);
  /// The server came back on another port: for connections from now on.
  void set_server_port(std::uint16_t port) { server_port_ = port; }
  /// So long what is asked, and what is answered, is on its way.
  void set_delay(std::chrono::milliseconds each_way) { set_road({.each_way = each_way}); }
  /// The road of all connections from now on.
  void set_road(const RoadQuality& quality);
  /// The most connections that were open at once.
  int most_at_once() const { return most_at_once_; }
  /// Connections taken so far.
  int connections() const { return connections_; }
  /// First lines of the requests that were answered in the server's place.
  std::vector<std::string> answered();

 private:
  /// A connection's end that reset() knows of.
  class Live;
  void listen_or_not();
  void accept_all();
  void serve(net::FileDescriptor client, const Fault& fault);
  void answer(int client, const std::string& text);
  void pass(int client, const Fault& fault);
  RoadQuality road();
  Fault next_fault();

  std::atomic<std::uint16_t> server_port_;
  const Listen listen_;
  std::uint16_t port_ = 0;
  net::FileDescriptor listener_;  // the acceptor's, once it runs
  std::atomic<bool> stop_{false};
  std::atomic<bool> refusing_{false}, listening_{true};
  std::atomic<int> connections_{0}, most_at_once_{0};
  std::atomic<int> road_built_{0};  // how often it was changed
  std::mutex mutex_;
  RoadQuality road_;
  std::set<int> live_;  // sockets of connections
  std::deque<Fault> plan_;
  std::vector<std::string> answered_;
  Fault rest_;
  std::thread acceptor_;
  std::vector<std::thread> sessions_;  // of the acceptor's thread, until it ended
};

}  // namespace berth::test
