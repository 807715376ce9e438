// SPDX-License-Identifier: GPL-3.0-or-later
// Who makes a request, and the credential it came with.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/scopes.hpp"

namespace berth::server {

/// A signed-in account, as proven by an access token whose sign-in has not ended, or a personal access token.
struct Principal {
  std::string account;  // id
  std::string name;
  std::string email;
  bool administrator = false;
  std::string sign_in;                // id of the sign-in (the refresh family), or standing_of_token()
  std::int64_t expires = 0;           // Unix seconds, of the access token
  bool by_cookie = false;             // a browser: the Origin rule applies
  std::int64_t stands_until = 0;      // Unix ms: when the sign-in or token ends by itself; 0: never
  std::optional<Scopes> scopes = {};  // of a personal access token; a sign-in may do everything
  // The administrator who acts as this account, and the sign-in that this one ends with; "" otherwise.
  std::string impersonator = {};  // account id
  std::string impersonator_email = {};
  std::string impersonator_sign_in = {};
  /// What it is in one workspace, as Sharing::admit() found it; none: what the workspace's row says.
  struct InWorkspace {
    std::string workspace;
    protocol::Role role = protocol::Role::viewer;
  };
  std::optional<InWorkspace> in = {};
  /// What it is in one team, as Teams::admit() found it: that it is in each of the team's workspaces, too.
  struct InTeam {
    std::string team;
    protocol::Role role = protocol::Role::viewer;
  };
  std::optional<InTeam> in_team = {};
};

/// What a request carries; bearer wins over the cookie.
struct Credentials {
  std::optional<std::string> bearer;
  std::optional<std::string> access_cookie;
  std::optional<std::string> refresh_cookie;
  /// Of the same names, behind those; looked at only where the first one is there and proves nothing. Without
  /// TLS the pages of a host's other ports and subdomains can set cookies, and browsers send those with the
  /// longer path first.
  std::vector<std::string> other_access = {}, other_refresh = {};
};

/// Names of our two cookies. With TLS browsers let nobody else set them, on whatever path ("__Host-").
struct CookieNames {
  std::string_view access, refresh;
};
CookieNames cookie_names(bool https);

/// From the values of the Authorization and Cookie headers ("" when absent).
Credentials read_credentials(std::string_view authorization, std::string_view cookie, bool https);

}  // namespace berth::server
