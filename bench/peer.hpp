// SPDX-License-Identifier: GPL-3.0-or-later
// What is measured: Berth itself and the peers beside it, each a way to open terminals, and the servers
// behind it.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bench/process.hpp"
#include "bench/screen.hpp"
#include "bench/websocket.hpp"

namespace berth::bench {

class Peer {
 public:
  virtual ~Peer() = default;
  virtual std::string name() const = 0;
  /// Opens a window with so many terminals, each with a shell that may not have printed its prompt yet.
  virtual Desk open(int terminals) = 0;
  /// The server's own processes (never the shells).
  virtual std::vector<pid_t> processes() = 0;
};

/// Where things are.
struct Places {
  std::filesystem::path programs;   // berthd, berth-runner, bench_floor
  std::filesystem::path templates;  // of workspaces
  std::filesystem::path node;       // the socket.io peer with its node_modules; "" when not installed
  std::filesystem::path ttyd;       // the program; "" when not installed
  std::filesystem::path work;       // scratch, on a real disk
  std::map<std::string, std::filesystem::path> editors = {};  // programs beside Berth's desktop, by name
};

/// A bare PTY in the bench's own process: the limit no server can pass.
std::unique_ptr<Peer> raw_peer(const Places& places);

/// A peer that is a server with one terminal a connection.
class ServerPeer : public Peer {
 public:
  /// Starts the server and waits until it listens.
  virtual void start() = 0;
  virtual void stop() = 0;
};
std::unique_ptr<ServerPeer> floor_peer(const Places& places);
std::unique_ptr<ServerPeer> socket_io_peer(const Places& places);
std::unique_ptr<ServerPeer> ttyd_peer(const Places& places);

std::uint16_t floor_port(ServerPeer& peer);

/// The socket.io server's files, spoken to by hand (Engine.IO 4 on a WebSocket).
class SocketIoClient {
 public:
  explicit SocketIoClient(std::uint16_t port);
  /// Emits an event whose last argument is an acknowledgement; waits for it. `arguments` is JSON text
  /// ("\"a\",1").
  std::string call(const std::string& event, const std::string& arguments);
  WebSocket& socket() { return socket_; }

 private:
  WebSocket socket_;
  int next_call_ = 0;
};
std::uint16_t socket_io_port(ServerPeer& peer);

}  // namespace berth::bench
