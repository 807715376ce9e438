// SPDX-License-Identifier: GPL-3.0-or-later
// One accepted connection: reads requests, hands each to who serves it (routes, static files, gateway,
// preview), writes the answer. Here are the hand-over points: what the gateway and the preview proxy get.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <string>

#include "protocol/error.hpp"
#include "protocol/net/task.hpp"
#include "protocol/rest.hpp"
#include "server/principal.hpp"

namespace berth::server {

struct Application;

/// Stays on the I/O thread that accepted it. No timeout is set on the stream when it is handed over: set your
/// own
/// (`stream.expires_after`), and `expires_never` while splicing.
struct HttpConnection {
  boost::beast::tcp_stream stream;
  boost::beast::flat_buffer buffer;  // bytes read beyond what the parser has taken
  boost::asio::ip::address peer;
  bool on_preview_listener = false;
};

/// Whose request it is: the last address that no proxy of ours added, or what another server says that passed
/// it on.
std::string client_address(const Application& application, const HttpConnection& connection,
                           const boost::beast::http::request_header<>& header);

/// The header is read, the body (if any) is not. `get()` is the request; move on with async_read_some and
/// buffer_body.
using RequestParser = boost::beast::http::request_parser<boost::beast::http::buffer_body>;
using RequestHeader = boost::beast::http::fields;

/// GET /api/v1/workspaces/{id}/connect with `Upgrade: websocket`.
class UpgradeHandler {
 public:
  virtual ~UpgradeHandler() = default;

  /// Serves the connection to its end: authenticates (Accounts::authenticate), checks the Origin of
  /// cookie-bearing requests (Origins::is_own), answers an HTTP error or 101, splices until either side or
  /// the access (SessionEvents) ends. Owns the connection; runs in the session's task, so cancellation
  /// (shutdown) reaches it.
  virtual net::Task<void> handle_upgrade(HttpConnection connection,
                                         boost::beast::http::request_header<> request,
                                         std::string workspace) = 0;
};

/// Any request whose Host is <port>--<workspace>.<preview_host>, and any that arrives on the preview
/// listener.
class PreviewHandler {
 public:
  virtual ~PreviewHandler() = default;

  /// True when `host` (a Host header's value) names a preview. Cheap, no I/O.
  virtual bool claims(std::string_view host) const = 0;

  /// Serves this one request (also an upgrade, until it ends); true when the connection can take another
  /// request: then the request's body has been read to its end. `connection` and `parser` outlive the call.
  virtual net::Task<bool> handle(HttpConnection& connection, RequestParser& parser) = 0;

  /// The route CreatePreview; access to the workspace has been checked. `host` is the request's Host.
  virtual net::Task<Result<protocol::rest::CreatePreview::Result>> hand_over(
      Principal principal, std::string workspace, protocol::rest::CreatePreview::Body body,
      std::string host) = 0;

  /// A URL that shows this port to anybody until `expires`, as long as its links are of this generation.
  virtual std::string port_link(std::string workspace, std::uint16_t port, std::int64_t generation,
                                std::int64_t expires, std::string host) = 0;
  /// The plain address of a port.
  virtual std::string address(const std::string& workspace, std::uint16_t port) const = 0;
};

/// Serves one connection until it ends; the listener spawns it in its thread's task group.
net::Task<void> serve_connection(Application& application, HttpConnection connection);

}  // namespace berth::server
