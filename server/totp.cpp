// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/totp.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include <stdexcept>

#include "server/percent_encoding.hpp"

namespace berth::server::totp {
std::string code_of(std::string_view secret, std::int64_t step, int length) {
  unsigned char message[8];
  for (int i = 0; i < 8; ++i) message[i] = static_cast<unsigned char>(step >> (56 - 8 * i));
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (::HMAC(::EVP_sha1(), secret.data(), static_cast<int>(secret.size()), message, sizeof message, mac,
             &size) == nullptr ||
      size != 20)
    throw std::runtime_error("OpenSSL has no HMAC-SHA1");
  const int offset = mac[19] & 15;
  std::uint32_t number = 0;
  for (int i = 0; i < 4; ++i) number = number << 8 | mac[offset + i];
  number &= 0x7FFFFFFF;
  std::string code(static_cast<std::size_t>(length), '0');
  for (auto digit = code.rbegin(); digit != code.rend(); ++digit, number /= 10)
    *digit = static_cast<char>('0' + number % 10);
  return code;
}

std::optional<std::int64_t> matching_step(std::string_view secret, std::string_view code, std::int64_t now,
                                          std::int64_t last_step) {
  if (code.size() != digits) return {};
  const auto current = now / step_seconds;
  std::optional<std::int64_t> found;
  for (auto step = current - 1; step <= current + 1; ++step) {
    const auto right = code_of(secret, step);
    if (::sodium_memcmp(right.data(), code.data(), right.size()) == 0 && step > last_step && !found)
      found = step;
  }
  return found;
}

std::string base32(std::string_view bytes) {
  static constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  std::uint32_t held = 0;
  int bits = 0;
  for (const unsigned char byte : bytes) {
    held = held << 8 | byte;
    for (bits += 8; bits >= 5; bits -= 5) out += alphabet[held >> (bits - 5) & 31];
    held &= (1u << bits) - 1;
  }
  if (bits > 0) out += alphabet[held << (5 - bits) & 31];
  return out;
}

std::string uri(std::string_view secret, std::string_view issuer, std::string_view account) {
  return "otpauth://totp/" + percent_encoded(issuer) + ":" + percent_encoded(account) +
         "?secret=" + base32(secret) + "&issuer=" + percent_encoded(issuer) +
         "&algorithm=SHA1&digits=" + std::to_string(digits) + "&period=" + std::to_string(step_seconds);
}

}  // namespace berth::server::totp
