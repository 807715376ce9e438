// SPDX-License-Identifier: GPL-3.0-or-later
// A running server (direct_server) with accounts and workspaces, for the gateway's and the previews' tests.
#pragma once

#include <gtest/gtest.h>
#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>

#include "protocol/codec.hpp"
#include "wire.hpp"

namespace berth::test {

/// Polls until `condition` holds; false when it has not within `limit`.
template <class Condition>
bool eventually(Condition condition, std::chrono::milliseconds limit = std::chrono::seconds(10));

class ServerProcess {
 public:
  /// Starts it in a new folder and waits until it listens. `preview_host` "" is the server's own choice.
  explicit ServerProcess(const std::string& preview_host = {});
  ~ServerProcess();

  std::uint16_t port() const { return port_; }
  std::uint16_t preview_port() const { return preview_port_; }
  std::string host() const { return "localhost:" + std::to_string(port_); }
  std::string origin() const { return "http://" + host(); }
  const std::string& setup_token() const { return setup_token_; }
  std::filesystem::path socket_of(const std::string& workspace) const;
  std::filesystem::path data_folder() const { return folder_ / "data"; }
  /// Memory it has taken now, KiB (Pss_Anon: buffers count, program text that is first read in does not).
  std::uint64_t memory() const;
  pid_t process() const { return process_; }
  /// SIGTERM; the exit status.
  int stop();

 private:
  std::filesystem::path folder_;
  pid_t process_ = 0;
  std::uint16_t port_ = 0;
  std::uint16_t preview_port_ = 0;
  std::string setup_token_;
};

/// A person: one sign-in as a browser (cookies) and one as a native client (tokens).
struct Person {
  std::string cookies;  // a Cookie header's value
  std::string token;    // an access token
};

class GatewayTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite();

  static ServerProcess& server() { return *server_; }
  static const Person& owner() { return owner_; }
  static const Person& stranger() { return stranger_; }
  /// Of `owner`, running.
  static const std::string& workspace() { return workspace_; }

  static Reply api(std::string_view method, const std::string& path, const Person& who,
                   const protocol::Json& body = {});
  /// A sign-in of its own, so that ending it harms no other test.
  static Person sign_in(const std::string& email);
  static std::string make_workspace(const Person& who);
  static std::string connect_path(const std::string& workspace) {
    return "/api/v1/workspaces/" + workspace + "/connect";
  }
  /// As a browser's page of the IDE would; throws unless it succeeds.
  static WebSocket connect(const Person& who, const std::string& workspace);

  static inline std::unique_ptr<ServerProcess> server_;
  static inline Person owner_;
  static inline Person stranger_;
  static inline std::string workspace_;
};

/// JSON-RPC on a workspace's WebSocket: sends a request and gives its result; throws for an error.
protocol::Json call(WebSocket& socket, const std::string& method, const protocol::Json& params);
protocol::Json hello(WebSocket& socket);

template <class Condition>
bool eventually(Condition condition, std::chrono::milliseconds limit) {
  const auto until = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= until) return false;
    timespec pause{0, 5'000'000};
    ::nanosleep(&pause, nullptr);
  }
  return true;
}

}  // namespace berth::test
