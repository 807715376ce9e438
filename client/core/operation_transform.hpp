// SPDX-License-Identifier: GPL-3.0-or-later
// Two changes of one text that were made side by side: brought into one order, and whether they touch.
// The algorithm is the run form of Ellis & Gibbs' transformation (see protocol/text_operation.hpp).
#pragma once

#include "protocol/text_operation.hpp"

namespace berth::client {

struct Transformed {
  protocol::TextOperation mine;    // applies after theirs
  protocol::TextOperation theirs;  // applies after mine; both ways give the same text
};

/// invalid_argument when the two are not of one base. Where both insert at one place, theirs comes first.
Result<Transformed> transform(const protocol::TextOperation& mine, const protocol::TextOperation& theirs);

/// True when both change the same place: their deletions meet, mine inserts into what they delete, or they
/// insert into or right beside what mine changes. Merging those silently could make text that nobody meant.
bool overlapping(const protocol::TextOperation& mine, const protocol::TextOperation& theirs);

}  // namespace berth::client
