// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/shared_keys.hpp"

#include <sodium.h>

#include <algorithm>

namespace berth::server {
namespace {

using Secret = std::array<unsigned char, 32>;

constexpr const char* seed_setting = "server_key";           // the seed itself
constexpr const char* key_name_setting = "server_key_name";  // which key it is
constexpr const char* storage_key_setting = "storage_key_name";

std::string text_of(const Secret& secret) {
  return protocol::encode_base64url({reinterpret_cast<const char*>(secret.data()), secret.size()});
}

/// A name of a secret that tells nothing else about it.
std::string secret_name(const Secret& secret) {
  Secret name{};
  constexpr char context[crypto_kdf_CONTEXTBYTES + 1] = "berthnam";
  crypto_kdf_derive_from_key(name.data(), 16, 1, context, secret.data());
  return protocol::encode_base64url({reinterpret_cast<const char*>(name.data()), 16});
}

Result<void> expect_same(SettingStore& shared, const char* setting, const std::string& name,
                         const std::string& what) {
  const auto first = shared.put_once(setting, name);
  if (!first) return std::unexpected(first.error());
  if (*first == name) return {};
  return failure(ErrorCode::conflict, what);
}

/// The seed that all servers of the database use.
Result<Secret> agree_on_seed(const std::filesystem::path& folder, SettingStore& shared) {
  const auto path = folder / "server.key";
  std::error_code ignored;
  const bool own = std::filesystem::exists(std::filesystem::symlink_status(path, ignored));
  Secret seed{};
  randombytes_buf(seed.data(), seed.size());
  if (own) {
    const auto there = load_secret(path);
    if (!there) return std::unexpected(there.error());
    seed = *there;
  }
  const auto agreed = shared.put_once(seed_setting, text_of(seed));
  if (!agreed) return std::unexpected(agreed.error());
  if (*agreed == text_of(seed)) {
    if (!own)
      if (auto kept = keep_secret(path, seed); !kept) return std::unexpected(kept.error());
    return seed;
  }
  if (own)
    return failure(ErrorCode::conflict,
                   path.string() +
                       " is another key than that of the other servers on this database. Remove it, and this "
                       "server takes theirs.");
  const auto bytes = protocol::decode_base64url(*agreed);
  if (!bytes || bytes->size() != seed.size())
    return failure(ErrorCode::internal, "The server's key in the database is damaged.");
  std::ranges::copy(*bytes, seed.begin());
  if (auto kept = keep_secret(path, seed); !kept) return std::unexpected(kept.error());
  return seed;
}

}  // namespace

Result<ServerKeys> load_keys(const Config& config, SettingStore* shared) {
  if (config.server_key_file.empty() && shared == nullptr) return load_server_keys(config.data);
  auto seed = config.server_key_file.empty() ? agree_on_seed(config.data, *shared)
                                             : read_mounted_secret(config.server_key_file);
  if (!seed) return std::unexpected(seed.error());
  if (shared != nullptr)
    if (auto same = expect_same(*shared, key_name_setting, secret_name(*seed),
                                "This server's key is another than that of the other servers on this "
                                "database; give all of them the same server_key_file, or none.");
        !same)
      return std::unexpected(same.error());
  auto keys = derive_server_keys(*seed);
  sodium_memzero(seed->data(), seed->size());
  return keys;
}

Result<StorageSealing> load_sealing(const Config& config, SettingStore* shared) {
  StorageSealing sealing;
  if (config.storage_key_file.empty()) {
    auto loaded = load_storage_sealing(config.data, config.storage.encrypt);
    if (!loaded) return loaded;
    sealing = std::move(*loaded);
  } else {
    auto secret = read_mounted_secret(config.storage_key_file);
    if (!secret) return std::unexpected(secret.error());
    sealing = {StorageKey(*secret), config.storage.encrypt};
    sodium_memzero(secret->data(), secret->size());
  }
  if (shared != nullptr && sealing.key && sealing.seal)
    if (auto same = expect_same(*shared, storage_key_setting, sealing.key->name(),
                                "This server would seal stored versions with another storage.key than the "
                                "other servers on this database. Copy theirs into its data folder, or give "
                                "all of them the same storage_key_file.");
        !same)
      return std::unexpected(same.error());
  return sealing;
}

Result<std::string> place_of_folder(const std::filesystem::path& folder) {
  const auto secret = load_secret(folder / "replica.id");
  if (!secret) return std::unexpected(secret.error());
  return text_of(*secret);
}

}  // namespace berth::server
