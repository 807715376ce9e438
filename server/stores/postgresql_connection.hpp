// SPDX-License-Identifier: GPL-3.0-or-later
// One connection to PostgreSQL: opening it, beginning and ending transactions on it, and what its errors
// mean. Not thread-safe.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "server/stores/postgresql_settings.hpp"
#include "server/stores/sql_session.hpp"

namespace berth::server {

/// What an error means for the transaction that met it.
enum class SqlFault {
  again,  // nothing happened; the same transaction may succeed now
  lost,   // the connection is of no use any more, nor are others of its time; nothing happened, unless it
          // was committing
  stale,  // this one connection is of no use any more; nothing happened
  slow,   // the database gave it up after the statement's time
  full,   // no room for what it wrote
  wrong_text,  // a text that is none
  other,       // a fault of ours, or of the database
};

struct SqlFailure {
  SqlFault fault = SqlFault::other;
  std::string message;  // for the log; without values
};

class PostgresqlConnection {
 public:
  /// Who else may use the database while this connection is open (a lock inside the database).
  enum class Claim { shared, none };

  /// unavailable when the database can't be reached; conflict when somebody has it for himself (moving or
  /// repairing it); unsupported when its release or encoding is none that Berth can use.
  static Result<std::unique_ptr<PostgresqlConnection>> open(const PostgresqlSettings& settings, Claim claim);
  ~PostgresqlConnection();

  /// Has the database for itself from now on, as long as this connection lives. conflict when others use it.
  Result<void> claim_alone();

  enum class Kind { write, read, migration };
  // These throw what explain() explains.
  void begin(Kind kind);
  void commit();
  /// Ends what was begun; false when the connection can't be used any more.
  bool rollback() noexcept;

  /// Names the transaction that was begun by Kind::write, for outcome_of() on any connection: its number, and
  /// the server's run. A server that crashed gives the number of a transaction that it lost to another one,
  /// so what has "committed" since may be that one.
  const std::string& transaction_id() const { return transaction_id_; }
  enum class Outcome { committed, aborted, running, unknown };
  Outcome outcome_of(const std::string& transaction_id);

  bool alive() const;
  /// Asks the server; false when it can't be asked on this connection any more.
  bool answers() noexcept;
  SqlFailure explain(const soci::soci_error& error) const;
  SqlSession& sql() { return sql_; }

 private:
  explicit PostgresqlConnection(const std::string& connect_string);
  Result<void> prepare_session(const PostgresqlSettings& settings, Claim claim);
  /// Plain statements, all but the last without an answer; gives the first field of the last one's.
  std::string order(const std::string& statements);

  soci::session session_;
  std::optional<WatchedConnection> watched_;  // ends before the session, whose socket it looks at
  SqlSession sql_;                            // ends before both
  std::chrono::milliseconds longest_answer_{0};
  std::string transaction_id_;
  std::string
      server_run_;  // changes with a restart and with a recovery from a crash (which resets statistics)
  bool reading_ = false;
  bool shared_ = false;  // with other servers
};

}  // namespace berth::server
