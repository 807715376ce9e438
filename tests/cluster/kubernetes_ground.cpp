// SPDX-License-Identifier: GPL-3.0-or-later
#include "kubernetes_ground.hpp"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <thread>

#include "server/backends/kubernetes/runner_port.hpp"
#include "server_account.hpp"
#include "tests/integration/local/local_fixture.hpp"

namespace berth::test {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
namespace k8s = server::kubernetes;

namespace {

TestCluster& node_with_images() {
  auto& cluster = TestCluster::get(ClusterParts::whole_node);
  static const bool taken = [&] {
    const auto images =
        std::string(BERTH_CLUSTER_SCRIPTS) + "/images " + cluster.state() + " " + BERTH_RUNNER;
    return std::system(images.c_str()) == 0;
  }();
  if (!taken) throw std::runtime_error("the node takes no images");
  return cluster;
}

}  // namespace

KubernetesGround::KubernetesGround()
    : cluster_(node_with_images()),
      place_(cluster_.new_namespace()),
      account_(server_account(cluster_, place_)),
      backend_(open(options())) {}

KubernetesGround::~KubernetesGround() {
  const auto all = backend_->list();
  if (!all) return;
  std::vector<std::jthread> ends;  // each takes the node seconds
  for (const auto& id : *all)
    ends.emplace_back([this, id] {
      const auto stopped = backend_->stop(id, 1'000);
      const auto forgotten = backend_->forget(id);
      if (!stopped || !forgotten)
        std::cerr << id << " is left: " << (stopped ? forgotten : stopped).error().message << std::endl;
    });
}

std::unique_ptr<k8s::KubernetesBackend> KubernetesGround::open(const k8s::KubernetesBackendOptions& options) {
  auto opened = k8s::KubernetesBackend::open(options);
  if (!opened) throw std::runtime_error(opened.error().message + " " + opened.error().detail);
  return std::move(*opened);
}

k8s::KubernetesBackendOptions KubernetesGround::options() const {
  k8s::KubernetesBackendOptions options;
  options.client = account_;
  options.apply_policy = false;  // which is not the account's to do
  options.pods.name_space = place_;
  options.pods.runner_image = "localhost/berth-runner:test";
  options.pods.pull_policy = "Never";
  options.pods.requested_share = 0.02;  // a contract's worth of workspaces on a small machine
  options.templates = BERTH_TEMPLATES;
  options.default_image = image;
  options.start_deadline = 90s;
  return options;
}

server::StartRequest KubernetesGround::request(const std::string& id) const {
  return {.workspace = id,
          .template_id = "empty",
          .person_name = "berth",
          .limits = {},
          .server_key = keys_.public_key};
}

server::RunnerAddress KubernetesGround::start(const std::string& id, std::uint64_t memory) const {
  auto wanted = request(id);
  wanted.limits.memory = memory;
  auto address = backend_->start(wanted);
  if (!address) throw std::runtime_error(address.error().message + " " + address.error().detail);
  return std::move(*address);
}

void KubernetesGround::kill_runner(const std::string& id) const {
  cluster_.shell("ctr tasks kill -s 9 $(ctr containers ls -q 'labels.\"io.kubernetes.pod.name\"==" +
                 k8s::pod_name(id) + ",labels.\"io.kubernetes.container.name\"==workspace')");
}

std::string KubernetesGround::pod_uid(const std::string& id) const {
  const auto pod = k8s::KubeClient(cluster_.client_settings()).get(k8s::pods, place_, k8s::pod_name(id));
  if (!pod) throw std::runtime_error(pod.error().message);
  return (*pod)["metadata"].value("uid", std::string());
}

std::vector<std::string> KubernetesGround::home_files(const std::string& id) const {
  const auto claim =
      k8s::KubeClient(cluster_.client_settings()).get(k8s::volume_claims, place_, k8s::claim_name(id));
  std::vector<std::string> files;
  if (!claim) return files;
  const auto volume = (*claim)["spec"].value("volumeName", std::string());
  if (!volume.starts_with("test-")) return files;
  const auto home = fs::path(cluster_.state()) / "volumes" / volume.substr(5) / "home";
  for (const auto& entry : fs::recursive_directory_iterator(home))
    files.push_back(fs::relative(entry.path(), home));
  std::ranges::sort(files);
  return files;
}

RunnerPlace KubernetesGround::runner_at(const std::string& id, const server::RunnerAddress& address) const {
  return {address.host + ":" + std::to_string(address.port), [this, id](protocol::Role role) {
            protocol::ConnectClaims claims;
            claims.workspace = id;
            claims.user = claims.user_name = "person";
            claims.role = role;
            claims.capabilities = {"session"};
            claims.expires = std::time(nullptr) + 30;
            claims.nonce = server::local::new_workspace_id() + server::local::new_workspace_id();
            return protocol::sign_connect_token(claims, keys_.secret_key);
          }};
}

std::size_t KubernetesGround::count(const k8s::Resource& resource) const {
  k8s::KubeClient client(cluster_.client_settings());
  const auto all = client.list(resource, place_, {.labels = k8s::workspace_selector(), .fields = {}});
  if (!all) throw std::runtime_error(all.error().message);
  return all->items.size();
}

std::size_t KubernetesGround::containers_on_node() const {
  const auto names =
      cluster_.shell("ctr containers ls -q 'labels.\"io.kubernetes.pod.namespace\"==" + place_ + "'");
  return static_cast<std::size_t>(std::ranges::count(names, '\n'));
}

}  // namespace berth::test
