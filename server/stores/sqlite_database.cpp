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
      // Packs and objects name accounts without REFERENCES: they outlive an account's row until collected,
      // and are rebuilt from the blobs when the accounts are lost. A pack's number is random, so that none is
      // used twice.
      {2,
       {"CREATE TABLE packs (number BIGINT PRIMARY KEY, owner TEXT NOT NULL, name TEXT NOT NULL, size BIGINT "
        "NOT NULL, created BIGINT NOT NULL, doomed BIGINT NOT NULL, UNIQUE (owner, name))",
        "CREATE TABLE objects (owner TEXT NOT NULL, id TEXT NOT NULL, pack BIGINT NOT NULL, place BIGINT NOT "
        "NULL, length BIGINT NOT NULL, size BIGINT NOT NULL, touched BIGINT NOT NULL, refers INTEGER NOT "
        "NULL, whole INTEGER NOT NULL, PRIMARY KEY (owner, id))",
        "CREATE INDEX objects_by_pack ON objects(pack)",
        "CREATE TABLE versions (id TEXT PRIMARY KEY, workspace TEXT NOT NULL, owner TEXT NOT NULL, root TEXT "
        "NOT NULL, created BIGINT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, author TEXT NOT NULL, "
        "files BIGINT NOT NULL, bytes BIGINT NOT NULL, added BIGINT NOT NULL, modified BIGINT NOT NULL, "
        "deleted BIGINT NOT NULL, problems BIGINT NOT NULL, restored_from TEXT NOT NULL, UNIQUE (workspace, "
        "created))",
        "CREATE INDEX versions_by_owner ON versions(owner)",
        "CREATE TABLE stray_blobs (name TEXT PRIMARY KEY, seen BIGINT NOT NULL)",
        "CREATE TABLE blob_holds (id TEXT PRIMARY KEY, until BIGINT NOT NULL)"}},
      {3,
       {"ALTER TABLE workspaces ADD COLUMN home TEXT NOT NULL DEFAULT 'ahead'",
        "ALTER TABLE workspaces ADD COLUMN pending_import TEXT NOT NULL DEFAULT ''"}},
  };
  return all;
}

std::unexpected<Error> broken(const char* what) {
  return failure(ErrorCode::internal, "The server's database has a problem; its log says more.", what);
}

/// Rolled back unless it was committed.
class Transaction {
 public:
  /// A writer takes the write lock at once: between a read and the first write of a transaction another
  /// process (fsck, backup) could write, and then waiting would not help any more.
  Transaction(soci::session& sql, bool only_reads) : sql_(sql) {
    sql_ << (only_reads ? "BEGIN" : "BEGIN IMMEDIATE");
  }
  ~Transaction() {
    if (!open_) return;
    try {
      sql_ << "ROLLBACK";
    } catch (const std::exception& error) {
      spdlog::error("database: {}", error.what());
    }
  }
  void commit() {
    sql_ << "COMMIT";
    open_ = false;
  }

 private:
  soci::session& sql_;
  bool open_ = true;
};

}  // namespace

SqliteDatabase::SqliteDatabase() = default;
SqliteDatabase::~SqliteDatabase() = default;

Result<std::unique_ptr<SqliteDatabase>> SqliteDatabase::open(const std::filesystem::path& file) {
  std::unique_ptr<SqliteDatabase> database(new SqliteDatabase);
  if (auto opened = database->connect(file, database->writer_, false); !opened)
    return std::unexpected(opened.error());
  if (auto migrated = database->migrate(); !migrated) return std::unexpected(migrated.error());
  if (auto opened = database->connect(file, database->reader_, true); !opened)
    return std::unexpected(opened.error());
  return database;
}

Result<void> SqliteDatabase::connect(const std::filesystem::path& file, Connection& connection,
                                     bool only_reads) {
  try {
    connection.session =
        std::make_unique<soci::session>(soci::sqlite3, "db=\"" + file.string() + "\" timeout=5");
    auto& sql = *connection.session;
    std::string mode;
    sql << "PRAGMA journal_mode=WAL", soci::into(mode);
    sql << "PRAGMA synchronous=FULL";
    sql << "PRAGMA foreign_keys=ON";
    sql << "PRAGMA cache_size=-512";  // KiB: the tables are small, and idle memory counts
    if (only_reads) sql << "PRAGMA query_only=ON";
    if (mode != "wal") return broken(("journal mode is " + mode).c_str());
  } catch (const std::exception& error) {
    return failure(ErrorCode::internal,
                   "The database " + file.string() + " can't be opened: " + error.what());
  }
  return {};
}

Result<void> SqliteDatabase::migrate() {
  return run_any(writer_, [](soci::session& sql) -> Result<void> {
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

Result<void> SqliteDatabase::run_any(Connection& connection,
                                     const std::function<Result<void>(soci::session&)>& work) {
  const std::lock_guard lock(connection.mutex);
  try {
    Transaction transaction(*connection.session, &connection == &reader_);
    auto outcome = work(*connection.session);
    if (outcome) transaction.commit();
    return outcome;  // an uncommitted transaction rolls back
  } catch (const soci::soci_error& error) {
    // what() would quote every value of the statement, password hashes too.
    const auto message = error.get_error_message();
    spdlog::error("database: {}", message);
    if (message.find("disk is full") != message.npos)
      return failure(ErrorCode::limit_exceeded,
                     "The server's disk is full; the administrator must make room on it.", message);
    return broken(message.c_str());
  } catch (const std::exception& error) {
    spdlog::error("database: {}", error.what());
    return broken(error.what());
  }
}

}  // namespace berth::server
