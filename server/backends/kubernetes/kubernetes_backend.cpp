// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/backends/kubernetes/kubernetes_backend.hpp"

#include <algorithm>

#include "server/backends/inside_workspace.hpp"
#include "server/backends/kubernetes/runner_port.hpp"

namespace berth::server::kubernetes {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

namespace {

// A watch may be cut without anybody's noticing: what is waited for is looked up this often as well.
constexpr seconds look_interval{3};
// Between two looks at what a watch says is gone and the API still has.
constexpr milliseconds first_look_pause{100};
constexpr milliseconds longest_look_pause{1'000};
constexpr seconds first_list_deadline{20};
// Between two attempts to reach a runner that may be there already: at first, and once it takes longer, as
// for an image that is pulled.
constexpr milliseconds early_dial_pause{20};
constexpr milliseconds patient_dial_pause{250};
constexpr seconds early_dials{3};                 // since its address is known
constexpr milliseconds early_dial_deadline{100};  // for a connection
// For a node to say that what answers runs; one that has much to do was seen to need more than three.
constexpr seconds told_deadline{20};
// That a pod may be without its secret before it is taken for one that a dead server left.
constexpr seconds secret_deadline{2};
// Of a pod of which nothing needs to be kept; 0 would remove the object before the node has ended it.
constexpr std::int64_t short_grace = 1;

std::unexpected<Error> no_workspace_id() {
  return failure(ErrorCode::invalid_argument, "That is not the id of a workspace.");
}

std::unexpected<Error> busy_elsewhere(std::string detail = {}) {
  return failure(ErrorCode::unavailable, "The workspace is starting or stopping. Try again in a moment.",
                 std::move(detail));
}

bool is_going(const PodState& pod) {
  return pod.state == BackendState::starting || pod.state == BackendState::running ||
         pod.state == BackendState::stopping;
}

}  // namespace

/// Marks a workspace as starting or stopping while a call works on it; false when another call does.
class KubernetesBackend::Operation {
 public:
  Operation(KubernetesBackend& backend, const std::string& workspace, BackendState state)
      : backend_(backend) {
    const std::scoped_lock lock(backend_.mutex_);
    if (backend_.operations_.try_emplace(workspace, state).second) workspace_ = workspace;
  }
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;
  ~Operation() {
    if (workspace_.empty()) return;
    const std::scoped_lock lock(backend_.mutex_);
    backend_.operations_.erase(workspace_);
  }
  explicit operator bool() const { return !workspace_.empty(); }

 private:
  KubernetesBackend& backend_;
  std::string workspace_;
};

KubernetesBackend::KubernetesBackend(KubernetesBackendOptions options)
    : options_(std::move(options)),
      client_(options_.client),
      claims_(client_, options_.pods, options_.claim_patience) {}

KubernetesBackend::~KubernetesBackend() = default;

Result<std::unique_ptr<KubernetesBackend>> KubernetesBackend::open(KubernetesBackendOptions options) {
  if (auto checked = check_pod_settings(options.pods); !checked)
    return std::unexpected(std::move(checked.error()));
  std::unique_ptr<KubernetesBackend> backend(new KubernetesBackend(std::move(options)));
  const auto& pods = backend->options_.pods;
  const auto version = backend->client_.read("/version");
  if (!version) return std::unexpected(version.error());
  if (const auto git = version->find("gitVersion"); git != version->end() && git->is_string())
    backend->version_ = readable_message(git->get<std::string>());
  if (backend->options_.apply_policy)
    if (auto applied = backend->client_.apply(network_policies, pods.name_space, network_policy(pods));
        !applied)
      return std::unexpected(std::move(applied.error()));
  backend->watch_ = std::make_unique<PodWatch>(backend->client_, pods.name_space, backend->options_.trouble);
  if (!backend->watch_->wait_until_fresh(steady_clock::now() + first_list_deadline))
    return failure(ErrorCode::unavailable,
                   "Kubernetes does not list the pods of " + pods.name_space +
                       "; the administrator must check the server's rights (list, watch).");
  backend->begin_keeping_ready();
  return backend;
}

Result<std::optional<PodState>> KubernetesBackend::look(const std::string& workspace) {
  const auto pod = client_.get(kubernetes::pods, options_.pods.name_space, pod_name(workspace));
  if (pod) return watch_->completed(pod_state(*pod));
  if (pod.error().code == ErrorCode::not_found) return std::nullopt;
  return std::unexpected(pod.error());
}

Result<PodTemplate> KubernetesBackend::chosen_template(const std::string& id,
                                                       const std::string& image) const {
  const auto named = options_.images.find(id);
  const auto wanted = !image.empty() ? image : named != options_.images.end() ? named->second : std::string();
  auto chosen = read_pod_template(options_.templates, id, wanted.empty() ? options_.default_image : wanted);
  if (chosen && !wanted.empty()) chosen->image = wanted;
  return chosen;
}

Result<std::string> KubernetesBackend::image_of(const std::string& template_id) {
  auto chosen = chosen_template(template_id, "");
  if (chosen) return std::move(chosen->image);
  // It names none: one has to be chosen for it.
  if (chosen.error().code == ErrorCode::unsupported) return std::string();
  return std::unexpected(std::move(chosen.error()));
}

Result<RunnerAddress> KubernetesBackend::address_of(const PodState& pod) const {
  const auto key = protocol::decode_public_key(pod.runner_key);
  if (!key)
    return failure(ErrorCode::internal,
                   "The workspace's pod was not made by this server. Restart the workspace.",
                   "annotation of " + pod_name(pod.workspace));
  return RunnerAddress{"", pod.address, options_.pods.runner_port, *key};
}

Result<void> KubernetesBackend::end_pod(const std::string& workspace, const std::string& uid,
                                        std::int64_t grace_seconds, Deadline deadline) {
  auto removed = client_.remove(kubernetes::pods, options_.pods.name_space, pod_name(workspace),
                                {.uid = uid, .grace_seconds = grace_seconds});
  // Another pod of this name: this one is gone.
  if (!removed && removed.error().code != ErrorCode::conflict)
    return std::unexpected(std::move(removed.error()));
  if (removed && *removed) return wait_until_gone(workspace, uid, deadline);
  watch_->forget(workspace, uid);
  return {};
}

Result<void> KubernetesBackend::wait_until_gone(const std::string& workspace, const std::string& uid,
                                                Deadline deadline) {
  for (auto pause = first_look_pause;; pause = std::min(2 * pause, longest_look_pause)) {
    const bool said_gone =
        watch_->wait(workspace, std::min<Deadline>(deadline, steady_clock::now() + look_interval),
                     [&](const std::optional<PodState>& pod) { return !pod || pod->uid != uid; });
    auto now = look(workspace);
    if (!now) return std::unexpected(std::move(now.error()));
    if (!*now || (*now)->uid != uid) break;
    if (steady_clock::now() >= deadline)
      return failure(ErrorCode::timeout,
                     "The workspace does not end: the node that it runs on does not answer. Try again.",
                     "node " + (*now)->node);
    // A watch that never knew of it would say so again at once.
    if (said_gone) pause_for(pause, {});
  }
  watch_->forget(workspace, uid);
  return {};
}

Result<void> KubernetesBackend::clear(const std::string& workspace, const PodState& pod, Deadline deadline) {
  if (pod.state != BackendState::stopping)
    return end_pod(workspace, pod.uid, pod.state == BackendState::failed ? 0 : short_grace, deadline);
  // Of two deletions Kubernetes takes the shorter grace: a second one would take the runner's time to store
  // what is journalled.
  auto gone = wait_until_gone(workspace, pod.uid, deadline);
  if (!gone && gone.error().code == ErrorCode::timeout) return busy_elsewhere(gone.error().detail);
  return gone;
}

void KubernetesBackend::give_up(const std::string& workspace, const std::string& uid) {
  const auto deadline = steady_clock::now() + options_.end_deadline;
  // A start that was joined may have been stopped meanwhile, and that stop has its own grace.
  const auto now = look(workspace);
  const bool stopping = now && *now && (*now)->uid == uid && (*now)->state == BackendState::stopping;
  static_cast<void>(stopping ? wait_until_gone(workspace, uid, deadline)
                             : end_pod(workspace, uid, short_grace, deadline));
}

Result<bool> KubernetesBackend::is_whole(const PodState& pod) {
  if (pod.secret.empty()) return false;
  const auto until = steady_clock::now() + secret_deadline;
  do {
    const auto secret = client_.get(secrets, options_.pods.name_space, pod.secret);
    if (secret) return true;
    // Not known is not "none": another server's start would be ended for it.
    if (secret.error().code != ErrorCode::not_found) return std::unexpected(secret.error());
  } while (pause_for(milliseconds(100), {}) && steady_clock::now() < until);
  return false;
}

Result<std::string> KubernetesBackend::create(const StartRequest& request, const PodTemplate& chosen,
                                              const StartKeys& keys, const std::string& ready_mark) {
  const auto& place = options_.pods.name_space;
  auto files = start_files(request, keys, options_.templates, options_.pods, options_.environment);
  if (!files) return std::unexpected(std::move(files.error()));
  const PodRequest wanted{request.workspace, request.limits, protocol::encode_key(keys.runner.public_key),
                          keys.secret, ready_mark};
  auto pod = client_.create(kubernetes::pods, place, pod_object(wanted, chosen, options_.pods));
  if (!pod) {
    // It may have been made although the answer was lost; or somebody else's is there.
    auto found = client_.get(kubernetes::pods, place, pod_name(request.workspace));
    if (!found) return std::unexpected(std::move(pod.error()));
    const auto state = pod_state(*found);
    if (state.runner_key != wanted.runner_key) {
      if (state.state != BackendState::starting && state.state != BackendState::running)
        return busy_elsewhere();
      return state.uid;
    }
    pod = std::move(found);
  }
  auto uid = metadata_text(*pod, "uid");
  auto secret = client_.create(secrets, place, start_secret(wanted, uid, *files, options_.pods));
  // Its name is this start's alone: if it is there, it is the one.
  if (!secret && !client_.get(secrets, place, keys.secret)) {
    give_up(request.workspace, uid);
    return std::unexpected(std::move(secret.error()));
  }
  return uid;
}

void KubernetesBackend::dial_early(const PodState& pod, Deadline since, Deadline until,
                                   const SettledPod& settled) {
  const auto told = [&](const std::optional<PodState>& now) {
    return settled(now) || !now || now->uid != pod.uid;
  };
  while (steady_clock::now() < until && !leaving_) {
    if (takes_connections(pod.address, options_.pods.runner_port, early_dial_deadline))
      return watch_->answered(pod.uid);
    const auto now = steady_clock::now();
    const auto pause = now - since < early_dials ? early_dial_pause : patient_dial_pause;
    if (watch_->wait(pod.workspace, std::min<Deadline>(until, now + pause), told)) return;
  }
}

Result<RunnerAddress> KubernetesBackend::wait_until_answering(const StartRequest& request,
                                                              const std::string& uid, Deadline deadline) {
  const auto& workspace = request.workspace;
  std::optional<PodState> seen;
  std::optional<Deadline> dialable_since;
  // Asked of every news: here a start's phases are seen as they come.
  const auto settled = [&](const std::optional<PodState>& pod) {
    if (pod && pod->uid == uid && pod->phase) request.tell(*pod->phase);
    return pod && pod->uid == uid && (pod->state != BackendState::starting || pod->hopeless);
  };
  const auto dialable = [&](const std::optional<PodState>& pod) {
    return pod && pod->uid == uid && !pod->address.empty();
  };
  for (;;) {
    const auto until = std::min<Deadline>(deadline, steady_clock::now() + look_interval);
    watch_->wait(workspace, until, [&](const auto& pod) { return settled(pod) || dialable(pod); });
    seen = watch_->find(workspace);
    if (dialable(seen) && !settled(seen)) {
      if (!dialable_since) dialable_since = steady_clock::now();
      dial_early(*seen, *dialable_since, until, settled);
      seen = watch_->find(workspace);
    }
    if (!settled(seen)) {
      auto now = look(workspace);
      if (now) seen = *now;
      if (now && !seen)
        return failure(ErrorCode::unavailable, "The workspace's pod was deleted while it was starting.");
    }
    if (seen && seen->uid != uid) return busy_elsewhere();
    if (settled(seen)) break;
    if (leaving_) return failure(ErrorCode::cancelled, "The server is shutting down.");
    if (steady_clock::now() >= deadline)
      return failure(ErrorCode::timeout,
                     "The workspace did not become ready in time. " + (seen ? seen->reason : std::string()));
  }
  if (seen->state != BackendState::running)
    return failure(ErrorCode::unavailable,
                   seen->reason.empty() ? "The workspace could not be started." : seen->reason);
  request.tell(protocol::rest::StartPhase::runner);
  if (auto answers = wait_for_port(seen->address, options_.pods.runner_port,
                                   std::min<Deadline>(deadline, steady_clock::now() + seconds(20)));
      !answers) {
    // It may have ended meanwhile, and then says more than a port that is silent.
    auto now = look(workspace);
    if (now && *now && (*now)->state == BackendState::failed)
      return failure(ErrorCode::unavailable, (*now)->reason);
    return std::unexpected(std::move(answers.error()));
  }
  return address_of(*seen);
}

Result<RunnerAddress> KubernetesBackend::start(const StartRequest& request) {
  if (!is_workspace_id(request.workspace)) return no_workspace_id();
  const auto chosen = chosen_template(request.template_id, request.image);
  if (!chosen) return std::unexpected(chosen.error());
  const Operation operation(*this, request.workspace, BackendState::starting);
  if (!operation) return busy_elsewhere();
  const auto deadline = steady_clock::now() + options_.start_deadline;
  auto earlier = look(request.workspace);
  if (!earlier) return std::unexpected(std::move(earlier.error()));
  if (*earlier && (*earlier)->state == BackendState::running) {
    if (auto taken = take_up(**earlier); !taken) return std::unexpected(std::move(taken.error()));
    return address_of(**earlier);
  }
  Result<bool> joins = false;
  if (*earlier && (*earlier)->state == BackendState::starting) joins = is_whole(**earlier);
  if (!joins) return std::unexpected(std::move(joins.error()));
  Result<std::string> uid;
  if (*joins) {
    // Also where its node does not say yet that it runs: it would be ended as one that is never started.
    if (auto taken = take_up(**earlier); !taken) return std::unexpected(std::move(taken.error()));
    uid = (*earlier)->uid;
  } else {
    if (*earlier)
      if (auto cleared = clear(request.workspace, **earlier, steady_clock::now() + options_.end_deadline);
          !cleared)
        return std::unexpected(std::move(cleared.error()));
    if (auto home = claims_.ensure(request.workspace, [this] { return leaving_.load(); }); !home)
      return std::unexpected(std::move(home.error()));
    uid = create(request, *chosen, new_start_keys(request.workspace));
  }
  if (!uid) return std::unexpected(std::move(uid.error()));
  auto address = wait_until_answering(request, *uid, deadline);
  if (!address && address.error().code != ErrorCode::cancelled &&
      (!request.still_ours || request.still_ours()))
    give_up(request.workspace, *uid);
  return address;
}

Result<BackendStatus> KubernetesBackend::poll(const std::string& workspace) {
  if (!is_workspace_id(workspace)) return no_workspace_id();
  {
    const std::scoped_lock lock(mutex_);
    if (const auto busy = operations_.find(workspace); busy != operations_.end())
      return BackendStatus{busy->second, "", {}};
  }
  auto pod = watch_->find(workspace);
  // A watch is some moments behind: that something runs is taken from it, that it does not is looked up.
  if (!watch_->fresh() || !pod || pod->state != BackendState::running) {
    auto now = look(workspace);
    if (!now) return std::unexpected(std::move(now.error()));
    pod = std::move(*now);
  }
  if (!pod) return BackendStatus{};
  // Another server may have started it, and its node not told so yet.
  if (pod->state == BackendState::starting && !pod->address.empty() &&
      takes_connections(pod->address, options_.pods.runner_port, early_dial_deadline)) {
    watch_->answered(pod->uid);
    pod->state = BackendState::running;
    pod->reason.clear();
  }
  BackendStatus status{pod->state, pod->reason, {}};
  if (pod->state == BackendState::running) {
    auto address = address_of(*pod);
    if (!address) return std::unexpected(std::move(address.error()));
    status.address = std::move(*address);
  }
  return status;
}

Result<std::optional<SeenWorkspaces>> KubernetesBackend::seen() {
  if (!watch_->fresh())
    return failure(ErrorCode::unavailable, "Kubernetes does not tell what runs in " +
                                               options_.pods.name_space + "; it is asked again and again.");
  std::map<std::string, BackendState> operations;
  {
    const std::scoped_lock lock(mutex_);
    operations = operations_;
  }
  SeenWorkspaces all;
  for (auto& [id, pod] : watch_->all()) {
    if (!is_workspace_id(id) || !pod.ready.empty()) continue;
    auto& status = all[id];
    status.state = pod.state;
    status.reason = pod.state == BackendState::starting && pod.reason.empty() ? pod.doing : pod.reason;
    if (pod.state != BackendState::running) continue;
    if (auto address = address_of(pod))
      status.address = std::move(*address);
    else
      status.reason = address.error().message;
  }
  for (const auto& [id, state] : operations) {
    auto& status = all[id];
    if (status.state == BackendState::running && state == BackendState::starting)
      status.reason = "Its runner starts.";  // the container runs, the runner does not answer yet
    status.state = state;
    status.address.reset();
  }
  return std::optional(std::move(all));
}

Result<void> KubernetesBackend::stop(const std::string& workspace, int grace_ms) {
  if (!is_workspace_id(workspace)) return no_workspace_id();
  const Operation operation(*this, workspace, BackendState::stopping);
  if (!operation) return busy_elsewhere();
  auto pod = look(workspace);
  if (!pod) return std::unexpected(std::move(pod.error()));
  if (!*pod) return {};
  // A pod that is deleted between its container's begin and its node's first word of it is forgotten by older
  // kubelets, until they look at all pods a minute later.
  watch_->wait_until_told((*pod)->uid, steady_clock::now() + told_deadline);
  const auto grace = std::max<std::int64_t>(short_grace, (std::max(grace_ms, 0) + 999) / 1000);
  return end_pod(workspace, (*pod)->uid, (*pod)->state == BackendState::failed ? 0 : grace,
                 steady_clock::now() + seconds(grace) + options_.end_deadline);
}

Result<void> KubernetesBackend::forget(const std::string& workspace) {
  if (!is_workspace_id(workspace)) return no_workspace_id();
  const Operation operation(*this, workspace, BackendState::stopping);
  if (!operation) return busy_elsewhere();
  auto pod = look(workspace);
  if (!pod) return std::unexpected(std::move(pod.error()));
  if (*pod && is_going(**pod))
    return failure(ErrorCode::conflict, "The workspace is running. Stop it first.");
  if (*pod)
    if (auto cleared = clear(workspace, **pod, steady_clock::now() + options_.end_deadline); !cleared)
      return cleared;
  auto removed = client_.remove(volume_claims, options_.pods.name_space, claim_name(workspace));
  if (!removed) return std::unexpected(std::move(removed.error()));
  return {};
}

Result<std::vector<std::string>> KubernetesBackend::list() {
  std::set<std::string> ids, ready;
  for (const auto& resource : {volume_claims, kubernetes::pods}) {
    auto all =
        client_.list(resource, options_.pods.name_space, {.labels = workspace_selector(), .fields = {}});
    if (!all) return std::unexpected(std::move(all.error()));
    for (const auto& object : all->items) {
      // A home that is being deleted is none any more; a pod that is may still run.
      if (resource.kind == volume_claims.kind && !metadata_text(object, "deletionTimestamp").empty())
        continue;
      const auto state = pod_state(object);
      if (is_workspace_id(state.workspace)) ids.insert(state.workspace);
      if (!state.ready.empty()) ready.insert(state.workspace);
    }
  }
  for (const auto& id : ready) ids.erase(id);  // nobody's workspaces yet
  return std::vector(ids.begin(), ids.end());
}

Result<std::optional<std::filesystem::path>> KubernetesBackend::home(const std::string& workspace,
                                                                     const std::string& template_id) {
  if (!is_workspace_id(workspace)) return no_workspace_id();
  const auto chosen = chosen_template(template_id, "any");  // whether there is such a template
  if (!chosen) return std::unexpected(chosen.error());
  return std::nullopt;
}

std::string KubernetesBackend::describe() const {
  const auto& pods = options_.pods;
  return "Kubernetes " + version_ + ", namespace " + pods.name_space +
         (pods.runtime_class.empty() ? "" : ", runtime class " + pods.runtime_class) +
         (pods.home == HomeKind::claim ? ", homes on claims" : ", homes that end with their pods") +
         ", limits by the cluster";
}

}  // namespace berth::server::kubernetes
