// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/percent_encoding.hpp"

namespace berth::server {

std::string percent_encoded(std::string_view text, std::string_view also) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const unsigned char c : text) {
    const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain || also.contains(static_cast<char>(c)))
      out += static_cast<char>(c);
    else
      out += {'%', digits[c >> 4], digits[c & 15]};
  }
  return out;
}

}  // namespace berth::server
