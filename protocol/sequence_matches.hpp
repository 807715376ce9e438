// SPDX-License-Identifier: GPL-3.0-or-later
// The longest common subsequence of two lists of numbers, within bounded work; text_difference.hpp says by
// which algorithm.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace berth::protocol {

/// first[from_first + i] == second[from_second + i] for i < length.
struct SequenceMatch {
  std::size_t from_first;
  std::size_t from_second;
  std::size_t length;
  bool operator==(const SequenceMatch&) const = default;
};

/// In order, never crossing; the most there can be while `work` (comparisons) lasts, which is counted down.
std::vector<SequenceMatch> sequence_matches(std::span<const std::uint32_t> first,
                                            std::span<const std::uint32_t> second, std::size_t& work);

}  // namespace berth::protocol
