// SPDX-License-Identifier: GPL-3.0-or-later
// The SQLite file behind the embedded store: opening it (WAL, synchronous=FULL, foreign keys), and the locks
// around its transactions. One connection writes; another one only reads, so that a look-up never waits
// behind somebody's long write.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>

#include "server/stores/sql_database.hpp"

namespace berth::server {

class SqliteDatabase final : public SqlDatabase {
 public:
  /// Opens or makes `file` and brings it to this release's schema. Blocks.
  static Result<std::unique_ptr<SqliteDatabase>> open(const std::filesystem::path& file);
  /// Of a file that is there: nothing in it changes, not its schema either. not_found.
  static Result<std::unique_ptr<SqliteDatabase>> open_to_read(const std::filesystem::path& file);
  ~SqliteDatabase() override;
  std::string describe() const override { return file_.string(); }
  const char* clock() const override {
    return "CAST((julianday('now') - 2440587.5) * 86400000.0 AS INTEGER)";
  }
  void announce(SqlSession&, const Announcement&) override {}  // one server uses the file
  std::unique_ptr<AnnouncementListener> listen(AnnouncementCallbacks) override { return nullptr; }

 private:
  struct Connection {
    std::mutex mutex;
    std::unique_ptr<soci::session> session;
    std::unique_ptr<SqlSession> sql;  // ends before the session
  };

  explicit SqliteDatabase(std::filesystem::path file);
  Result<void> run(bool only_reads, const Work& work) override;
  Result<void> run_on(Connection& connection, bool only_reads, const Work& work);
  Result<void> connect(Connection& connection, bool only_reads);

  const std::filesystem::path file_;
  Connection writer_;
  Connection reader_;
};

}  // namespace berth::server
