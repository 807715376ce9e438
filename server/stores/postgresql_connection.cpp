// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/stores/postgresql_connection.hpp"

#include <libpq-fe.h>
#include <soci/postgresql/soci-postgresql.h>

#include <string_view>

namespace berth::server {
namespace {

constexpr int least_release = 130000;  // pg_current_xact_id
constexpr std::chrono::seconds farewell{2};

/// Locks inside a database go by two numbers: ours, and the schema's, for several stores may share a
/// database.
const char* const claim_key = "(1113936468, hashtext(COALESCE(current_schema(), '')))";

/// A server that sleeps or vanished in the middle of a transaction must not keep the others from what it
/// wrote: its own row, when they take over what it held.
const char* const idle_writer_ends = "SET LOCAL idle_in_transaction_session_timeout = 6000; ";

PGconn* raw(const soci::session& session) {
  return static_cast<soci::postgresql_session_backend*>(const_cast<soci::session&>(session).get_backend())
      ->conn_;
}

/// Another connection is needed: this one broke, or its server is no primary any more (25006).
bool is_lost(std::string_view state) {
  return state.starts_with("08") || state.starts_with("57P") || state == "25006" || state == "25P03" ||
         state == "53300";
}

/// Its prepared statements are gone (26000), or a table changed under the plan of one (0A000).
bool is_stale(std::string_view state) { return state == "26000" || state == "0A000"; }

/// A list of all workspaces may be megabytes.
void free_result(soci::statement& statement) {
  static_cast<soci::postgresql_statement_backend*>(statement.get_backend())->result_.reset();
}

std::string first_line(std::string text) {
  for (const auto* noise : {"Cannot establish connection to the database.\n", "Cannot execute query. ",
                            "Cannot prepare statement. ", "Fatal error. "})
    if (const auto at = text.find(noise); at != text.npos) text.erase(at, std::string_view(noise).size());
  while (text.ends_with('\n')) text.pop_back();
  for (auto& c : text)
    if (c == '\n') c = ' ';
  return text;
}

}  // namespace

PostgresqlConnection::PostgresqlConnection(const std::string& connect_string)
    : session_(soci::postgresql, connect_string), sql_(session_, &free_result) {
  watched_.emplace(::PQsocket(raw(session_)), longest_answer_);
  sql_.watch_by(*watched_);
}

/// Prepared statements are taken back one by one, also from a server that hangs.
PostgresqlConnection::~PostgresqlConnection() { watched_->end_within(farewell); }

Result<std::unique_ptr<PostgresqlConnection>> PostgresqlConnection::open(const PostgresqlSettings& settings,
                                                                         Claim claim) {
  const auto text = postgresql_connect_string(settings);
  if (!text) return std::unexpected(text.error());
  try {
    std::unique_ptr<PostgresqlConnection> connection(new PostgresqlConnection(*text));
    if (auto prepared = connection->prepare_session(settings, claim); !prepared)
      return std::unexpected(prepared.error());
    return connection;
  } catch (const soci::soci_error& error) {
    return failure(ErrorCode::unavailable,
                   "The server's database can't be reached now; try again in a moment.",
                   describe_postgresql(settings.url) + ": " + first_line(error.get_error_message()));
  }
}

Result<void> PostgresqlConnection::prepare_session(const PostgresqlSettings& settings, Claim claim) {
  shared_ = claim == Claim::shared;
  if (settings.statement.count() > 0) longest_answer_ = settings.statement + settings.answer;
  watched_->allow(longest_answer_);
  ::PQsetErrorVerbosity(raw(session_), PQERRORS_TERSE);  // the details of an error quote values
  ::PQsetNoticeProcessor(raw(session_), [](void*, const char*) {}, nullptr);
  if (::PQserverVersion(raw(session_)) < least_release)
    return failure(ErrorCode::unsupported, "The database must be PostgreSQL 13 or newer.");
  const char* encoding = ::PQparameterStatus(raw(session_), "server_encoding");
  if (encoding == nullptr || std::string_view(encoding) != "UTF8")
    return failure(ErrorCode::unsupported,
                   "The database must have the encoding UTF8; make it with "
                   "CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0.");
  order("SET statement_timeout = " + std::to_string(settings.statement.count()) +
        "; SET lock_timeout = 0; SET standard_conforming_strings = on; SET "
        "idle_in_transaction_session_timeout = " +
        (claim == Claim::shared ? "600000" : "0"));
  server_run_ = order(
      "SELECT pg_postmaster_start_time()::text || '/' || COALESCE(stats_reset::text, '') FROM "
      "pg_stat_bgwriter");
  if (claim == Claim::shared && order(std::string("SELECT pg_try_advisory_lock_shared") + claim_key) != "t")
    return failure(ErrorCode::conflict,
                   "The database is being moved or repaired by another command of berthd; wait for its end.");
  return {};
}

Result<void> PostgresqlConnection::claim_alone() {
  try {
    if (order(std::string("SELECT pg_try_advisory_lock") + claim_key) == "t") return {};
  } catch (const soci::soci_error& error) {
    return failure(ErrorCode::unavailable,
                   "The server's database can't be reached now; try again in a moment.",
                   explain(error).message);
  }
  return failure(ErrorCode::conflict, "A berthd uses the database; stop all of them first.");
}

void PostgresqlConnection::begin(Kind kind) {
  transaction_id_.clear();
  reading_ = kind == Kind::read;
  // A migration takes as long as it needs, and waits for another server's.
  watched_->allow(kind == Kind::migration ? std::chrono::milliseconds(0) : longest_answer_);
  if (kind == Kind::read)
    order("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  else if (kind == Kind::write)
    transaction_id_ = order(std::string("BEGIN ISOLATION LEVEL SERIALIZABLE; ") +
                            (shared_ ? idle_writer_ends : "") + "SELECT pg_current_xact_id()") +
                      '@' + server_run_;
  else
    order(
        "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = 0; SELECT "
        "pg_advisory_xact_lock" +
        std::string("(1113936469, hashtext(COALESCE(current_schema(), '')))"));
}

void PostgresqlConnection::commit() {
  // In a transaction that failed this would roll back and call it a success.
  if (::PQtransactionStatus(raw(session_)) == PQTRANS_INERROR)
    throw soci::soci_error("The transaction failed before its end.");
  order("COMMIT");
}

bool PostgresqlConnection::rollback() noexcept {
  try {
    if (::PQtransactionStatus(raw(session_)) != PQTRANS_IDLE) order("ROLLBACK");
  } catch (const std::exception&) {
    return false;
  }
  return alive() && ::PQtransactionStatus(raw(session_)) == PQTRANS_IDLE;
}

PostgresqlConnection::Outcome PostgresqlConnection::outcome_of(const std::string& transaction_id) {
  const auto end = transaction_id.find('@');
  const auto said = order("SELECT COALESCE(pg_xact_status('" + transaction_id.substr(0, end) + "'), '')");
  if (said == "committed")
    return transaction_id.substr(end + 1) == server_run_ ? Outcome::committed : Outcome::unknown;
  if (said == "aborted") return Outcome::aborted;
  return said == "in progress" ? Outcome::running : Outcome::unknown;
}

bool PostgresqlConnection::alive() const { return ::PQstatus(raw(session_)) == CONNECTION_OK; }

bool PostgresqlConnection::answers() noexcept {
  try {
    return order("SELECT 1") == "1";
  } catch (const std::exception&) {
    return false;
  }
}

SqlFailure PostgresqlConnection::explain(const soci::soci_error& error) const {
  const auto* told = dynamic_cast<const soci::postgresql_soci_error*>(&error);
  const std::string state = told ? told->sqlstate() : "";
  SqlFailure failed{SqlFault::other, first_line(error.get_error_message())};
  if (state == "40001" || state == "40P01" || state == "23505")
    failed.fault = SqlFault::again;
  else if (!alive() || (is_lost(state) && !(reading_ && state == "25006")))
    failed.fault = SqlFault::lost;
  else if (is_stale(state))
    failed.fault = SqlFault::stale;
  else if (state == "57014")
    failed.fault = SqlFault::slow;
  else if (state == "53100")
    failed.fault = SqlFault::full;
  else if (state == "22021" || state == "22P05")
    failed.fault = SqlFault::wrong_text;
  return failed;
}

std::string PostgresqlConnection::order(const std::string& statements) {
  const WatchedConnection::Asking asking(&*watched_);
  const std::unique_ptr<PGresult, decltype(&::PQclear)> answer(::PQexec(raw(session_), statements.c_str()),
                                                               &::PQclear);
  const auto status = ::PQresultStatus(answer.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
    const char* state = ::PQresultErrorField(answer.get(), PG_DIAG_SQLSTATE);
    throw soci::postgresql_soci_error(::PQerrorMessage(raw(session_)), state ? state : "     ");
  }
  return ::PQntuples(answer.get()) > 0 ? ::PQgetvalue(answer.get(), 0, 0) : "";
}

}  // namespace berth::server
