// SPDX-License-Identifier: GPL-3.0-or-later
// The metadata store that the configuration names: the SQLite file in the data folder, or PostgreSQL.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>

#include "server/config.hpp"
#include "server/metadata_store.hpp"

namespace berth::server {

class SqlDatabase;

inline constexpr const char* sqlite_file_name = "berth.sqlite";

/// Whether metadata lies in PostgreSQL.
bool uses_postgresql(const Config& config);

enum class MetadataUse {
  shared,  // beside other processes
  alone,   // PostgreSQL: nobody else may use it meanwhile, else conflict. SQLite: the data folder's lock says
           // that
};

/// Opens it and brings it to this release's schema. Blocks.
Result<std::unique_ptr<SqlDatabase>> open_metadata_database(const Config& config, MetadataUse use);
Result<std::unique_ptr<MetadataStore>> open_metadata(const Config& config,
                                                     MetadataUse use = MetadataUse::shared);
/// The same for a server that starts, perhaps at the same time as its PostgreSQL: one that can't be reached
/// is tried again for so long. cancelled when the process was told to end meanwhile (SIGTERM, SIGINT). To be
/// called before there are other threads.
Result<std::unique_ptr<MetadataStore>> await_metadata(const Config& config,
                                                      std::chrono::milliseconds patience);

}  // namespace berth::server
