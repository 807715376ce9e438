// SPDX-License-Identifier: GPL-3.0-or-later
// A real PostgreSQL for tests: a cluster of its own in a temporary folder, reached by a socket in that folder
// alone, run by an unprivileged user, and gone with the process that made it.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "server/stores/postgresql_settings.hpp"

namespace berth::server::testing {

class PostgresqlProcess {
 public:
  /// The one of this test program; made when first asked for, by the main thread.
  static PostgresqlProcess& shared();

  /// Makes the cluster and starts it; throws when it does not serve within 60 s.
  PostgresqlProcess() : PostgresqlProcess(0) {}
  /// Also on this port of 127.0.0.1, where it takes TLS and passwords (SCRAM) only; certificate() is its own.
  explicit PostgresqlProcess(int secure_port);
  ~PostgresqlProcess();
  PostgresqlProcess(const PostgresqlProcess&) = delete;
  PostgresqlProcess& operator=(const PostgresqlProcess&) = delete;

  /// A new database, empty.
  void make_database(const std::string& name, const std::string& options = {});
  bool has_database(const std::string& name);
  void drop_database(const std::string& name);
  /// Little patience; `socket_folder` is where something else than the server listens, "" for the server
  /// itself.
  PostgresqlSettings settings(const std::string& database,
                              const std::filesystem::path& socket_folder = {}) const;

  /// The first field of the last statement's answer; throws what the server says.
  std::string run(const std::string& database, const std::string& statements) const;

  /// Ends at once, as a crash does: all connections break, what was committed stays.
  void crash();
  void start();

  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path certificate() const { return folder_ / "data/server.crt"; }
  std::filesystem::path socket() const { return folder_ / ".s.PGSQL.5432"; }

 private:
  pid_t spawn(const std::vector<std::string>& words) const;
  void run_program(const std::vector<std::string>& words) const;
  void make_secure() const;
  std::string said() const;

  const int secure_port_;
  std::filesystem::path programs_;
  std::filesystem::path folder_;
  uid_t user_ = 0;  // whom the server runs as; 0: whoever runs the tests
  gid_t group_ = 0;
  pid_t pid_ = -1;
};

}  // namespace berth::server::testing
