// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/blobs/checksums.hpp"

#include <openssl/evp.h>
#include <sodium.h>

namespace berth::server {
namespace {

std::string to_hex(const unsigned char* bytes, std::size_t size) {
  std::string text(2 * size + 1, '\0');  // with the NUL that libsodium writes
  sodium_bin2hex(text.data(), text.size(), bytes, size);
  text.pop_back();
  return text;
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> sum{};
  crypto_hash_sha256(sum.data(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  return to_hex(sum.data(), sum.size());
}

std::optional<Md5> md5_of(std::string_view bytes) {
  Md5 sum{};
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), sum.data(), &size, EVP_md5(), nullptr) != 1 ||
      size != sum.size())
    return std::nullopt;
  return sum;
}

std::string hex_of(const Md5& sum) { return to_hex(sum.data(), sum.size()); }

std::string base64_of(const Md5& sum) {
  std::string text(sodium_base64_encoded_len(sum.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), sum.data(), sum.size(), sodium_base64_VARIANT_ORIGINAL);
  text.pop_back();
  return text;
}

}  // namespace berth::server
