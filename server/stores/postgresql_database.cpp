// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/stores/postgresql_database.hpp"

#include <sodium.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "server/backoff.hpp"
#include "server/random_id.hpp"
#include "server/stores/postgresql_listener.hpp"
#include "server/stores/sql_migrations.hpp"
#include "server/unknown_outcome.hpp"

namespace berth::server {
namespace {

using namespace std::chrono_literals;
using Connection = PostgresqlPool::Connection;

std::unexpected<Error> unreachable(const std::string& detail) {
  return failure(ErrorCode::unavailable,
                 "The server's database can't be reached now; nothing was changed. Try again in a moment.",
                 detail);
}

std::unexpected<Error> unknown_outcome(const std::string& detail) {
  return std::unexpected(may_have_happened(
      {ErrorCode::unavailable,
       "The server's database went away while this was saved, so it may have been saved or not: look "
       "before you do it again.",
       detail,
       {}}));
}

/// A call that failed for good, in words.
std::unexpected<Error> told(const SqlFailure& failed) {
  switch (failed.fault) {
    case SqlFault::wrong_text:
      return failure(ErrorCode::invalid_argument, "A text is no valid UTF-8.", failed.message);
    case SqlFault::full:
      return failure(ErrorCode::limit_exceeded,
                     "The disk of the server's database is full; the administrator must make room on it.",
                     failed.message);
    case SqlFault::slow:
      return failure(ErrorCode::unavailable,
                     "The server's database took too long; nothing was changed. Try again in a moment.",
                     failed.message);
    case SqlFault::again:
      return failure(ErrorCode::unavailable,
                     "Too many others changed the same at the same time; nothing was changed. Try again.",
                     failed.message);
    default:
      return failure(ErrorCode::internal, "The server's database has a problem; its log says more.",
                     failed.message);
  }
}

}  // namespace

class PostgresqlDatabase::Call {
 public:
  Call(PostgresqlDatabase& database, Lane& lane, bool only_reads, const Work& work)
      : database_(database),
        lane_(lane),
        settings_(lane.pool.settings()),
        only_reads_(only_reads),
        work_(work) {}

  Result<void> run() {
    while (!done_) {
      if (!lane_.absence.may_try(std::chrono::steady_clock::now()))
        return unreachable(database_.describe() + " has been away for a while");
      auto connection = lane_.pool.take();
      if (!connection) {
        if (wait_for_database(connection.error())) continue;
        auto error = connection.error();
        error.code = ErrorCode::unavailable;  // also while it is busy, or somebody has it alone
        return std::unexpected(std::move(error));
      }
      try_once(*connection);
      lane_.pool.give_back(std::move(*connection));
      if (!committing_.empty()) resolve();
      if (!done_) wait_or_give_up();
    }
    return outcome_;
  }

 private:
  /// Runs the transaction on the connection; closes that where it is of no more use.
  void try_once(Connection& connection) {
    bool committing = false;
    try {
      connection->begin(only_reads_ ? PostgresqlConnection::Kind::read : PostgresqlConnection::Kind::write);
      if (lane_.absence.over()) spdlog::info("database: it answers again");
      outcome_ = work_(connection->sql());
      if (outcome_ && !only_reads_) outcome_ = database_.still_alone();
      committing = outcome_.has_value();
      if (committing) connection->commit();
      done_ = true;
    } catch (const SqlRefusedValue& error) {
      outcome_ = failure(ErrorCode::invalid_argument, error.what());
      done_ = true;
    } catch (const soci::soci_error& error) {
      take_failure(connection, connection->explain(error), committing);
    } catch (const std::exception& error) {
      spdlog::error("database: {}", error.what());
      outcome_ = told({SqlFault::other, error.what()});
      done_ = true;
    }
    if (connection && !connection->rollback()) connection.reset();
  }

  /// Decides whether there is to be another attempt.
  void take_failure(Connection& connection, SqlFailure failed, bool committing) {
    failed_ = std::move(failed);
    lane_.absence.broke(std::chrono::steady_clock::now());
    if (failed_.fault == SqlFault::lost || failed_.fault == SqlFault::stale) {
      ++database_.figures_.lost;
      if (committing && !only_reads_) committing_ = connection->transaction_id();
      connection.reset();
      if (failed_.fault == SqlFault::lost) lane_.pool.drop_idle();
      if (!std::exchange(told_of_loss_, true)) spdlog::warn("database: {}", failed_.message);
    } else if (failed_.fault != SqlFault::again) {
      spdlog::error("database: {}", failed_.message);
      give_up(told(failed_));
    }
  }

  /// Between two attempts, with no connection in hand. What never works must neither go on for ever nor go
  /// round at full speed.
  void wait_or_give_up() {
    const bool met = failed_.fault == SqlFault::again;
    if (pause(met ? met_ : away_)) {
      if (met) ++database_.figures_.again;
      return;
    }
    if (failed_.fault == SqlFault::lost) return give_up(unreachable(failed_.message));
    spdlog::error("database: {}", failed_.message);
    give_up(told(failed_));
  }

  /// False when it is time to give up: a database that has been away for long is not waited for: calls would
  /// only pile up.
  bool wait_for_database(const Error& error) {
    const auto now = std::chrono::steady_clock::now();
    if (error.code != ErrorCode::unavailable) {
      lane_.absence.broke(now);
      return false;
    }
    const auto away = lane_.absence.noticed(now);
    if (away.first) spdlog::warn("database: {} {}", error.message, error.detail);
    return !away.is_long && pause(away_);
  }

  /// The connection broke while the transaction was committing: what became of it?
  void resolve() {
    const auto id = std::exchange(committing_, {});
    ++database_.figures_.resolved;
    for (const auto give_up_at = std::chrono::steady_clock::now() + settings_.patience + settings_.wait;;) {
      if (auto connection = lane_.pool.take()) {
        auto state = PostgresqlConnection::Outcome::running;
        try {
          state = (*connection)->outcome_of(id);
        } catch (const soci::soci_error& error) {
          spdlog::warn("database: {}", (*connection)->explain(error).message);
          if ((*connection)->alive()) state = PostgresqlConnection::Outcome::unknown;
        }
        lane_.pool.give_back(std::move(*connection));
        if (state == PostgresqlConnection::Outcome::aborted) return;  // the same once more
        if (state == PostgresqlConnection::Outcome::committed) done_ = true;
        if (state == PostgresqlConnection::Outcome::unknown)
          give_up(unknown_outcome("transaction " + id + " is not known"));
        if (done_) return;
      }
      if (std::chrono::steady_clock::now() >= give_up_at)
        return give_up(unknown_outcome("transaction " + id + " was committing"));
      std::this_thread::sleep_for(50ms);
    }
  }

  void give_up(std::unexpected<Error> error) {
    outcome_ = std::move(error);
    done_ = true;
  }
  /// Waits before the next attempt, so that those who met do not meet again; false when there is none.
  bool pause(Backoff& backoff) {
    const auto elapsed = std::chrono::steady_clock::now() - begun_;
    const auto time =
        backoff.next(std::chrono::duration_cast<std::chrono::milliseconds>(elapsed), ::randombytes_random());
    if (time) std::this_thread::sleep_for(*time);
    return time.has_value();
  }

  PostgresqlDatabase& database_;
  Lane& lane_;
  const PostgresqlSettings& settings_;
  const bool only_reads_;
  const Work& work_;
  const Time begun_ = std::chrono::steady_clock::now();
  Backoff met_{4ms, 100ms, settings_.persistence};  // with others' transactions
  Backoff away_{20ms, 300ms, settings_.patience};   // the database
  bool done_ = false, told_of_loss_ = false;
  SqlFailure failed_;       // of the last attempt
  std::string committing_;  // the transaction that the connection broke under
  Result<void> outcome_;
};

namespace {

/// A heartbeat that was not made in this time is made anew.
PostgresqlSettings urgent_settings(PostgresqlSettings settings) {
  const auto at_most = [](std::chrono::milliseconds& time, std::chrono::milliseconds most) {
    time = time.count() > 0 ? std::min(time, most) : most;
  };
  settings.connections = 1;
  at_most(settings.statement, 2s);
  at_most(settings.answer, 1s);
  at_most(settings.wait, 2s);
  at_most(settings.patience, 1s);
  at_most(settings.persistence, 2s);
  return settings;
}

}  // namespace

PostgresqlDatabase::PostgresqlDatabase(const PostgresqlSettings& settings, PostgresqlConnection::Claim claim)
    : announcer_(random_id(16)), lane_(settings, claim), urgent_(urgent_settings(settings), claim) {}

PostgresqlDatabase::~PostgresqlDatabase() = default;

Result<std::unique_ptr<PostgresqlDatabase>> PostgresqlDatabase::open(const PostgresqlSettings& settings,
                                                                     Purpose purpose) {
  const bool alone = purpose != Purpose::serve;
  const auto claim = alone ? PostgresqlConnection::Claim::none : PostgresqlConnection::Claim::shared;
  auto used = settings;
  if (alone) used.statement = {};  // nobody waits for a repair's statements but whoever called for them
  std::unique_ptr<PostgresqlDatabase> database(new PostgresqlDatabase(used, claim));
  if (alone) {
    auto guard = PostgresqlConnection::open(used, claim);
    if (!guard) return std::unexpected(guard.error());
    if (auto claimed = (*guard)->claim_alone(); !claimed) return std::unexpected(claimed.error());
    database->guard_ = std::move(*guard);
  }
  auto ready = purpose == Purpose::copy ? database->require_newest_schema() : database->migrate();
  if (!ready) return std::unexpected(ready.error());
  return database;
}

void PostgresqlDatabase::announce(SqlSession& sql, const Announcement& announcement) {
  const auto text = announcement_text(announcer_, announcement);
  sql.run(std::string("SELECT pg_notify(") + announcement_channel + ", :text)", soci::use(text));
}

std::unique_ptr<AnnouncementListener> PostgresqlDatabase::listen(AnnouncementCallbacks callbacks) {
  return std::make_unique<PostgresqlListener>(lane_.pool.settings(), announcer_, std::move(callbacks));
}

/// The lock lives in one connection, and goes with it: then others may be writing already.
Result<void> PostgresqlDatabase::still_alone() {
  const std::lock_guard lock(guard_mutex_);
  if (!guard_ || guard_->answers()) return {};
  return failure(ErrorCode::conflict,
                 "The connection that kept other servers off the database was lost, so nothing more is "
                 "written. Run the command again.");
}

Result<void> PostgresqlDatabase::run(bool only_reads, const Work& work) {
  return Call(*this, lane_, only_reads, work).run();
}

Result<void> PostgresqlDatabase::run_urgent(const Work& work) {
  return Call(*this, urgent_, false, work).run();
}

Result<void> PostgresqlDatabase::migrate() {
  auto connection = lane_.pool.take();
  if (!connection) return std::unexpected(connection.error());
  Result<void> migrated;
  try {
    (*connection)->begin(PostgresqlConnection::Kind::migration);
    migrated = apply_migrations((*connection)->sql(), [](std::string statement) {
      // Compared byte by byte, as SQLite does, whatever the database's language.
      for (std::size_t at = 0; (at = statement.find(" TEXT", at)) != statement.npos; at += 5)
        statement.insert(at + 5, " COLLATE \"C\"");
      return statement;
    });
    if (migrated) (*connection)->commit();
  } catch (const soci::soci_error& error) {
    const auto failed = (*connection)->explain(error);
    migrated = failed.fault == SqlFault::lost
                   ? unreachable(failed.message)
                   : failure(ErrorCode::internal,
                             "The database " + describe() + " can't be prepared: " + failed.message);
  }
  if (!(*connection)->rollback()) connection->reset();
  lane_.pool.give_back(std::move(*connection));
  return migrated;
}

Result<void> PostgresqlDatabase::require_newest_schema() {
  return read<void>([this](SqlSession& sql) -> Result<void> {
    int there = 0;
    sql.run("SELECT COUNT(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'migrations'",
            soci::into(there));
    if (there > 0 && schema_of(sql) == newest_schema()) return {};
    return other_release(describe());
  });
}

}  // namespace berth::server
