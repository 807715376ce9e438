// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/access_token.hpp"

#include <sodium.h>

#include "protocol/codec.hpp"

namespace berth::server {
namespace {

const std::string& header_part() {
  static const std::string part = protocol::encode_base64url(R"({"alg":"EdDSA","typ":"JWT"})");
  return part;
}

std::unexpected<Error> refused(const char* detail) {
  return failure(ErrorCode::unauthenticated, "Your sign-in is not valid any more; sign in again.", detail);
}

}  // namespace

std::string sign_access_token(const std::string& account, const std::string& sign_in, std::int64_t now,
                              const protocol::SecretKey& key) {
  const AccessClaims claims{"berth", account, sign_in, now, now + access_token_life};
  std::string token =
      header_part() + "." + protocol::encode_base64url(protocol::to_text(protocol::encode(claims)));
  std::string signature(crypto_sign_BYTES, '\0');
  crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr,
                       reinterpret_cast<const unsigned char*>(token.data()), token.size(), key.data());
  return token + "." + protocol::encode_base64url(signature);
}

Result<AccessClaims> verify_access_token(std::string_view token, std::int64_t now,
                                         const protocol::PublicKey& key) {
  if (token.size() > 4096) return refused("access token too long");
  const auto last = token.rfind('.');
  const auto first = token.find('.');
  if (first == token.npos || first == last) return refused("access token without three parts");
  if (token.substr(0, first) != header_part()) return refused("access token with another header");
  const auto signature = protocol::decode_base64url(token.substr(last + 1));
  if (!signature || signature->size() != crypto_sign_BYTES)
    return refused("access token with a malformed signature");
  const auto signed_part = token.substr(0, last);
  if (crypto_sign_verify_detached(reinterpret_cast<const unsigned char*>(signature->data()),
                                  reinterpret_cast<const unsigned char*>(signed_part.data()),
                                  signed_part.size(), key.data()) != 0)
    return refused("access token with a wrong signature");
  const auto payload = protocol::decode_base64url(token.substr(first + 1, last - first - 1));
  if (!payload) return refused("access token with a malformed payload");
  const auto json = protocol::parse_json(*payload);
  if (!json) return refused("access token with a malformed payload");
  auto claims = protocol::decode<AccessClaims>(*json, "token");
  if (!claims || claims->iss != "berth") return refused("access token with other claims");
  if (claims->exp <= now) return refused("access token expired");
  if (claims->iat > now + 60) return refused("access token from the future");
  return claims;
}

}  // namespace berth::server
