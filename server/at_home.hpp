// SPDX-License-Identifier: GPL-3.0-or-later
// Calls from other executors into what belongs to one.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace berth::server {

/// Runs the coroutine that `work` makes on `home` and resumes on the caller's executor with its result.
template <class Work>
auto at_home(boost::asio::any_io_executor home, Work work) -> decltype(work()) {
  co_return co_await boost::asio::co_spawn(home, std::move(work), boost::asio::use_awaitable);
}

}  // namespace berth::server
