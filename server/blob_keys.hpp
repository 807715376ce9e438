// SPDX-License-Identifier: GPL-3.0-or-later
// What lies where in the blob store.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace berth::server {

inline constexpr const char* blob_root = "owners/";

/// `pack` is the hash of the pack's bytes in hexadecimal; two digits of it make folders of a bearable size.
inline std::string pack_key(const std::string& owner, const std::string& pack) {
  return blob_root + owner + "/packs/" + pack.substr(0, 2) + "/" + pack;
}

inline std::string version_key(const std::string& owner, const std::string& workspace,
                               const std::string& version) {
  return blob_root + owner + "/versions/" + workspace + "/" + version;
}

/// A key taken apart; nullopt for what none of the above has made.
struct BlobName {
  bool is_pack = false;
  std::string owner;
  std::string pack;       // of a pack
  std::string workspace;  // of a version
  std::string version;
};
std::optional<BlobName> parse_blob_key(std::string_view key);

}  // namespace berth::server
