// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/stores/sqlite_database.hpp"

#include <soci/sqlite3/soci-sqlite3.h>
#include <spdlog/spdlog.h>

#include <stdexcept>

#include "server/stores/sql_migrations.hpp"

namespace berth::server {
namespace {

std::unexpected<Error> broken(const char* what) {
  return failure(ErrorCode::internal, "The server's database has a problem; its log says more.", what);
}

/// One that was not read to its end would hold an old snapshot. What ended in an error is prepared anew.
void end_statement(soci::statement& statement) {
  const auto& backend = *static_cast<soci::sqlite3_statement_backend*>(statement.get_backend());
  if (sqlite_api::sqlite3_reset(backend.stmt_) != SQLITE_OK) throw std::runtime_error("the statement failed");
}

/// Rolled back unless it was committed.
class SqliteTransaction {
 public:
  /// A writer takes the write lock at once: between a read and the first write of a transaction another
  /// process (fsck, backup) could write, and then waiting would not help any more.
  SqliteTransaction(soci::session& sql, bool only_reads) : sql_(sql) {
    sql_ << (only_reads ? "BEGIN" : "BEGIN IMMEDIATE");
  }
  ~SqliteTransaction() {
    if (!open_) return;
    try {
      sql_ << "ROLLBACK";
    } catch (const std::exception& error) {
      spdlog::error("database: {}", error.what());
    }
  }
  SqliteTransaction(const SqliteTransaction&) = delete;
  SqliteTransaction& operator=(const SqliteTransaction&) = delete;
  void commit() {
    sql_ << "COMMIT";
    open_ = false;
  }

 private:
  soci::session& sql_;
  bool open_ = true;
};

}  // namespace

SqliteDatabase::SqliteDatabase(std::filesystem::path file) : file_(std::move(file)) {}
SqliteDatabase::~SqliteDatabase() = default;

Result<std::unique_ptr<SqliteDatabase>> SqliteDatabase::open(const std::filesystem::path& file) {
  std::unique_ptr<SqliteDatabase> database(new SqliteDatabase(file));
  if (auto opened = database->connect(database->writer_, false); !opened)
    return std::unexpected(opened.error());
  const auto migrate = [](SqlSession& sql) {
    return apply_migrations(sql, [](const std::string& statement) { return statement; });
  };
  if (auto migrated = database->run_on(database->writer_, false, migrate); !migrated)
    return std::unexpected(migrated.error());
  if (auto opened = database->connect(database->reader_, true); !opened)
    return std::unexpected(opened.error());
  return database;
}

Result<std::unique_ptr<SqliteDatabase>> SqliteDatabase::open_to_read(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored))
    return failure(ErrorCode::not_found, "There is no database " + file.string() + ".");
  std::unique_ptr<SqliteDatabase> database(new SqliteDatabase(file));
  for (auto* connection : {&database->writer_, &database->reader_})
    if (auto opened = database->connect(*connection, true); !opened) return std::unexpected(opened.error());
  const auto expect = [&](SqlSession& sql) -> Result<void> {
    int there = 0;
    sql.run("SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'migrations'",
            soci::into(there));
    if (there > 0 && schema_of(sql) == newest_schema()) return {};
    return other_release(file.string());
  };
  if (auto newest = database->run_on(database->reader_, true, expect); !newest)
    return std::unexpected(newest.error());
  return database;
}

Result<void> SqliteDatabase::connect(Connection& connection, bool only_reads) {
  try {
    connection.session =
        std::make_unique<soci::session>(soci::sqlite3, "db=\"" + file_.string() + "\" timeout=5");
    connection.sql = std::make_unique<SqlSession>(*connection.session, &end_statement);
    auto& sql = *connection.session;
    sql << "PRAGMA cache_size=-512";  // KiB: the tables are small, and idle memory counts
    if (only_reads) {
      sql << "PRAGMA query_only=ON";  // and the journal's mode stays as it is: changing it writes the file
      return {};
    }
    std::string mode;
    sql << "PRAGMA journal_mode=WAL", soci::into(mode);
    sql << "PRAGMA synchronous=FULL";
    sql << "PRAGMA foreign_keys=ON";
    if (mode != "wal") return broken(("journal mode is " + mode).c_str());
  } catch (const std::exception& error) {
    return failure(ErrorCode::internal,
                   "The database " + file_.string() + " can't be opened: " + error.what());
  }
  return {};
}

Result<void> SqliteDatabase::run(bool only_reads, const Work& work) {
  return run_on(only_reads ? reader_ : writer_, only_reads, work);
}

Result<void> SqliteDatabase::run_on(Connection& connection, bool only_reads, const Work& work) {
  const std::lock_guard lock(connection.mutex);
  try {
    SqliteTransaction transaction(*connection.session, only_reads);
    auto outcome = work(*connection.sql);
    if (outcome) transaction.commit();
    return outcome;  // an uncommitted transaction rolls back
  } catch (const SqlRefusedValue& error) {
    return failure(ErrorCode::invalid_argument, error.what());
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
