// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/personal_token.hpp"

#include <sodium.h>

#include <algorithm>

#include "protocol/connect_token.hpp"
#include "server/random_id.hpp"

namespace berth::server {
namespace {

constexpr std::string_view token_purpose = "personal token";

bool is_id_text(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7'); });
}

}  // namespace

std::string keyed_hash(std::string_view purpose, std::string_view text, const IdentityKey& key) {
  std::string message(purpose);
  message += '\0';
  message += text;
  std::string hash(crypto_generichash_BYTES, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(),
                     reinterpret_cast<const unsigned char*>(message.data()), message.size(), key.data(),
                     key.size());
  return protocol::encode_base64url(hash);
}

NewPersonalToken make_personal_token(const IdentityKey& key) {
  NewPersonalToken token;
  token.id = random_id(token_id_length);
  token.text = std::string(personal_token_prefix) + token.id + "_" + random_id(token_secret_length);
  token.hash = keyed_hash(token_purpose, token.text, key);
  return token;
}

bool is_personal_token(std::string_view bearer) { return bearer.starts_with(personal_token_prefix); }

std::optional<std::string> id_of_personal_token(std::string_view text) {
  if (!is_personal_token(text)) return {};
  text.remove_prefix(personal_token_prefix.size());
  if (text.size() != token_id_length + 1 + token_secret_length || text[token_id_length] != '_') return {};
  const auto id = text.substr(0, token_id_length);
  if (!is_id_text(id) || !is_id_text(text.substr(token_id_length + 1))) return {};
  return std::string(id);
}

bool is_token_of(std::string_view text, std::string_view hash, const IdentityKey& key) {
  const auto own = keyed_hash(token_purpose, text, key);
  return own.size() == hash.size() && ::sodium_memcmp(own.data(), hash.data(), own.size()) == 0;
}

}  // namespace berth::server
