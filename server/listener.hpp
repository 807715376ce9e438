// SPDX-License-Identifier: GPL-3.0-or-later
// Sockets and threads: accepts connections and gives each to one I/O thread, where it stays; ends them all at
// shutdown.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <thread>
#include <vector>

#include "protocol/net/task.hpp"
#include "server/config.hpp"

namespace berth::server {

struct Application;

/// One io_context with one thread, and the sessions pinned to it.
class IoThread {
 public:
  IoThread();
  boost::asio::io_context& context() { return context_; }
  net::TaskGroup& sessions() { return sessions_; }
  void run_in_background();
  void join();

 private:
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  net::TaskGroup sessions_;
  std::thread thread_;
};

class Listener {
 public:
  /// Binds; an error says which address and why.
  static Result<std::unique_ptr<Listener>> open(const Endpoint& endpoint, bool preview,
                                                std::vector<std::unique_ptr<IoThread>>& threads);
  std::uint16_t port() const;
  /// Accepts until cancelled. Runs on the first thread.
  net::Task<void> accept(Application& application);
  void close();

 private:
  Listener(boost::asio::ip::tcp::acceptor acceptor, bool preview,
           std::vector<std::unique_ptr<IoThread>>& threads)
      : acceptor_(std::move(acceptor)), preview_(preview), threads_(threads) {}
  boost::asio::ip::tcp::acceptor acceptor_;
  bool preview_;
  std::vector<std::unique_ptr<IoThread>>& threads_;
  std::size_t next_ = 0;
};

}  // namespace berth::server
