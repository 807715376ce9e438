// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/blobs/blob_key.hpp"

#include <algorithm>

namespace berth::server {

bool is_blob_key(std::string_view key) {
  if (key.empty() || key.size() > longest_blob_key || key.ends_with('/')) return false;
  char before = '/';
  return std::ranges::all_of(key, [&](char c) {
    const bool begins_part = before == '/';
    before = c;
    if (c == '/' || c == '.') return !begins_part;
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

Result<void> require_blob_key(std::string_view key) {
  if (is_blob_key(key)) return {};
  return failure(ErrorCode::invalid_argument, "This is no name of a stored blob.",
                 std::string(key.substr(0, 80)));
}

}  // namespace berth::server
