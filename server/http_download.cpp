// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http_download.hpp"

namespace berth::server {
namespace {

/// A name that is safe in a header and means the same everywhere (RFC 8187).
std::string attachment(const std::string& path) {
  static constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string name = path.substr(path.rfind('/') == path.npos ? 0 : path.rfind('/') + 1), coded;
  for (const unsigned char c : name) {
    if (plain.find(static_cast<char>(c)) != plain.npos)
      coded += static_cast<char>(c);
    else
      (coded += '%') += std::string{digits[c >> 4], digits[c & 15]};
  }
  return "attachment; filename*=UTF-8''" + coded;
}

}  // namespace

Headers download_headers(const std::string& path) {
  return {{"Cache-Control", "private, no-cache"},
          {"Content-Type", "application/octet-stream"},
          {"Content-Disposition", attachment(path)},
          {"X-Content-Type-Options", "nosniff"},
          {"Content-Security-Policy", "sandbox; default-src 'none'"}};
}

std::optional<std::string> strong_etag(std::string_view text) {
  if (text.size() < 2 || !text.starts_with('"') || !text.ends_with('"')) return std::nullopt;
  return std::string(text.substr(1, text.size() - 2));
}

std::optional<std::optional<ByteRange>> asked_part(const HttpRequest& request, const std::string& etag,
                                                   std::uint64_t size, HttpResponse& response) {
  if (matches_etag(request.header("if-none-match"), etag)) {
    response.status = 304;
    return std::nullopt;
  }
  const auto if_range = request.header("if-range");
  if (!if_range.empty() && strong_etag(if_range) != etag) return std::optional<ByteRange>{};
  auto asked = parse_range(request.header("range"), size);
  if (asked) return *asked;
  response.status = 416;
  response.headers.emplace_back("Content-Range", "bytes */" + std::to_string(size));
  return std::nullopt;
}

void say_part(HttpResponse& response, ByteRange part, std::uint64_t size) {
  response.status = 206;
  response.headers.emplace_back("Content-Range", "bytes " + std::to_string(part.first) + "-" +
                                                     std::to_string(part.first + part.length - 1) + "/" +
                                                     std::to_string(size));
}

}  // namespace berth::server
