// SPDX-License-Identifier: GPL-3.0-or-later
// The connections to PostgreSQL: opened when needed, used by one call at a time, at most so many.
// Thread-safe.
#pragma once

#include <condition_variable>
#include <mutex>
#include <vector>

#include "server/stores/postgresql_connection.hpp"

namespace berth::server {

class PostgresqlPool {
 public:
  using Connection = std::unique_ptr<PostgresqlConnection>;

  PostgresqlPool(PostgresqlSettings settings, PostgresqlConnection::Claim claim)
      : settings_(std::move(settings)), claim_(claim) {}

  /// A connection that is in use until give_back(). timeout when none becomes free in time, or as
  /// PostgresqlConnection::open.
  Result<Connection> take();
  /// What was taken; a null one or one that is not alive makes room for a new one.
  void give_back(Connection connection) noexcept;
  /// Closes those that nobody uses: one of their kind was found broken, so they are most likely as well.
  void drop_idle() noexcept;

  const PostgresqlSettings& settings() const { return settings_; }

 private:
  const PostgresqlSettings settings_;
  const PostgresqlConnection::Claim claim_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<Connection> idle_;
  int open_ = 0;  // idle or in use
};

}  // namespace berth::server
