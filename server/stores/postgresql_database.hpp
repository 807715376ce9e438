// SPDX-License-Identifier: GPL-3.0-or-later
// PostgreSQL behind the store that many replicas share. Transactions that write are serializable: what got in
// each other's way is run again, a bounded time, with growing pauses. A connection that broke is opened anew;
// where it broke while a transaction was committing, the database is asked what became of that transaction
// before anything is done twice.
#pragma once

#include <atomic>
#include <chrono>
#include <mutex>

#include "server/stores/postgresql_absence.hpp"
#include "server/stores/postgresql_pool.hpp"
#include "server/stores/sql_database.hpp"

namespace berth::server {

class PostgresqlDatabase final : public SqlDatabase {
 public:
  /// Who else may use the database meanwhile, and whether it is brought to this release's schema.
  enum class Purpose {
    serve,  // with other replicas; migrates
    alone,  // nobody else may use it; migrates. As in `copy` a statement may take as long as it needs
    copy,   // nobody else may use it; nothing in it changes by opening
  };
  /// Blocks. Errors as PostgresqlConnection::open; conflict when it can't be had alone.
  static Result<std::unique_ptr<PostgresqlDatabase>> open(const PostgresqlSettings& settings,
                                                          Purpose purpose);
  ~PostgresqlDatabase() override;

  std::string describe() const override { return describe_postgresql(lane_.pool.settings().url); }
  const char* held_rows() const override { return " FOR SHARE"; }
  const char* clock() const override {
    return "CAST(FLOOR(EXTRACT(EPOCH FROM clock_timestamp()) * 1000) AS BIGINT)";
  }
  void announce(SqlSession& sql, const Announcement& announcement) override;
  std::unique_ptr<AnnouncementListener> listen(AnnouncementCallbacks callbacks) override;

  /// How often something had to be done again since it was opened.
  struct Figures {
    std::atomic<std::uint64_t> again{0};     // transactions that others got in the way of
    std::atomic<std::uint64_t> lost{0};      // connections that broke, or were of no more use, under one
    std::atomic<std::uint64_t> resolved{0};  // commits whose answer was lost and that were asked about
  };
  const Figures& figures() const { return figures_; }

 private:
  using Time = std::chrono::steady_clock::time_point;
  /// One call: its transaction is tried until it is done or it is time to give up.
  class Call;
  /// Connections, and what is known of a database that they can't reach.
  struct Lane {
    Lane(const PostgresqlSettings& settings, PostgresqlConnection::Claim claim)
        : pool(settings, claim), absence(settings.patience) {}
    PostgresqlPool pool;
    PostgresqlAbsence absence;
  };

  PostgresqlDatabase(const PostgresqlSettings& settings, PostgresqlConnection::Claim claim);
  Result<void> run(bool only_reads, const Work& work) override;
  /// On a connection of its own, so never behind other calls.
  Result<void> run_urgent(const Work& work) override;
  Result<void> migrate();
  Result<void> require_newest_schema();
  /// While the database is had alone: whether it still is.
  Result<void> still_alone();

  const std::string announcer_;  // tells its own announcements from others'
  Lane lane_, urgent_;
  std::mutex guard_mutex_;
  std::unique_ptr<PostgresqlConnection> guard_;  // holds the lock of who has the database alone
  Figures figures_;
};

}  // namespace berth::server
