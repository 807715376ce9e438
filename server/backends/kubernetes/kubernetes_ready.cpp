// SPDX-License-Identifier: GPL-3.0-or-later
// The backend's pods that run before anybody asks for them. Each has the name, the home and the keys of a
// workspace that does not exist yet: whoever gets it makes a workspace of that id, and finds it running.
#include <sodium.h>

#include "server/backends/kubernetes/kubernetes_backend.hpp"
#include "server/backends/kubernetes/runner_port.hpp"

namespace berth::server::kubernetes {

namespace {

constexpr std::size_t id_length = 10;

std::string new_workspace_id() {
  static constexpr char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
  std::string id(id_length, '\0');
  randombytes_buf(id.data(), id.size());
  for (auto& c : id) c = letters[static_cast<unsigned char>(c) & 31u];
  return id;
}

/// 128 bits of a hash, as text that an annotation takes.
std::string short_hash(const std::string& text) {
  unsigned char hash[crypto_generichash_BYTES_MIN];
  crypto_generichash(hash, sizeof hash, reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                     nullptr, 0);
  std::string hex(2 * sizeof hash + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), hash, sizeof hash);
  hex.pop_back();
  return hex;
}

}  // namespace

/// Of all that a pod is made of but its own names and keys: one of another mark is not what a start would
/// make now.
Result<std::string> KubernetesBackend::ready_mark(const StartRequest& request) {
  auto chosen = chosen_template(request.template_id, request.image);
  if (!chosen) return std::unexpected(std::move(chosen.error()));
  auto pod = pod_object({"mark", request.limits, "", ""}, *chosen, options_.pods);
  const StartKeys keys{};
  auto files = start_files(request, keys, options_.templates, options_.pods, options_.environment);
  if (!files) return std::unexpected(std::move(files.error()));
  std::string all = protocol::to_text(pod) + protocol::encode_key(request.server_key);
  for (const auto& [name, content] : *files) all += name + content;
  if (options_.pods.home == HomeKind::claim) all += protocol::to_text(claim_object("mark", options_.pods));
  return short_hash(all);
}

void KubernetesBackend::keep_ready(const StartRequest& request, const ReadyWish& wish) {
  auto mark = ready_mark(request);
  if (!mark) {
    if (options_.trouble) options_.trouble(mark.error());
    return;
  }
  keeps_ready_ = true;
  ready_->wish({.request = request, .wish = wish, .mark = std::move(*mark)});
}

Result<std::optional<std::string>> KubernetesBackend::claim_ready(const std::string& template_id) {
  return ready_->claim(template_id);
}

Result<std::string> KubernetesBackend::make_ready(StartRequest request, const std::string& mark) {
  request.workspace = new_workspace_id();
  auto chosen = chosen_template(request.template_id, request.image);
  if (!chosen) return std::unexpected(std::move(chosen.error()));
  if (auto home = claims_.ensure(request.workspace, [this] { return leaving_.load(); }); !home)
    return std::unexpected(std::move(home.error()));
  auto made = create(request, *chosen, new_start_keys(request.workspace), mark);
  if (made) return request.workspace;
  // A home without a pod would never be found again. A pod that was made although nobody heard so needs its
  // own.
  const auto there = look(request.workspace);
  if (there && !*there) static_cast<void>(end_home(request.workspace));
  return std::unexpected(std::move(made.error()));
}

Result<bool> KubernetesBackend::claim_pod(const PodState& pod) {
  const Json claimed = {{"apiVersion", "v1"},
                        {"kind", "Pod"},
                        {"metadata",
                         {{"name", pod_name(pod.workspace)},
                          {"namespace", options_.pods.name_space},
                          {"uid", pod.uid},
                          {"resourceVersion", pod.revision},
                          {"labels", {{ready_label, ready_taking}}}}}};
  const auto done = client_.apply(kubernetes::pods, options_.pods.name_space, claimed);
  if (done) return true;
  // Somebody was first, ended it, or the node told something of it: then the watch has a newer revision soon.
  if (done.error().code == ErrorCode::conflict || done.error().code == ErrorCode::not_found) return false;
  return std::unexpected(done.error());
}

Result<void> KubernetesBackend::take_up(const PodState& pod) {
  if (pod.ready != ready_taking) return {};
  const Json kept = {{"apiVersion", "v1"},
                     {"kind", "Pod"},
                     {"metadata",
                      {{"name", pod_name(pod.workspace)},
                       {"namespace", options_.pods.name_space},
                       {"uid", pod.uid},
                       {"labels", {{ready_label, ready_claimed}}}}}};
  auto done = client_.apply(kubernetes::pods, options_.pods.name_space, kept);
  if (!done) return std::unexpected(std::move(done.error()));
  return {};
}

Result<bool> KubernetesBackend::end_ready(const PodState& pod) {
  auto removed = client_.remove(
      kubernetes::pods, options_.pods.name_space, pod_name(pod.workspace),
      {.uid = pod.uid, .resource_version = pod.revision, .grace_seconds = 1, .propagation = "Background"});
  // Where an answer was lost its repetition is refused, for the pod has changed.
  if (!removed && !ends_unclaimed(pod)) {
    if (removed.error().code == ErrorCode::conflict) return false;
    return std::unexpected(std::move(removed.error()));
  }
  // Gone before: somebody may have claimed it and stopped his workspace since, whose home that is now.
  if (removed && !*removed) return false;
  if (auto home = end_home(pod.workspace); !home) return std::unexpected(std::move(home.error()));
  return true;
}

/// What is on its way out can't be claimed any more; what was taken may still be started.
bool KubernetesBackend::ends_unclaimed(const PodState& pod) {
  if (pod.ready == ready_taking) return false;
  const auto now = look(pod.workspace);
  return now && *now && (*now)->uid == pod.uid && (*now)->state == BackendState::stopping &&
         (*now)->ready == pod.ready;
}

Result<void> KubernetesBackend::end_home(const std::string& workspace) {
  // Kubernetes keeps a volume that is in use until its pod is gone.
  auto removed = client_.remove(volume_claims, options_.pods.name_space, claim_name(workspace));
  if (removed) return {};
  homes_left_.push_back(workspace);
  return std::unexpected(std::move(removed.error()));
}

Result<void> KubernetesBackend::end_homes_left() {
  while (!homes_left_.empty()) {
    const auto workspace = std::move(homes_left_.front());
    homes_left_.pop_front();
    if (auto ended = end_home(workspace); !ended) return ended;  // it is the last one then
  }
  return {};
}

void KubernetesBackend::begin_keeping_ready() {
  ready_ = std::make_unique<ReadyPods>(
      ReadyPods::Place{.fresh = [this] { return watch_->fresh(); },
                       .pods = [this] { return watch_->ready(); },
                       .knows = [this](const std::string& id) { return watch_->find(id).has_value(); },
                       .make = [this](const ReadyPool& pool) { return make_ready(pool.request, pool.mark); },
                       .claim = [this](const PodState& pod) { return claim_pod(pod); },
                       .end = [this](const PodState& pod) { return end_ready(pod); },
                       .answers =
                           [this](const PodState& pod) {
                             return wait_for_port(pod.address, options_.pods.runner_port,
                                                  std::chrono::steady_clock::now() + std::chrono::seconds(1))
                                 .has_value();
                           },
                       .finish_ends = [this] { return end_homes_left(); }},
      options_.ready_pace, options_.trouble);
}

}  // namespace berth::server::kubernetes
