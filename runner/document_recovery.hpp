// SPDX-License-Identifier: GPL-3.0-or-later
// After a crash: brings acknowledged edits that had not reached their files there. Blocks; runs before anyone
// connects.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "protocol/net/home_files.hpp"
#include "runner/journal_records.hpp"

namespace berth::runner {

/// Ids of the latest operations of a workspace that are remembered, so that one sent again is not done again.
inline constexpr std::size_t kept_operations = 4096;

/// Replays the journal at `path` onto the files. Nothing that was acknowledged is lost: a file that changed
/// since is kept as a conflict copy beside the recovered text, and what can't be replayed is kept as
/// "(recovered edits …)". Returns the operation ids to remember.
std::vector<KnownOperation> recover_documents(const std::string& path, const net::HomeFiles& files,
                                              const std::function<void(const std::string&)>& log);

}  // namespace berth::runner
