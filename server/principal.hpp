// SPDX-License-Identifier: GPL-3.0-or-later
// Who makes a request, and the credential it came with.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace berth::server {

/// A signed-in account, as proven by an access token whose sign-in has not ended.
struct Principal {
  std::string account;  // id
  std::string name;
  std::string email;
  bool administrator = false;
  std::string sign_in;       // id of the sign-in (the refresh family)
  std::int64_t expires = 0;  // Unix seconds, of the access token
  bool by_cookie = false;    // a browser: the Origin rule applies
};

/// What a request carries; bearer wins over the cookie.
struct Credentials {
  std::optional<std::string> bearer;
  std::optional<std::string> access_cookie;
  std::optional<std::string> refresh_cookie;
};

/// From the values of the Authorization and Cookie headers ("" when absent).
Credentials read_credentials(std::string_view authorization, std::string_view cookie);

}  // namespace berth::server
