// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/opened_metadata.hpp"

#include <spdlog/spdlog.h>

#include <csignal>

#include "server/backoff.hpp"
#include "server/stores/postgresql_database.hpp"
#include "server/stores/sql_store.hpp"
#include "server/stores/sqlite_database.hpp"

namespace berth::server {
namespace {

/// SIGTERM and SIGINT are for it to take as long as it lives. Who is process 1 of a container would not hear
/// them otherwise: there they have no default.
class EndWatch {
 public:
  EndWatch() {
    ::sigemptyset(&ends_);
    ::sigaddset(&ends_, SIGTERM);
    ::sigaddset(&ends_, SIGINT);
    ::pthread_sigmask(SIG_BLOCK, &ends_, &before_);
  }
  ~EndWatch() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  EndWatch(const EndWatch&) = delete;
  EndWatch& operator=(const EndWatch&) = delete;

  /// Waits so long; true when the process was told to end.
  bool told_within(std::chrono::milliseconds time) const {
    const timespec pause{time.count() / 1000, time.count() % 1000 * 1'000'000};
    return ::sigtimedwait(&ends_, nullptr, &pause) > 0;
  }

 private:
  sigset_t ends_{}, before_{};
};

}  // namespace

bool uses_postgresql(const Config& config) { return !config.database.url.empty(); }

Result<std::unique_ptr<SqlDatabase>> open_metadata_database(const Config& config, MetadataUse use) {
  if (!uses_postgresql(config)) return SqliteDatabase::open(config.data / sqlite_file_name);
  return PostgresqlDatabase::open(config.database, use == MetadataUse::alone
                                                       ? PostgresqlDatabase::Purpose::alone
                                                       : PostgresqlDatabase::Purpose::serve);
}

Result<std::unique_ptr<MetadataStore>> open_metadata(const Config& config, MetadataUse use) {
  auto database = open_metadata_database(config, use);
  if (!database) return std::unexpected(database.error());
  return make_sql_store(std::move(*database));
}

Result<std::unique_ptr<MetadataStore>> await_metadata(const Config& config,
                                                      std::chrono::milliseconds patience) {
  using std::chrono::steady_clock;
  auto store = open_metadata(config);
  if (store || !uses_postgresql(config) || store.error().code != ErrorCode::unavailable) return store;
  spdlog::warn("metadata: {} {}; it is waited for", store.error().message, store.error().detail);
  const EndWatch watch;
  const auto begun = steady_clock::now();
  Backoff backoff(std::chrono::milliseconds(200), std::chrono::seconds(2), patience);
  while (!store && store.error().code == ErrorCode::unavailable) {
    const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - begun);
    const auto pause = backoff.next(elapsed, 0);
    if (!pause) break;
    if (watch.told_within(*pause))
      return failure(ErrorCode::cancelled, "It was told to end before its database answered.");
    store = open_metadata(config);
  }
  return store;
}

}  // namespace berth::server
