// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/principal.hpp"
#include "server/header_text.hpp"

namespace berth::server {

namespace {

constexpr std::size_t most_of_a_name = 8;

void take_cookie(std::string_view value, std::optional<std::string>& first,
                 std::vector<std::string>& others) {
  if (!first)
    first = std::string(value);
  else if (others.size() < most_of_a_name)
    others.emplace_back(value);
}

}  // namespace

CookieNames cookie_names(bool https) {
  if (https) return {"__Host-berth_access", "__Host-berth_refresh"};
  return {"berth_access", "berth_refresh"};
}

Credentials read_credentials(std::string_view authorization, std::string_view cookie, bool https) {
  Credentials credentials;
  static constexpr std::string_view scheme = "bearer ";
  bool is_bearer = authorization.size() > scheme.size();
  for (std::size_t i = 0; is_bearer && i < scheme.size(); ++i)
    is_bearer = (authorization[i] | 0x20) == scheme[i];
  if (is_bearer) credentials.bearer = std::string(trimmed(authorization.substr(scheme.size())));
  const auto names = cookie_names(https);
  while (!cookie.empty()) {
    const auto end = cookie.find(';');
    const auto pair = trimmed(cookie.substr(0, end));
    cookie = end == cookie.npos ? std::string_view{} : cookie.substr(end + 1);
    const auto equals = pair.find('=');
    if (equals == pair.npos) continue;
    const auto name = pair.substr(0, equals), value = pair.substr(equals + 1);
    if (name == names.access) take_cookie(value, credentials.access_cookie, credentials.other_access);
    if (name == names.refresh) take_cookie(value, credentials.refresh_cookie, credentials.other_refresh);
  }
  return credentials;
}

}  // namespace berth::server
