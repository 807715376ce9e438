// SPDX-License-Identifier: GPL-3.0-or-later
// The server's secrets: one 32-byte seed in the data folder (0600, made at first start), from which every key
// is derived.
#pragma once

#include <array>
#include <filesystem>

#include "protocol/connect_token.hpp"

namespace berth::server {

struct ServerKeys {
  protocol::KeyPair connect;                // signs connect tokens; runners know the public half
  protocol::KeyPair access;                 // signs access tokens (JWT)
  std::array<unsigned char, 32> refresh{};  // authenticates refresh tokens
  std::array<unsigned char, 32> preview{};  // for the preview proxy's hand-over tokens and cookies
  std::array<unsigned char, 32>
      identity{};  // hashes personal access tokens and recovery codes, seals pending sign-ins
  std::array<unsigned char, 32> second_factor{};  // seals TOTP secrets
};

/// Reads `folder`/server.key or makes it. internal when it can't be read, is short, or is readable by others.
Result<ServerKeys> load_server_keys(const std::filesystem::path& folder);

/// Reads a file of 32 secret bytes, or makes it (0600, whole or not at all). internal when it can't be read,
/// is of another length, or is readable by others.
Result<std::array<unsigned char, 32>> load_secret(const std::filesystem::path& path);

/// Writes such a file (0600, whole or not at all).
Result<void> keep_secret(const std::filesystem::path& path, const std::array<unsigned char, 32>& secret);

/// Reads 32 secret bytes that an orchestrator mounted: a link, and readable by a group, as secrets of
/// Kubernetes are; not by everybody.
Result<std::array<unsigned char, 32>> read_mounted_secret(const std::filesystem::path& path);

/// The keys of one seed (also for tests).
ServerKeys derive_server_keys(const std::array<unsigned char, 32>& seed);

}  // namespace berth::server
