// SPDX-License-Identifier: GPL-3.0-or-later
// Mutual exclusion between coroutines of one executor.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

#include "protocol/net/task.hpp"

namespace berth::server {

/// Taken by one at a time; who waits is served in no particular order. Must outlive who holds it.
class CoroutineLock {
 public:
  explicit CoroutineLock(boost::asio::any_io_executor executor)
      : released_(std::move(executor), boost::asio::steady_timer::time_point::max()) {}

  class Hold {
   public:
    explicit Hold(CoroutineLock* lock) : lock_(lock) {}
    Hold(Hold&& other) noexcept : lock_(std::exchange(other.lock_, nullptr)) {}
    ~Hold() {
      if (!lock_) return;
      lock_->held_ = false;
      lock_->released_.cancel();
    }

   private:
    CoroutineLock* lock_;
  };

  net::Task<Hold> take() {
    while (held_) co_await released_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    held_ = true;
    co_return Hold(this);
  }

 private:
  boost::asio::steady_timer released_;
  bool held_ = false;
};

}  // namespace berth::server
