// SPDX-License-Identifier: GPL-3.0-or-later
// What lies between the protocol logic and a WebSocket: messages out, messages in. No Beast here.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "protocol/frame.hpp"

namespace berth::runner {

/// Messages from a peer, on the runner's thread.
class ConnectionEvents {
 public:
  virtual ~ConnectionEvents() = default;
  virtual void on_text(std::string_view text) = 0;
  virtual void on_binary(std::string_view message) = 0;
  /// A message over the limit was skipped; the connection goes on.
  virtual void on_oversized(bool text) = 0;
  /// Fewer bytes than before wait for the socket.
  virtual void on_writable() = 0;
  /// The peer closes on purpose (its window or page goes); on_closed() follows.
  virtual void on_goodbye() = 0;
  /// The connection is gone; nothing follows.
  virtual void on_closed() = 0;
};

/// Messages to a peer. Calls never block: what the socket does not take is queued and counted in unsent().
class Connection {
 public:
  virtual ~Connection() = default;
  virtual void send_text(std::string text) = 0;
  virtual void send_frame(const protocol::FrameHeader& header, std::string_view payload) = 0;
  virtual std::size_t unsent() const = 0;
  /// Says good-bye (1000, or 1008 with a reason) and closes; on_closed() follows.
  virtual void close(std::string reason) = 0;
  /// Events go to `events` from now on (a resumed session takes the connection over).
  virtual void set_events(std::shared_ptr<ConnectionEvents> events) = 0;
};

}  // namespace berth::runner
