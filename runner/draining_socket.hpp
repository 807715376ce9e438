// SPDX-License-Identifier: GPL-3.0-or-later
// A socket that is read to its end though it can't be written any more.
#pragma once

#include <boost/asio/compose.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/websocket/teardown.hpp>
#include <utility>

#include "runner/websocket_connection.hpp"

namespace berth::runner {

inline bool peer_is_gone(const boost::system::error_code& error) {
  return error == asio::error::broken_pipe || error == asio::error::connection_reset ||
         error == asio::error::connection_aborted || error == asio::error::not_connected ||
         error == asio::error::timed_out;
}

/// What a peer sends right before it goes (its last edits, a close frame) may still wait to be read when a
/// write finds it gone, and a WebSocket stream reads no more after a failed write. So a write that fails
/// counts as done here, and so do all after it, which are not even tried: epoll tells once that a peer is
/// gone, and a second write would wait for another word for ever, with the stream's reading behind it.
/// Whoever reads comes to the end by itself and hears of it there.
class DrainingSocket {
 public:
  using executor_type = StreamSocket::executor_type;
  using next_layer_type = StreamSocket;

  explicit DrainingSocket(StreamSocket socket) : socket_(std::move(socket)) {}

  executor_type get_executor() { return socket_.get_executor(); }
  StreamSocket& next_layer() { return socket_; }
  const StreamSocket& next_layer() const { return socket_; }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return socket_.async_read_some(buffers, std::forward<Token>(token));
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return asio::async_compose<Token, void(boost::system::error_code, std::size_t)>(
        [this, buffers, begun = false](auto& self, boost::system::error_code error = {},
                                       std::size_t size = 0) mutable {
          if (!std::exchange(begun, true)) {
            if (gone_) return asio::post(socket_.get_executor(), std::move(self));
            return socket_.async_write_some(buffers, std::move(self));
          }
          gone_ = gone_ || peer_is_gone(error);
          if (gone_) {
            error = {};
            size = asio::buffer_size(buffers);
          }
          self.complete(error, size);
        },
        token, socket_);
  }

 private:
  StreamSocket socket_;
  bool gone_ = false;
};

template <class Handler>
void async_teardown(boost::beast::role_type role, DrainingSocket& socket, Handler&& handler) {
  boost::beast::websocket::async_teardown(role, socket.next_layer(), std::forward<Handler>(handler));
}

}  // namespace berth::runner
