// SPDX-License-Identifier: GPL-3.0-or-later
// The SQLite file behind the store: opening it (WAL, synchronous=FULL, foreign keys), migrations, and the one
// way every query runs: under a lock, in a transaction, with exceptions turned into errors.
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
    Result<T> outcome = failure(ErrorCode::internal, "");
    const auto done = run([&](soci::session& sql) -> Result<void> {
      outcome = work(sql);
      if (!outcome) return std::unexpected(outcome.error());
      return {};
    });
    if (!done) return std::unexpected(done.error());
    return outcome;
  }

 private:
  SqliteDatabase();
  Result<void> run(const std::function<Result<void>(soci::session&)>& work);
  Result<void> migrate();

  std::mutex mutex_;
  std::unique_ptr<soci::session> session_;
};

}  // namespace berth::server
