// SPDX-License-Identifier: GPL-3.0-or-later
// TCP ports that programs of the workspace listen on, and whose they are: looked for twice a second while
// somebody is connected.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "protocol/messages.hpp"
#include "protocol/net/task.hpp"

namespace berth::runner {

class Ports {
 public:
  static constexpr std::chrono::milliseconds interval{500};
  /// `hidden` is the runner's own port, 0 if it has none.
  Ports(boost::asio::io_context& io, boost::asio::thread_pool& pool, net::TaskGroup& tasks,
        std::uint16_t hidden);

  std::function<void(const std::vector<protocol::Port>&)> on_changed;

  /// Looking goes on while this is true; the first look comes at once.
  void set_active(bool active);
  net::Task<std::vector<protocol::Port>> look();
  const std::vector<protocol::Port>& latest() const { return latest_; }

 private:
  net::Task<void> run();
  boost::asio::thread_pool& pool_;
  net::TaskGroup& tasks_;
  boost::asio::steady_timer timer_;
  std::uint16_t hidden_;
  bool active_ = false, running_ = false;
  std::vector<protocol::Port> latest_;
  std::map<std::uint64_t, std::string> names_;  // socket inode → process name
};

}  // namespace berth::runner
