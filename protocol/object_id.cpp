// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/object_id.hpp"

#include <sodium.h>

namespace berth::protocol {

namespace {
/// 0 to 15, or -1 for anything but a lower-case hexadecimal digit.
int nibble(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  return -1;
}
}  // namespace

ObjectId ObjectId::of(std::string_view object) {
  // libsodium hashes with plain C code until it has looked at the processor.
  [[maybe_unused]] static const int ready = sodium_init();
  ObjectId id;
  crypto_generichash(id.bytes.data(), id.bytes.size(), reinterpret_cast<const unsigned char*>(object.data()),
                     object.size(), nullptr, 0);
  return id;
}

Result<ObjectId> ObjectId::from_hex(std::string_view hex) {
  ObjectId id;
  bool good = hex.size() == 2 * id.bytes.size();
  for (std::size_t i = 0; good && i < id.bytes.size(); ++i) {
    const int high = nibble(hex[2 * i]), low = nibble(hex[2 * i + 1]);
    good = high >= 0 && low >= 0;
    id.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  if (!good)
    return failure(ErrorCode::invalid_argument, "An object's id is 64 lower-case hexadecimal digits.");
  return id;
}

std::string ObjectId::hex() const {
  constexpr char digits[] = "0123456789abcdef";
  std::string text(2 * bytes.size(), '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    text[2 * i] = digits[bytes[i] >> 4];
    text[2 * i + 1] = digits[bytes[i] & 15];
  }
  return text;
}

}  // namespace berth::protocol
