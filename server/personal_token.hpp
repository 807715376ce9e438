// SPDX-License-Identifier: GPL-3.0-or-later
// Personal access tokens: "berth_pat_<id>_<secret>". The store has the id and a keyed hash: who reads the
// database can neither use nor check a guess at one. The prefix tells them from access tokens, and scanners
// for leaked secrets what they found. Pure.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace berth::server {

using IdentityKey = std::array<unsigned char, 32>;  // ServerKeys::identity

inline constexpr std::string_view personal_token_prefix = "berth_pat_";
inline constexpr std::size_t token_id_length = 12;      // characters
inline constexpr std::size_t token_secret_length = 40;  // characters: 200 bits

struct NewPersonalToken {
  std::string id;
  std::string text;  // shown once
  std::string hash;  // kept
};
NewPersonalToken make_personal_token(const IdentityKey& key);

bool is_personal_token(std::string_view bearer);

/// The id in a token of the right form, whether or not there ever was such a token.
std::optional<std::string> id_of_personal_token(std::string_view text);

/// Whether this is the token that was kept as `hash`; in constant time.
bool is_token_of(std::string_view text, std::string_view hash, const IdentityKey& key);

/// A keyed hash (BLAKE2b), base64url; `purpose` keeps hashes of different things apart.
std::string keyed_hash(std::string_view purpose, std::string_view text, const IdentityKey& key);

}  // namespace berth::server
