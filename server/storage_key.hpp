// SPDX-License-Identifier: GPL-3.0-or-later
// Encryption at rest: the server's key for what it puts into the blob store, and sealing with it
// (XChaCha20-Poly1305, draft-irtf-cfrg-xchacha-03, by libsodium). The key is a file of its own, so that a new
// server.key, which signs everybody out, leaves the stored versions readable.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/error.hpp"

namespace berth::server {

class StorageKey {
 public:
  explicit StorageKey(const std::array<unsigned char, 32>& secret);
  ~StorageKey();
  StorageKey(const StorageKey&) = default;
  StorageKey& operator=(const StorageKey&) = default;

  /// Name of the key (8 bytes), nonce (24, random), ciphertext with its tag (16). `context` must be the same
  /// at opening.
  std::string seal(std::string_view plain, std::string_view context) const;
  /// invalid_argument when it was altered or its context is another; internal when another key sealed it.
  Result<std::string> open(std::string_view sealed, std::string_view context) const;
  /// Which key it is, as printable text.
  std::string name() const;

 private:
  std::array<unsigned char, 32> secret_;
  std::string name_;  // says which key sealed something, and nothing else about it
};

/// By how many bytes sealing makes something longer.
inline constexpr std::size_t seal_overhead = 8 + 24 + 16;

/// What the blobs are sealed and opened with: `key` opens where there is one, and seals when `seal` is set.
struct StorageSealing {
  std::optional<StorageKey> key;
  bool seal = false;
};

/// Reads `folder`/storage.key, or makes it (0600) when `seal` asks for one and there is none; without both
/// there is no key. internal when the file can't be used.
Result<StorageSealing> load_storage_sealing(const std::filesystem::path& folder, bool seal);

}  // namespace berth::server
