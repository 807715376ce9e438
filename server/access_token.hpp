// SPDX-License-Identifier: GPL-3.0-or-later
// Access tokens: JWT (RFC 7519) with EdDSA (RFC 8037), over libsodium. Pure. One algorithm, one header:
// anything else is forged.
#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/connect_token.hpp"

namespace berth::server {

struct AccessClaims {
  std::string iss;       // "berth"
  std::string sub;       // account id
  std::string sid;       // sign-in id
  std::int64_t iat = 0;  // Unix seconds
  std::int64_t exp = 0;  // Unix seconds
};
BOOST_DESCRIBE_STRUCT(AccessClaims, (), (iss, sub, sid, iat, exp))

inline constexpr std::int64_t access_token_life = 15 * 60;  // seconds

std::string sign_access_token(const std::string& account, const std::string& sign_in, std::int64_t now,
                              const protocol::SecretKey& key);

/// unauthenticated when forged, malformed, from the future or expired. `now` in Unix seconds.
Result<AccessClaims> verify_access_token(std::string_view token, std::int64_t now,
                                         const protocol::PublicKey& key);

}  // namespace berth::server
