// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/second_factor.hpp"

#include <sodium.h>

#include <charconv>

#include "protocol/connect_token.hpp"
#include "server/random_id.hpp"

namespace berth::server {
namespace {

constexpr std::size_t half_code = 5;
constexpr std::size_t pending_limit = 256;  // characters

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string sealed_for(const std::string& account) { return "berth second factor of " + account; }

}  // namespace

std::string seal_secret(std::string_view secret, const std::string& account, const SecondFactorKey& key) {
  static_assert(std::tuple_size_v<SecondFactorKey> == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
  constexpr auto nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
  const auto bound_to = sealed_for(account);
  std::string sealed(nonce_size + secret.size() + crypto_aead_xchacha20poly1305_ietf_ABYTES, '\0');
  auto* out = reinterpret_cast<unsigned char*>(sealed.data());
  ::randombytes_buf(out, nonce_size);
  crypto_aead_xchacha20poly1305_ietf_encrypt(out + nonce_size, nullptr, bytes_of(secret), secret.size(),
                                             bytes_of(bound_to), bound_to.size(), nullptr, out, key.data());
  return protocol::encode_base64url(sealed);
}

Result<std::string> open_secret(std::string_view text, const std::string& account,
                                const SecondFactorKey& key) {
  constexpr auto nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
  constexpr auto overhead = nonce_size + crypto_aead_xchacha20poly1305_ietf_ABYTES;
  const auto sealed = protocol::decode_base64url(text);
  const auto bound_to = sealed_for(account);
  if (sealed && sealed->size() >= overhead) {
    std::string secret(sealed->size() - overhead, '\0');
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(reinterpret_cast<unsigned char*>(secret.data()), nullptr,
                                                   nullptr, bytes_of(*sealed) + nonce_size,
                                                   sealed->size() - nonce_size, bytes_of(bound_to),
                                                   bound_to.size(), bytes_of(*sealed), key.data()) == 0)
      return secret;
  }
  return failure(ErrorCode::internal,
                 "The second factor of this account can't be read; ask the administrator of this server.",
                 "a TOTP secret of account " + account + " does not open with this server's key");
}

std::string make_recovery_code() { return random_id(half_code) + "-" + random_id(half_code); }

std::string plain_recovery_code(std::string_view typed) {
  std::string plain;
  for (const char c : typed) {
    if (c == ' ' || c == '-') continue;
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    const bool known = (lower >= 'a' && lower <= 'z') || (lower >= '2' && lower <= '7');
    if (!known || plain.size() == 2 * half_code) return {};
    plain += lower;
  }
  return plain.size() == 2 * half_code ? plain : std::string{};
}

std::string recovery_code_hash(const std::string& account, std::string_view plain, const IdentityKey& key) {
  return keyed_hash("recovery code of " + account, plain, key);
}

std::string make_pending(const PendingSignIn& pending, std::string_view state, const IdentityKey& key) {
  const auto claim = pending.account + "." + std::to_string(pending.expires) + "." + pending.nonce;
  return claim + "." + keyed_hash("pending sign-in " + claim, state, key);
}

std::optional<PendingSignIn> parse_pending(std::string_view text) {
  if (text.size() > pending_limit) return {};
  const auto next = [&] {
    const auto part = text.substr(0, text.find('.'));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    return part;
  };
  PendingSignIn pending;
  pending.account = next();
  const auto expires = next();
  pending.nonce = next();
  const auto [end, error] = std::from_chars(expires.data(), expires.data() + expires.size(), pending.expires);
  if (error != std::errc{} || end != expires.data() + expires.size() || pending.account.empty() ||
      pending.nonce.empty() || text.empty())
    return {};
  return pending;
}

bool is_pending_of(std::string_view text, const PendingSignIn& pending, std::string_view state,
                   const IdentityKey& key) {
  const auto right = make_pending(pending, state, key);
  return text.size() == right.size() && ::sodium_memcmp(text.data(), right.data(), right.size()) == 0;
}

}  // namespace berth::server
