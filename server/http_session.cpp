// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http_session.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include "protocol/net/as_values.hpp"
#include "server/application.hpp"
#include "server/division.hpp"
#include "server/http_exchange.hpp"
#include "server/http_routes.hpp"
#include "server/request_forward.hpp"
#include "server/static_files.hpp"
#include "server/trusted_proxies.hpp"

namespace berth::server {
namespace {

namespace http = boost::beast::http;
constexpr auto header_timeout = std::chrono::seconds(60);  // also how long an idle connection is kept

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

/// The workspace of GET /api/v1/workspaces/{id}/connect; "" for any other path.
std::string connect_workspace(std::string_view target) {
  const auto segments = split_path(target.substr(0, target.find('?')));
  if (!segments || segments->size() != 5 || (*segments)[0] != "api" || (*segments)[1] != "v1" ||
      (*segments)[2] != "workspaces" || (*segments)[4] != "connect")
    return {};
  return (*segments)[3];
}

}  // namespace

std::string client_address(const Application& application, const HttpConnection& connection,
                           const http::request_header<>& header) {
  if (application.division)
    if (auto told = forwarded_client(application.keys, header); !told.empty()) return told;
  auto address = connection.peer;
  auto forwarded = view(header["X-Forwarded-For"]);
  while (!forwarded.empty() && is_trusted_proxy(application.config.trusted_proxies, address)) {
    const auto comma = forwarded.rfind(',');
    auto one = comma == forwarded.npos ? forwarded : forwarded.substr(comma + 1);
    forwarded = comma == forwarded.npos ? std::string_view{} : forwarded.substr(0, comma);
    while (!one.empty() && one.front() == ' ') one.remove_prefix(1);
    while (!one.empty() && one.back() == ' ') one.remove_suffix(1);
    boost::system::error_code error;
    const auto parsed = boost::asio::ip::make_address(one, error);
    if (error) break;
    address = parsed;
  }
  return address.to_string();
}

namespace {

void add_security_headers(const Application& application, HttpResponse& response) {
  const auto set = [&](const char* name, std::string value) {
    if (find_header(response.headers, name).empty()) response.headers.emplace_back(name, std::move(value));
  };
  set("X-Content-Type-Options", "nosniff");
  set("X-Frame-Options", "DENY");
  set("Referrer-Policy", "no-referrer");
  set("Cross-Origin-Opener-Policy", "same-origin");
  set("Cross-Origin-Resource-Policy", "same-origin");
  set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  if (application.origins->https()) set("Strict-Transport-Security", "max-age=31536000");
}

Result<HttpRequest> plain_request(const Application& application, const HttpConnection& connection,
                                  const RequestParser& parser) {
  const auto& header = parser.get();
  HttpRequest request;
  request.method = std::string(header.method_string());
  for (const auto& field : header)
    request.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
  if (header.count(http::field::host) > 1)
    return failure(ErrorCode::invalid_argument, "The request names two hosts.");
  if (auto parsed = parse_target(view(header.target()), request); !parsed)
    return std::unexpected(parsed.error());
  if (const auto length = parser.content_length()) request.content_length = *length;
  request.address = client_address(application, connection, header);
  return request;
}

/// Reads the body as the route wants it and answers. Sets `drained` when the connection can take another
/// request.
/// `body`: where it was read before.
net::Task<HttpResponse> answer(Application& application, HttpConnection& connection, RequestParser& parser,
                               std::optional<std::string> read, bool& drained,
                               RequestsUnderWay::One& under_way) {
  auto request = plain_request(application, connection, parser);
  drained = parser.is_done();
  if (!request) co_return error_response(request.error());
  if (!application.origins->answers_for(request->header("host"))) {
    auto response = error_response(
        {ErrorCode::invalid_argument,
         "This server does not answer for this host name; its administrator can set public_url.",
         {},
         {}});
    response.status = 421;
    co_return response;
  }
  const bool api = HttpRoutes::claims(request->path);
  if (api && application.routes->streams_body(*request)) {
    under_way.leave();
    BodySource body(connection, parser, streamed_body_limit);
    request->body_stream = &body;
    auto response = co_await application.routes->serve(*request);
    drained = parser.is_done();
    co_return response;
  }
  Result<std::string> body = std::move(read).value_or(std::string());
  if (!read) body = co_await read_body(connection, parser, api ? json_body_limit : 0);
  drained = parser.is_done();
  if (!body) co_return error_response(body.error());
  request->body = std::move(*body);
  if (api) co_return co_await application.routes->serve(*request);
  co_return co_await application.static_files->serve(*request);
}

/// What is to become of a request where several servers share the work.
struct RoutedRequest {
  std::optional<Error> error;
  std::optional<ForwardPlace> place;  // passed on there
  std::optional<std::string> body;    // that was read to find out
};

net::Task<RoutedRequest> route_request(Application& application, HttpConnection& connection,
                                       RequestParser& parser) {
  RoutedRequest routed;
  const auto& header = parser.get();
  if (!application.division || !application.origins->answers_for(view(header[http::field::host])))
    co_return routed;
  const auto method = view(header.method_string()), target = view(header.target());
  auto workspace = divided_workspace(method, target);
  if (workspace.empty() && body_names_workspace(method, target)) {
    auto body = co_await read_body(connection, parser, json_body_limit);
    if (!body) {
      routed.error = std::move(body.error());
      co_return routed;
    }
    workspace = divided_workspace_in_body(*body);
    routed.body = std::move(*body);
  }
  if (workspace.empty() || application.division->holds(workspace)) co_return routed;
  // For strangers nothing is looked up, nor taken over: they are answered here.
  auto credentials = read_credentials(view(header[http::field::authorization]),
                                      view(header[http::field::cookie]), application.origins->https());
  if (const auto who = co_await application.accounts->authenticate(std::move(credentials)); !who)
    co_return routed;
  auto found = co_await find_place(application, std::move(workspace), header.count(forwarded_header) > 0);
  if (found && found->socket)
    routed.place = std::move(*found);
  else if (found)
    co_return routed;
  else if (found.error().code != ErrorCode::not_found)
    routed.error = std::move(found.error());
  co_return routed;
}

/// A request so broken that its header could not be read.
net::Task<void> refuse(const Application& application, HttpConnection& connection,
                       boost::system::error_code error) {
  const bool long_header = error == http::error::header_limit || error == http::error::buffer_overflow;
  auto response =
      error_response({ErrorCode::invalid_argument,
                      long_header ? "The request's header is too long." : "The request is not HTTP/1.1.",
                      error.message(),
                      {}});
  if (long_header) response.status = 431;
  add_security_headers(application, response);
  co_await write_response(connection, std::move(response), false, false);
  co_await close_gently(connection);
}

}  // namespace

net::Task<void> serve_connection(Application& application, HttpConnection connection) {
  connection.stream.socket().set_option(boost::asio::ip::tcp::no_delay(true));
  while (true) {
    RequestParser parser;
    parser.header_limit(header_bytes_limit);
    parser.body_limit(boost::none);  // each route has its own; see BodySource
    if (connection.buffer.size() == 0) connection.buffer.shrink_to_fit();  // idle connections hold nothing
    connection.stream.expires_after(header_timeout);
    auto [error, got] =
        co_await http::async_read_header(connection.stream, connection.buffer, parser, net::as_values);
    if (error) {
      const bool http_error = error.category() == make_error_code(http::error::bad_method).category();
      if (http_error && error != http::error::end_of_stream && error != http::error::partial_message)
        co_await refuse(application, connection, error);
      break;
    }
    connection.stream.expires_never();
    const auto& header = parser.get();
    const bool head = header.method() == http::verb::head;
    if (connection.on_preview_listener || application.preview->claims(view(header[http::field::host]))) {
      if (!co_await application.preview->handle(connection, parser)) break;
      continue;
    }
    if (boost::beast::websocket::is_upgrade(header)) {
      if (const auto workspace = connect_workspace(view(header.target())); !workspace.empty())
        co_return co_await application.gateway->handle_upgrade(std::move(connection), parser.release().base(),
                                                               workspace);
    }
    RequestsUnderWay::One under_way(application.routes->under_way());
    auto routed = co_await route_request(application, connection, parser);
    if (routed.place)
      co_return co_await forward_request(application, std::move(connection), parser.release().base(),
                                         std::move(routed.body), std::move(*routed.place));
    bool drained = false;
    HttpResponse response;
    if (routed.error) {
      drained = parser.is_done();
      response = error_response(*routed.error);
    } else {
      response = co_await answer(application, connection, parser, std::move(routed.body), drained, under_way);
    }
    add_security_headers(application, response);
    const bool keep_alive = header.keep_alive() && drained && !application.routes->under_way().ending();
    if (response.stream) under_way.leave();
    if (!co_await write_response(connection, std::move(response), head, keep_alive)) {
      if (!drained) co_await close_gently(connection);
      break;
    }
  }
  boost::system::error_code ignored;
  connection.stream.socket().shutdown(boost::asio::ip::tcp::socket::shutdown_both, ignored);
}

}  // namespace berth::server
