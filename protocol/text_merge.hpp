// SPDX-License-Identifier: GPL-3.0-or-later
// Three-way merge of texts: what another program made of an older text is brought into the text as it is now.
#pragma once

#include <string_view>

#include "protocol/text_difference.hpp"
#include "protocol/text_operation.hpp"

namespace berth::protocol {

struct TextMerge {
  /// Leads from the text as it is now to the merged one. Deletes nothing that came after the agreed text;
  /// what it does delete is what its inverse on the text now inserts.
  TextOperation change;
  /// Both changed one place: a person should look at it.
  bool touching = false;
};

/// `agreed` is the text that both began with, `since` leads from it to the text now, `theirs` is what the
/// other program has. What theirs changed against `agreed` (text_difference.hpp) is transformed over `since`:
/// where both insert at one place, `since` stands first; what both insert there alike is there once; what
/// theirs deletes but `since` typed into keeps what was typed. invalid_argument when `since` does not fit
/// `agreed`.
Result<TextMerge> merge_texts(std::string_view agreed, const TextOperation& since, std::string_view theirs,
                              DifferenceBounds bounds = {});

/// The same where what theirs changed is known: `change` and `since` both apply to the agreed text.
Result<TextMerge> merge_change(const TextOperation& change, const TextOperation& since);

}  // namespace berth::protocol
