// SPDX-License-Identifier: GPL-3.0-or-later
// A change of a text as retain / insert / delete runs over its whole length, positions in UTF-16 code units
// (as in LSP), and how two changes of one text that were made side by side are brought into one order.
//
// Operational transformation after Ellis & Gibbs ("Concurrency control in groupware systems", SIGMOD 1989),
// with one server that orders everything as in Jupiter (Nichols, Curtis, Dixon, Lamping, "High-latency,
// low-bandwidth windowing in the Jupiter collaboration system", UIST 1995): so a pair must converge (TP1), no
// triangle need. Composition and the run form are Google Wave's (Wang, Mah, Lassen, "Google Wave Operational
// Transformation", 2010). Everything but apply, fits, invert and difference costs what the operations hold
// (runs and inserted bytes), whatever the length of the text.
//
// On the wire: an array; a positive number retains, a negative number deletes, a string inserts. Texts are
// UTF-8 here. A surrogate pair (a 4-byte character) is never split: apply, fits and invert refuse an
// operation that would, compose refuses where both operations show it. Retains and deletes carry no text, so
// a hostile offset inside a pair of the text shows only there: operations from outside are checked against
// the text before anything is built on them. Of two operations that fit a text, transform makes operations
// that fit.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/error.hpp"

namespace berth::protocol {

/// Length of valid UTF-8 in UTF-16 code units.
std::size_t utf16_length(std::string_view utf8);

/// True for well-formed UTF-8 (no surrogates, no overlong forms, ≤ U+10FFFF).
bool is_valid_utf8(std::string_view bytes);

/// On which side of text inserted at a position the position comes to stand.
enum class Bias { before, after };

class TextOperation {
 public:
  using Run = std::variant<std::int64_t, std::string>;  // >0 retain, <0 delete, string insert

  // Builders keep the normal form: no empty run, no two neighbours of one kind, an insert before the delete
  // it stands beside. So operations that retain, delete and insert the same compare equal.
  TextOperation& retain(std::int64_t units);
  TextOperation& insert(std::string utf8);
  TextOperation& remove(std::int64_t units);

  const std::vector<Run>& runs() const { return runs_; }
  std::int64_t base_length() const { return base_length_; }      // UTF-16 units before
  std::int64_t target_length() const { return target_length_; }  // UTF-16 units after
  bool is_identity() const;

  /// The text after the change; invalid_argument when the lengths differ or a surrogate pair would be split.
  Result<std::string> apply(std::string_view utf8) const;

  /// invalid_argument when apply would refuse `utf8`; builds nothing.
  Result<void> fits(std::string_view utf8) const;

  /// One operation that does this one, then `next`; invalid_argument when the lengths don't meet, or `next`
  /// splits a surrogate pair that this one inserts.
  Result<TextOperation> compose(const TextOperation& next) const;

  /// The operation that undoes this one on `before` (the text this one applies to); refuses what apply
  /// refuses.
  Result<TextOperation> invert(std::string_view before) const;

  /// Where a position of the text before is afterwards: in front of or behind what is inserted right there;
  /// inside deleted text, where that stood (behind what replaces it). invalid_argument outside of the text.
  Result<std::int64_t> map_position(std::int64_t position, Bias bias) const;

  /// The least single replacement that turns `before` into `after` (common prefix and suffix kept).
  static TextOperation difference(std::string_view before, std::string_view after);

  bool operator==(const TextOperation&) const = default;

 private:
  std::vector<Run> runs_;
  std::int64_t base_length_ = 0;
  std::int64_t target_length_ = 0;
};

struct Transformed {
  TextOperation mine;    // applies after theirs
  TextOperation theirs;  // applies after mine; both ways give the same text
};

/// Two changes of one text, each brought around the other. Where both insert at one place, the text of
/// `theirs` comes first: `theirs` is what the runner accepted first, in the runner and in every client. What
/// both delete is deleted once; what one inserts into text that the other deletes stays. invalid_argument
/// when the two are not of one length.
Result<Transformed> transform(const TextOperation& mine, const TextOperation& theirs);

/// True when both change the same place: their deletions meet, mine inserts into what they delete, or they
/// insert into or right beside what mine changes. Merging those silently could make text that nobody meant.
bool overlapping(const TextOperation& mine, const TextOperation& theirs);

}  // namespace berth::protocol
