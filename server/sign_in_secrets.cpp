// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/sign_in_secrets.hpp"

#include <sodium.h>

#include "protocol/connect_token.hpp"
#include "server/random_id.hpp"

namespace berth::server {
namespace {

const unsigned char* as_bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

constexpr std::size_t longest_sealed = 64u << 10;  // bytes, in base64url

}  // namespace

std::array<unsigned char, 32> SignInSecrets::key_for(std::string_view purpose) const {
  std::array<unsigned char, 32> key{};
  const auto text = "berth sign-in " + std::string(purpose);
  crypto_generichash(key.data(), key.size(), as_bytes(text), text.size(), key_.data(), key_.size());
  return key;
}

std::string SignInSecrets::seal(std::string_view purpose, std::string_view text) const {
  const auto key = key_for(purpose);
  std::string out(crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + text.size(), '\0');
  auto* bytes = reinterpret_cast<unsigned char*>(out.data());
  randombytes_buf(bytes, crypto_secretbox_NONCEBYTES);
  crypto_secretbox_easy(bytes + crypto_secretbox_NONCEBYTES, as_bytes(text), text.size(), bytes, key.data());
  return protocol::encode_base64url(out);
}

std::optional<std::string> SignInSecrets::open(std::string_view purpose, std::string_view sealed) const {
  if (sealed.size() > longest_sealed) return std::nullopt;
  const auto bytes = protocol::decode_base64url(sealed);
  constexpr std::size_t head = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
  if (!bytes || bytes->size() < head) return std::nullopt;
  const auto key = key_for(purpose);
  std::string text(bytes->size() - head, '\0');
  if (crypto_secretbox_open_easy(
          reinterpret_cast<unsigned char*>(text.data()), as_bytes(*bytes) + crypto_secretbox_NONCEBYTES,
          bytes->size() - crypto_secretbox_NONCEBYTES, as_bytes(*bytes), key.data()) != 0)
    return std::nullopt;
  return text;
}

std::string SignInSecrets::hash(std::string_view purpose, std::string_view secret) const {
  const auto key = key_for("hash " + std::string(purpose));
  std::string out(32, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(out.data()), out.size(), as_bytes(secret),
                     secret.size(), key.data(), key.size());
  return protocol::encode_base64url(out);
}

std::string new_secret() { return random_id(32); }

std::string pkce_challenge(std::string_view verifier) {
  std::string out(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(out.data()), as_bytes(verifier), verifier.size());
  return protocol::encode_base64url(out);
}

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace berth::server
