// SPDX-License-Identifier: GPL-3.0-or-later
// A Connection over Beast's WebSocket. Only websocket_connection.cpp includes Beast's WebSocket part.
#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <functional>
#include <memory>
#include <string>

#include "runner/connection.hpp"

namespace berth::runner {

namespace asio = boost::asio;

/// Unix or TCP: the runner does not care.
using StreamSocket =
    asio::basic_stream_socket<asio::generic::stream_protocol, asio::io_context::executor_type>;
using UpgradeRequest = boost::beast::http::request<boost::beast::http::empty_body>;

/// Answers the upgrade with `proof` as Berth-Runner-Proof and calls `on_open` with the connection, or drops
/// the socket.
void accept_websocket(StreamSocket socket, const UpgradeRequest& request, const std::string& proof,
                      std::function<void(std::shared_ptr<Connection>)> on_open);

}  // namespace berth::runner
