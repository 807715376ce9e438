// SPDX-License-Identifier: GPL-3.0-or-later
// The SQLite file behind the store: opening it (WAL, synchronous=FULL, foreign keys), migrations, and the one
// ways every query runs: in a transaction, under a lock, with exceptions turned into errors. One connection
// writes; another one only reads, so that a look-up never waits behind somebody's long write.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "protocol/error.hpp"

namespace soci {
class session;
}

namespace berth::server {

class SqliteDatabase {
 public:
  static Result<std::unique_ptr<SqliteDatabase>> open(const std::filesystem::path& file);
  ~SqliteDatabase();

  /// Runs `work` in one transaction: committed when it returns a value, rolled back when it returns an error
  /// or throws.
  template <class T>
  Result<T> transaction(const std::function<Result<T>(soci::session&)>& work) {
    return run<T>(writer_, work);
  }

  /// The same for work that only reads (writing is an error): it sees all that was committed before it began
  /// and waits for other readers alone.
  template <class T>
  Result<T> read(const std::function<Result<T>(soci::session&)>& work) {
    return run<T>(reader_, work);
  }

 private:
  struct Connection {
    std::mutex mutex;
    std::unique_ptr<soci::session> session;
  };

  SqliteDatabase();
  template <class T>
  Result<T> run(Connection& connection, const std::function<Result<T>(soci::session&)>& work) {
    Result<T> outcome = failure(ErrorCode::internal, "");
    const auto done = run_any(connection, [&](soci::session& sql) -> Result<void> {
      outcome = work(sql);
      if (!outcome) return std::unexpected(outcome.error());
      return {};
    });
    if (!done) return std::unexpected(done.error());
    return outcome;
  }
  Result<void> run_any(Connection& connection, const std::function<Result<void>(soci::session&)>& work);
  Result<void> connect(const std::filesystem::path& file, Connection& connection, bool only_reads);
  Result<void> migrate();

  Connection writer_;
  Connection reader_;
};

}  // namespace berth::server
