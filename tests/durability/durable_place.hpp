// SPDX-License-Identifier: GPL-3.0-or-later
// A real server with one workspace that can be killed at any moment, alone, with its runner, or at a fault
// point, and started again over the same data.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "home_picture.hpp"
#include "tests/integration/gateway/gateway_fixture.hpp"
#include "tests/integration/server/berthd_process.hpp"

namespace berth::test {

using protocol::Json;

class DurablePlace {
 public:
  explicit DurablePlace(std::vector<std::string> arguments = {});
  ~DurablePlace();

  /// Starts the server over what is there; with a fault point ("pack.put:2") it may end at once.
  bool start_server(const std::string& fault_point = {});
  /// SIGKILL; also when a fault point has ended it already.
  void kill_server();
  bool server_lives() const;
  pid_t server_pid() const { return server_->pid(); }
  /// SIGKILL of the workspace's runner, which ends its container; false when there is none.
  bool kill_runner();

  /// The workspace, running; made the first time, started again when it has ended.
  const std::string& run_workspace();
  Json workspace();
  bool reaches(const std::string& state, std::chrono::seconds limit = std::chrono::seconds(30));
  /// Ends it in order; its state and reason afterwards.
  Json stop_workspace();
  /// As if it came to another machine: home and the runner's state are gone.
  void lose_home();
  std::filesystem::path home() const;
  std::filesystem::path data() const { return place_.path() / "data"; }

  /// Throws when the server is gone.
  server::testing::Reply ask(const std::string& method, const std::string& target,
                             const Json& body = nullptr);
  Json good(const std::string& method, const std::string& target, const Json& body = nullptr);
  std::string at(const std::string& rest = {}) const { return "/api/v1/workspaces/" + workspace_ + rest; }
  WebSocket connect();
  std::string log() const { return server_->log(); }

  /// Newest first.
  std::vector<Json> versions();
  /// Stores what is there now; its id.
  std::string keep(const std::string& name);
  void restore(const std::string& version);
  /// Whether everything that was written before is in the newest version; waits for it.
  bool all_stored(std::chrono::seconds limit = std::chrono::seconds(60));

 private:
  server::testing::DataPlace place_;
  std::vector<std::string> arguments_;
  std::unique_ptr<server::testing::BerthdProcess> server_;
  std::string token_;
  std::string workspace_;
  int marks_ = 0;
};

/// Runs a command in the workspace's terminal and waits until it has ended. Throws when the connection ends
/// first.
void run_in_terminal(DurablePlace& place, const std::string& command);

/// Types `text` at the beginning of a file through a document; returns once the runner says that this is
/// stored, or throws when it does not within the limit.
void type_and_wait_until_stored(DurablePlace& place, const std::string& path, const std::string& text,
                                std::chrono::seconds limit = std::chrono::seconds(20));

}  // namespace berth::test
