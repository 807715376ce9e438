// SPDX-License-Identifier: GPL-3.0-or-later
// The inside of Workspaces, shared by workspaces.cpp (what people ask for), workspace_operations.cpp (start,
// stop, delete) and workspace_watch.cpp (adoption, idle stop). Everything here runs on the home executor
// alone, so it needs no lock.
#pragma once

#include <list>
#include <map>

#include "server/files_of_home.hpp"
#include "server/idle_rule.hpp"
#include "server/workspaces.hpp"

namespace berth::server {

/// One workspace in memory. `busy` is the claim on it: whoever holds it is the only one to call the backend
/// for it and to change its state.
struct LiveWorkspace {
  WorkspaceRecord record;
  bool busy = false;
  bool gone = false;          // deleted; still held by someone who waits
  bool upload_comes = false;  // the archive that its pending import names is on its way
  std::optional<RunnerAddress> address;
  std::list<boost::asio::steady_timer*> waiting;  // for `busy` to end
  std::int64_t touched = 0;                       // last_used as stored

  // idle stop
  std::int64_t busy_seen = 0;  // when its programs last used CPU, or it was adopted
  std::int64_t stayed = 0;
  std::optional<std::int64_t> warned;
  std::optional<std::int64_t> stops_at;
  std::int64_t stop_again = 0;  // the last stop failed because storing did; the next is not before
};
using Live = std::shared_ptr<LiveWorkspace>;

class Workspaces::State {
 public:
  State(boost::asio::any_io_executor home, WorkspaceStore& store, WorkspaceBackend& backend,
        RunnerAccess& runners, SessionEvents& events, Settings& settings, const TemplateCatalog& templates,
        boost::asio::thread_pool& pool, Clock clock, Options options);

  boost::asio::any_io_executor home;
  WorkspaceStore& store;
  WorkspaceBackend& backend;
  RunnerAccess& runners;
  SessionEvents& events;
  Settings& settings;
  const TemplateCatalog& templates;
  boost::asio::thread_pool& pool;  // for the store
  Clock clock;
  Options options;
  FilesOfHome stopped_files;
  std::map<std::string, Live> all;
  bool closing = false;

  // workspaces.cpp
  /// Strangers' workspaces are not_found too: ids tell nothing.
  Result<Live> find(const Principal& principal, const std::string& id) const;
  protocol::rest::Workspace view(const LiveWorkspace& live) const;
  /// Waits until nobody holds the claim; false when `deadline` came first.
  net::Task<bool> wait_unclaimed(Live live, std::chrono::steady_clock::time_point deadline);
  /// Waits for the claim and takes it. unavailable at the deadline, not_found when it is deleted meanwhile.
  net::Task<Result<void>> claim(Live live, std::chrono::steady_clock::time_point deadline);
  void release(LiveWorkspace& live);
  /// Releases a claim that was taken.
  struct Claim {
    State& state;
    Live live;
    ~Claim() { state.release(*live); }
  };
  static std::unexpected<Error> in_use() {
    return failure(ErrorCode::unavailable,
                   "The workspace is busy starting or stopping; try again in a moment.");
  }
  std::int64_t running_count(const std::string& account) const;
  /// Takes the claim over when it can begin; the operation goes on after the caller left.
  net::Task<Result<void>> begin_start(Live live);
  void touch(Live live);

  // workspaces_stopped.cpp; the first two take the claim for as long as they ask
  /// Where the home of a stopped one lies.
  net::Task<Result<std::filesystem::path>> home_of_stopped(Live live);
  net::Task<Result<WorkspaceFiles*>> files_of_stopped(Live live, FileUse use);
  /// The following hold the claim already.
  net::Task<Result<std::filesystem::path>> ask_for_home(Live live);
  net::Task<Result<bool>> has_home(Live live);
  /// It is stopped, and its home may hold what no version has.
  net::Task<Result<bool>> holds_more(Live live);
  /// Sets what its home is, in the store first.
  net::Task<Result<void>> set_home(Live live, HomeState home);

  // workspace_operations.cpp; each holds the claim already and releases it at its end
  net::Task<void> run_start(Live live);
  net::Task<void> run_stop(Live live, std::string reason);
  net::Task<void> run_remove(Live live);
  /// Brings the home to its last version; gives what to show on the running workspace.
  net::Task<Result<std::string>> bring_back(Live live);
  /// Has the runner begin what its project is to be made of, if that is still to be done.
  net::Task<Result<void>> begin_pending_import(Live live);
  /// Before a stop: an error when the workspace has to stay, otherwise what to tell about the stop.
  net::Task<Result<std::string>> store_before_stop(Live live, bool answers);
  /// The workspace runs and did so before: its home is stored as it changes.
  void keep_storing(const LiveWorkspace& live);
  /// Sets state and reason, in memory at once and in the store; a store that fails is logged and repaired at
  /// the next start.
  net::Task<void> set_state(Live live, protocol::rest::WorkspaceState state, std::string reason);
  /// It runs at `address` now.
  void attach(LiveWorkspace& live, const RunnerAddress& address);
  /// It does not run any more: closes the link and whatever is connected.
  void detach(LiveWorkspace& live, const std::string& reason);
  /// Runs a backend call on the operations' threads; exceptions become errors.
  template <class Call>
  net::Task<decltype(std::declval<Call>()())> ask_backend(Call call) {
    co_return co_await net::offload(
        operation_threads_, [call = std::move(call)]() mutable -> decltype(call()) {
          try {
            return call();
          } catch (const std::exception& error) {
            return failure(ErrorCode::internal,
                           "The workspace's environment failed; the server's log says more.", error.what());
          }
        });
  }

  // workspace_watch.cpp
  net::Task<Result<void>> adopt();
  net::Task<void> adopt_one(Live live);
  net::Task<void> stop_orphan(std::string id);
  net::Task<void> watch();
  net::Task<void> watch_one(Live live);
  net::Task<void> apply_idle_rule(Live live);
  net::Task<void> shutdown();

 private:
  boost::asio::thread_pool operation_threads_{4};

 public:
  net::TaskGroup tasks;  // last: its tasks use everything above
};

}  // namespace berth::server
