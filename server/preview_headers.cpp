// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/preview_headers.hpp"

#include <algorithm>
#include <array>
#include <boost/beast/http/rfc7230.hpp>
#include <optional>
#include <string_view>

#include "protocol/codec.hpp"
#include "protocol/connect_token.hpp"
#include "server/header_text.hpp"
#include "server/personal_token.hpp"
#include "server/preview_access.hpp"

namespace berth::server {

namespace http = boost::beast::http;
using boost::beast::iequals;

namespace {

constexpr std::string_view our_cookies[] = {"berth_", "__Host-berth_"};

bool is_our_cookie(std::string_view named) {
  return std::ranges::any_of(our_cookies, [&](auto prefix) { return named.starts_with(prefix); });
}

bool starts_with_word(std::string_view text, std::string_view word) {
  return text.size() >= word.size() && iequals(text.substr(0, word.size()), word);
}

/// Fields that belong to one connection (RFC 9110, 7.6.1) or to the framing.
bool is_hop_by_hop(http::field field, std::string_view name, http::token_list& named_in_connection) {
  switch (field) {
    case http::field::connection:
    case http::field::keep_alive:
    case http::field::proxy_connection:
    case http::field::proxy_authenticate:
    case http::field::proxy_authorization:
    case http::field::te:
    case http::field::trailer:
    case http::field::transfer_encoding:
    case http::field::content_length:
    case http::field::upgrade:
      return true;
    default:
      return named_in_connection.exists(name);
  }
}

/// One of our own access tokens or a personal one, whatever its state; a program's own Authorization is none
/// of our business.
bool is_our_authorization(std::string_view value) {
  if (starts_with_word(value, "berth ")) return true;
  if (!starts_with_word(value, "bearer ")) return false;
  const auto token = trimmed(value.substr(7));
  if (is_personal_token(token)) return true;
  const auto first = token.find('.');
  const auto last = token.rfind('.');
  if (first == token.npos || first == last) return false;
  const auto payload = protocol::decode_base64url(token.substr(first + 1, last - first - 1));
  if (!payload) return false;
  const auto json = protocol::parse_json(*payload);
  return json && json->is_object() && json->value("iss", protocol::Json()) == "berth";
}

std::string without_our_cookies(std::string_view header) {
  std::string kept;
  while (!header.empty()) {
    const auto pair = header.substr(0, header.find(';'));
    header.remove_prefix(std::min(pair.size() + 1, header.size()));
    if (const auto one = trimmed(pair); !one.empty() && !is_our_cookie(one)) {
      if (!kept.empty()) kept += "; ";
      kept += one;
    }
  }
  return kept;
}

/// Without its Domain attribute; "" when the cookie's name is one of ours.
std::string confined_cookie(std::string_view cookie) {
  if (is_our_cookie(trimmed(cookie))) return {};
  std::string kept;
  bool first = true;
  while (!cookie.empty()) {
    const auto part = cookie.substr(0, cookie.find(';'));
    cookie.remove_prefix(std::min(part.size() + 1, cookie.size()));
    const auto attribute = trimmed(part.substr(0, part.find('=')));
    if (!first && iequals(attribute, "domain")) continue;
    if (!first) kept += ";";
    kept += part;
    first = false;
  }
  return kept;
}

/// The rest of `url` after the program's own origin, however it names itself; nullopt for other places.
std::optional<std::string_view> own_path(std::string_view url, std::uint16_t port) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!starts_with_word(url, scheme)) continue;
    for (const std::string_view name : {"localhost", "127.0.0.1", "0.0.0.0", "[::1]"}) {
      const auto own = std::string(name) + ":" + std::to_string(port);
      auto rest = url.substr(scheme.size());
      if (!starts_with_word(rest, own)) continue;
      rest.remove_prefix(own.size());
      if (rest.empty() || rest.front() == '/' || rest.front() == '?' || rest.front() == '#') return rest;
    }
  }
  return std::nullopt;
}

std::string rewritten_location(std::string_view location, const PreviewRoute& route) {
  if (const auto path = own_path(location, route.port))
    return route.origin + route.path_prefix + (path->starts_with('/') ? "" : "/") + std::string(*path);
  if (route.path_form() && location.starts_with('/') && !location.starts_with("//"))
    return route.path_prefix + std::string(location);
  return std::string(location);
}

/// The path of a Referer that is the preview itself; nullopt for other places.
std::optional<std::string_view> own_referer(std::string_view referer, const PreviewRoute& route) {
  const auto base = route.origin + route.path_prefix;
  if (!referer.starts_with(base) || (referer.size() > base.size() && referer[base.size()] != '/'))
    return std::nullopt;
  return referer.substr(base.size());
}

void add_path_form_fields(http::response_header<>& out) {
  out.insert("Content-Security-Policy", preview_sandbox);
  // Its documents have an opaque origin, to which even their own host is foreign. The URL is the secret;
  // there are no cookies.
  out.set(http::field::access_control_allow_origin, "*");
  out.set("Cross-Origin-Resource-Policy", "cross-origin");
  out.set("Referrer-Policy", "no-referrer");
}

}  // namespace

bool is_upgrade(const http::request_header<>& request) {
  return !request[http::field::upgrade].empty() &&
         http::token_list(request[http::field::connection]).exists("upgrade");
}

http::request_header<> to_program(const http::request_header<>& request, const PreviewRoute& route,
                                  bool upgrade) {
  http::request_header<> out;
  out.method_string(request.method_string());
  const std::string_view target = request.target();
  out.target(target.substr(std::min(route.path_prefix.size(), target.size())));
  out.version(11);
  out.set(http::field::host, "localhost:" + std::to_string(route.port));
  http::token_list connection(request[http::field::connection]);
  bool origin_rewritten = false;
  for (const auto& field : request) {
    const std::string_view name = field.name_string();
    const std::string_view value = field.value();
    if (is_hop_by_hop(field.name(), name, connection) || field.name() == http::field::host ||
        starts_with_word(name, "berth-") || starts_with_word(name, "x-forwarded-") ||
        field.name() == http::field::forwarded || iequals(name, "x-real-ip"))
      continue;
    if (field.name() == http::field::authorization && is_our_authorization(value)) continue;
    if (field.name() == http::field::cookie) {
      const auto kept = route.path_form() ? std::string() : without_our_cookies(value);
      if (!kept.empty()) out.insert(name, kept);
    } else if (field.name() == http::field::origin &&
               (iequals(value, route.origin) || (route.path_form() && value == "null"))) {
      out.insert(name, route.app_origin());
      origin_rewritten = true;
    } else if (const auto path = own_referer(value, route); field.name() == http::field::referer && path) {
      out.insert(name, route.app_origin() + std::string(*path));
    } else {
      out.insert(name, value);
    }
  }
  if (!origin_rewritten) {
    out.set("X-Forwarded-Host", route.host);
    out.set("X-Forwarded-Proto", route.https ? "https" : "http");
  }
  if (upgrade) {
    out.set(http::field::connection, "Upgrade");
    out.set(http::field::upgrade, request[http::field::upgrade]);
  } else {
    out.set(http::field::connection, "close");  // each request has a tunnel of its own
  }
  return out;
}

http::response_header<> to_browser(const http::response_header<>& answer, const PreviewRoute& route,
                                   bool upgrade) {
  http::response_header<> out;
  out.version(11);
  out.result(answer.result_int());
  out.reason(answer.reason());
  http::token_list connection(answer[http::field::connection]);
  for (const auto& field : answer) {
    const std::string_view name = field.name_string();
    const std::string_view value = field.value();
    if (is_hop_by_hop(field.name(), name, connection) || starts_with_word(name, "berth-") ||
        iequals(name, "alt-svc") || iequals(name, "strict-transport-security") ||
        iequals(name, "x-frame-options"))
      continue;
    if (field.name() == http::field::set_cookie) {
      const auto kept = route.path_form() ? std::string() : confined_cookie(value);
      if (!kept.empty()) out.insert(name, kept);
    } else if (field.name() == http::field::location) {
      out.insert(name, rewritten_location(value, route));
    } else if (route.path_form() &&
               (iequals(name, "access-control-allow-credentials") || iequals(name, "clear-site-data"))) {
      continue;
    } else {
      out.insert(name, value);
    }
  }
  if (upgrade) {
    out.set(http::field::connection, "Upgrade");
    out.set(http::field::upgrade, answer[http::field::upgrade]);
  } else if (route.path_form()) {
    add_path_form_fields(out);
  } else {
    out.insert("Content-Security-Policy",
               "frame-ancestors 'self'" + (route.ide.empty() ? "" : " " + route.ide));
  }
  return out;
}

}  // namespace berth::server
