// SPDX-License-Identifier: GPL-3.0-or-later
// A change of a text as retain / insert / delete runs over its whole length, positions in UTF-16 code units
// (as in LSP). The composition follows Ellis & Gibbs' operational transformation in the run form of Google
// Wave (Wang, Mah, Lassen, "Google Wave Operational Transformation", 2010). On the wire: an array; a positive
// number retains, a negative number deletes, a string inserts. Texts are UTF-8 here; a surrogate pair (a
// 4-byte character) is never split.
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

class TextOperation {
 public:
  using Run = std::variant<std::int64_t, std::string>;  // >0 retain, <0 delete, string insert

  // Builders merge neighbouring runs of one kind and keep inserts before deletes, so equal changes compare
  // equal.
  TextOperation& retain(std::int64_t units);
  TextOperation& insert(std::string utf8);
  TextOperation& remove(std::int64_t units);

  const std::vector<Run>& runs() const { return runs_; }
  std::int64_t base_length() const { return base_length_; }      // UTF-16 units before
  std::int64_t target_length() const { return target_length_; }  // UTF-16 units after
  bool is_identity() const;

  /// The text after the change; invalid_argument when the lengths differ or a surrogate pair would be split.
  Result<std::string> apply(std::string_view utf8) const;

  /// One operation that does this one, then `next`; invalid_argument when the lengths don't meet.
  Result<TextOperation> compose(const TextOperation& next) const;

  /// The operation that undoes this one on `before` (the text this one applies to).
  Result<TextOperation> invert(std::string_view before) const;

  /// The least single replacement that turns `before` into `after` (common prefix and suffix kept).
  static TextOperation difference(std::string_view before, std::string_view after);

  bool operator==(const TextOperation&) const = default;

 private:
  std::vector<Run> runs_;
  std::int64_t base_length_ = 0;
  std::int64_t target_length_ = 0;
};

}  // namespace berth::protocol
