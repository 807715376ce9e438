// SPDX-License-Identifier: GPL-3.0-or-later
// How the local backend starts a workspace, step by step.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <future>

#include "protocol/codec.hpp"
#include "protocol/runner_start.hpp"
#include "server/backends/local/local_backend.hpp"
#include "server/backends/local/runner_socket.hpp"

namespace berth::server::local {

namespace {

/// Limits can be lowered by anybody, never raised above the server's own.
std::uint64_t at_most_own(__rlimit_resource which, std::uint64_t wanted) {
  rlimit own{};
  getrlimit(which, &own);
  return own.rlim_max == RLIM_INFINITY ? wanted : std::min<std::uint64_t>(wanted, own.rlim_max);
}

constexpr int config_descriptor = 3;  // 0 with gVisor
constexpr int listen_descriptor = 4;

std::string tail(const std::string& file) {
  const std::string text = read_small_file(file);
  return text.size() > 2000 ? text.substr(text.size() - 2000) : text;
}

}  // namespace

Result<std::string> LocalBackend::image_of(const std::string& template_id) {
  auto wanted = homes_.system_of(template_id);
  if (!wanted) return std::unexpected(std::move(wanted.error()));
  return wanted->image.empty() ? wanted->root : wanted->image;
}

Result<SystemImage> LocalBackend::system_for(const std::string& template_id, const std::string& image_name) {
  auto wanted = image_name.empty() ? homes_.system_of(template_id) : TemplateSystem{{}, image_name};
  if (!wanted) return std::unexpected(std::move(wanted.error()));
  auto root = wanted->image.empty() ? Result<std::string>(wanted->root) : images_.root_of(wanted->image);
  if (!root) return std::unexpected(std::move(root.error()));
  const std::scoped_lock lock(mutex_);
  if (const auto known = systems_.find(*root); known != systems_.end()) return known->second;
  char name[40] = "host";
  if (*root != "/") snprintf(name, sizeof name, "image-%016zx", std::hash<std::string>{}(*root));
  auto image = prepare_system({*root, options_.runner, space_.two_uids()}, options_.data + "/system/" + name);
  if (image) systems_[*root] = *image;
  return image;
}

Result<void> LocalBackend::choose_runtime() {
  auto system = prepare_system({"/", options_.runner, space_.two_uids()}, options_.data + "/system/host");
  if (!system) return std::unexpected(std::move(system.error()));
  systems_["/"] = *system;
  const std::string bundle = folder_.path() + "/trial";
  if (mkdir(bundle.c_str(), 0700) != 0 && errno != EEXIST)
    return failure(ErrorCode::internal, "The server could not write to its data folder.",
                   bundle + ": " + strerror(errno));
  if (auto owned = take_own_group(bundle); !owned) return owned;
  // Said here in words of its own: a runtime's are about mounts that fail.
  for (const auto& way : {bundle, system->root, options_.data + "/workspaces"})
    if (auto open = space_.check_way(way); !open) return open;
  ContainerPlan plan{.root = system->root,
                     .binds = system->binds,
                     .arguments = {"/bin/sh", "-c", "exit 0"},
                     .environment = {},
                     .two_uids = space_.two_uids(),
                     .cgroup = {},
                     .limits = {}};
  plan.limits.processes = at_most_own(RLIMIT_NPROC, plan.limits.processes);
  plan.open_files = at_most_own(RLIMIT_NOFILE, plan.open_files);
  if (auto made = write_whole_file(bundle + "/config.json", protocol::to_text(oci_spec(plan)), 0600); !made)
    return made;
  auto runtime = OciRuntime::choose(space_, options_.runtime, folder_.path() + "/oci",
                                    {bundle, folder_.path() + "/runtime"});
  if (!runtime) return std::unexpected(std::move(runtime.error()));
  runtime_ = std::move(*runtime);
  return {};
}

Result<void> LocalBackend::write_bundle(const StartRequest& request, const SystemImage& system) {
  ContainerPlan plan;
  plan.root = system.root;
  plan.binds = system.binds;
  plan.binds.push_back({homes_.home(request.workspace), home_inside, false});
  plan.binds.push_back({homes_.state(request.workspace), state_inside, false});
  if (runtime_->is_gvisor())
    plan.binds.push_back({folder_.socket_folder(request.workspace), socket_folder_inside, false});
  plan.arguments = {runner_inside, "--config-fd",
                    std::to_string(runtime_->is_gvisor() ? 0 : config_descriptor)};
  plan.environment = workspace_environment(system.trusts, options_.environment);
  plan.two_uids = space_.two_uids();
  plan.cgroup = cgroups_.spec_path(request.workspace);
  plan.limits = request.limits;
  plan.limits.processes = at_most_own(RLIMIT_NPROC, request.limits.processes);
  plan.open_files = at_most_own(RLIMIT_NOFILE, plan.open_files);
  return write_whole_file(folder_.of(request.workspace) + "/config.json", protocol::to_text(oci_spec(plan)),
                          0600);
}

Result<RunnerAddress> LocalBackend::start(const StartRequest& request) {
  if (!is_workspace_id(request.workspace))
    return failure(ErrorCode::invalid_argument, "That is not the id of a workspace.");
  const Operation operation(*this, request.workspace, BackendState::starting);
  if (!operation) return Operation::refused();
  const auto earlier = folder_.load(request.workspace);
  if (earlier && earlier->phase == RecordPhase::running && earlier->boot == boot_id() &&
      earlier->runner().runs())
    return address(*earlier);
  if (earlier || runtime_->knows(request.workspace))
    clear_remains(request.workspace, earlier ? &*earlier : nullptr);
  folder_.remove(request.workspace);

  WorkspaceRecord record;
  record.boot = boot_id();
  record.memory = request.limits.memory;
  auto launched = launch(request, record);
  if (!launched) {
    launched.error().detail += "; log: " + tail(folder_.log(request.workspace));
    if (const auto memory = memory_reason(request.workspace, record); !memory.empty())
      launched.error().message += " " + memory;
    clear_remains(request.workspace, &record);
    folder_.remove(request.workspace);
    return std::unexpected(std::move(launched.error()));
  }
  return address(record);
}

Result<LocalBackend::HandedOver> LocalBackend::prepare(const StartRequest& request, WorkspaceRecord& record) {
  const std::string& workspace = request.workspace;
  using protocol::rest::StartPhase;
  request.tell(StartPhase::image);
  auto system = system_for(request.template_id, request.image);
  if (!system) return std::unexpected(std::move(system.error()));
  request.tell(StartPhase::files);
  if (auto made = homes_.ensure(workspace, request.template_id, request.empty_home); !made)
    return std::unexpected(made.error());
  request.tell(StartPhase::runner);
  std::error_code error;
  std::filesystem::create_directories(folder_.socket_folder(workspace), error);
  if (auto made = write_bundle(request, *system); !made) return std::unexpected(made.error());
  if (auto made = cgroups_.make(workspace, request.limits); !made) return std::unexpected(made.error());

  const auto keys = protocol::generate_key_pair();
  record.runner_key = protocol::encode_key(keys.public_key);
  record.socket =
      runtime_->is_gvisor() ? folder_.socket_folder(workspace) + "/runner.sock" : folder_.socket(workspace);
  HandedOver files;
  protocol::RunnerStart runner_start{
      .workspace = workspace,
      .server_public_key = protocol::encode_key(request.server_key),
      .runner_secret_key = protocol::encode_base64url(
          {reinterpret_cast<const char*>(keys.secret_key.data()), keys.secret_key.size()}),
      .home = home_inside,
      .project = "project",
      .state_directory = state_inside,
      .person_name = "berth",
      .person_uid = space_.person_id(),
      .person_gid = space_.person_id(),
      .runner_uid = 0,
      .listen_fd = {},
      .listen_tcp = {},
      .shell = "/bin/bash",
      .environment = workspace_environment(system->trusts, options_.environment)};
  // For tests: the runner's fault points are asked for in this server's environment alone.
  if (const char* fault_point = std::getenv("BERTH_RUNNER_FAULT_POINT"))
    runner_start.fault_point = fault_point;
  if (runtime_->is_gvisor()) {
    // The person could put another socket there, and would only be found not to be the runner.
    runner_start.listen_unix = std::string(socket_folder_inside) + "/runner.sock";
  } else {
    auto listener = listen_at(record.socket);
    if (!listener) return std::unexpected(std::move(listener.error()));
    files.listener = std::move(*listener);
    runner_start.listen_fd = listen_descriptor;
  }
  files.start = protocol::to_text(protocol::encode(runner_start));
  // The runtime gives it to the container's root; as a file for all, in a folder for this user alone, it
  // stays readable here.
  unlink(folder_.log(workspace).c_str());
  files.log =
      Descriptor(::open(folder_.log(workspace).c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (!files.log)
    return failure(ErrorCode::internal, "The workspace could not be started.",
                   std::string("files: ") + strerror(errno));
  return files;
}

Result<void> LocalBackend::launch(const StartRequest& request, WorkspaceRecord& record) {
  const std::string& workspace = request.workspace;
  auto files = prepare(request, record);
  if (!files) return std::unexpected(std::move(files.error()));
  // On disk before anything exists, so that a crash from here on leaves no orphan unknown.
  if (auto saved = folder_.save(workspace, record); !saved) return saved;

  const bool gvisor = runtime_->is_gvisor();
  OciRuntime::Creation creation{.bundle = folder_.of(workspace),
                                .descriptors = {},
                                .input = {},
                                .log = files->log.get(),
                                .cgroups = {}};
  const Descriptor config = memory_file("berth-runner-start", files->start);
  if (!config)
    return failure(ErrorCode::internal, "The workspace could not be started.",
                   std::string("memfd: ") + strerror(errno));
  if (gvisor) {
    creation.input = files->start;
    creation.cgroups = cgroups_.process_files(workspace);
  } else {
    creation.descriptors = {config.get(), files->listener.get()};
  }
  auto pid = runtime_->create(workspace, creation);
  if (!pid) return std::unexpected(std::move(pid.error()));
  const auto identity = ProcessIdentity::of(*pid);
  if (!identity) return failure(ErrorCode::internal, "The workspace's container ended at once.");
  record.pid = identity->pid;
  record.start_time = identity->start_time;

  auto connecting = std::async(std::launch::async, [&] { return network_.connect(*pid, space_, gvisor); });
  auto guarded = gvisor ? network_.guard_in(space_, *pid) : network_.guard(*pid);
  // Only behind its rules may the workspace run; the way out may still be in the making meanwhile.
  auto ready = guarded ? runtime_->start(workspace) : guarded;
  if (ready) ready = wait_for_answer(record.socket, *identity, options_.ready_deadline);
  auto connected = connecting.get();
  if (connected) {
    record.network_pid = connected->pid;
    record.network_start = connected->start_time;
  }
  if (!ready) return ready;
  if (!connected) return std::unexpected(std::move(connected.error()));
  record.phase = RecordPhase::running;
  return folder_.save(workspace, record);
}

}  // namespace berth::server::local
