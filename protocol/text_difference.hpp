// SPDX-License-Identifier: GPL-3.0-or-later
// What turns one text into another, in as few changed words as bounded work finds: for changes on disk, which
// come as whole files but must reach people who type as the small edits they are.
//
// Lines first, then words within changed lines. Both by Myers' greedy algorithm in linear space ("An O(ND)
// difference algorithm and its variations", Algorithmica 1986, section 4b) over numbered lines and words.
// Lines that one side alone has are set aside beforehand, which loses nothing: they can't be kept. Where the
// texts are so different that a middle is not found soon, the farthest that was reached splits the search (as
// GNU diff does), and where the work allowed is used up, what is left is replaced as one piece.
#pragma once

#include <string_view>

#include "protocol/text_operation.hpp"

namespace berth::protocol {

struct DifferenceBounds {
  std::size_t lines =
      1u << 19;  // of one side between the first and the last change; more are replaced as one piece
  std::size_t words = 1u << 17;   // of one side of a changed place; the same
  std::size_t work = 40'000'000;  // comparisons in all: some 100 ms
};

/// A short operation from `before` to `after`, both valid UTF-8. Never splits a surrogate pair. Time is that
/// of reading both texts once, plus the bounds'; memory beside the texts is some 60 bytes for a line between
/// the first and the last change.
TextOperation short_difference(std::string_view before, std::string_view after, DifferenceBounds bounds = {});

}  // namespace berth::protocol
