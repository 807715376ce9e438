// SPDX-License-Identifier: GPL-3.0-or-later
// How far an import is, in a file of the runner's state.
#pragma once

#include <optional>
#include <string>

#include "protocol/sync_messages.hpp"

namespace berth::runner {

struct ImportMarker {
  std::string folder;  // that is being filled, relative to home
  protocol::ImportBegin::Params params;
  int attempts = 0;     // that have begun
  bool moving = false;  // the folder is whole: what is still in it goes into the project
  std::string failed;   // why it ended, for people; "" while it has not
};
BOOST_DESCRIBE_STRUCT(ImportMarker, (), (folder, params, attempts, moving, failed))

/// Whole and on the disk, or as it was.
Result<void> write_import_marker(const std::string& path, const ImportMarker& marker);
/// nullopt when there is none, or none that can be read.
std::optional<ImportMarker> read_import_marker(const std::string& path);

}  // namespace berth::runner
