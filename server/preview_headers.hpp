// SPDX-License-Identifier: GPL-3.0-or-later
// What the preview proxy changes in headers on their way to a workspace's program and back. No I/O.
#pragma once

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>
#include <cstdint>
#include <string>

namespace berth::server {

/// How one preview is reached from outside.
struct PreviewRoute {
  std::uint16_t port = 0;
  std::string origin;       // of the preview as the browser sees it
  std::string host;         // the Host header it came with
  std::string path_prefix;  // "/p/<capability>" in the path form, "" in the host form
  std::string ide;          // origin that may frame it
  bool https = false;

  bool path_form() const { return !path_prefix.empty(); }
  std::string app_origin() const { return "http://localhost:" + std::to_string(port); }
};

/// The CSP of everything the path form serves: its pages are a foreign origin to each other and to the IDE.
inline constexpr std::string_view preview_sandbox =
    "sandbox allow-scripts allow-forms allow-popups allow-modals allow-downloads";

/// The request as the program gets it: Host localhost:<port>; Origin and Referer of the preview itself
/// rewritten likewise; no hop-by-hop fields, none of our cookies or tokens, no Berth-* or forwarding fields
/// of the client's. `upgrade`: keep it one. Says X-Forwarded-Host and -Proto, but not beside a rewritten
/// Origin: programs compare the two. Framing (Content-Length, Transfer-Encoding) is the caller's.
boost::beast::http::request_header<> to_program(const boost::beast::http::request_header<>& request,
                                                const PreviewRoute& route, bool upgrade);

/// The answer as the browser gets it: redirects to localhost:<port> lead to the preview; cookies stay on this
/// host (path form: are dropped); the IDE may frame it; the path form is sandboxed.
boost::beast::http::response_header<> to_browser(const boost::beast::http::response_header<>& answer,
                                                 const PreviewRoute& route, bool upgrade);

/// True for `Connection: upgrade` with an Upgrade field.
bool is_upgrade(const boost::beast::http::request_header<>& request);

}  // namespace berth::server
