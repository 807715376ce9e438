// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of workspaces: who may do what, the state machine, quotas, idle stop, maximum life, adoption. No
// HTTP, no SQL, no backend's details. Its state lives on one executor; every call may be made on any I/O
// thread and resumes there.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "protocol/net/task.hpp"
#include "protocol/rest.hpp"
#include "protocol/sync_messages.hpp"
#include "server/clock.hpp"
#include "server/metadata_store.hpp"
#include "server/principal.hpp"
#include "server/reconcile.hpp"
#include "server/runner_access.hpp"
#include "server/session_events.hpp"
#include "server/settings.hpp"
#include "server/stop_order.hpp"
#include "server/template_catalog.hpp"
#include "server/workspace_backend.hpp"
#include "server/workspace_leases.hpp"
#include "server/workspace_uses.hpp"
#include "server/workspace_versions.hpp"

namespace berth::server {

/// What a connection to a running workspace needs.
struct RunnerTarget {
  RunnerAddress address;
  protocol::Role role = protocol::Role::viewer;
};

/// What becomes a new workspace's project.
struct NewImport {
  protocol::ImportBegin::Params begin;
  bool upload = false;  // its archive has yet to come; begin_import() says when it lies in the home
};

enum class FileUse { read, change };

/// What a version that is made while a workspace is stopped does to what its home held.
enum class StoppedChange { nothing, a_part, everything };

class Workspaces : public DividedWork {
 public:
  struct Options {
    ResourceLimits limits;
    protocol::PublicKey server_key{};                  // of connect tokens
    std::chrono::milliseconds start_answer{20'000};    // start() answers at the latest then
    std::chrono::milliseconds watch_interval{15'000};  // between looks at activity and life
    std::chrono::milliseconds idle_warning{120'000};   // before an idle stop
    int stop_grace_ms = 5'000;
    WorkspaceVersions* versions = nullptr;         // none: nothing is stored (tests)
    WorkspaceFiles* stored_files = nullptr;        // of newest versions; only beside `versions`
    std::chrono::milliseconds stop_retry{60'000};  // of an idle stop that failed because storing did
    /// What ends by itself is started again (reconcile.hpp); else it is shown as failed.
    bool restarts = false;
    std::size_t start_threads = 0;  // of starts alone, where these take minutes; 0: those of all operations
    std::chrono::milliseconds reconcile_interval{2'000};  // where the backend sees all at once
    ReconcileRule reconcile = {};
    // Whether this server may do something about a workspace by itself; none: always.
    std::function<bool(const std::string& workspace)> may_act = {};
    // What an account may have beside what the settings say; blocks. None: the settings alone.
    std::function<Result<AccountQuota>(const std::string& account)> quota_of = {};
    WorkspaceUses* uses = nullptr;      // what running ones take; none: nobody is told
    WorkspaceLeases* leases = nullptr;  // where several servers share the work; none: all is this one's
  };

  Workspaces(boost::asio::any_io_executor home, WorkspaceStore& store, WorkspaceBackend& backend,
             RunnerAccess& runners, SessionEvents& events, Settings& settings,
             const TemplateCatalog& templates, boost::asio::thread_pool& pool, Clock clock, Options options);
  ~Workspaces() override;

  // Where several servers share the work; on the home executor.
  void take(WorkspaceRecord workspace) override;
  net::Task<void> drop(std::string workspace) override;
  std::vector<std::string> idle() const override;

  /// Reads the store, adopts what runs, stops orphans. Once, before anything else; then watching begins. With
  /// leases what this server looks after comes by take().
  net::Task<Result<void>> adopt();
  /// Ends watching and waits for operations under way; workspaces go on running.
  net::Task<void> shutdown();

  /// A page of what the account may see, last used first: as the store says, but for those that are this
  /// server's, whose state is told as it is now. `limit` at most; `next` is where the following page begins.
  struct Page {
    std::vector<protocol::rest::Workspace> workspaces;
    std::optional<WorkspaceListing::Place> next = {};
  };
  net::Task<Result<Page>> list(WorkspaceListing listing, std::size_t limit);
  /// Everything below is not_found to strangers and permission_denied to people whose role does not allow it
  /// (route_roles.hpp says what is needed).
  net::Task<Result<protocol::rest::Workspace>> get(Principal principal, std::string id,
                                                   protocol::Role needed = protocol::Role::viewer);
  /// From the body's template. With an import its home is empty, the import begins as soon as it runs, and
  /// what has not begun when the server dies begins at the next start; a start at which it can't begin fails.
  net::Task<Result<protocol::rest::Workspace>> create(Principal principal,
                                                      protocol::rest::CreateWorkspace::Body body,
                                                      std::optional<NewImport> import = {});
  /// The archive of a new workspace lies whole in its home.
  net::Task<Result<protocol::rest::Workspace>> begin_import(Principal principal, std::string id);
  net::Task<Result<protocol::rest::Workspace>> update(Principal principal, std::string id,
                                                      protocol::rest::UpdateWorkspace::Body body);
  net::Task<Result<void>> remove(Principal principal, std::string id);
  net::Task<Result<protocol::rest::Workspace>> start(Principal principal, std::string id);
  net::Task<Result<protocol::rest::Workspace>> stop(Principal principal, std::string id);
  net::Task<Result<protocol::rest::Workspace>> stay(Principal principal, std::string id);

  /// Begins to stop those of these that run and that this server looks after; gives those that it began with.
  net::Task<std::vector<std::string>> stop_ordered(std::vector<StopOrder> orders);

  /// Runs `work`, which makes `to` its owner in the store, while the workspace is stopped and nobody can
  /// start it; it is told how many workspaces that account may have. conflict in other states.
  using TransferWork = std::function<net::Task<Result<void>>(std::int64_t most_workspaces)>;
  net::Task<Result<protocol::rest::Workspace>> transfer(Principal principal, std::string id, std::string to,
                                                        TransferWork work);

  /// For the gateway and previews: where to dial and as what. not_found for strangers, unavailable while it
  /// does not run.
  net::Task<Result<RunnerTarget>> runner_target(Principal principal, std::string id);

  /// For file routes: the runner while it runs. While it is stopped its home, or its newest version where the
  /// home is lost, lies elsewhere or lacks that version: then nothing can be changed. unavailable in between.
  net::Task<Result<WorkspaceFiles*>> files(Principal principal, std::string id, FileUse use = FileUse::read);

  /// The home of one that is stopped; unavailable otherwise, or where the place has no such folder.
  net::Task<Result<std::filesystem::path>> home_folder(Principal principal, std::string id);

  /// Whether the home of one that is stopped may hold what no version has.
  net::Task<Result<bool>> home_is_ahead(Principal principal, std::string id);

  /// Runs `work`, which commits a version, while the workspace is stopped and nobody can start it; where that
  /// changes something the next start brings the version into the home. unavailable in other states. conflict
  /// unless `change` is everything, where the home may hold what no version has: that start would store it as
  /// a version of its own, and it would leave the home.
  using StoppedWork = std::function<net::Task<Result<void>>()>;
  net::Task<Result<void>> store_while_stopped(Principal principal, std::string id, StoppedChange change,
                                              StoppedWork work);

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace berth::server
