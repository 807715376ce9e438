// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/storage_key.hpp"

#include <sodium.h>

#include "protocol/connect_token.hpp"
#include "server/server_keys.hpp"

namespace berth::server {
namespace {

constexpr std::size_t name_size = 8;
constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(seal_overhead == name_size + nonce_size + tag_size);

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

StorageKey::StorageKey(const std::array<unsigned char, 32>& secret)
    : secret_(secret), name_(name_size, '\0') {
  crypto_kdf_derive_from_key(secret_.data(), secret_.size(), 1, "blobseal", secret.data());
  std::array<unsigned char, crypto_kdf_BYTES_MIN> name{};
  crypto_kdf_derive_from_key(name.data(), name.size(), 2, "blobseal", secret.data());
  name_.assign(reinterpret_cast<const char*>(name.data()), name_size);
}

StorageKey::~StorageKey() { sodium_memzero(secret_.data(), secret_.size()); }

std::string StorageKey::seal(std::string_view plain, std::string_view context) const {
  std::string sealed = name_;
  sealed.resize(name_size + nonce_size + plain.size() + tag_size);
  auto* nonce = bytes_of(sealed) + name_size;
  randombytes_buf(nonce, nonce_size);
  crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + nonce_size, nullptr, bytes_of(plain), plain.size(),
                                             bytes_of(context), context.size(), nullptr, nonce,
                                             secret_.data());
  return sealed;
}

Result<std::string> StorageKey::open(std::string_view sealed, std::string_view context) const {
  if (sealed.size() < seal_overhead)
    return failure(ErrorCode::invalid_argument, "A stored blob is damaged.", "a seal that is too short");
  if (sealed.substr(0, name_size) != name_)
    return failure(ErrorCode::internal,
                   "Stored versions are encrypted with another key than storage.key in the data folder.");
  const auto nonce = sealed.substr(name_size, nonce_size);
  const auto cipher = sealed.substr(name_size + nonce_size);
  std::string plain(cipher.size() - tag_size, '\0');
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(bytes_of(plain), nullptr, nullptr, bytes_of(cipher),
                                                 cipher.size(), bytes_of(context), context.size(),
                                                 bytes_of(nonce), secret_.data()) != 0)
    return failure(ErrorCode::invalid_argument, "A stored blob is damaged.", "its seal does not hold");
  return plain;
}

std::string StorageKey::name() const { return protocol::encode_base64url(name_); }

Result<StorageSealing> load_storage_sealing(const std::filesystem::path& folder, bool seal) {
  const auto path = folder / "storage.key";
  std::error_code ignored;
  if (!seal && !std::filesystem::exists(std::filesystem::symlink_status(path, ignored)))
    return StorageSealing{};
  auto secret = load_secret(path);
  if (!secret) return std::unexpected(secret.error());
  StorageSealing sealing{StorageKey(*secret), seal};
  sodium_memzero(secret->data(), secret->size());
  return sealing;
}

}  // namespace berth::server
