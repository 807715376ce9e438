// SPDX-License-Identifier: GPL-3.0-or-later
// Two connected sockets joined: bytes are copied both ways unread until one side ends or access does.
#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "protocol/net/task.hpp"
#include "server/access_watch.hpp"
#include "server/traffic.hpp"

namespace berth::server {

/// Any stream socket: TCP or Unix.
using StreamSocket = boost::asio::generic::stream_protocol::socket;

/// One splice, owned by the task that runs it; both sockets on that task's executor.
class Splice {
 public:
  /// `websocket`: what goes to the client is WebSocket frames, so an end from outside is told with a close
  /// frame when the stream stands between two frames. With it or without, both sockets are closed then.
  Splice(StreamSocket client, StreamSocket runner, bool websocket, SpliceCounters& counters);
  ~Splice();

  /// For SessionEvents and the like.
  std::weak_ptr<LiveConnection> handle() const;

  /// Copies until both directions have ended, an error, or an end from outside; both sockets are closed then.
  /// First passes on what was read from either side before. Uses at most 16 KiB a direction, and that only
  /// while bytes flow; a slow reader slows the other side's writer. Cancellation ends it like
  /// close_going_away.
  net::Task<void> run(std::string from_client, std::string from_runner);

 private:
  class Joint;
  std::shared_ptr<Joint> joint_;
};

}  // namespace berth::server
