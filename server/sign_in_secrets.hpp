// SPDX-License-Identifier: GPL-3.0-or-later
// What is handed out while somebody signs in, and kept for a while: sealed texts that only the servers can
// read and make (cookies, mails on their way), and hashes of secrets, so that the database holds none. Pure.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace berth::server {

class SignInSecrets {
 public:
  explicit SignInSecrets(const std::array<unsigned char, 32>& key) : key_(key) {}

  /// For a cookie or a row: base64url. What was sealed for one purpose can't be opened for another.
  std::string seal(std::string_view purpose, std::string_view text) const;
  /// nullopt for everything that seal() did not make.
  std::optional<std::string> open(std::string_view purpose, std::string_view sealed) const;
  /// Of a secret that was handed out: base64url.
  std::string hash(std::string_view purpose, std::string_view secret) const;

 private:
  std::array<unsigned char, 32> key_for(std::string_view purpose) const;
  std::array<unsigned char, 32> key_;
};

/// A secret nobody can guess, for links and cookies: 160 bits.
std::string new_secret();

/// S256 of RFC 7636: base64url of the SHA-256.
std::string pkce_challenge(std::string_view verifier);

/// Compared in a time that tells nothing of where they differ.
bool same_secret(std::string_view a, std::string_view b);

}  // namespace berth::server
