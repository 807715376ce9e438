// SPDX-License-Identifier: GPL-3.0-or-later
// Public keys as identity providers publish them (JSON Web Key Sets, RFC 7517) and the signatures that they
// check (RFC 7518, RFC 8037): RS256 and ES256 by OpenSSL, EdDSA by libsodium. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocol/codec.hpp"

namespace berth::server {

struct JsonWebKey {
  std::string kid;        // "" for none
  std::string algorithm;  // what it is for: "RS256", "ES256" or "EdDSA"
  std::string n, e;       // RSA, big-endian bytes
  std::string x, y;       // P-256, 32 bytes each; Ed25519: x alone
};

inline constexpr std::size_t most_web_keys = 64;

/// Those of the set that check signatures that we know; others are left out, as RFC 7517 wants it.
/// invalid_argument when it is no key set.
Result<std::vector<JsonWebKey>> parse_web_keys(const protocol::Json& set);

/// Whether `signature` (raw bytes) of `text` is by this key.
bool verify_signature(const JsonWebKey& key, std::string_view text, std::string_view signature);

}  // namespace berth::server
