// SPDX-License-Identifier: GPL-3.0-or-later
// A time limit for what is done with a socket.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>

#include "runner/websocket_connection.hpp"

namespace berth::runner {

/// Closes the socket unless it is told in time that all is well.
class SocketDeadline {
 public:
  SocketDeadline(const SocketDeadline&) = delete;
  SocketDeadline& operator=(const SocketDeadline&) = delete;
  SocketDeadline(StreamSocket& socket, std::chrono::seconds patience)
      : timer_(socket.get_executor()), socket_(std::make_shared<StreamSocket*>(&socket)) {
    timer_.expires_after(patience);
    timer_.async_wait([socket = socket_](boost::system::error_code error) {
      boost::system::error_code ignored;
      if (!error && *socket) (*socket)->close(ignored);
    });
  }
  ~SocketDeadline() { met(); }
  void met() {
    *socket_ = nullptr;  // the handler may be under way already
    timer_.cancel();
  }

 private:
  asio::steady_timer timer_;
  std::shared_ptr<StreamSocket*> socket_;
};

}  // namespace berth::runner
