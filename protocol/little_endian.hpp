// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers of fixed width, little-endian, and ids, as stored bytes have them: appended to a string, and read
// from the front of one. No I/O.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/object_id.hpp"

namespace berth::protocol {

template <std::integral Int>
void put_little_endian(std::string& out, Int value) {
  std::array<char, sizeof(Int)> bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i));
  out.append(bytes.data(), bytes.size());
}

inline void put_id(std::string& out, const ObjectId& id) {
  out.append(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size());
}

/// Takes bytes from the front; from the first step past the end on every answer is empty and ok() false.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  std::string_view take(std::size_t count) {
    if (count > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const auto taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }
  template <std::integral Int>
  Int number() {
    std::uint64_t value = 0;
    const auto bytes = take(sizeof(Int));
    for (std::size_t i = 0; i < bytes.size(); ++i)
      value |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    return static_cast<Int>(value);
  }
  ObjectId id() {
    ObjectId id;
    const auto bytes = take(id.bytes.size());
    std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
    return id;
  }
  std::size_t left() const { return rest_.size(); }
  bool ok() const { return ok_; }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace berth::protocol
