// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/stores/sqlite_database.hpp"

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <spdlog/spdlog.h>

#include "server/clock.hpp"

namespace berth::server {
namespace {

/// Applied once each, in order; never changed after a release, only added to. Plain SQL that PostgreSQL takes
/// as well.
struct Migration {
  int version;
  std::vector<const char*> statements;
};

const std::vector<Migration>& migrations() {
  static const std::vector<Migration> all = {
      {1,
       {"CREATE TABLE accounts (id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, "
        "password_hash TEXT NOT NULL, administrator INTEGER NOT NULL, created BIGINT NOT NULL)",
        "CREATE TABLE sign_ins (id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES accounts(id) ON DELETE "
        "CASCADE, "
        "salt TEXT NOT NULL, generation BIGINT NOT NULL, rotated BIGINT NOT NULL, created BIGINT NOT NULL, "
        "expires BIGINT NOT NULL, client TEXT NOT NULL)",
        "CREATE INDEX sign_ins_by_account ON sign_ins(account)",
        "CREATE INDEX sign_ins_by_expiry ON sign_ins(expires)",
        "CREATE TABLE workspaces (id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES accounts(id), name "
        "TEXT NOT NULL, "
        "template_id TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL, created BIGINT NOT NULL, "
        "last_used BIGINT NOT NULL, started BIGINT)",
        "CREATE INDEX workspaces_by_account ON workspaces(account)",
        "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL)"}},
  };
  return all;
}

std::unexpected<Error> broken(const char* what) {
  return failure(ErrorCode::internal, "The server's database has a problem; its log says more.", what);
}

}  // namespace

SqliteDatabase::SqliteDatabase() = default;
SqliteDatabase::~SqliteDatabase() = default;

Result<std::unique_ptr<SqliteDatabase>> SqliteDatabase::open(const std::filesystem::path& file) {
  std::unique_ptr<SqliteDatabase> database(new SqliteDatabase);
  try {
    database->session_ =
        std::make_unique<soci::session>(soci::sqlite3, "db=\"" + file.string() + "\" timeout=5");
    auto& sql = *database->session_;
    std::string mode;
    sql << "PRAGMA journal_mode=WAL", soci::into(mode);
    sql << "PRAGMA synchronous=FULL";
    sql << "PRAGMA foreign_keys=ON";
    sql << "PRAGMA cache_size=-512";  // KiB: the tables are small, and idle memory counts
    if (mode != "wal") return broken(("journal mode is " + mode).c_str());
  } catch (const std::exception& error) {
    return failure(ErrorCode::internal,
                   "The database " + file.string() + " can't be opened: " + error.what());
  }
  if (auto migrated = database->migrate(); !migrated) return std::unexpected(migrated.error());
  return database;
}

Result<void> SqliteDatabase::migrate() {
  return run([](soci::session& sql) -> Result<void> {
    sql << "CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, applied BIGINT NOT NULL)";
    int current = 0;
    sql << "SELECT COALESCE(MAX(version), 0) FROM migrations", soci::into(current);
    if (current > migrations().back().version)
      return failure(ErrorCode::internal,
                     "The database was written by a newer berthd; install that release or restore a backup.");
    for (const auto& migration : migrations()) {
      if (migration.version <= current) continue;
      for (const auto* statement : migration.statements) sql << statement;
      const long long now = system_clock_now();
      sql << "INSERT INTO migrations (version, applied) VALUES (:version, :applied)",
          soci::use(migration.version), soci::use(now);
      spdlog::info("database migrated to version {}", migration.version);
    }
    return {};
  });
}

Result<void> SqliteDatabase::run(const std::function<Result<void>(soci::session&)>& work) {
  const std::lock_guard lock(mutex_);
  try {
    soci::transaction transaction(*session_);
    auto outcome = work(*session_);
    if (outcome) transaction.commit();
    return outcome;  // an uncommitted transaction rolls back
  } catch (const soci::soci_error& error) {
    // what() would quote every value of the statement, password hashes too.
    const auto message = error.get_error_message();
    spdlog::error("database: {}", message);
    return broken(message.c_str());
  } catch (const std::exception& error) {
    spdlog::error("database: {}", error.what());
    return broken(error.what());
  }
}

}  // namespace berth::server
