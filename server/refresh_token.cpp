// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/refresh_token.hpp"

#include <sodium.h>

#include <charconv>

#include "protocol/connect_token.hpp"

namespace berth::server {
namespace {

std::string mac_of(const SignInRecord& sign_in, std::int64_t generation, const RefreshKey& key) {
  const std::string message =
      "berth-refresh:" + sign_in.id + ":" + std::to_string(generation) + ":" + sign_in.salt;
  std::string mac(crypto_generichash_BYTES, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(mac.data()), mac.size(),
                     reinterpret_cast<const unsigned char*>(message.data()), message.size(), key.data(),
                     key.size());
  return protocol::encode_base64url(mac);
}

}  // namespace

std::string make_refresh_token(const SignInRecord& sign_in, std::int64_t generation, const RefreshKey& key) {
  return sign_in.id + "." + std::to_string(generation) + "." + mac_of(sign_in, generation, key);
}

Result<RefreshClaim> parse_refresh_token(std::string_view token) {
  const auto first = token.find('.');
  const auto last = token.rfind('.');
  RefreshClaim claim;
  bool good = token.size() <= 256 && first != token.npos && first != last && first > 0;
  if (good) {
    const auto [end, error] =
        std::from_chars(token.data() + first + 1, token.data() + last, claim.generation);
    good = error == std::errc{} && end == token.data() + last && claim.generation >= 0;
  }
  if (!good)
    return failure(ErrorCode::unauthenticated, "Your sign-in is not valid any more; sign in again.",
                   "malformed refresh token");
  claim.sign_in = token.substr(0, first);
  claim.mac = token.substr(last + 1);
  return claim;
}

RefreshVerdict judge_refresh(const RefreshClaim& claim, const SignInRecord& sign_in, const RefreshKey& key,
                             std::int64_t now) {
  const auto expected = mac_of(sign_in, claim.generation, key);
  const bool genuine = claim.generation <= sign_in.generation && claim.mac.size() == expected.size() &&
                       sodium_memcmp(claim.mac.data(), expected.data(), expected.size()) == 0;
  if (!genuine || sign_in.expires <= now) return RefreshVerdict::forged;
  if (claim.generation == sign_in.generation) return RefreshVerdict::rotate;
  if (claim.generation + 1 == sign_in.generation && now - sign_in.rotated <= refresh_grace)
    return RefreshVerdict::repeat;
  return RefreshVerdict::reused;
}

}  // namespace berth::server
