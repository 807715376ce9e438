// SPDX-License-Identifier: GPL-3.0-or-later
// Servers that are one to their people: a PostgreSQL, an S3 server, the workspaces' folder, and as many
// servers as a test starts.
#pragma once

#include <sys/types.h>

#include "protocol/codec.hpp"
#include "tests/contract/postgresql_process.hpp"
#include "tests/contract/s3_server_process.hpp"
#include "tests/integration/gateway/gateway_fixture.hpp"

namespace berth::server::testing {

inline constexpr const char* password = "correct horse battery";  // of all accounts here

using protocol::Json;
using test::eventually;
using test::Reply;
using test::WebSocket;

/// What all servers of a test share; ends every runner that they left.
class SharedPlace {
 public:
  SharedPlace();
  ~SharedPlace();
  SharedPlace(const SharedPlace&) = delete;

  /// "NAME=value" of a server's environment.
  std::vector<std::string> environment() const;
  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path workspaces() const { return folder_ / "workspaces"; }
  /// The answer to one question of the database.
  std::string ask(const std::string& question) const { return database_.run("berth", question); }

 private:
  std::filesystem::path folder_;
  PostgresqlProcess database_;
  S3ServerProcess storage_;
};

/// One of the servers.
class ReplicaProcess {
 public:
  /// Starts it with a data folder of its own, `name` in the shared place, and waits until it listens.
  ReplicaProcess(const SharedPlace& place, const std::string& name,
                 std::vector<std::string> environment = {});
  ~ReplicaProcess();

  std::uint16_t port() const { return port_; }
  std::string host() const { return "localhost:" + std::to_string(port_); }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  const std::string& setup_token() const { return setup_token_; }
  std::string log() const;
  void signal(int number) const;
  /// SIGTERM; the exit status.
  int terminate();
  /// SIGKILL.
  void kill();

  Reply call(std::string_view method, const std::string& path, const std::string& token,
             const Json& body = {}) const;
  /// A native client's window.
  WebSocket connect(const std::string& workspace, const std::string& token) const;
  std::string sign_in(const std::string& email) const;
  std::string register_account(const std::string& email) const;

 private:
  std::filesystem::path log_;
  pid_t process_ = 0;
  std::uint16_t port_ = 0;
  std::string setup_token_;
};

Json json_of(const Reply& reply);

}  // namespace berth::server::testing
