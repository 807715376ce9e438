// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that one database remembers, copied into another, whichever of the two kinds they are.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "protocol/error.hpp"

namespace berth::server {

class SqlDatabase;

struct MetadataCopySummary {
  std::vector<std::pair<std::string, std::uint64_t>> rows;  // of each table
  std::uint64_t all = 0;
};

/// Copies all rows of one state of `from` in one transaction of `to`, reads them back there and compares them
/// before it commits. conflict when `to` holds a row of its own, unless `replace`: then those go. `from`
/// stays as it is. Both have this release's schema.
Result<MetadataCopySummary> copy_metadata(SqlDatabase& from, SqlDatabase& to, bool replace = false);

/// conflict when the database holds a row.
Result<void> require_empty(SqlDatabase& database);

}  // namespace berth::server
