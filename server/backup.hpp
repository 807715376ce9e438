// SPDX-License-Identifier: GPL-3.0-or-later
// Everything a server remembers, copied while it runs, and brought back: metadata, keys, and the blobs of all
// versions. Homes are not copied: a workspace that starts without its home gets its last version.
#pragma once

#include <filesystem>

#include "server/config.hpp"
#include "server/opened_storage.hpp"

namespace berth::server {

struct BackupSummary {
  std::size_t packs = 0, versions = 0;  // in the backup
  std::uint64_t bytes = 0;              // of the packs
  std::size_t copied = 0;               // packs that were not there from an earlier backup
  std::vector<std::string> problems;    // packs that are missing or damaged; the rest is in the backup
};

/// berthd may run meanwhile. `target`: see backup_archive.hpp.
Result<BackupSummary> make_backup(const Config& config, const std::filesystem::path& target);

/// Into the data folder and the blob store of `config`, while no berthd runs. conflict when the folder holds
/// something, or the PostgreSQL database does, unless `replace`: then database and keys are replaced, blobs
/// are added, homes stay. A berthd that uses that database is a conflict too.
Result<BackupSummary> restore_backup(const Config& config, const std::filesystem::path& source, bool replace);

/// A consistent copy of a database that others use meanwhile (SQLite's backup API).
Result<void> copy_database(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace berth::server
