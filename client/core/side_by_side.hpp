// SPDX-License-Identifier: GPL-3.0-or-later
// Two texts laid out beside each other: equal lines in the same row, gaps where the other has more, and the
// words that differ within changed lines. No widgets; may take a moment, so views call it on a thread of the
// pool.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace berth::client {

struct SideBySide {
  struct Span {
    std::size_t begin;  // bytes into Side::text
    std::size_t length;
  };
  struct Side {
    std::string text;          // a line for each row, empty in gaps; no carriage returns
    std::vector<int> numbers;  // of each row's line, from 1; 0: a gap
    std::vector<Span> words;   // that differ from the other side's line in the row
  };
  Side left;
  Side right;
  std::vector<bool> changed;  // each row
};

/// Shortest edit by the O(NP) algorithm (Wu, Manber, Myers, Miller 1990; libdtl), over the lines that both
/// sides have; where that is more than 20,000 lines all between the equal beginning and end counts as
/// changed.
SideBySide side_by_side(std::string_view left, std::string_view right);

/// The same as one text: what was taken away stands above what came in its place.
struct InlineDifference {
  enum class Kind { same, removed, added };
  std::string text;
  std::vector<Kind> kinds;        // each row
  std::vector<int> left_numbers;  // from 1; 0 where the side has no such line
  std::vector<int> right_numbers;
  std::vector<SideBySide::Span> words;  // that differ, ascending
};

InlineDifference inline_difference(const SideBySide& sides);

}  // namespace berth::client
