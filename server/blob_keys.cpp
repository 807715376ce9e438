// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/blob_keys.hpp"

#include <vector>

namespace berth::server {

std::optional<BlobName> parse_blob_key(std::string_view key) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= key.size();) {
    const auto end = std::min(key.find('/', begin), key.size());
    parts.emplace_back(key.substr(begin, end - begin));
    begin = end + 1;
  }
  if (parts.size() != 5 || parts[0] + "/" != blob_root) return std::nullopt;
  for (const auto& part : parts)
    if (part.empty()) return std::nullopt;
  BlobName name;
  name.owner = parts[1];
  if (parts[2] == "packs" && parts[4].size() == 64 && parts[4].starts_with(parts[3]) &&
      parts[3].size() == 2) {
    name.is_pack = true;
    name.pack = parts[4];
    return name;
  }
  if (parts[2] != "versions") return std::nullopt;
  name.workspace = parts[3];
  name.version = parts[4];
  return name;
}

}  // namespace berth::server
