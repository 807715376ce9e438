// SPDX-License-Identifier: GPL-3.0-or-later
// What the row code needs of a database: work in transactions. Both databases take the same SQL; what differs
// (opening, locks, isolation, retries, errors) is behind this one interface.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "protocol/error.hpp"
#include "server/announcements.hpp"
#include "server/stores/sql_session.hpp"

namespace berth::server {

class SqlDatabase {
 public:
  virtual ~SqlDatabase() = default;

  /// Runs `work` in one transaction, as if no other transaction ran meanwhile: committed when it returns a
  /// value, rolled back when it returns an error or throws. It may be run several times (another one came
  /// first, the connection broke), so all it does outside the database must bear that. When this returns a
  /// value it is durable; when it returns unavailable, the error says whether it may have happened.
  template <class T>
  Result<T> transaction(const std::function<Result<T>(SqlSession&)>& work) {
    return run_typed<T>(false, work);
  }

  /// The same for work that only reads (writing is an error): it sees one state, with all that was committed
  /// before it began, and waits for no writer.
  template <class T>
  Result<T> read(const std::function<Result<T>(SqlSession&)>& work) {
    return run_typed<T>(true, work);
  }

  /// As transaction(), for what is short and may never wait behind others: heartbeats. Gives up early.
  template <class T>
  Result<T> urgent(const std::function<Result<T>(SqlSession&)>& work) {
    return typed<T>(work, [this](const Work& plain) { return run_urgent(plain); });
  }

  /// What follows a SELECT whose rows nobody may change before this transaction's end; "" where transactions
  /// that write come one after the other.
  virtual const char* held_rows() const { return ""; }
  /// The database's clock, Unix milliseconds, as an expression.
  virtual const char* clock() const = 0;
  /// Tells the others once the transaction is committed, and not when it is not.
  virtual void announce(SqlSession& sql, const Announcement& announcement) = 0;
  /// Null where there are no others.
  virtual std::unique_ptr<AnnouncementListener> listen(AnnouncementCallbacks callbacks) = 0;

  /// Whose lease writers of workspaces need (MetadataStore::write_as); "" for nobody's.
  std::string writer() const { return *writer_.load(); }
  void write_as(const std::string& replica) { writer_ = std::make_shared<const std::string>(replica); }

  /// For the log and for people: a file, or a URL without its password.
  virtual std::string describe() const = 0;

 protected:
  using Work = std::function<Result<void>(SqlSession&)>;
  virtual Result<void> run(bool only_reads, const Work& work) = 0;
  virtual Result<void> run_urgent(const Work& work) { return run(false, work); }

 private:
  template <class T>
  Result<T> run_typed(bool only_reads, const std::function<Result<T>(SqlSession&)>& work) {
    return typed<T>(work, [this, only_reads](const Work& plain) { return run(only_reads, plain); });
  }
  template <class T, class Run>
  static Result<T> typed(const std::function<Result<T>(SqlSession&)>& work, const Run& run) {
    Result<T> outcome = failure(ErrorCode::internal, "");
    const auto done = run([&](SqlSession& sql) -> Result<void> {
      outcome = work(sql);
      if (!outcome) return std::unexpected(outcome.error());
      return {};
    });
    if (!done) return std::unexpected(done.error());
    return outcome;
  }

  std::atomic<std::shared_ptr<const std::string>> writer_{std::make_shared<const std::string>()};
};

}  // namespace berth::server
