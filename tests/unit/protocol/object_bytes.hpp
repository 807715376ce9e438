// SPDX-License-Identifier: GPL-3.0-or-later
// Repeatable bytes for the tests of chunks and objects.
#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace berth::protocol {

/// The same incompressible bytes for the same seed, on every machine.
inline std::string random_bytes(std::size_t size, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::string bytes(size, '\0');
  for (std::size_t at = 0; at < size; at += 4) {
    const auto number = static_cast<std::uint32_t>(random());
    for (std::size_t i = at; i < at + 4 && i < size; ++i)
      bytes[i] = static_cast<char>(number >> 8 * (i - at));
  }
  return bytes;
}

}  // namespace berth::protocol
