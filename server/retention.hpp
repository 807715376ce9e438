// SPDX-License-Identifier: GPL-3.0-or-later
// Which versions of a workspace are kept: all for an hour, then one every 10 minutes for a day, one an hour
// for a week, one a day for 90 days; named ones for ever; and always the newest. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "server/version_store.hpp"

namespace berth::server {

/// Ids of those that go. `versions` are all of one workspace, in any order; `now` and their times are Unix
/// ms. Spans begin at whole multiples of their length and the newest in each stays, so that thinning again,
/// or later, takes nothing away that a longer span needs.
std::vector<std::string> thinned_out(const std::vector<VersionRecord>& versions, std::int64_t now);

}  // namespace berth::server
