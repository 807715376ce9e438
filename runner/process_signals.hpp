// SPDX-License-Identifier: GPL-3.0-or-later
// SIGCHLD and SIGTERM by signalfd: reaping (as PID 1: of everybody's orphans) and the order to stop.
#pragma once

#include <sys/types.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <functional>

namespace berth::runner {

class ProcessSignals {
 public:
  /// Call first, before any thread is made: threads inherit the mask.
  static void block();
  explicit ProcessSignals(boost::asio::io_context& io);

  std::function<void(pid_t, int wait_status)> on_child_exit;
  /// Once, at the first SIGTERM or SIGINT from outside. As PID 1 of a namespace, orders from inside of it are
  /// ignored: nobody in the workspace may end the runner.
  std::function<void()> on_terminate;

  void run();

 private:
  void wait();
  void read_signals();
  void reap();
  boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type> descriptor_;
  bool terminating_ = false;
};

}  // namespace berth::runner
