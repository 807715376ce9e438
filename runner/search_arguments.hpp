// SPDX-License-Identifier: GPL-3.0-or-later
// What ripgrep is started with. Everything of a person's stands in one argument behind its option, so that
// nothing is taken for an option or read by a shell. No I/O.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocol/error.hpp"
#include "protocol/messages.hpp"

namespace berth::runner {

using Arguments = std::vector<std::string>;

/// invalid_argument, naming the field.
Result<void> check_search(const protocol::SearchQuery& query, const std::optional<std::string>& replacement);

/// Looks through the working directory and all below it; JSON.
Arguments walk_arguments(const protocol::SearchQuery& query);
/// Names the files that the walk looks through, each behind "./" and before a NUL.
Arguments listing_arguments(const protocol::SearchQuery& query);
/// Looks through standard input, which is text; JSON.
Arguments text_arguments(const protocol::SearchQuery& query);

/// What is put in differs from match to match, and only ripgrep can say what it is.
bool has_groups(const protocol::SearchQuery& query, const std::string& replacement);
/// For each match in standard input, in order, what is put in its place, between the two marks. `mark` is in
/// none of the texts.
Arguments replacing_arguments(const protocol::SearchQuery& query, const std::string& replacement,
                              const std::string& mark);
std::string opening_mark(const std::string& mark);
std::string closing_mark(const std::string& mark);

}  // namespace berth::runner
