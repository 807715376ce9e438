// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/stores/sqlite_store.hpp"

#include "server/stores/sql_store.hpp"
#include "server/stores/sqlite_database.hpp"

namespace berth::server {

Result<std::unique_ptr<MetadataStore>> open_sqlite_store(const std::filesystem::path& file) {
  auto database = SqliteDatabase::open(file);
  if (!database) return std::unexpected(database.error());
  return make_sql_store(std::move(*database));
}

}  // namespace berth::server
