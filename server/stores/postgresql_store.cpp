// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/stores/postgresql_store.hpp"

#include "server/stores/postgresql_database.hpp"
#include "server/stores/sql_store.hpp"

namespace berth::server {

Result<std::unique_ptr<MetadataStore>> open_postgresql_store(const PostgresqlSettings& settings) {
  auto database = PostgresqlDatabase::open(settings, PostgresqlDatabase::Purpose::serve);
  if (!database) return std::unexpected(database.error());
  return make_sql_store(std::move(*database));
}

}  // namespace berth::server
