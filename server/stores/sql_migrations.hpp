// SPDX-License-Identifier: GPL-3.0-or-later
// The tables, for both databases: every change to them is one migration in sql_migrations.cpp.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "protocol/error.hpp"
#include "server/stores/sql_session.hpp"

namespace berth::server {

/// Turns a statement of a migration into the database's own spelling.
using SqlSpelling = std::function<std::string(const std::string& statement)>;

/// The newest migration of this release.
int newest_schema();

/// Which one the database has; 0 for an empty one. Its table `migrations` must exist.
int schema_of(SqlSession& sql);

/// For a database that can only be used with the schema of this release.
std::unexpected<Error> other_release(const std::string& described);

/// Makes the table `migrations` and applies what the database lacks; inside a transaction that excludes
/// others who do the same. internal when a newer release wrote the database.
Result<void> apply_migrations(SqlSession& sql, const SqlSpelling& spelling);

/// The database itself refuses changes to rows of the audit log, whoever asks. Nothing but replacing a whole
/// database by another (copy_metadata) may lift that, in the transaction that puts it back.
void guard_audit(SqlSession& sql);
void unguard_audit(SqlSession& sql);

struct SqlColumn {
  const char* name;
  bool number = false;  // else text
  bool nullable = false;
};
struct SqlTable {
  const char* name;
  int key = 1;  // how many of the first columns tell its rows apart
  std::vector<SqlColumn> columns;
  bool passing = false;  // who lives and holds what now: a copy of the database has none of it
};
/// Every table but `migrations` as the newest migration leaves it, each after those that it refers to.
const std::vector<SqlTable>& sql_tables();

}  // namespace berth::server
