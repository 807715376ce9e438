// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/connect_token.hpp"

#include <sodium.h>

#include "protocol/codec.hpp"

namespace berth::protocol {

namespace {

constexpr auto variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
constexpr std::size_t max_token = 4096;  // bytes

std::string sign(std::string_view text, const SecretKey& key) {
  std::array<unsigned char, crypto_sign_BYTES> signature{};
  crypto_sign_detached(signature.data(), nullptr, reinterpret_cast<const unsigned char*>(text.data()),
                       text.size(), key.data());
  return encode_base64url({reinterpret_cast<const char*>(signature.data()), signature.size()});
}

bool verify(std::string_view encoded, std::string_view text, const PublicKey& key) {
  const auto signature = decode_base64url(encoded);
  return signature && signature->size() == crypto_sign_BYTES &&
         crypto_sign_verify_detached(reinterpret_cast<const unsigned char*>(signature->data()),
                                     reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                                     key.data()) == 0;
}

std::string proof_text(std::string_view workspace, std::string_view nonce) {
  return "berth-runner-proof:" + std::string(workspace) + ":" + std::string(nonce);
}

}  // namespace

KeyPair generate_key_pair() {
  KeyPair pair;
  crypto_sign_keypair(pair.public_key.data(), pair.secret_key.data());
  return pair;
}

std::string encode_base64url(std::string_view bytes) {
  std::string out(sodium_base64_encoded_len(bytes.size(), variant), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), variant);
  out.pop_back();  // libsodium writes a terminating NUL
  return out;
}

Result<std::string> decode_base64url(std::string_view text) {
  std::string out(text.size(), '\0');
  std::size_t length = 0;
  const char* end = nullptr;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(), text.size(),
                        nullptr, &length, &end, variant) != 0 ||
      end != text.data() + text.size())
    return failure(ErrorCode::invalid_argument, "not base64url");
  out.resize(length);
  return out;
}

std::string encode_key(const PublicKey& key) {
  return encode_base64url({reinterpret_cast<const char*>(key.data()), key.size()});
}

Result<PublicKey> decode_public_key(std::string_view text) {
  const auto bytes = decode_base64url(text);
  PublicKey key{};
  if (!bytes || bytes->size() != key.size())
    return failure(ErrorCode::invalid_argument, "not an Ed25519 public key in base64url");
  std::copy(bytes->begin(), bytes->end(), key.begin());
  return key;
}

std::string sign_connect_token(const ConnectClaims& claims, const SecretKey& key) {
  const auto body = encode_base64url(to_text(encode(claims)));
  return body + "." + sign(body, key);
}

Result<ConnectClaims> verify_connect_token(std::string_view token, const PublicKey& key, std::int64_t now) {
  const auto refused = [](const char* why) {
    return failure(ErrorCode::unauthenticated,
                   "The connect token was refused; connect again through the server.", why);
  };
  const auto dot = token.find('.');
  if (token.size() > max_token || dot == token.npos) return refused("malformed");
  const auto body = token.substr(0, dot);
  if (!verify(token.substr(dot + 1), body, key)) return refused("bad signature");
  const auto text = decode_base64url(body);
  if (!text) return refused("body is not base64url");
  const auto json = parse_json(*text);
  if (!json) return refused("body is not JSON");
  auto claims = decode<ConnectClaims>(*json, "connect_token");
  if (!claims) return refused("claims are incomplete");
  if (claims->expires <= now) return refused("expired");
  if (claims->expires > now + max_connect_token_life) return refused("lives too long");
  if (claims->nonce.size() < 16) return refused("nonce too short");
  return claims;
}

std::string sign_runner_proof(std::string_view workspace, std::string_view nonce,
                              const SecretKey& runner_key) {
  return sign(proof_text(workspace, nonce), runner_key);
}

bool verify_runner_proof(std::string_view proof, std::string_view workspace, std::string_view nonce,
                         const PublicKey& runner_key) {
  return verify(proof, proof_text(workspace, nonce), runner_key);
}

}  // namespace berth::protocol
