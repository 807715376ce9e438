// SPDX-License-Identifier: GPL-3.0-or-later
// Searching for a part of a text, in both databases' words.
#pragma once

#include <string>

#include "server/stores/sql_session.hpp"

namespace berth::server {

/// For LOWER(column) LIKE :pattern ESCAPE '!': anything with this in it. Only letters of ASCII have another
/// case: SQLite knows no others, nor does PostgreSQL in the collation that our columns have.
inline std::string containing(const std::string& text) {
  std::string pattern = "%";
  for (const char c : storable(text)) {
    if (c == '%' || c == '_' || c == '!') pattern += '!';
    pattern += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return pattern + "%";
}

}  // namespace berth::server
