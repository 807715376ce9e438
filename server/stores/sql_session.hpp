// SPDX-License-Identifier: GPL-3.0-or-later
// One connection to a database as the row code sees it: queries with SOCI's use() and into(), each prepared
// once for the connection where the database gains by that. Not thread-safe; SqlDatabase hands it out inside
// a transaction.
#pragma once

#include <soci/soci.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "server/stores/answer_deadline.hpp"

namespace berth::server {

class SqlSession;

/// A value that no database of ours can hold; its message is for the person.
struct SqlRefusedValue : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

/// A prepared query, bound to variables that outlive it. Only inside the transaction that it was made in.
class SqlStatement {
 public:
  SqlStatement(SqlStatement&& other) noexcept;
  SqlStatement& operator=(SqlStatement&&) = delete;
  ~SqlStatement();

  template <class Bound>
  void bind(const Bound& bound) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(bound.t)>, std::string>)
      texts_.push_back(&bound.t);
    statement_->exchange(bound);
  }

  /// Runs it with what the variables hold now; into() gets the first row. False when there is none.
  bool execute();
  /// Runs it; fetch() brings one row after the other.
  void start();
  bool fetch();
  /// Rows that the last run changed.
  long long affected() { return statement_->get_affected_rows(); }

 private:
  friend class SqlSession;
  SqlStatement(SqlSession& session, std::string query);
  void make_ready();

  SqlSession* session_;
  std::string query_;
  std::unique_ptr<soci::statement> statement_;
  std::vector<const std::string*> texts_;
  bool bound_ = false;
};

class SqlSession {
 public:
  /// Frees what a statement holds of its last run.
  using Rest = void (*)(soci::statement& statement);
  /// With `rest`, statements stay prepared for as long as the connection lives, but for those of which it
  /// throws.
  explicit SqlSession(soci::session& session, Rest rest = nullptr) : session_(session), rest_(rest) {}

  /// Where the database may never answer: by whom that is noticed. Outlives this.
  void watch_by(WatchedConnection& watched) { watched_ = &watched; }

  template <class... Bound>
  SqlStatement prepare(const std::string& query, const Bound&... bound) {
    SqlStatement statement(*this, query);
    (statement.bind(bound), ...);
    return statement;
  }

  /// Runs the query once. True when into() got a row.
  template <class... Bound>
  bool run(const std::string& query, const Bound&... bound) {
    return prepare(query, bound...).execute();
  }

  soci::session& raw() { return session_; }

 private:
  friend class SqlStatement;
  std::unique_ptr<soci::statement> take(const std::string& query);
  void give_back(const std::string& query, std::unique_ptr<soci::statement> statement) noexcept;

  soci::session& session_;
  const Rest rest_;
  WatchedConnection* watched_ = nullptr;
  std::unordered_map<std::string, std::unique_ptr<soci::statement>> kept_;
};

/// What a database can keep of a text from outside: bytes that are no UTF-8, and NUL, become U+FFFD.
std::string storable(const std::string& text);

}  // namespace berth::server
