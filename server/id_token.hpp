// SPDX-License-Identifier: GPL-3.0-or-later
// ID tokens of OpenID Connect (Core 1.0, section 3.1.3.7): what must hold before one is believed. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "server/json_web_key.hpp"

namespace berth::server {

/// Who somebody is at a provider, as proven.
struct ProvenIdentity {
  std::string issuer;
  std::string subject;
  std::string email;  // "" when it is not told
  bool email_verified = false;
  std::string name;  // "" when it is not told
};

struct IdTokenExpectation {
  std::vector<std::string> issuers;  // one, or the spellings of one
  std::string client_id;
  std::string nonce;
  std::int64_t now = 0;  // Unix seconds
};

/// A token's header: what says by which key it is signed. invalid_argument when it is no token.
struct IdTokenHeader {
  std::string algorithm;
  std::string kid;
};
Result<IdTokenHeader> id_token_header(std::string_view token);

/// True when one of the keys may be the one that the header names.
bool has_key_for(const std::vector<JsonWebKey>& keys, const IdTokenHeader& header);

/// unauthenticated unless the token is signed by one of the keys, by an algorithm of that key's own, and says
/// what is expected; the detail says what did not hold. `issuer` of the result is the first of the expected.
Result<ProvenIdentity> verify_id_token(std::string_view token, const std::vector<JsonWebKey>& keys,
                                       const IdTokenExpectation& expected);

/// Takes e-mail address and name of claims (of an ID token or of userinfo) for what the identity lacks.
void take_claims(const protocol::Json& claims, ProvenIdentity& identity);

}  // namespace berth::server
