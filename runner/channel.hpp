// SPDX-License-Identifier: GPL-3.0-or-later
// One numbered stream of a session: what arrives on it and when it may send. Kinds are in *_channel.hpp.
#pragma once

#include <cstdint>
#include <string_view>

#include "runner/link_speed.hpp"

namespace berth::runner {

class Channel {
 public:
  virtual ~Channel() = default;
  /// Data at a stream offset. False: the peer broke the rules (no credit, out of order); the session aborts
  /// the channel.
  virtual bool on_data(std::uint64_t offset, std::string_view bytes) = 0;
  virtual void on_credit(std::uint64_t limit) = 0;
  virtual void on_end(std::uint64_t length) = 0;
  /// The connection has room, or the answer that announced the channel is on its way: send what may be sent.
  virtual void pump() {}
  /// The channel is gone (aborted by the peer, closed, or the connection dropped): free what it holds.
  virtual void on_gone() = 0;
  /// Sent before the others: what a person looks at.
  virtual bool urgent() const { return false; }
};

/// What a channel needs of its session.
class ChannelOwner {
 public:
  virtual ~ChannelOwner() = default;
  /// Bytes a bulk stream may send now; terminals get room when bulk streams have none.
  virtual std::size_t bulk_room() const = 0;
  virtual std::size_t terminal_room() const = 0;
  virtual void send_data(std::uint32_t channel, std::uint64_t offset, std::string_view bytes) = 0;
  /// The same, deflated where that makes it shorter. The bytes that went out.
  virtual std::size_t send_deflated(std::uint32_t channel, std::uint64_t offset, std::string_view bytes) = 0;
  /// How fast the peer takes terminals' output; kept over their channels.
  virtual LinkSpeed& link_speed() = 0;
  virtual void send_credit(std::uint32_t channel, std::uint64_t limit) = 0;
  /// This side of the stream is over; the channel stays for the other.
  virtual void send_end(std::uint32_t channel, std::uint64_t length) = 0;
  /// Send the frame and forget the channel.
  virtual void end_channel(std::uint32_t channel, std::uint64_t length) = 0;
  virtual void forget_channel(std::uint32_t channel) = 0;
  virtual void abort_channel(std::uint32_t channel) = 0;
};

}  // namespace berth::runner
