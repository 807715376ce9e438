// SPDX-License-Identifier: GPL-3.0-or-later
// Base64 with padding (RFC 4648, section 4), as Kubernetes writes bytes in JSON and YAML.
#pragma once

#include <sodium.h>

#include <optional>
#include <string>
#include <string_view>

namespace berth::server::kubernetes {

inline std::string encode_base64(std::string_view bytes) {
  std::string text(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), sodium_base64_VARIANT_ORIGINAL);
  text.pop_back();  // the terminating zero
  return text;
}

/// Line breaks and blanks between are left out; nullopt for anything else that is no base64.
inline std::optional<std::string> decode_base64(std::string_view text) {
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  std::size_t size = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                        text.size(), " \t\r\n", &size, nullptr, sodium_base64_VARIANT_ORIGINAL) != 0)
    return std::nullopt;
  bytes.resize(size);
  return bytes;
}

}  // namespace berth::server::kubernetes
