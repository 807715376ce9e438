// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/runner_link_socket.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "protocol/frame.hpp"
#include "protocol/net/as_values.hpp"
#include "protocol/version.hpp"
#include "server/runner_dial.hpp"

namespace berth::server {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t message_limit = 16u << 20;  // a list of 10,000 long names fits well

std::unexpected<Error> broken(const boost::system::error_code& error) {
  return failure(ErrorCode::unavailable,
                 "The workspace can't be reached; it may be starting or stopping. Try again in a moment.",
                 "control link: " + error.message());
}

}  // namespace

struct RunnerLinkSocket::Stream {
  explicit Stream(StreamSocket socket) : websocket(std::move(socket)) {}
  websocket::stream<StreamSocket, false> websocket;  // without permessage-deflate
  boost::beast::flat_buffer buffer;
};

RunnerLinkSocket::RunnerLinkSocket(std::unique_ptr<Stream> stream) : stream_(std::move(stream)) {}
RunnerLinkSocket::~RunnerLinkSocket() = default;

net::Task<Result<std::unique_ptr<RunnerLinkSocket>>> RunnerLinkSocket::open(
    RunnerAddress address, std::string workspace, const protocol::SecretKey& server_key,
    std::chrono::milliseconds deadline) {
  auto socket = co_await connect_runner(address, deadline);
  if (!socket) co_return std::unexpected(std::move(socket.error()));
  auto stream = std::make_unique<Stream>(std::move(*socket));
  auto& websocket = stream->websocket;

  protocol::ConnectClaims claims{.workspace = workspace,
                                 .user = "server",
                                 .user_name = "server",
                                 .role = protocol::Role::server,
                                 .capabilities = {"session"},
                                 .nonce = {}};
  websocket.set_option(websocket::stream_base::timeout{deadline, 30s, true});
  websocket.set_option(websocket::stream_base::decorator(
      [authorization = authorise(claims, server_key)](websocket::request_type& request) {
        request.set(http::field::authorization, authorization);
        request.set(http::field::sec_websocket_protocol, protocol::subprotocol);
      }));
  websocket.read_message_max(message_limit);
  websocket::response_type answer;
  if (const auto [error] = co_await websocket.async_handshake(answer, "runner", "/connect", net::as_values);
      error)
    co_return broken(error);
  if (auto proven = check_runner_proof(answer["Berth-Runner-Proof"], claims, address.runner_key); !proven)
    co_return std::unexpected(std::move(proven.error()));
  co_return std::unique_ptr<RunnerLinkSocket>(new RunnerLinkSocket(std::move(stream)));
}

net::Task<Result<LinkMessage>> RunnerLinkSocket::read() {
  auto& [websocket, buffer] = *stream_;
  buffer.clear();
  if (const auto [error, size] = co_await websocket.async_read(buffer, net::as_values); error)
    co_return broken(error);
  const auto bytes = buffer.data();
  LinkMessage message{websocket.got_binary(),
                      std::string(static_cast<const char*>(bytes.data()), bytes.size())};
  if (buffer.capacity() > protocol::max_binary_payload * 2)
    buffer = {};  // one large answer is not kept for ever
  co_return message;
}

net::Task<Result<void>> RunnerLinkSocket::write(LinkMessage message) {
  auto& websocket = stream_->websocket;
  websocket.binary(message.binary);
  if (const auto [error, size] = co_await websocket.async_write(asio::buffer(message.bytes), net::as_values);
      error)
    co_return broken(error);
  co_return Result<void>();
}

void RunnerLinkSocket::close() {
  boost::system::error_code ignored;
  stream_->websocket.next_layer().close(ignored);
}

}  // namespace berth::server
