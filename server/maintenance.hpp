// SPDX-License-Identifier: GPL-3.0-or-later
// The commands beside `berthd serve`: fsck, backup, restore. What they print, and what they end with.
#pragma once

#include <filesystem>

#include "server/config.hpp"

namespace berth::server {

/// Exit statuses, as in the help.
inline constexpr int maintenance_good = 0, maintenance_failed = 1, maintenance_damage = 2;

struct FsckChoice {
  bool repair = false;
  bool rebuild = false;
};
Result<int> run_fsck(const Config& config, FsckChoice choice);
Result<int> run_backup(const Config& config, const std::filesystem::path& target);
Result<int> run_restore(const Config& config, const std::filesystem::path& source, bool replace);

/// For root, before it becomes the server's user: makes the place of a backup that this user can write to.
Result<void> prepare_backup_target(const Config& config, const std::filesystem::path& target);

}  // namespace berth::server
