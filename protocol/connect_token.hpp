// SPDX-License-Identifier: GPL-3.0-or-later
// The connect token: what the server signs and a runner believes, and the runner's proof of who it is.
// Format: base64url(JSON claims) "." base64url(Ed25519 signature over the first part). Keys are libsodium's
// raw forms.
#pragma once

#include <array>
#include <boost/describe/class.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/error.hpp"
#include "protocol/messages.hpp"

namespace berth::protocol {

using PublicKey = std::array<unsigned char, 32>;
using SecretKey = std::array<unsigned char, 64>;
struct KeyPair {
  PublicKey public_key{};
  SecretKey secret_key{};
};

/// A new Ed25519 key pair.
KeyPair generate_key_pair();

std::string encode_base64url(std::string_view bytes);
Result<std::string> decode_base64url(std::string_view text);
std::string encode_key(const PublicKey& key);
Result<PublicKey> decode_public_key(std::string_view text);

struct ConnectClaims {
  std::string workspace;
  std::string user;       // account id; "server" for the control link
  std::string user_name;  // shown to others
  Role role = Role::viewer;
  std::vector<std::string>
      capabilities;          // "session" (the WebSocket), "tunnel:<port>" (raw bytes to one port)
  std::int64_t expires = 0;  // Unix seconds, at most 60 s ahead
  std::string nonce;         // the runner takes each once and signs it as its proof
};
BOOST_DESCRIBE_STRUCT(ConnectClaims, (), (workspace, user, user_name, role, capabilities, expires, nonce))

inline constexpr std::int64_t max_connect_token_life = 60;  // seconds

std::string sign_connect_token(const ConnectClaims& claims, const SecretKey& key);

/// unauthenticated when forged, malformed, expired (`now` in Unix seconds) or living longer than allowed.
/// Replays (a nonce seen before) are the caller's to refuse.
Result<ConnectClaims> verify_connect_token(std::string_view token, const PublicKey& key, std::int64_t now);

/// The value of the runner's `Berth-Runner-Proof` header: signature over "berth-runner-proof:" workspace ":"
/// nonce.
std::string sign_runner_proof(std::string_view workspace, std::string_view nonce,
                              const SecretKey& runner_key);
bool verify_runner_proof(std::string_view proof, std::string_view workspace, std::string_view nonce,
                         const PublicKey& runner_key);

}  // namespace berth::protocol
