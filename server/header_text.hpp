// SPDX-License-Identifier: GPL-3.0-or-later
// Text of HTTP headers: ASCII letters have case, spaces and tabs around a value mean nothing.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace berth::server {

inline std::string ascii_lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(
      out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  return out;
}

/// Without the spaces and tabs at both ends.
inline std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace berth::server
