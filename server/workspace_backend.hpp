// SPDX-License-Identifier: GPL-3.0-or-later
// Where workspaces run: the narrow interface between the rules (workspaces) and a place (local containers,
// Kubernetes). All calls block and are made from worker threads, at most one at a time for one
// workspace; different workspaces run concurrently. Each is idempotent: after a crash the server simply asks
// again.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "protocol/connect_token.hpp"
#include "protocol/error.hpp"
#include "protocol/rest.hpp"

namespace berth::server {

struct ResourceLimits {
  double cpu = 0.5;                     // cores
  std::uint64_t memory = 512ull << 20;  // bytes
  std::uint64_t processes = 512;
};

struct StartRequest {
  std::string workspace;
  std::string template_id;  // decides the system image and the starter files of a new home
  std::string person_name = "berth";
  ResourceLimits limits;
  protocol::PublicKey server_key;
  bool empty_home = false;  // a home that is not there has a project folder alone: a version is brought back
  // Whether this server is still the one to end it, asked on the caller's thread when a start comes to
  // nothing: another may have gone on with it meanwhile. None: always.
  std::function<bool()> still_ours = {};
  std::string image = {};  // what it runs in; "": what the template and the installation say
  // Told when the start comes to a phase, on whatever thread it is at, perhaps with a lock held: it must be
  // quick and call nothing of the backend's. A place that can't tell them apart need not.
  std::function<void(protocol::rest::StartPhase)> on_phase = {};

  void tell(protocol::rest::StartPhase phase) const {
    if (on_phase) on_phase(phase);
  }
};

/// Where to dial a runner and how to know it.
struct RunnerAddress {
  std::string unix_path;  // local backend; empty: use host and port
  std::string host;
  std::uint16_t port = 0;
  protocol::PublicKey runner_key{};  // of the key made for this one start
};

enum class BackendState {
  absent,    // nothing runs; the home may exist
  starting,  // asked for, the runner can't be dialled yet
  running,   // the runner's socket takes connections
  stopping,
  failed,  // ended by itself; `reason` says how (exit status, OOM kill)
};

struct BackendStatus {
  BackendState state = BackendState::absent;
  std::string reason;                    // for the person; in starting what it waits for, where that is known
  std::optional<RunnerAddress> address;  // in starting and running
};

/// Workspaces that a place keeps running for people who have not come yet.
struct ReadyWish {
  std::size_t count = 0;
  std::chrono::milliseconds longest{3'600'000};  // that one waits before it is replaced
  // Whether this server is the one to see to it now, on any thread; none: always.
  std::function<bool()> may = {};
};

/// What becomes of homes at a place.
enum class HomeKeeping {
  folder,    // a folder of this machine's: home()
  volume,    // kept, and reached only by what runs with it
  with_run,  // ends with what runs: what is not stored by then is lost
};

/// By workspace.
using SeenWorkspaces = std::map<std::string, BackendStatus>;

class WorkspaceBackend {
 public:
  virtual ~WorkspaceBackend() = default;

  /// Makes the home from the template if there is none, starts the workspace and returns once its runner can
  /// be dialled. While it already runs: returns its address. During a stop: unavailable. On failure nothing
  /// is left running.
  virtual Result<RunnerAddress> start(const StartRequest& request) = 0;

  /// The state now, also for workspaces started by an earlier process of this server. Never absent for
  /// something that runs.
  virtual Result<BackendStatus> poll(const std::string& workspace) = 0;

  /// Ends every process of the workspace (TERM to the runner, KILL after `grace_ms`) and returns when none is
  /// left. Absent workspaces are a success. The home stays.
  virtual Result<void> stop(const std::string& workspace, int grace_ms) = 0;

  /// Deletes home and everything else. Refused (conflict) while it runs.
  virtual Result<void> forget(const std::string& workspace) = 0;

  /// Ids of everything that runs or has a home here: for adoption and for cleaning orphans.
  virtual Result<std::vector<std::string>> list() = 0;

  /// Where the home lies, for file access while the workspace is stopped; nullopt when the place has no such
  /// path. Makes it from the template when it is not there yet.
  virtual Result<std::optional<std::filesystem::path>> home(const std::string& workspace,
                                                            const std::string& template_id) = 0;

  virtual HomeKeeping home_keeping() const { return HomeKeeping::folder; }

  /// Everything that runs, starts, stops or has ended by itself here, as it is known without asking for each:
  /// a moment old perhaps. What starts has what it waits for as its reason. nullopt where a place knows only
  /// by poll(); unavailable while what is known may be long out of date. On any thread, beside other calls.
  virtual Result<std::optional<SeenWorkspaces>> seen() { return std::optional<SeenWorkspaces>(); }

  /// From now on as many new workspaces of the request's template are kept running as are wished for; the
  /// request's `workspace` means nothing. Where a place can do that; claim_ready() gives them.
  virtual void keep_ready(const StartRequest&, const ReadyWish&) {}

  /// Whether claim_ready() is worth asking: cheap, on any thread.
  virtual bool keeps_ready() const { return false; }

  /// The id of a new workspace of this template that is running already, made ready for whoever comes; it is
  /// this caller's alone from now on, whatever other servers do. nullopt when none is at hand.
  virtual Result<std::optional<std::string>> claim_ready(const std::string&) {
    return std::optional<std::string>();
  }

  /// What workspaces of this template run in where nobody chose anything else: an image's name, or the root
  /// of a system on this machine. not_found for unknown templates; "" where a place knows nothing of that.
  virtual Result<std::string> image_of(const std::string&) { return std::string(); }

  /// Whether workspaces could be started in this image, as far as that can be told without fetching it:
  /// unsupported, saying what is to be done.
  virtual Result<void> check_image(const std::string&) {
    return failure(ErrorCode::unsupported, "Workspaces have no images here.");
  }

  /// The server is about to end: a start that is waited for answers `cancelled` within seconds and goes on by
  /// itself, for the next server to join.
  virtual void leave() {}

  /// Whether servers on several machines may share it, each seeing the same workspaces.
  virtual bool shared() const { return false; }

  /// One sentence for the log and the administrator: what isolation and limits hold here ("runc, cgroup v2
  /// limits, two uids").
  virtual std::string describe() const = 0;

  /// False when limits can't be enforced, so that one account only should be served.
  virtual bool limits_enforced() const = 0;
};

}  // namespace berth::server
