// SPDX-License-Identifier: GPL-3.0-or-later
// A real server with one workspace that can be killed at any moment, alone, with its runner, or at a fault
// point, and started again over the same data.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "home_picture.hpp"
#include "store_place.hpp"
#include "tests/integration/gateway/gateway_fixture.hpp"
#include "tests/integration/server/berthd_process.hpp"

namespace berth::test {

using protocol::Json;

/// Where server and runner kill themselves ("pack.put:2"); "" for nowhere.
struct FaultPoints {
  std::string server, runner;
  bool any() const { return !server.empty() || !runner.empty(); }
};

class DurablePlace {
 public:
  explicit DurablePlace(std::vector<std::string> arguments = {}, StoreKind kind = StoreKind::directory);
  ~DurablePlace();

  StorePlace& store() { return store_; }
  /// Starts the server over what is there; false when a fault point has ended it already. A runner's holds
  /// for workspaces that this server starts.
  bool start_server(const FaultPoints& fault_points = {});
  /// SIGKILL; also when a fault point has ended it already.
  void kill_server();
  bool server_lives() const;
  pid_t server_pid() const { return server_->pid(); }
  std::uint16_t server_port() const { return server_->port(); }
  /// SIGKILL of the workspace's runner, which ends its container; false when there is none.
  bool kill_runner();
  bool runner_lives() const { return !runners().empty(); }

  /// The workspace, running; made the first time, started again when it has ended.
  const std::string& run_workspace();
  /// One attempt to start it, which a fault point may end.
  bool start_workspace_once();
  Json workspace();
  bool reaches(const std::string& state, std::chrono::seconds limit = std::chrono::seconds(30));
  /// Ends it in order; its state and reason afterwards.
  Json stop_workspace();
  /// As if it came to another machine: home and the runner's state are gone. Not while it runs.
  void lose_home();
  std::filesystem::path home() const;
  std::filesystem::path data() const { return place_.path() / "data"; }

  /// Throws when the server is gone.
  server::testing::Reply ask(const std::string& method, const std::string& target,
                             const Json& body = nullptr);
  Json good(const std::string& method, const std::string& target, const Json& body = nullptr);
  std::string at(const std::string& rest = {}) const { return "/api/v1/workspaces/" + workspace_ + rest; }
  WebSocket connect();
  /// What the runner tells a window that opens now (workspace/storage).
  Json storage();
  /// Waits until windows are told that storing waits; why, as they are told it, or "" when they are not.
  std::string problem_told(std::chrono::seconds limit = std::chrono::seconds(40));
  std::string log() const { return server_->log(); }

  /// Newest first.
  std::vector<Json> versions();
  /// Stores what is there now; its id.
  std::string keep(const std::string& name);
  /// berthd fsck of everything that is stored.
  server::testing::Ended check_store(std::chrono::seconds limit = std::chrono::seconds(60));
  void restore(const std::string& version);
  /// Whether everything that was written before is in the newest version, without a problem; waits for it.
  bool all_stored(std::chrono::seconds limit = std::chrono::seconds(60));

 private:
  std::vector<pid_t> runners() const;

  server::testing::DataPlace place_;
  StorePlace store_;
  std::vector<std::string> arguments_;
  std::unique_ptr<server::testing::BerthdProcess> server_;
  std::string token_;
  std::string workspace_;
  int marks_ = 0;
};

/// Runs a command in the workspace's terminal and waits until it has ended. Throws when the connection ends
/// first.
void run_in_terminal(DurablePlace& place, const std::string& command);

/// Until no program runs in a terminal any more: those that were begun before a blow, too.
void wait_for_terminals(DurablePlace& place);

/// Types `text` at the beginning of a file through a document. `on_acknowledged` is called when the edit was
/// answered; returns once the runner says that this is stored, or throws when it does not within the limit.
void type_and_wait_until_stored(
    DurablePlace& place, const std::string& path, const std::string& text,
    const std::function<void()>& on_acknowledged = [] {},
    std::chrono::seconds limit = std::chrono::seconds(30));

}  // namespace berth::test
