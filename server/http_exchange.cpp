// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http_exchange.hpp"
#include "protocol/net/as_values.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

namespace berth::server {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
constexpr auto progress_timeout = std::chrono::seconds(30);

std::unexpected<Error> too_large(std::uint64_t limit) {
  Error error{ErrorCode::too_large,
              "The request is larger than the " + std::to_string(limit) + " bytes allowed here.",
              {},
              {}};
  error.data["limit"] = std::to_string(limit);
  return std::unexpected(std::move(error));
}

template <class Body>
void fill_header(http::response<Body>& out, const HttpResponse& response, bool keep_alive) {
  out.version(11);
  out.result(static_cast<unsigned>(response.status));
  for (const auto& [name, value] : response.headers) out.insert(name, value);
  out.keep_alive(keep_alive);
}

net::Task<bool> write_stream(HttpConnection& connection, HttpResponse response, bool keep_alive) {
  http::response<http::buffer_body> out;
  fill_header(out, response, keep_alive);
  response.stream_length ? out.content_length(*response.stream_length) : out.chunked(true);
  out.body().data = nullptr;
  out.body().more = true;
  http::response_serializer<http::buffer_body> serializer(out);
  connection.stream.expires_after(progress_timeout);
  if (auto [error, sent] = co_await http::async_write_header(connection.stream, serializer, net::as_values);
      error)
    co_return false;
  while (true) {
    auto piece = co_await response.stream->read();
    if (!piece) {
      // The promised length, or the last chunk, can't be kept: only a broken connection says so.
      spdlog::error("an answer broke off: {} {}", piece.error().message, piece.error().detail);
      co_return false;
    }
    out.body().data = piece->empty() ? nullptr : piece->data();
    out.body().size = piece->size();
    out.body().more = !piece->empty();
    connection.stream.expires_after(progress_timeout);
    auto [error, sent] = co_await http::async_write(connection.stream, serializer, net::as_values);
    if (error == http::error::need_buffer) continue;
    co_return !error;
  }
}

}  // namespace

net::Task<Result<std::string>> BodySource::read() {
  if (!begun_) {
    begun_ = true;
    const auto& request = parser_.get();
    connection_.buffer.reserve(connection_.buffer.max_size());  // else Beast reads some 500 bytes at a time
    if (const auto length = parser_.content_length(); length && *length > limit_) co_return too_large(limit_);
    if (beast::iequals(request[http::field::expect], "100-continue") && !parser_.is_done()) {
      http::response<http::empty_body> go_on{http::status::continue_, 11};
      connection_.stream.expires_after(progress_timeout);
      auto [error, sent] = co_await http::async_write(connection_.stream, go_on, net::as_values);
      if (error) co_return failure(ErrorCode::cancelled, "The connection ended.", error.message());
    }
  }
  std::string piece;
  while (piece.empty() && !parser_.is_done()) {
    piece.resize(64u << 10);
    parser_.get().body().data = piece.data();
    parser_.get().body().size = piece.size();
    connection_.stream.expires_after(progress_timeout);
    auto [error, got] =
        co_await http::async_read_some(connection_.stream, connection_.buffer, parser_, net::as_values);
    if (error && error != http::error::need_buffer) {
      if (error == http::error::body_limit) co_return too_large(limit_);
      if (error == beast::error::timeout)
        co_return failure(ErrorCode::timeout, "The request's body came too slowly.");
      co_return failure(ErrorCode::invalid_argument, "The request's body is malformed or was cut off.",
                        error.message());
    }
    piece.resize(piece.size() - parser_.get().body().size);
  }
  taken_ += piece.size();
  if (taken_ > limit_) co_return too_large(limit_);
  co_return piece;
}

net::Task<Result<std::string>> read_body(HttpConnection& connection, RequestParser& parser,
                                         std::size_t limit) {
  std::string body;
  if (parser.is_done()) co_return body;
  BodySource source(connection, parser, limit);
  while (true) {
    auto piece = co_await source.read();
    if (!piece) co_return std::unexpected(piece.error());
    if (piece->empty()) co_return body;
    body += *piece;
  }
}

net::Task<bool> write_response(HttpConnection& connection, HttpResponse response, bool head,
                               bool keep_alive) {
  if (response.stream && !head)
    co_return co_await write_stream(connection, std::move(response), keep_alive) && keep_alive;
  connection.stream.expires_after(progress_timeout);
  const bool no_length = response.status == 204 || response.status == 304;
  const auto length =
      response.stream ? response.stream_length : std::optional<std::uint64_t>(response.body.size());
  if (head || no_length) {
    http::response<http::empty_body> out;
    fill_header(out, response, keep_alive);
    if (!no_length && length)
      out.content_length(*length);
    else if (!no_length)
      out.chunked(true);
    http::response_serializer<http::empty_body> serializer(out);
    auto [error, sent] = co_await http::async_write_header(connection.stream, serializer, net::as_values);
    co_return !error && keep_alive;
  }
  http::response<http::string_body> out;
  fill_header(out, response, keep_alive);
  out.body() = std::move(response.body);
  out.content_length(out.body().size());
  auto [error, sent] = co_await http::async_write(connection.stream, out, net::as_values);
  co_return !error && keep_alive;
}

net::Task<void> close_gently(HttpConnection& connection) {
  boost::system::error_code ignored;
  connection.stream.socket().shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
  // Closing with unread bytes would send a reset, and the answer could be lost with it: read on for a moment.
  connection.stream.expires_after(std::chrono::seconds(2));
  std::string waste(64u << 10, '\0');
  for (std::size_t taken = 0; taken < (4u << 20);) {
    auto [error, got] =
        co_await connection.stream.async_read_some(boost::asio::buffer(waste), net::as_values);
    if (error) break;
    taken += got;
  }
  connection.stream.close();
}

}  // namespace berth::server
