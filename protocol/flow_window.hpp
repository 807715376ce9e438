// SPDX-License-Identifier: GPL-3.0-or-later
// Byte credits of one direction of a channel (see frame.hpp): a sender's and a receiver's side, without I/O.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

namespace berth::protocol {

/// What a sender may still send.
class SendWindow {
 public:
  /// Starts at stream offset `sent` with the peer taking bytes below `limit`.
  explicit SendWindow(std::uint64_t sent = 0, std::uint64_t limit = 0) : sent_(sent), limit_(limit) {}
  std::uint64_t available() const { return limit_ > sent_ ? limit_ - sent_ : 0; }
  std::uint64_t sent() const { return sent_; }
  void on_sent(std::uint64_t bytes) { sent_ += bytes; }
  /// A grant never takes back: lower limits are ignored.
  void on_credit(std::uint64_t limit) { limit_ = std::max(limit_, limit); }

 private:
  std::uint64_t sent_;
  std::uint64_t limit_;
};

/// What a receiver has promised to take.
class ReceiveWindow {
 public:
  explicit ReceiveWindow(std::uint64_t window, std::uint64_t start = 0)
      : window_(window), received_(start), consumed_(start), granted_(start + window) {}
  /// False when the peer sent past its credit or out of order: the channel must be aborted.
  bool on_data(std::uint64_t offset, std::uint64_t bytes) {
    if (offset != received_ || offset + bytes > granted_) return false;
    received_ += bytes;
    return true;
  }
  /// Call when `bytes` were consumed; returns a new limit to grant once half a window is free.
  std::optional<std::uint64_t> on_consumed(std::uint64_t bytes) {
    consumed_ += bytes;
    const auto limit = consumed_ + window_;
    if (limit < granted_ + std::max<std::uint64_t>(window_ / 2, 1)) return std::nullopt;
    return granted_ = limit;
  }
  /// Changes the window (adaptive drains); takes effect with the next grants, never revokes one.
  void resize(std::uint64_t window) { window_ = std::max<std::uint64_t>(window, 1); }
  std::uint64_t received() const { return received_; }
  std::uint64_t limit() const { return granted_; }

 private:
  std::uint64_t window_;
  std::uint64_t received_;
  std::uint64_t consumed_;
  std::uint64_t granted_;
};

}  // namespace berth::protocol
