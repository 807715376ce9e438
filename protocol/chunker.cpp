// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/chunker.hpp"

#include <algorithm>
#include <array>

namespace berth::protocol {

namespace {

/// A fixed random number for each byte, by SplitMix64 (Steele, Lea, Flood, "Fast Splittable Pseudorandom
/// Number Generators", OOPSLA 2014). The seed may never change: other numbers cut every file elsewhere, and
/// nothing stored before would be found again.
constexpr std::array<std::uint64_t, 256> make_gear() {
  std::array<std::uint64_t, 256> gear{};
  std::uint64_t state = 0x4265727468434443;  // "BerthCDC"
  for (auto& number : gear) {
    state += 0x9e3779b97f4a7c15;
    std::uint64_t mixed = state;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    number = mixed ^ (mixed >> 31);
  }
  return gear;
}
constexpr auto gear = make_gear();

/// The hash's highest bits, which the last 64 bytes of the stream decide.
constexpr std::uint64_t highest(int bits) { return ~std::uint64_t{0} << (64 - bits); }

// Normalised chunking, level 2: two bits more than the average's 16 before it, so that few chunks are short,
// two bits fewer after it, so that few are long.
constexpr std::uint64_t mask_before_average = highest(18);
constexpr std::uint64_t mask_after_average = highest(14);
static_assert(average_chunk == std::size_t{1} << 16);

}  // namespace

std::size_t first_chunk(std::string_view bytes) {
  const std::size_t end = std::min(bytes.size(), largest_chunk);
  if (end <= smallest_chunk) return end;
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  const std::size_t middle = std::min(average_chunk, end);
  std::uint64_t hash = 0;
  std::size_t at = smallest_chunk;  // no cut before it, so nothing before it needs hashing
  for (; at < middle; ++at) {
    hash = (hash << 1) + gear[data[at]];
    if ((hash & mask_before_average) == 0) return at + 1;
  }
  for (; at < end; ++at) {
    hash = (hash << 1) + gear[data[at]];
    if ((hash & mask_after_average) == 0) return at + 1;
  }
  return end;
}

}  // namespace berth::protocol
