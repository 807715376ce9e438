// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/preview_exchange.hpp"
#include "protocol/net/as_values.hpp"

#include <sys/socket.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/cancel_after.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <format>

namespace berth::server {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t piece_size = 32u << 10;
constexpr std::uint32_t header_limit = 64u << 10;
constexpr auto longest_silence = 1h;
constexpr auto linger_time = 2s;

using Piece = std::array<char, piece_size>;
using AnswerParser = http::response_parser<http::buffer_body>;

template <class Fields>
void append_fields(std::string& text, const Fields& fields) {
  for (const auto& field : fields)
    text.append(field.name_string()).append(": ").append(field.value()).append("\r\n");
  text += "\r\n";
}

std::string header_text(const http::request_header<>& header) {
  std::string text;
  text.append(header.method_string()).append(" ").append(header.target()).append(" HTTP/1.1\r\n");
  append_fields(text, header);
  return text;
}

std::string header_text(const http::response_header<>& header) {
  auto text = "HTTP/1.1 " + std::to_string(header.result_int()) + " " + std::string(header.reason()) + "\r\n";
  append_fields(text, header);
  return text;
}

}  // namespace

class PreviewExchange::Passage : public LiveConnection, public std::enable_shared_from_this<Passage> {
 public:
  Passage(HttpConnection& connection, RequestParser& parser, PreviewRoute route, StreamSocket program)
      : connection_(connection),
        request_(parser),
        route_(std::move(route)),
        program_(std::move(program)),
        executor_(program_.get_executor()),
        wake_(executor_) {}

  void end(AccessEnd) override {
    asio::post(executor_, [self = shared_from_this()] {
      self->ended_ = true;
      self->wake_.cancel();
    });
  }

  net::Task<Outcome> run() {
    using namespace asio::experimental::awaitable_operators;
    connection_.stream.expires_never();
    co_await (answer() || request() || silence());
    connection_.buffer.shrink_to_fit();
    co_return outcome_;
  }

  Program take_program() {
    const auto rest = buffer_.data();
    return {std::move(program_), std::string(static_cast<const char*>(rest.data()), rest.size())};
  }

  void close() {
    error_code ignored;
    program_.close(ignored);
  }

 private:
  // ---- browser → program
  // -------------------------------------------------------------------------------------------

  /// Ends when the browser has left; a program that takes no more of the request may still answer.
  net::Task<void> request() {
    const bool taken = co_await send_request();
    if (taken && connection_.buffer.size() == 0 && co_await browser_left()) co_return;
    asio::steady_timer never(executor_, asio::steady_timer::time_point::max());
    co_await never.async_wait(asio::use_awaitable);
  }

  net::Task<bool> send_request() {
    const bool upgrade = is_upgrade(request_.get());
    auto header = to_program(request_.get(), route_, upgrade);
    const bool chunked = request_.chunked();
    if (chunked) {
      header.set(http::field::transfer_encoding, "chunked");
    } else if (const auto length = request_.content_length()) {
      header.set(http::field::content_length, std::to_string(*length));
    }
    if (!co_await write(program_, header_text(header))) co_return false;
    if (request_.is_done()) co_return true;
    connection_.buffer.reserve(piece_size);  // Beast reads no more at a time than there is room for
    const auto piece = std::make_unique_for_overwrite<Piece>();
    while (!request_.is_done()) {
      const auto size = co_await read_piece(connection_.stream, connection_.buffer, request_, *piece);
      if (!size) co_return true;  // the browser left midway; browser_left() sees it
      if (*size > 0 && !co_await write_piece(program_, {piece->data(), *size}, chunked)) co_return false;
    }
    if (!chunked) co_return true;
    co_return co_await write(program_, "0\r\n\r\n");
  }

  net::Task<bool> browser_left() {
    auto& socket = connection_.stream.socket();
    const auto [error] = co_await socket.async_wait(asio::socket_base::wait_read, net::as_values);
    if (error == asio::error::operation_aborted) co_return false;
    char byte;
    co_return error || ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0;
  }

  // ---- program → browser
  // -------------------------------------------------------------------------------------------

  net::Task<void> answer() {
    outcome_ = Outcome::closed;
    for (;;) {
      AnswerParser parser;
      parser.header_limit(header_limit);
      parser.body_limit(boost::none);
      parser.skip(request_.get().method() == http::verb::head);
      if (const auto [error, size] =
              co_await http::async_read_header(program_, buffer_, parser, net::as_values);
          error) {
        if (!answered_) outcome_ = Outcome::no_answer;
        co_return;
      }
      moved_ = std::chrono::steady_clock::now();
      const auto status = parser.get().result_int();
      if (status == 101) {
        co_await switch_protocols(parser);
        co_return;
      }
      if (status >= 200) {
        co_await send_answer(parser);
        co_return;
      }
      // Of the interim answers only this one matters to a browser: it waits for it with the request's body.
      if (status == 100 && request_.get().version() >= 11 &&
          !co_await write(connection_.stream, "HTTP/1.1 100 Continue\r\n\r\n"))
        co_return;
    }
  }

  net::Task<void> switch_protocols(AnswerParser& parser) {
    if (!is_upgrade(request_.get())) {
      outcome_ = Outcome::no_answer;
      co_return;
    }
    if (co_await send_header(to_browser(parser.get(), route_, true))) outcome_ = Outcome::upgraded;
  }

  net::Task<void> send_answer(AnswerParser& parser) {
    auto header = to_browser(parser.get(), route_, false);
    const auto status = parser.get().result_int();
    const bool modern = request_.get().version() >= 11;
    const bool bodiless = request_.get().method() == http::verb::head || status == 204 || status == 304;
    bool chunked = false;
    bool keep = request_.get().keep_alive() && request_.is_done();
    if (const auto length = parser.content_length(); length && status != 204) {
      header.set(http::field::content_length, std::to_string(*length));
    } else if (!bodiless) {
      chunked = modern;
      keep = keep && modern;
      if (chunked) header.set(http::field::transfer_encoding, "chunked");
    }
    header.set(http::field::connection, keep ? "keep-alive" : "close");
    if (!co_await send_header(header)) co_return;
    if (!bodiless && !co_await send_body(parser, chunked)) co_return;
    if (keep) {
      outcome_ = Outcome::complete;
    } else {
      co_await linger(connection_);
    }
  }

  net::Task<bool> send_body(AnswerParser& parser, bool chunked) {
    buffer_.reserve(piece_size);
    const auto piece = std::make_unique_for_overwrite<Piece>();
    while (!parser.is_done()) {
      const auto size = co_await read_piece(program_, buffer_, parser, *piece);
      if (!size) co_return false;  // cut off: so is the browser's answer, visibly
      if (*size > 0 && !co_await write_piece(connection_.stream, {piece->data(), *size}, chunked))
        co_return false;
    }
    if (!chunked) co_return true;
    co_return co_await write(connection_.stream, "0\r\n\r\n");
  }

  net::Task<bool> send_header(const http::response_header<>& header) {
    answered_ = true;
    co_return co_await write(connection_.stream, header_text(header));
  }

  // ---- both
  // --------------------------------------------------------------------------------------------------------

  /// The next bytes of a body; 0 when only framing came; nullopt when it broke off.
  template <class Stream, class Parser>
  net::Task<std::optional<std::size_t>> read_piece(Stream& stream, boost::beast::flat_buffer& buffer,
                                                   Parser& parser, Piece& piece) {
    auto& body = parser.get().body();
    body.data = piece.data();
    body.size = piece.size();
    const auto [error, size] = co_await http::async_read_some(stream, buffer, parser, net::as_values);
    moved_ = std::chrono::steady_clock::now();
    if (error && error != http::error::need_buffer) co_return std::nullopt;
    co_return piece.size() - body.size;
  }

  template <class Stream>
  net::Task<bool> write(Stream& stream, std::string text) {
    const auto [error, size] = co_await asio::async_write(stream, asio::buffer(text), net::as_values);
    moved_ = std::chrono::steady_clock::now();
    co_return !error;
  }

  template <class Stream>
  net::Task<bool> write_piece(Stream& stream, std::string_view bytes, bool chunked) {
    const auto size = chunked ? std::format("{:x}\r\n", bytes.size()) : std::string();
    const std::array parts{asio::buffer(size), asio::const_buffer(bytes.data(), bytes.size()),
                           asio::const_buffer("\r\n", chunked ? 2 : 0)};
    const auto [error, sent] = co_await asio::async_write(stream, parts, net::as_values);
    moved_ = std::chrono::steady_clock::now();
    co_return !error;
  }

  /// Ends when access has, or when nothing has moved for too long.
  net::Task<void> silence() {
    while (!ended_ && std::chrono::steady_clock::now() < moved_ + longest_silence) {
      wake_.expires_at(moved_ + longest_silence);
      co_await wake_.async_wait(net::as_values);
    }
  }

  HttpConnection& connection_;
  RequestParser& request_;
  const PreviewRoute route_;
  StreamSocket program_;
  asio::any_io_executor executor_;
  asio::steady_timer wake_;
  boost::beast::flat_buffer buffer_;  // read from the program beyond what its parser has taken
  std::chrono::steady_clock::time_point moved_ = std::chrono::steady_clock::now();
  Outcome outcome_ = Outcome::closed;
  bool answered_ = false;
  bool ended_ = false;
};

PreviewExchange::PreviewExchange(HttpConnection& connection, RequestParser& parser, PreviewRoute route,
                                 StreamSocket program)
    : passage_(std::make_shared<Passage>(connection, parser, std::move(route), std::move(program))) {}

PreviewExchange::~PreviewExchange() { passage_->close(); }

std::weak_ptr<LiveConnection> PreviewExchange::handle() const { return passage_; }

net::Task<PreviewExchange::Outcome> PreviewExchange::run() { co_return co_await passage_->run(); }

PreviewExchange::Program PreviewExchange::take_program() { return passage_->take_program(); }

net::Task<void> linger(HttpConnection& connection) {
  error_code ignored;
  connection.stream.socket().shutdown(asio::socket_base::shutdown_send, ignored);
  const auto until = std::chrono::steady_clock::now() + linger_time;
  const auto dropped = std::make_unique_for_overwrite<Piece>();
  for (auto left = linger_time + 0ns; left.count() > 0; left = until - std::chrono::steady_clock::now()) {
    const auto [error, size] = co_await connection.stream.socket().async_read_some(
        asio::buffer(*dropped), asio::cancel_after(left, net::as_values));
    if (error) co_return;
  }
}

}  // namespace berth::server
