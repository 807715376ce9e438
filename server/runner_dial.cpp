// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/runner_dial.hpp"
#include "protocol/net/as_values.hpp"

#include <sodium.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/cancel_after.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <ctime>

namespace berth::server {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

constexpr std::size_t answer_limit = 8u << 10;  // bytes of header
constexpr std::int64_t token_life = 30;         // seconds

/// What is left of a deadline, never nothing: an operation is always begun.
class Deadline {
 public:
  explicit Deadline(std::chrono::milliseconds span) : until_(std::chrono::steady_clock::now() + span) {}
  std::chrono::steady_clock::duration left() const {
    return std::max<std::chrono::steady_clock::duration>(until_ - std::chrono::steady_clock::now(),
                                                         std::chrono::milliseconds(1));
  }
  bool passed() const { return std::chrono::steady_clock::now() >= until_; }

 private:
  std::chrono::steady_clock::time_point until_;
};

std::unexpected<Error> unreachable(const Deadline& deadline, const char* step, const error_code& error) {
  if (error == asio::error::operation_aborted && deadline.passed())
    return failure(ErrorCode::timeout, "The workspace does not answer. Try again, or restart it.", step);
  return failure(ErrorCode::unavailable,
                 "The workspace can't be reached; it may be starting or stopping. Try again in a moment.",
                 std::string(step) + ": " + error.message());
}

Result<StreamSocket::endpoint_type> endpoint_of(const RunnerAddress& address) {
  if (!address.unix_path.empty()) {
    if (address.unix_path.size() >= sizeof(sockaddr_un::sun_path))
      return failure(ErrorCode::internal, "The workspace can't be reached.",
                     "socket path too long: " + address.unix_path);
    return StreamSocket::endpoint_type(asio::local::stream_protocol::endpoint(address.unix_path));
  }
  error_code error;
  const auto ip = asio::ip::make_address(address.host, error);
  if (error)
    return failure(ErrorCode::internal, "The workspace can't be reached.", "not an address: " + address.host);
  return StreamSocket::endpoint_type(asio::ip::tcp::endpoint(ip, address.port));
}

std::string random_nonce() {
  std::array<char, 24> bytes;
  randombytes_buf(bytes.data(), bytes.size());
  return protocol::encode_base64url({bytes.data(), bytes.size()});
}

std::string request_text(const RunnerHandshake& handshake, const std::string& authorization) {
  auto text = "GET " + handshake.target +
              " HTTP/1.1\r\nHost: runner\r\nConnection: Upgrade\r\nUpgrade: " + handshake.upgrade +
              "\r\nAuthorization: " + authorization + "\r\n";
  for (const auto& [name, value] : handshake.headers) text += name + ": " + value + "\r\n";
  return text + "\r\n";
}

using AnswerParser = http::response_parser<http::empty_body>;

/// What a complete answer means: nothing when it is a proven 101.
Result<void> check_answer(const AnswerParser::value_type& answer, const RunnerAddress& address,
                          const protocol::ConnectClaims& claims) {
  if (answer.result() == http::status::bad_gateway)
    return std::unexpected(Error{ErrorCode::not_found,
                                 "Nothing in the workspace listens on this port yet.",
                                 {},
                                 {{"port", "silent"}}});
  if (answer.result() != http::status::switching_protocols)
    return failure(ErrorCode::internal, "The workspace refused the connection. Restart it if this goes on.",
                   "runner answered " + std::to_string(answer.result_int()));
  return check_runner_proof(answer["Berth-Runner-Proof"], claims, address.runner_key);
}

}  // namespace

Result<void> check_runner_proof(std::string_view proof, const protocol::ConnectClaims& claims,
                                const protocol::PublicKey& runner_key) {
  if (protocol::verify_runner_proof(proof, claims.workspace, claims.nonce, runner_key)) return {};
  return failure(
      ErrorCode::unavailable,
      "What answers for this workspace is not the runner that this server started. Restart the workspace.",
      "runner proof missing or wrong");
}

std::string authorise(protocol::ConnectClaims& claims, const protocol::SecretKey& server_key) {
  claims.expires = std::time(nullptr) + token_life;
  claims.nonce = random_nonce();
  return "Berth " + protocol::sign_connect_token(claims, server_key);
}

net::Task<Result<StreamSocket>> connect_runner(RunnerAddress address, std::chrono::milliseconds limit) {
  const Deadline deadline(limit);
  const auto endpoint = endpoint_of(address);
  if (!endpoint) co_return std::unexpected(endpoint.error());
  StreamSocket socket(co_await asio::this_coro::executor);
  if (const auto [error] =
          co_await socket.async_connect(*endpoint, asio::cancel_after(deadline.left(), net::as_values));
      error)
    co_return unreachable(deadline, "connect", error);
  co_return socket;
}

net::Task<Result<RunnerConnection>> dial_runner(RunnerAddress address, RunnerHandshake handshake,
                                                const protocol::SecretKey& server_key,
                                                std::chrono::milliseconds limit) {
  const Deadline deadline(limit);
  auto connected = co_await connect_runner(address, limit);
  if (!connected) co_return std::unexpected(std::move(connected.error()));
  auto& socket = *connected;
  const auto request = request_text(handshake, authorise(handshake.claims, server_key));
  if (const auto [error, sent] = co_await asio::async_write(
          socket, asio::buffer(request), asio::cancel_after(deadline.left(), net::as_values));
      error)
    co_return unreachable(deadline, "send", error);

  AnswerParser parser;
  parser.header_limit(answer_limit);
  std::string received;
  std::array<char, 2048> piece;
  while (!parser.is_header_done()) {
    const auto [error, size] = co_await socket.async_read_some(
        asio::buffer(piece), asio::cancel_after(deadline.left(), net::as_values));
    if (error) co_return unreachable(deadline, "answer", error);
    received.append(piece.data(), size);
    error_code malformed;
    received.erase(0, parser.put(asio::buffer(received), malformed));
    if (malformed && malformed != http::error::need_more)
      co_return failure(ErrorCode::internal,
                        "The workspace's runner gave an answer that makes no sense. Restart the workspace.",
                        malformed.message());
  }
  const auto& answer = parser.get();
  if (auto checked = check_answer(answer, address, handshake.claims); !checked)
    co_return std::unexpected(std::move(checked.error()));
  co_return RunnerConnection{std::move(socket), answer["Sec-WebSocket-Accept"],
                             answer["Sec-WebSocket-Protocol"], std::move(received)};
}

}  // namespace berth::server
