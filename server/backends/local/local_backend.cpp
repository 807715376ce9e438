// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/backends/local/local_backend.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <set>

namespace berth::server::local {

namespace {

constexpr std::chrono::milliseconds kill_deadline{5'000};  // for the kernel to end a whole workspace

std::unexpected<Error> bad_id() {
  return failure(ErrorCode::invalid_argument, "That is not the id of a workspace.");
}

std::string mebibytes(std::uint64_t bytes) { return std::to_string(bytes >> 20) + " MiB"; }

}  // namespace

LocalBackend::Operation::Operation(LocalBackend& backend, const std::string& workspace, BackendState state)
    : backend_(backend) {
  const std::scoped_lock lock(backend_.mutex_);
  if (backend_.operations_.try_emplace(workspace, state).second) workspace_ = workspace;
}

LocalBackend::Operation::~Operation() {
  if (workspace_.empty()) return;
  const std::scoped_lock lock(backend_.mutex_);
  backend_.operations_.erase(workspace_);
}

std::unexpected<Error> LocalBackend::Operation::refused() {
  return failure(ErrorCode::unavailable, "The workspace is starting or stopping. Try again in a moment.");
}

LocalBackend::LocalBackend(LocalBackendOptions options, UserNamespace space, RuntimeFolder folder,
                           WorkspaceHomes homes, WorkspaceNetwork network, CgroupSubtree cgroups)
    : options_(std::move(options)),
      space_(std::move(space)),
      folder_(std::move(folder)),
      homes_(std::move(homes)),
      images_(options_.images.empty() ? options_.data + "/images" : options_.images,
              options_.data + "/system/unpacked"),
      network_(std::move(network)),
      cgroups_(std::move(cgroups)) {}

LocalBackend::~LocalBackend() = default;

Result<std::unique_ptr<LocalBackend>> LocalBackend::open(const LocalBackendOptions& options) {
  if (geteuid() == 0)
    return failure(ErrorCode::unsupported,
                   "The local backend does not run as root: start berthd as an ordinary user, or "
                   "name one with --user to become.");
  if (access(options.runner.c_str(), X_OK) != 0)
    return failure(ErrorCode::unsupported,
                   "The runner program can't be used: " + options.runner + ". Name it with --runner.");
  auto space = UserNamespace::make();
  if (!space) return std::unexpected(std::move(space.error()));
  if (auto owned = take_own_group(options.data); !owned) return std::unexpected(std::move(owned.error()));
  auto folder = RuntimeFolder::open(options.data);
  if (!folder) return std::unexpected(std::move(folder.error()));
  auto homes = WorkspaceHomes::open(options.data + "/workspaces", options.templates);
  if (!homes) return std::unexpected(std::move(homes.error()));
  auto network = WorkspaceNetwork::open(options.allowed);
  if (!network) return std::unexpected(std::move(network.error()));
  // Containers and their pasta are left by the programs that make them; as their new parent this server gets
  // to know how they end and leaves no zombies.
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  std::unique_ptr<LocalBackend> backend(new LocalBackend(options, std::move(*space), std::move(*folder),
                                                         std::move(*homes), std::move(*network),
                                                         CgroupSubtree::find()));
  if (auto chosen = backend->choose_runtime(); !chosen) return std::unexpected(std::move(chosen.error()));
  return backend;
}

Result<RunnerAddress> LocalBackend::address(const WorkspaceRecord& record) {
  auto key = protocol::decode_public_key(record.runner_key);
  if (!key) return std::unexpected(std::move(key.error()));
  return RunnerAddress{record.socket, "", 0, *key};
}

std::string LocalBackend::memory_reason(const std::string& workspace, const WorkspaceRecord& record) const {
  const auto kills = cgroups_.memory_kills(workspace);
  if (kills == 0) return {};
  return (kills == 1 ? std::string("A program was") : std::to_string(kills) + " programs were") +
         " ended because the workspace reached its memory limit of " + mebibytes(record.memory) + ".";
}

std::string LocalBackend::end_reason(const std::string& workspace, const WorkspaceRecord& record) const {
  if (record.boot != boot_id()) return "The machine was restarted.";
  if (record.phase == RecordPhase::starting) return "The server ended while the workspace was starting.";
  const auto status = reap(record.pid);
  if (const auto memory = memory_reason(workspace, record); !memory.empty()) return memory;
  if (record.phase == RecordPhase::stopping) return "The server ended while the workspace was stopping.";
  return "The workspace's runner " + status.value_or("ended, and how is not known") + ".";
}

Result<BackendStatus> LocalBackend::poll(const std::string& workspace) {
  if (!is_workspace_id(workspace)) return bad_id();
  {
    const std::scoped_lock lock(mutex_);
    if (const auto busy = operations_.find(workspace); busy != operations_.end())
      return BackendStatus{busy->second, "", {}};
  }
  auto record = folder_.load(workspace);
  if (!record) return BackendStatus{};
  if (record->phase == RecordPhase::failed) return BackendStatus{BackendState::failed, record->reason, {}};
  const bool this_boot = record->boot == boot_id();
  if (this_boot && record->phase == RecordPhase::running && record->runner().runs()) {
    auto where = address(*record);
    if (!where) return std::unexpected(std::move(where.error()));
    return BackendStatus{BackendState::running, memory_reason(workspace, *record), *where};
  }
  // It ended by itself, or an earlier server left it in the middle of something: nothing of it may go on.
  const Operation operation(*this, workspace, BackendState::stopping);
  if (!operation) return Operation::refused();
  record->reason = end_reason(workspace, *record);
  clear_remains(workspace, &*record);
  record->phase = RecordPhase::failed;
  if (auto saved = folder_.save(workspace, *record); !saved) return std::unexpected(std::move(saved.error()));
  return BackendStatus{BackendState::failed, record->reason, {}};
}

void LocalBackend::clear_remains(const std::string& workspace, const WorkspaceRecord* record) {
  const bool this_boot = record && record->boot == boot_id();
  if (this_boot && record->runner().runs()) {
    // Ending PID 1 of the namespace ends all others; it is gone only when they are.
    record->runner().signal(SIGKILL);
    record->runner().wait_for_end(kill_deadline);
  }
  if (this_boot) reap(record->pid);
  runtime_->remove(workspace);
  if (this_boot && record->network().runs()) {
    record->network().signal(SIGKILL);
    record->network().wait_for_end(kill_deadline);
  }
  if (this_boot) reap(record->network_pid);
  cgroups_.remove(workspace);
  if (record) unlink(record->socket.c_str());
}

Result<void> LocalBackend::stop(const std::string& workspace, int grace_ms) {
  if (!is_workspace_id(workspace)) return bad_id();
  const Operation operation(*this, workspace, BackendState::stopping);
  if (!operation) return Operation::refused();
  auto record = folder_.load(workspace);
  if (record && record->boot == boot_id() && record->runner().runs()) {
    record->phase = RecordPhase::stopping;
    if (auto saved = folder_.save(workspace, *record); !saved) return saved;
    record->runner().signal(SIGTERM);
    if (!record->runner().wait_for_end(std::chrono::milliseconds(std::max(grace_ms, 0)))) {
      record->runner().signal(SIGKILL);
      if (!record->runner().wait_for_end(kill_deadline))
        return failure(ErrorCode::timeout,
                       "The workspace does not end: one of its programs waits for the disk. Try again.");
    }
  }
  clear_remains(workspace, record ? &*record : nullptr);
  folder_.remove(workspace);
  return {};
}

Result<void> LocalBackend::forget(const std::string& workspace) {
  if (!is_workspace_id(workspace)) return bad_id();
  const Operation operation(*this, workspace, BackendState::stopping);
  if (!operation) return Operation::refused();
  auto record = folder_.load(workspace);
  if (record && record->boot == boot_id() && record->runner().runs())
    return failure(ErrorCode::conflict, "The workspace is running. Stop it first.");
  clear_remains(workspace, record ? &*record : nullptr);
  folder_.remove(workspace);
  return homes_.forget(workspace, space_);
}

Result<std::vector<std::string>> LocalBackend::list() {
  std::set<std::string> ids;
  for (auto& id : homes_.workspaces()) ids.insert(std::move(id));
  for (auto& id : folder_.workspaces()) ids.insert(std::move(id));
  return std::vector(ids.begin(), ids.end());
}

Result<std::optional<std::filesystem::path>> LocalBackend::home(const std::string& workspace,
                                                                const std::string& template_id) {
  if (!is_workspace_id(workspace)) return bad_id();
  if (auto made = homes_.ensure(workspace, template_id); !made)
    return std::unexpected(std::move(made.error()));
  return std::filesystem::path(homes_.home(workspace));
}

std::string LocalBackend::describe() const {
  std::string text = runtime_->name() + (runtime_->is_gvisor() ? " (gVisor, experimental)" : "");
  switch (cgroups_.version()) {
    case CgroupSubtree::Version::none:
      text += ", NO limits of cpu, memory and processes (no cgroup subtree belongs to this user)";
      break;
    case CgroupSubtree::Version::v1:
      text += ", cgroup v1 limits";
      break;
    case CgroupSubtree::Version::v2:
      text += ", cgroup v2 limits";
      break;
  }
  return text + (space_.two_uids() ? ", two uids" : ", one uid (no subordinate ids for this user)");
}

}  // namespace berth::server::local
