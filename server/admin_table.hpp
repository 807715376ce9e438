// SPDX-License-Identifier: GPL-3.0-or-later
// What commands of `berthd admin` print and read alike.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/error.hpp"

namespace berth::server {

using TableRow = std::vector<std::string>;

/// What other programs may have put into names is shown, not obeyed.
std::string printable(std::string text);
/// The first row is the head.
void print_table(std::vector<TableRow> rows);
/// A number, or nullopt for "default".
Result<std::optional<std::int64_t>> read_quota(const std::string& text, const char* flag);

}  // namespace berth::server
