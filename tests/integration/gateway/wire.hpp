// SPDX-License-Identifier: GPL-3.0-or-later
// What these tests speak with: plain sockets, HTTP and WebSocket frames by hand, so that every byte is the
// test's own. Everything has a deadline; running into one throws.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace berth::test {

/// A blocking stream socket.
class Wire {
 public:
  /// On loopback.
  static Wire connect_tcp(std::uint16_t port);
  /// `address`: of IPv4, in numbers.
  static Wire connect_tcp(const std::string& address, std::uint16_t port);
  static Wire connect_unix(const std::string& path);
  explicit Wire(int fd) : fd_(fd) {}
  Wire(Wire&& other) noexcept;
  Wire& operator=(Wire&& other) noexcept;
  ~Wire();

  void send(std::string_view bytes);
  /// What arrives next; "" at the end of the stream. A reset throws.
  std::string receive(std::size_t most = 64u << 10);
  std::string receive_exactly(std::size_t size);
  /// Up to and with `end`.
  std::string receive_until(std::string_view end);
  /// True when the peer ends or resets the stream within `limit`; whatever comes before is dropped.
  bool ends_within(std::chrono::milliseconds limit);
  void shut_down_sending();
  void set_deadline(std::chrono::milliseconds limit);
  int descriptor() const { return fd_; }

 private:
  int fd_ = -1;
  std::string buffer_;
};

struct Reply {
  int status = 0;
  std::string head;  // status line and fields as they came
  std::string body;
  /// The field's value, "" when absent; the first of several.
  std::string field(std::string_view name) const;
  std::vector<std::string> fields(std::string_view name) const;
};

using Fields = std::vector<std::pair<std::string, std::string>>;

std::string request_text(std::string_view method, std::string_view target, const Fields& fields,
                         std::string_view body = {});
/// Reads one answer. `head`: to a HEAD request.
Reply read_reply(Wire& wire, bool head = false);
/// One request on a connection of its own.
Reply fetch(std::uint16_t port, std::string_view method, std::string_view target, Fields fields,
            std::string_view body = {});

/// A client's side of a WebSocket after its handshake.
class WebSocket {
 public:
  explicit WebSocket(Wire wire) : wire_(std::move(wire)) {}
  struct Message {
    int opcode = 0;  // 1 text, 2 binary, 8 close, 9 ping, 10 pong
    std::string payload;
  };
  void send(int opcode, std::string_view payload);
  /// The next message (unfragmented ones only); nullopt when the connection ends without one.
  std::optional<Message> receive();
  Wire& wire() { return wire_; }

 private:
  Wire wire_;
};

/// The fields of a WebSocket handshake.
Fields websocket_fields(const std::string& host, Fields more = {});

}  // namespace berth::test
