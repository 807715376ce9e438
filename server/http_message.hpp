// SPDX-License-Identifier: GPL-3.0-or-later
// A request and a response as routes and static files see them: no socket, no Beast. http_exchange moves them
// over the wire.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/error.hpp"
#include "server/byte_stream.hpp"

namespace berth::server {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// The value of the first header of that name (any case); "" when absent.
std::string_view find_header(const Headers& headers, std::string_view name);

struct HttpRequest {
  std::string method;
  std::string path;                          // as sent, without the query
  std::map<std::string, std::string> query;  // decoded; the first of equal names
  Headers headers;
  std::string body;                   // whole, for every route but those that stream
  ByteSource* body_stream = nullptr;  // for those that stream
  std::optional<std::uint64_t> content_length;
  std::string address;  // the client's, behind trusted proxies too

  std::string_view header(std::string_view name) const { return find_header(headers, name); }
};

struct HttpResponse {
  int status = 200;
  Headers headers;
  std::string body;
  std::unique_ptr<ByteSource> stream;          // instead of `body`
  std::optional<std::uint64_t> stream_length;  // bytes `stream` will give; absent: not known, sent in chunks
};

/// Path and query of a request target; invalid_argument for anything but an origin-form target of plain
/// characters.
Result<void> parse_target(std::string_view target, HttpRequest& request);

/// "%20" → " "; nullopt for broken escapes and for NUL.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);

/// A path's segments, decoded: "/a/b%2Fc" → {"a", "b/c"}. Empty segments stay.
std::optional<std::vector<std::string>> split_path(std::string_view path);

HttpResponse json_response(int status, std::string body);

/// Without its quotes: the one that its handler gave it, or that of its bytes.
std::string etag_of(const HttpResponse& response);

/// The one way an Error becomes a response; its detail goes to the log only.
HttpResponse error_response(const Error& error);

}  // namespace berth::server
