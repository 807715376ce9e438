// SPDX-License-Identifier: GPL-3.0-or-later
// Places of a text that are replaced, and found again later, when others have changed the text: to put back
// what stood there. No I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/text_operation.hpp"

namespace berth::runner {

/// Bytes of a text, and what comes in their place.
struct Replacing {
  std::size_t start, end;
  std::string text;
};

/// What is remembered of one, to find it again.
struct ReplacedPlace {
  std::int64_t start, end;    // of what was put in, in UTF-16 units of the text after
  std::string before, after;  // what stood there, and what was put in
  std::uint64_t line;         // from 1
  // Its line, for when nothing else tells where it is: the one of this hash that is the `ordinal`th of
  // `count`. A count of 0: what was put in has several lines.
  std::uint64_t line_hash = 0;
  std::uint32_t ordinal = 0, count = 0;
  std::uint32_t column = 0;  // bytes
};

struct MadeReplacement {
  protocol::TextOperation operation;
  std::vector<ReplacedPlace> places;
  std::uint64_t text_hash = 0;   // of the text after
  std::uint64_t inserted = 0;    // bytes
  std::uint64_t remembered = 0;  // bytes that the places take
};

/// `replacing` in order, apart from each other, at characters' borders. What would change nothing is left
/// out.
MadeReplacement make_replacement(std::string_view text, const std::vector<Replacing>& replacing);

/// A place in UTF-16 units of a text; nullopt: not to be found.
using PlaceNow = std::optional<std::pair<std::int64_t, std::int64_t>>;

std::uint64_t hash_of_text(std::string_view text);
/// By their lines, wherever those are now.
std::vector<PlaceNow> find_by_lines(std::string_view text, const std::vector<ReplacedPlace>& places);

struct TakenBack {
  protocol::TextOperation operation;
  std::vector<std::uint64_t> changed_lines;  // of places that hold something else by now
};
/// `now`: where each place is in `text`.
TakenBack take_back_places(std::string_view text, const std::vector<ReplacedPlace>& places,
                           const std::vector<PlaceNow>& now);

}  // namespace berth::runner
