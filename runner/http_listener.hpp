// SPDX-License-Identifier: GPL-3.0-or-later
// The runner's listening socket: takes connections, checks their tokens, upgrades to a session or a tunnel.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "protocol/net/file_descriptor.hpp"
#include "runner/connection_gate.hpp"

namespace berth::runner {

struct Workspace;

class HttpListener {
 public:
  static constexpr std::size_t most_connections = 512;
  HttpListener(boost::asio::io_context& io, net::FileDescriptor listening, Workspace& workspace,
               ConnectionGate& gate);
  void run();
  void close();

 private:
  void wait();
  void accept_all();
  boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type> socket_;
  boost::asio::steady_timer pause_;
  Workspace& workspace_;
  ConnectionGate& gate_;
};

/// A listening TCP socket for "address:port" with a numeric address; invalid_argument when it can't be.
Result<net::FileDescriptor> listen_tcp(const std::string& address);

}  // namespace berth::runner
