// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/access_expiry.hpp"

#include <boost/asio/steady_timer.hpp>

namespace berth::server {
namespace {

constexpr std::chrono::milliseconds between_expiry_looks{250};

}  // namespace

net::Task<void> end_expired_access(SessionEvents& events, Clock clock) {
  boost::asio::steady_timer pause(co_await boost::asio::this_coro::executor);
  for (;;) {
    events.end_expired(clock());
    pause.expires_after(between_expiry_looks);
    co_await pause.async_wait(boost::asio::use_awaitable);
  }
}

}  // namespace berth::server
