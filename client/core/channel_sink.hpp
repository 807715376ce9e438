// SPDX-License-Identifier: GPL-3.0-or-later
// The receiving end of one binary channel of a WorkspaceConnection.
#pragma once

#include <QByteArray>
#include <cstdint>

namespace berth::client {

class ChannelSink {
 public:
  virtual ~ChannelSink() = default;
  /// Bytes of the stream from `offset` on, inflated.
  virtual void onData(std::uint64_t offset, QByteArray payload) = 0;
  /// The runner takes our bytes below this offset.
  virtual void onCredit(std::uint64_t limit) = 0;
  /// The stream's final length.
  virtual void onEnd(std::uint64_t length) = 0;
  /// The runner gave the channel up.
  virtual void onAbort() = 0;
  /// The connection is gone and with it the channel's number; nothing more comes on it.
  virtual void onLost() = 0;
};

}  // namespace berth::client
