// SPDX-License-Identifier: GPL-3.0-or-later
// The inside of Workspaces, shared by workspaces.cpp (what people ask for), workspace_operations.cpp (start,
// stop, delete), workspace_watch.cpp (adoption, idle stop) and workspaces_reconcile.cpp. Everything here runs
// on the home executor alone, so it needs no lock.
#pragma once

#include <list>
#include <map>

#include "server/files_of_home.hpp"
#include "server/idle_rule.hpp"
#include "server/start_steps.hpp"
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
  StartSteps start_steps;                         // of its last start by this server

  // idle stop
  std::int64_t busy_seen = 0;  // when its programs last used CPU, or it was adopted
  std::int64_t stayed = 0;
  std::optional<std::int64_t> warned;
  std::optional<std::int64_t> stops_at;
  std::optional<std::int64_t> told_stops_at;  // to the other servers
  std::int64_t ordered_stop = 0;              // when an administrator's was last begun
  std::int64_t stop_again = 0;  // the last stop failed because storing did; the next is not before

  // what ends by itself, and what the place tells of it
  std::string trouble;          // shown instead of the reason while it starts or runs
  std::string ended_with;       // why it is started again
  int failures = 0;             // ends and failed starts in a row
  std::int64_t not_before = 0;  // of its next start by itself
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
  /// permission_denied below `needed`.
  Result<Live> find(const Principal& principal, const std::string& id, protocol::Role needed) const;
  /// What the principal is in it: as Sharing::admit() or Teams::admit() found, its owner by the row
  /// otherwise; nullopt for strangers.
  static std::optional<protocol::Role> role_in(const Principal& principal, const WorkspaceRecord& record);
  protocol::rest::Workspace view(const LiveWorkspace& live) const;
  protocol::rest::Workspace view_of(const WorkspaceRecord& record,
                                    std::optional<std::int64_t> stops_at = {}) const;
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
  /// All of the account's, other servers' as well.
  net::Task<Result<std::vector<WorkspaceRecord>>> records_of(std::string account);
  /// What an account may have: its own quota where it has one, else what the settings say.
  struct Limits {
    std::int64_t workspaces = 0;
    std::int64_t running = 0;
  };
  net::Task<Result<Limits>> limits_of(std::string account);
  /// limit_exceeded when `most` of the account's run, start or stop already.
  static Result<void> room_to_run(const std::vector<WorkspaceRecord>& records, std::int64_t most);
  /// Told to who comes while another server has it, or while it is handed over.
  static std::unexpected<Error> not_here() {
    return failure(ErrorCode::unavailable,
                   "Another server looks after this workspace now. Try again in some seconds.");
  }
  /// For what changes something at the backend: only while this server looks after the workspace.
  template <class Call>
  auto if_ours(const std::string& id, Call call) -> decltype(call()) {
    if (options.leases && !options.leases->holds(id)) return not_here();
    return call();
  }
  /// Takes the claim over when it can begin; the operation goes on after the caller left.
  net::Task<Result<void>> begin_start(Live live);
  void touch(Live live);
  void touch_others(const WorkspaceRecord& record);
  void store_touch(const std::string& workspace, std::int64_t now);
  /// One that runs already, for a new workspace; nullopt where it has to be started.
  net::Task<std::optional<std::string>> claim_ready(std::string template_id);
  /// Nobody got the workspace that was claimed.
  net::Task<void> end_unused(std::string id);
  /// The same after its row could not be made for `why`; one that may be somebody's all the same goes on.
  net::Task<void> end_unmade(std::string id, ErrorCode why);

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
  /// What its person has to know when it runs; `problems`: of bringing its files back.
  std::string to_tell_at_start(const LiveWorkspace& live, const std::string& problems) const;
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
    co_return co_await ask_on(operation_threads_, std::move(call));
  }
  /// The same for what only looks, or claims what is there: never behind stops that wait for a minute.
  template <class Call>
  net::Task<decltype(std::declval<Call>()())> ask_to_look(Call call) {
    co_return co_await ask_on(look_threads_, std::move(call));
  }
  /// The same for starts, which may wait for minutes.
  template <class Call>
  net::Task<decltype(std::declval<Call>()())> ask_for_start(Call call) {
    co_return co_await ask_on(start_threads_ ? *start_threads_ : operation_threads_, std::move(call));
  }
  template <class Call>
  net::Task<decltype(std::declval<Call>()())> ask_on(boost::asio::thread_pool& threads, Call call) {
    co_return co_await net::offload(threads, [call = std::move(call)]() mutable -> decltype(call()) {
      try {
        return call();
      } catch (const std::exception& error) {
        return failure(ErrorCode::internal, "The workspace's environment failed; the server's log says more.",
                       error.what());
      }
    });
  }

  // workspace_watch.cpp
  net::Task<Result<void>> adopt();
  /// `known`: what the place was seen to say of it.
  net::Task<void> adopt_one(Live live, std::optional<BackendStatus> known);
  /// Adopts it after a while, unless somebody did something about it meanwhile.
  net::Task<void> adopt_later(Live live);
  net::Task<void> stop_orphan(std::string id);
  void take(WorkspaceRecord record);
  net::Task<void> drop(std::string id);
  std::vector<std::string> idle() const;
  /// When it is stopped, where the others' lists would be wrong about it.
  void tell_stops_at(LiveWorkspace& live);
  net::Task<void> watch();
  net::Task<void> watch_one(Live live);
  net::Task<void> apply_idle_rule(Live live);
  net::Task<void> shutdown();

  // workspaces_reconcile.cpp
  /// Looks at everything again and again, and has done what reconcile() says.
  net::Task<void> converge();
  std::map<std::string, DesiredWorkspace> desired() const;
  void act(const ReconcileAction& action, protocol::rest::WorkspaceState expected,
           const SeenWorkspaces& seen);
  /// Each of these has the claim and releases it.
  net::Task<void> run_restart(Live live, std::string reason);
  net::Task<void> look_then_restart(Live live);
  net::Task<void> end_unwanted(Live live, ReconcileStep step);
  /// It ended, or did not start: starts again now (true), later, or not at all. Keeps the claim.
  net::Task<bool> plan_next_start(Live live, std::string reason);
  net::Task<void> end_orphans(std::vector<std::string> ids);
  /// Once, where several servers may share the work and nothing is seen without being asked for.
  net::Task<void> look_for_orphans();
  net::Task<bool> runs_now(std::string id);
  /// Of these those that there are; true unless no server looks after it.
  net::Task<Result<std::map<std::string, bool>>> tended(std::vector<std::string> ids);

  bool sees_all = false;  // the backend knows of everything at once: nothing is polled
  ReconcileMemory wrong_since;

 private:
  boost::asio::thread_pool operation_threads_{4};
  boost::asio::thread_pool look_threads_{2};
  std::optional<boost::asio::thread_pool> start_threads_;

 public:
  net::TaskGroup tasks;  // last: its tasks use everything above
};

}  // namespace berth::server
