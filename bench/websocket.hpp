// SPDX-License-Identifier: GPL-3.0-or-later
// A WebSocket client on one non-blocking loopback socket (RFC 6455), the same for Berth and for every peer,
// so that what the client costs is the same for all. It offers no extension.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace berth::bench {

class WebSocket {
 public:
  using OnMessage = std::function<void(std::string_view payload, bool binary)>;

  /// Connects to 127.0.0.1 and upgrades; Failure with the server's answer when it refuses.
  WebSocket(std::uint16_t port, const std::string& target, const std::vector<std::string>& headers = {});
  ~WebSocket();
  WebSocket(const WebSocket&) = delete;
  WebSocket& operator=(const WebSocket&) = delete;

  int descriptor() const { return socket_; }
  void send_text(std::string_view payload) { send(1, payload); }
  void send_binary(std::string_view payload) { send(2, payload); }
  /// Reads once what has arrived and hands out whole messages; answers pings. Failure when the server closed.
  void read(const OnMessage& on_message);

  std::uint64_t bytes_sent() const { return bytes_sent_; }          // on the wire, after the upgrade
  std::uint64_t bytes_received() const { return bytes_received_; }  // on the wire, after the upgrade

 private:
  void upgrade(std::uint16_t port, const std::string& target, const std::vector<std::string>& headers);
  void send(unsigned char opcode, std::string_view payload);
  void send_all(std::string_view bytes);
  bool take_frame(const OnMessage& on_message);

  int socket_ = -1;
  std::string in_;
  std::size_t in_begin_ = 0;
  std::string message_;  // the parts of a fragmented one
  bool message_binary_ = false;
  std::uint32_t mask_ = 0x5bd1e995;
  std::uint64_t bytes_sent_ = 0;
  std::uint64_t bytes_received_ = 0;
};

}  // namespace berth::bench
