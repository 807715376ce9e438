// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/principal.hpp"
#include "server/header_text.hpp"

namespace berth::server {

Credentials read_credentials(std::string_view authorization, std::string_view cookie) {
  Credentials credentials;
  static constexpr std::string_view scheme = "bearer ";
  bool is_bearer = authorization.size() > scheme.size();
  for (std::size_t i = 0; is_bearer && i < scheme.size(); ++i)
    is_bearer = (authorization[i] | 0x20) == scheme[i];
  if (is_bearer) credentials.bearer = std::string(trimmed(authorization.substr(scheme.size())));
  while (!cookie.empty()) {
    const auto end = cookie.find(';');
    const auto pair = trimmed(cookie.substr(0, end));
    cookie = end == cookie.npos ? std::string_view{} : cookie.substr(end + 1);
    const auto equals = pair.find('=');
    if (equals == pair.npos) continue;
    // The first one wins: a second cookie of the same name (set for a wider path or domain) must not shadow
    // ours.
    if (pair.substr(0, equals) == "berth_access" && !credentials.access_cookie)
      credentials.access_cookie = std::string(pair.substr(equals + 1));
    if (pair.substr(0, equals) == "berth_refresh" && !credentials.refresh_cookie)
      credentials.refresh_cookie = std::string(pair.substr(equals + 1));
  }
  return credentials;
}

}  // namespace berth::server
