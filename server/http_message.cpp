// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http_message.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "protocol/codec.hpp"
#include "protocol/object_id.hpp"
#include "protocol/rest.hpp"

namespace berth::server {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) {
    const auto low = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return low(x) == low(y);
  });
}

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string_view find_header(const Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers)
    if (same_name(key, name)) return value;
  return {};
}

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex(text[i + 1]), low = hex(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    if (c == '\0') return std::nullopt;
    out += c;
  }
  return out;
}

std::optional<std::vector<std::string>> split_path(std::string_view path) {
  if (!path.starts_with('/')) return std::nullopt;
  std::vector<std::string> segments;
  path.remove_prefix(1);
  while (true) {
    const auto slash = path.find('/');
    auto segment = percent_decode(path.substr(0, slash), false);
    if (!segment) return std::nullopt;
    segments.push_back(std::move(*segment));
    if (slash == path.npos) return segments;
    path.remove_prefix(slash + 1);
  }
}

Result<void> parse_target(std::string_view target, HttpRequest& request) {
  const auto refused = [] {
    return failure(ErrorCode::invalid_argument, "The request's address is malformed.");
  };
  if (!target.starts_with('/') || target.size() > 8192) return refused();
  if (std::ranges::any_of(target, [](unsigned char c) { return c <= ' ' || c == 127; })) return refused();
  target = target.substr(0, target.find('#'));
  const auto question = target.find('?');
  request.path = target.substr(0, question);
  if (!split_path(request.path)) return refused();
  auto query = question == target.npos ? std::string_view{} : target.substr(question + 1);
  while (!query.empty()) {
    const auto ampersand = query.find('&');
    const auto pair = query.substr(0, ampersand);
    query = ampersand == query.npos ? std::string_view{} : query.substr(ampersand + 1);
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    auto name = percent_decode(pair.substr(0, equals), true);
    auto value = percent_decode(equals == pair.npos ? std::string_view{} : pair.substr(equals + 1), true);
    if (!name || !value) return refused();
    request.query.emplace(std::move(*name), std::move(*value));
  }
  return {};
}

HttpResponse json_response(int status, std::string body) {
  HttpResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}};
  response.body = std::move(body);
  return response;
}

std::string etag_of(const HttpResponse& response) {
  constexpr std::size_t length = 32;  // of the hash's hexadecimal digits
  const auto given = find_header(response.headers, "ETag");
  if (given.size() >= 2) return std::string(given.substr(1, given.size() - 2));
  return protocol::ObjectId::of(response.body).hex().substr(0, length);
}

HttpResponse error_response(const Error& error) {
  if (error.code == ErrorCode::internal)
    spdlog::error("{} {}", error.message, error.detail);
  else if (!error.detail.empty())
    spdlog::debug("{}: {} {}", to_string(error.code), error.message, error.detail);
  const protocol::rest::Error body{{std::string(to_string(error.code)), error.message, error.data}};
  auto response = json_response(http_status(error.code), protocol::to_text(protocol::encode(body)));
  if (const auto it = error.data.find("retry_after"); it != error.data.end())
    response.headers.emplace_back("Retry-After", it->second);
  if (error.code == ErrorCode::unauthenticated) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

}  // namespace berth::server
