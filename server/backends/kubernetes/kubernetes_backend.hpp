// SPDX-License-Identifier: GPL-3.0-or-later
// Workspaces as pods: the narrow interface over what the files beside it know. README.md has the picture.
#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "server/backends/kubernetes/home_claims.hpp"
#include "server/backends/kubernetes/kube_client.hpp"
#include "server/backends/kubernetes/pod_spec.hpp"
#include "server/backends/kubernetes/pod_watch.hpp"
#include "server/backends/kubernetes/ready_pods.hpp"
#include "server/backends/kubernetes/start_handover.hpp"
#include "server/workspace_backend.hpp"

namespace berth::server::kubernetes {

struct KubernetesBackendOptions {
  KubeClientSettings client;
  PodSettings pods;
  std::string templates;                           // folder with a folder per template
  std::string default_image;                       // of templates that name none
  std::map<std::string, std::string> images = {};  // of templates by id, before what they name themselves
  std::map<std::string, std::string> environment = {};  // of every terminal, besides the usual
  bool apply_policy = true;  // keeps the network policy in place; else it is the administrator's
  std::chrono::milliseconds start_deadline{180'000};  // image pulls included
  std::chrono::milliseconds end_deadline{60'000};     // for a pod to be gone, beyond its grace
  std::function<void(const Error&)> trouble = {};     // of the watch and of ready pods, for the log
  ReadyPods::Pace ready_pace = {};
  HomeClaims::Patience claim_patience = {};
};

class KubernetesBackend final : public WorkspaceBackend {
 public:
  /// Checks the settings, speaks with the API server, puts the network policy in place and begins to watch.
  static Result<std::unique_ptr<KubernetesBackend>> open(KubernetesBackendOptions options);
  ~KubernetesBackend() override;

  Result<RunnerAddress> start(const StartRequest& request) override;
  Result<BackendStatus> poll(const std::string& workspace) override;
  Result<void> stop(const std::string& workspace, int grace_ms) override;
  Result<void> forget(const std::string& workspace) override;
  Result<std::vector<std::string>> list() override;
  /// Always nullopt: homes are on the cluster's volumes.
  Result<std::optional<std::filesystem::path>> home(const std::string& workspace,
                                                    const std::string& template_id) override;
  HomeKeeping home_keeping() const override {
    return options_.pods.home == HomeKind::claim ? HomeKeeping::volume : HomeKeeping::with_run;
  }
  /// Of the watch, without a call; unavailable while it does not hear of changes.
  Result<std::optional<SeenWorkspaces>> seen() override;
  void keep_ready(const StartRequest& request, const ReadyWish& wish) override;
  bool keeps_ready() const override { return keeps_ready_; }
  Result<std::optional<std::string>> claim_ready(const std::string& template_id) override;
  Result<std::string> image_of(const std::string& template_id) override;
  /// The cluster pulls it, or says at a start why not.
  Result<void> check_image(const std::string&) override { return {}; }
  void leave() override { leaving_ = true; }
  std::string describe() const override;
  bool limits_enforced() const override { return true; }
  bool shared() const override { return true; }

 private:
  class Operation;
  using Deadline = std::chrono::steady_clock::time_point;

  explicit KubernetesBackend(KubernetesBackendOptions options);

  /// The pod as the API has it now; nullopt when there is none.
  Result<std::optional<PodState>> look(const std::string& workspace);
  /// Whether a pod that is starting has all it needs, so that it is another server's start, not what a server
  /// left that died in the middle of one. An error where that can't be told.
  Result<bool> is_whole(const PodState& pod);
  /// Ends what is there of an earlier start; what is being stopped is waited for, and unavailable where that
  /// takes longer than until the deadline.
  Result<void> clear(const std::string& workspace, const PodState& pod, Deadline deadline);
  /// Deletes this very pod and waits until it is gone.
  Result<void> end_pod(const std::string& workspace, const std::string& uid, std::int64_t grace_seconds,
                       Deadline deadline);
  Result<void> wait_until_gone(const std::string& workspace, const std::string& uid, Deadline deadline);
  /// Ends the pod of a start that failed, as well as that can be done.
  void give_up(const std::string& workspace, const std::string& uid);
  /// Pod and secret; the answer is the pod's uid, also of one that another server made at the same time.
  Result<std::string> create(const StartRequest& request, const PodTemplate& chosen, const StartKeys& keys,
                             const std::string& ready_mark = {});
  using SettledPod = std::function<bool(const std::optional<PodState>&)>;
  Result<RunnerAddress> wait_until_answering(const StartRequest& request, const std::string& uid,
                                             Deadline deadline);
  /// Dials the runner of a pod that is starting and has an address (`since` then), until it answers or
  /// something is told of the pod: a node tells up to a second late that a container runs.
  void dial_early(const PodState& pod, Deadline since, Deadline until, const SettledPod& settled);
  Result<RunnerAddress> address_of(const PodState& pod) const;

  /// `image`: what an administrator chose; "" for what the settings and the template say.
  Result<PodTemplate> chosen_template(const std::string& id, const std::string& image) const;

  // kubernetes_ready.cpp
  void begin_keeping_ready();
  Result<std::string> ready_mark(const StartRequest& request);
  /// The id of what it made.
  Result<std::string> make_ready(StartRequest request, const std::string& mark);
  Result<bool> claim_pod(const PodState& pod);
  /// It is its workspace's for good from now on, where it was only claimed.
  Result<void> take_up(const PodState& pod);
  Result<bool> end_ready(const PodState& pod);
  /// Whether a ready pod that can't be ended is ending already, and nobody's.
  bool ends_unclaimed(const PodState& pod);
  /// Of a pod that nobody got; where that fails, end_homes_left() does it again.
  Result<void> end_home(const std::string& workspace);
  Result<void> end_homes_left();

  const KubernetesBackendOptions options_;
  std::mutex mutex_;
  std::map<std::string, BackendState> operations_;
  std::atomic<bool> leaving_ = false;
  std::atomic<bool> keeps_ready_ = false;  // somebody wished for it
  std::string version_;                    // of the API server
  KubeClient client_;
  HomeClaims claims_;
  std::unique_ptr<PodWatch> watch_;
  std::deque<std::string> homes_left_;  // of the thread below alone: workspaces whose homes are to go yet
  std::unique_ptr<ReadyPods> ready_;    // last: its thread uses the rest
};

}  // namespace berth::server::kubernetes
