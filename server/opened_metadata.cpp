// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/opened_metadata.hpp"

#include "server/stores/postgresql_database.hpp"
#include "server/stores/sql_store.hpp"
#include "server/stores/sqlite_database.hpp"

namespace berth::server {

bool uses_postgresql(const Config& config) { return !config.database.url.empty(); }

Result<std::unique_ptr<SqlDatabase>> open_metadata_database(const Config& config, MetadataUse use) {
  if (!uses_postgresql(config)) return SqliteDatabase::open(config.data / sqlite_file_name);
  return PostgresqlDatabase::open(config.database, use == MetadataUse::alone
                                                       ? PostgresqlDatabase::Purpose::alone
                                                       : PostgresqlDatabase::Purpose::serve);
}

Result<std::unique_ptr<MetadataStore>> open_metadata(const Config& config, MetadataUse use) {
  auto database = open_metadata_database(config, use);
  if (!database) return std::unexpected(database.error());
  return make_sql_store(std::move(*database));
}

}  // namespace berth::server
