// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/connection_gate.hpp"

#include <algorithm>

namespace berth::runner {

Result<protocol::ConnectClaims> ConnectionGate::admit(std::string_view authorization,
                                                      std::string_view capability, std::int64_t now) {
  constexpr std::string_view scheme = "Berth ";
  if (!authorization.starts_with(scheme))
    return failure(ErrorCode::unauthenticated, "A connect token is needed: Authorization: Berth <token>.");
  auto claims = protocol::verify_connect_token(authorization.substr(scheme.size()), server_key_, now);
  if (!claims) return claims;
  if (claims->workspace != workspace_)
    return failure(ErrorCode::unauthenticated, "The connect token is for another workspace.");
  std::erase_if(seen_, [&](const auto& entry) { return entry.second < now; });
  if (!seen_.emplace(claims->nonce, claims->expires).second)
    return failure(ErrorCode::unauthenticated, "The connect token has been used already.");
  if (!std::ranges::contains(claims->capabilities, capability))
    return failure(ErrorCode::permission_denied, "The connect token does not allow this.");
  return claims;
}

}  // namespace berth::runner
