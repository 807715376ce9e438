// SPDX-License-Identifier: GPL-3.0-or-later
// What tests of the local backend share: an unprivileged process with a data folder, workspaces started in
// it, and scripts run in them as the person.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "server/backends/local/local_backend.hpp"

namespace berth::server::local {

/// Prepares cgroups when this process is root and then becomes the user `berth` (or the one that
/// BERTH_TEST_USER names, or `nobody`), for good; programs and templates that only root could reach are
/// copied first. Once per process.
struct TestGround {
  std::string user;
  std::string folder;       // below which everything lies; removed at the end of the process
  std::string runner;       // probe_runner
  std::string real_runner;  // berth-runner; "" when it is not part of this build
  std::string templates;
  // Only where the tests were started by root, else "":
  std::string foreign_data;  // a data folder of the user's whose group is another's, and is passed on
  std::string closed_data;   // one below a folder that is closed to whoever is not the user
  bool cgroups_prepared = false;
  static const TestGround& get();
};

struct ScriptEnd {
  int status = -1;  // -1: no answer
  std::string output;
};

/// Runs bash -lc `script` as the person in the workspace behind `address`.
ScriptEnd run_script(const RunnerAddress& address, const std::string& script,
                     std::chrono::milliseconds deadline = std::chrono::seconds(30));
/// Another request of probe_runner's, e.g. "GET /end/3"; true when it answered.
bool ask_probe(const RunnerAddress& address, const std::string& request);

/// A new id in the form of workspaces' ids.
std::string new_workspace_id();

/// A backend over a fresh data folder; everything it started is stopped at the end.
class LocalGround {
 public:
  explicit LocalGround(const std::function<void(LocalBackendOptions&)>& change = {});
  ~LocalGround();

  WorkspaceBackend& backend() { return *backend_; }
  LocalBackend& local() { return *backend_; }
  const LocalBackendOptions& options() const { return options_; }
  /// What a new server process would see: another backend over the same data.
  void restart_server();

  StartRequest request(const std::string& workspace = new_workspace_id(),
                       const std::string& template_id = "empty") const;
  /// Starts a workspace; the test fails when that fails.
  RunnerAddress start(const StartRequest& request);

 private:
  LocalBackendOptions options_;
  std::unique_ptr<LocalBackend> backend_;
};

/// Polls `condition` until it holds or 10 s have passed.
bool eventually(const std::function<bool()>& condition,
                std::chrono::milliseconds deadline = std::chrono::seconds(10));

}  // namespace berth::server::local
