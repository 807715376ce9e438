// SPDX-License-Identifier: GPL-3.0-or-later
// How awaited operations tell their errors: as values, not as exceptions.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace berth::net {

/// A completion token: `auto [error, size] = co_await socket.async_read_some(buffer, as_values);`
inline constexpr auto as_values = boost::asio::as_tuple(boost::asio::use_awaitable);

}  // namespace berth::net
