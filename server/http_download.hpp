// SPDX-License-Identifier: GPL-3.0-or-later
// What answers that carry a person's bytes have in common: headers that keep a browser from rendering or
// running them on the IDE's origin, and the conditional and range requests (RFC 9110) that they honour.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/http_message.hpp"
#include "server/http_range.hpp"

namespace berth::server {

/// For a file of this name (the last part of a path), to be saved and not shown.
Headers download_headers(const std::string& path);

/// "\"abc\"" → "abc". Weak etags never match: we make none.
std::optional<std::string> strong_etag(std::string_view text);

/// Which part of the `size` bytes named by `etag` is asked for; nullopt inside: all. Nothing when the answer
/// needs no bytes: `response` is complete then (304, 416).
std::optional<std::optional<ByteRange>> asked_part(const HttpRequest& request, const std::string& etag,
                                                   std::uint64_t size, HttpResponse& response);
/// Makes `response` one of this part.
void say_part(HttpResponse& response, ByteRange part, std::uint64_t size);

}  // namespace berth::server
