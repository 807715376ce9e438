// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/request_forward.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/cancel_after.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include "protocol/codec.hpp"
#include "protocol/net/as_values.hpp"
#include "server/application.hpp"
#include "server/backends/inside_workspace.hpp"
#include "server/division.hpp"
#include "server/http_message.hpp"

namespace berth::server {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using namespace std::chrono_literals;

namespace {

constexpr auto handover_patience = 12s;  // longer than a dead server keeps what it held
constexpr auto between_looks = 400ms;
constexpr auto place_deadline = 2s;  // to connect

std::optional<std::vector<std::string>> segments_of(std::string_view target) {
  return split_path(target.substr(0, target.find('?')));
}

std::unexpected<Error> nobody_answers() {
  return failure(ErrorCode::unavailable,
                 "The server that looks after this workspace does not answer. Try again in some seconds.");
}

net::Task<Result<StreamSocket>> connect_to(std::string place) {
  const auto colon = place.rfind(':');
  if (colon == place.npos) co_return nobody_answers();
  auto host = place.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const auto executor = co_await asio::this_coro::executor;
  asio::ip::tcp::resolver resolver(executor);
  const auto [unknown, found] = co_await resolver.async_resolve(
      host, place.substr(colon + 1), asio::cancel_after(place_deadline, net::as_values));
  if (unknown) co_return nobody_answers();
  asio::ip::tcp::socket socket(executor);
  const auto [refused, where] =
      co_await asio::async_connect(socket, found, asio::cancel_after(place_deadline, net::as_values));
  if (refused) co_return nobody_answers();
  // A server that sleeps takes connections, too: what is sent to it would be lost or, worse, done when it
  // wakes.
  boost::beast::tcp_stream stream(std::move(socket));
  stream.expires_after(place_deadline);
  http::request<http::empty_body> question(http::verb::get, "/healthz", 11);
  question.set(http::field::host, "localhost");
  const auto [unsent, sent] = co_await http::async_write(stream, question, net::as_values);
  if (unsent) co_return nobody_answers();
  boost::beast::flat_buffer buffer;
  http::response<http::string_body> answer;
  const auto [unanswered, got] = co_await http::async_read(stream, buffer, answer, net::as_values);
  if (unanswered || answer.result() != http::status::ok || !answer.keep_alive() || buffer.size() > 0)
    co_return nobody_answers();
  stream.expires_never();
  co_return StreamSocket(stream.release_socket());
}

std::string forwarded_text(const http::request_header<>& request, std::optional<std::size_t> body) {
  std::string text = std::string(request.method_string()) + " " + std::string(request.target()) +
                     (request.version() < 11 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
  for (const auto& field : request) {
    const auto name = field.name();
    if (name == http::field::connection || name == http::field::keep_alive ||
        boost::beast::iequals(field.name_string(), forwarded_header))
      continue;
    // A body that was read goes as one piece.
    if (body && (name == http::field::content_length || name == http::field::transfer_encoding ||
                 name == http::field::expect))
      continue;
    text += std::string(field.name_string()) + ": " + std::string(field.value()) + "\r\n";
  }
  if (body) text += "Content-Length: " + std::to_string(*body) + "\r\n";
  return text + "Connection: close\r\n" + forwarded_header + ": 1\r\n\r\n";
}

}  // namespace

std::string divided_workspace(std::string_view method, std::string_view target) {
  const auto segments = segments_of(target);
  if (!segments || segments->size() < 4 || (*segments)[0] != "api" || (*segments)[1] != "v1" ||
      (*segments)[2] != "workspaces" || !is_workspace_id((*segments)[3]) || method == "OPTIONS")
    return {};
  // What the store can tell, and what goes straight to the runner.
  const bool plain = segments->size() == 4 && (method == "GET" || method == "HEAD");
  if (plain || (segments->size() == 5 && ((*segments)[4] == "connect" || (*segments)[4] == "previews")))
    return {};
  return (*segments)[3];
}

std::string divided_workspace_in_body(std::string_view method, std::string_view target,
                                      const std::string& body) {
  const auto segments = segments_of(target);
  if (method != "POST" || !segments || segments->size() != 3 || (*segments)[0] != "api" ||
      (*segments)[1] != "v1" || (*segments)[2] != "workspaces")
    return {};
  const auto json = protocol::parse_json(body);
  if (!json || !json->is_object() || !json->contains("from_workspace") ||
      !(*json)["from_workspace"].is_string())
    return {};
  auto workspace = (*json)["from_workspace"].get<std::string>();
  return is_workspace_id(workspace) ? workspace : std::string();
}

net::Task<Result<ForwardPlace>> find_place(Application& application, std::string workspace, bool forwarded) {
  asio::steady_timer pause(co_await asio::this_coro::executor);
  const auto until = std::chrono::steady_clock::now() + handover_patience;
  while (true) {
    auto place = co_await application.division->place_of(workspace);
    Error error;
    if (place) {
      if (place->empty()) co_return ForwardPlace{};
      if (forwarded) co_return nobody_answers();
      auto socket = co_await connect_to(*place);
      if (socket) co_return ForwardPlace{std::move(*socket)};
      error = std::move(socket.error());
    } else {
      error = std::move(place.error());
    }
    if (error.code != ErrorCode::unavailable || std::chrono::steady_clock::now() + between_looks >= until)
      co_return std::unexpected(std::move(error));
    pause.expires_after(between_looks);
    co_await pause.async_wait(asio::use_awaitable);
  }
}

net::Task<void> forward_request(Application& application, HttpConnection connection,
                                http::request_header<> request, std::optional<std::string> body,
                                StreamSocket place) {
  auto first = forwarded_text(request, body ? std::optional(body->size()) : std::nullopt);
  if (body) first += *body;
  first.append(static_cast<const char*>(connection.buffer.data().data()), connection.buffer.size());
  request.clear();
  connection.buffer = {};
  Splice splice(StreamSocket(connection.stream.release_socket()), std::move(place), false,
                application.traffic.forwarded);
  co_await splice.run(std::move(first), {});
}

}  // namespace berth::server
