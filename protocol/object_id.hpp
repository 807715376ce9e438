// SPDX-License-Identifier: GPL-3.0-or-later
// The name of a stored object: the BLAKE2b-256 hash (RFC 7693, by libsodium) of its bytes.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "protocol/error.hpp"

namespace berth::protocol {

struct ObjectId {
  std::array<std::uint8_t, 32> bytes{};
  auto operator<=>(const ObjectId&) const = default;

  static ObjectId of(std::string_view object);
  /// invalid_argument for anything but 64 lower-case hexadecimal digits.
  static Result<ObjectId> from_hex(std::string_view hex);
  std::string hex() const;
};

}  // namespace berth::protocol

template <>
struct std::hash<berth::protocol::ObjectId> {
  /// Any eight bytes of a good hash are one.
  std::size_t operator()(const berth::protocol::ObjectId& id) const noexcept {
    std::size_t value;
    __builtin_memcpy(&value, id.bytes.data(), sizeof value);
    return value;
  }
};
