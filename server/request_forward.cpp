// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/request_forward.hpp"

#include <sodium.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <boost/asio/cancel_after.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include "protocol/codec.hpp"
#include "protocol/net/as_values.hpp"
#include "server/application.hpp"
#include "server/backends/inside_workspace.hpp"
#include "server/division.hpp"
#include "server/http_message.hpp"
#include "server/random_id.hpp"

namespace berth::server {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using namespace std::chrono_literals;

namespace {

constexpr auto handover_patience = 12s;  // longer than a dead server keeps what it held
constexpr auto between_looks = 400ms;
constexpr auto place_deadline = 2s;  // to connect
constexpr auto between_life_looks = 2s;
constexpr std::size_t nonce_length = 24;

std::optional<std::vector<std::string>> segments_of(std::string_view target) {
  return split_path(target.substr(0, target.find('?')));
}

std::unexpected<Error> nobody_answers() {
  return failure(ErrorCode::unavailable,
                 "The server that looks after this workspace does not answer. Try again in some seconds.");
}

net::Task<Result<StreamSocket>> connect_to(Application& application, Division::Place where_to) {
  const auto& place = where_to.address;
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
  const auto asked = where_to.replica + "." + random_id(nonce_length);
  question.set(replica_header, asked);
  const auto [unsent, sent] = co_await http::async_write(stream, question, net::as_values);
  if (unsent) co_return nobody_answers();
  boost::beast::flat_buffer buffer;
  http::response<http::string_body> answer;
  const auto [unanswered, got] = co_await http::async_read(stream, buffer, answer, net::as_values);
  if (unanswered || answer.result() != http::status::ok || !answer.keep_alive() || buffer.size() > 0)
    co_return nobody_answers();
  const auto proof = replica_proof(application.keys, where_to.replica, asked);
  const std::string proven(answer[replica_header]);
  if (proven.size() != proof.size() || ::sodium_memcmp(proven.data(), proof.data(), proof.size()) != 0) {
    spdlog::warn("what listens at {} is not the server of that address; is its replica_address right?",
                 place);
    co_return nobody_answers();
  }
  stream.expires_never();
  co_return StreamSocket(stream.release_socket());
}

/// What concerns this connection alone: a few fields by themselves, others because the request says so.
bool is_of_this_connection(const http::request_header<>& request, http::field name,
                           std::string_view name_text) {
  if (name == http::field::connection || name == http::field::keep_alive ||
      name == http::field::proxy_connection || name == http::field::upgrade)
    return true;
  if (name == http::field::host || name == http::field::content_length ||
      name == http::field::transfer_encoding)
    return false;
  const auto named = request.equal_range(http::field::connection);
  return std::any_of(named.first, named.second, [&](const auto& field) {
    return http::token_list{field.value()}.exists({name_text.data(), name_text.size()});
  });
}

/// A hash that only servers with these keys can make.
std::string proof_of(const ServerKeys& keys, std::string_view purpose, std::string_view text) {
  unsigned char key[crypto_generichash_KEYBYTES], proof[crypto_generichash_BYTES];
  ::crypto_generichash(key, sizeof key, reinterpret_cast<const unsigned char*>(purpose.data()),
                       purpose.size(), keys.refresh.data(), keys.refresh.size());
  ::crypto_generichash(proof, sizeof proof, reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                       key, sizeof key);
  ::sodium_memzero(key, sizeof key);
  std::string hex(2 * sizeof proof + 1, '\0');
  ::sodium_bin2hex(hex.data(), hex.size(), proof, sizeof proof);
  hex.pop_back();
  return hex;
}

std::string client_proof(const ServerKeys& keys, const http::request_header<>& request,
                         std::string_view address) {
  return proof_of(keys, "berth: client of a forwarded request",
                  std::string(address) + "\n" + std::string(request.method_string()) + " " +
                      std::string(request.target()));
}

std::string forwarded_text(const http::request_header<>& request, std::optional<std::size_t> body,
                           const std::string& client) {
  std::string text = std::string(request.method_string()) + " " + std::string(request.target()) +
                     (request.version() < 11 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
  for (const auto& field : request) {
    const auto name = field.name();
    const auto name_text = field.name_string();
    if (boost::beast::iequals(name_text, forwarded_header) ||
        boost::beast::iequals(name_text, client_header) ||
        is_of_this_connection(request, name, {name_text.data(), name_text.size()}))
      continue;
    // A body that was read goes as one piece.
    if (body && (name == http::field::content_length || name == http::field::transfer_encoding ||
                 name == http::field::expect))
      continue;
    text += std::string(field.name_string()) + ": " + std::string(field.value()) + "\r\n";
  }
  if (body) text += "Content-Length: " + std::to_string(*body) + "\r\n";
  text += std::string(client_header) + ": " + client + "\r\n";
  return text + "Connection: close\r\n" + forwarded_header + ": 1\r\n\r\n";
}

/// Returns when the others take it for dead: a machine that vanished, or sleeps, never ends a connection.
net::Task<void> until_it_ends(Application& application, std::string replica) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  for (bool lives = true; lives;) {
    timer.expires_after(between_life_looks);
    co_await timer.async_wait(asio::use_awaitable);
    lives = co_await application.division->lives(replica);
  }
}

}  // namespace

std::string divided_workspace(std::string_view method, std::string_view target) {
  const auto segments = segments_of(target);
  if (!segments || segments->size() < 4 || (*segments)[0] != "api" || (*segments)[1] != "v1" ||
      (*segments)[2] != "workspaces" || !is_workspace_id((*segments)[3]) || method == "OPTIONS")
    return {};
  // What the store can tell, and what goes straight to the runner.
  const bool plain = segments->size() == 4 && (method == "GET" || method == "HEAD");
  static constexpr std::array<std::string_view, 8> anywhere{"connect",     "previews", "members", "links",
                                                            "invitations", "public",   "ports",   "log"};
  if (plain || (segments->size() > 4 && std::ranges::find(anywhere, (*segments)[4]) != anywhere.end()))
    return {};
  return (*segments)[3];
}

bool body_names_workspace(std::string_view method, std::string_view target) {
  const auto segments = segments_of(target);
  return method == "POST" && segments && segments->size() == 3 && (*segments)[0] == "api" &&
         (*segments)[1] == "v1" && (*segments)[2] == "workspaces";
}

std::string divided_workspace_in_body(const std::string& body) {
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
      if (place->address.empty()) co_return ForwardPlace{};
      if (forwarded) co_return nobody_answers();
      auto socket = co_await connect_to(application, *place);
      if (socket) co_return ForwardPlace{std::move(*socket), place->replica};
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
                                ForwardPlace place) {
  using namespace asio::experimental::awaitable_operators;
  const auto address = client_address(application, connection, request);
  auto first = forwarded_text(request, body ? std::optional(body->size()) : std::nullopt,
                              client_header_value(application.keys, request, address));
  if (body) first += *body;
  first.append(static_cast<const char*>(connection.buffer.data().data()), connection.buffer.size());
  request.clear();
  connection.buffer = {};
  Splice splice(StreamSocket(connection.stream.release_socket()), std::move(*place.socket), false,
                application.traffic.forwarded);
  co_await (splice.run(std::move(first), {}) || until_it_ends(application, std::move(place.replica)));
}

std::string replica_proof(const ServerKeys& keys, std::string_view own_replica, std::string_view question) {
  const auto dot = question.find('.');
  if (own_replica.empty() || dot != own_replica.size() || question.substr(0, dot) != own_replica) return {};
  return proof_of(keys, "berth: proof of a replica", question);
}

std::string client_header_value(const ServerKeys& keys, const http::request_header<>& request,
                                const std::string& address) {
  return address + " " + client_proof(keys, request, address);
}

std::string forwarded_client(const ServerKeys& keys, const http::request_header<>& request) {
  const std::string told(request[client_header]);
  const auto space = told.find(' ');
  if (space == told.npos) return {};
  auto address = told.substr(0, space);
  const auto proof = std::string_view(told).substr(space + 1);
  const auto wanted = client_proof(keys, request, address);
  if (proof.size() != wanted.size() || ::sodium_memcmp(proof.data(), wanted.data(), wanted.size()) != 0)
    return {};
  return address;
}

}  // namespace berth::server
