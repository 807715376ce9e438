// SPDX-License-Identifier: GPL-3.0-or-later
// `berthd migrate`: a server's metadata moves from one database to another, either kind to either.
#pragma once

#include <filesystem>
#include <string>

#include "server/config.hpp"

namespace berth::server {

struct MigrateChoice {
  /// "sqlite" (of the data folder), "sqlite:FILE or data folder", or "postgresql://…" without a password.
  std::string from, to;
  std::filesystem::path from_password_file, to_password_file;  // empty: the configuration's password
};

/// With paths as they were meant in the folder where the command was given.
MigrateChoice with_whole_paths(MigrateChoice choice);

/// Prints what it moved. conflict when a berthd uses one of them, or the target is not empty.
Result<int> run_migrate(const Config& config, const MigrateChoice& choice);

}  // namespace berth::server
