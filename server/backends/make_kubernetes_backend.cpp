// SPDX-License-Identifier: GPL-3.0-or-later
// From the server's settings to its kubernetes backend, with what can be found out before anybody waits for a
// workspace: that the API server answers, that its rights are enough, that pods can be reached.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdlib>

#include "server/backends/backends.hpp"
#include "server/backends/kubernetes/kube_rights.hpp"
#include "server/backends/kubernetes/kubernetes_backend.hpp"
#include "server/backends/kubernetes/runner_port.hpp"

namespace berth::server {
namespace {

using protocol::Json;

constexpr std::chrono::seconds route_patience{2};  // for a pod's port to take or refuse a connection

/// Where the cluster is: as the option says, else the pod's own account, else as kubectl finds it.
Result<kubernetes::KubeAccess> find_access(const KubernetesSettings& settings) {
  const kubernetes::KubeconfigChoice choice{.context = settings.context, .allow_insecure = settings.insecure};
  if (!settings.kubeconfig.empty()) return kubernetes::read_kubeconfig(settings.kubeconfig, choice);
  const auto own = kubernetes::own_service_account();
  if (!own.host.empty() && settings.context.empty()) return kubernetes::service_account_access(own);
  if (const char* named = std::getenv("KUBECONFIG"); named && *named)
    return kubernetes::read_kubeconfig(named, choice);
  const char* home = std::getenv("HOME");
  return kubernetes::read_kubeconfig(std::string(home ? home : "") + "/.kube/config", choice);
}

Json toleration_json(const Toleration& toleration) {
  Json json = {{"key", toleration.key}, {"operator", toleration.value.empty() ? "Exists" : "Equal"}};
  if (!toleration.value.empty()) json["value"] = toleration.value;
  if (!toleration.effect.empty()) json["effect"] = toleration.effect;
  return json;
}

kubernetes::PodSettings pod_settings_of(const Config& config, const kubernetes::KubeAccess& access) {
  const auto& told = config.kubernetes;
  kubernetes::PodSettings pods;
  pods.name_space = told.name_space.empty() ? access.name_space : told.name_space;
  if (pods.name_space.empty()) pods.name_space = "default";
  pods.runner_image = told.runner_image;
  pods.pull_policy = told.pull_policy;
  pods.pull_secrets = told.pull_secrets;
  pods.runner_port = told.runner_port;
  pods.requested_share = told.requested_share;
  pods.home = told.ephemeral_homes ? kubernetes::HomeKind::ephemeral : kubernetes::HomeKind::claim;
  pods.storage_class = told.storage_class;
  pods.home_size = told.home_size << 20;
  pods.scratch_size = told.scratch_size << 20;
  pods.runtime_class = told.runtime_class;
  pods.node_selector = told.node_selector;
  for (const auto& toleration : told.tolerations) pods.tolerations.push_back(toleration_json(toleration));
  pods.nameservers = told.nameservers;
  pods.labels = told.labels;
  pods.server_labels = told.server_labels;
  pods.server_name_space = told.server_name_space;
  pods.server_networks = told.server_networks;
  pods.allowed_networks = config.workspace_allow;
  pods.refused_networks = told.refused_networks;
  return pods;
}

/// Where the server's S3 keys come by the environment, a cloud's plugin is not given them.
std::vector<std::string> withheld_variables(const Config& config) {
  const char* key = std::getenv("AWS_ACCESS_KEY_ID");
  if (config.storage.kind != "s3" || !key || config.storage.access_key != key) return {};
  return {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"};
}

/// A right that can't be asked for is met at the first call that needs it.
Result<void> check_access(kubernetes::KubeClient& client, const std::string& name_space,
                          const Config& config) {
  auto version = client.read("/version");
  if (!version) {
    auto error = std::move(version.error());
    error.message = "Kubernetes at " + client.access().server + " can't be used: " + error.message;
    return std::unexpected(std::move(error));
  }
  auto rights = kubernetes::check_rights(
      client, name_space,
      kubernetes::needed_rights(config.kubernetes.apply_policy, !config.kubernetes.warm.empty()));
  if (rights || rights.error().code == ErrorCode::permission_denied) return rights;
  spdlog::warn("kubernetes: whether the server's rights are enough can't be asked: {}",
               rights.error().message);
  return {};
}

/// From outside of a cluster its pods' addresses need a route. With a pod that runs it can be tried now; else
/// the first start tells it. Only a warning: nodes go away, and a server must start all the same.
void try_route(kubernetes::KubeClient& client, const kubernetes::PodSettings& pods) {
  auto list = client.list(kubernetes::pods, pods.name_space,
                          {.labels = kubernetes::workspace_selector(), .fields = "status.phase=Running"});
  if (!list) return;
  int tried = 0;
  for (const auto& pod : list->items) {
    const auto state = kubernetes::pod_state(pod);
    if (state.state != BackendState::running || state.address.empty()) continue;
    const auto deadline = std::chrono::steady_clock::now() + route_patience;
    if (kubernetes::wait_for_port(state.address, pods.runner_port, deadline)) return;
    if (++tried == 3) break;
  }
  if (tried > 0)
    spdlog::error(
        "kubernetes: no workspace's pod can be reached from here; this server must run in the cluster, or on "
        "a machine with a route to the addresses of its pods");
}

}  // namespace

Result<std::unique_ptr<WorkspaceBackend>> make_kubernetes_backend(const Config& config) {
  auto access = find_access(config.kubernetes);
  if (!access) return std::unexpected(std::move(access.error()));
  kubernetes::KubernetesBackendOptions options;
  options.pods = pod_settings_of(config, *access);
  if (auto checked = kubernetes::check_pod_settings(options.pods); !checked)
    return std::unexpected(std::move(checked.error()));
  const bool outside = access->token.file.empty() || !config.kubernetes.kubeconfig.empty();
  options.client.access = std::move(*access);
  options.client.exec.withheld = withheld_variables(config);
  options.templates = std::filesystem::absolute(config.templates).string();
  options.default_image = config.kubernetes.default_image;
  options.images = config.kubernetes.images;
  options.apply_policy = config.kubernetes.apply_policy;
  options.start_deadline = std::chrono::seconds(config.kubernetes.start_seconds);
  options.trouble = [](const Error& error) {
    spdlog::warn("kubernetes: {} {}", error.message, error.detail);
  };
  kubernetes::KubeClient client(options.client);
  if (auto usable = check_access(client, options.pods.name_space, config); !usable)
    return std::unexpected(std::move(usable.error()));
  if (outside) try_route(client, options.pods);
  auto backend = kubernetes::KubernetesBackend::open(std::move(options));
  if (!backend) return std::unexpected(std::move(backend.error()));
  return std::move(*backend);
}

Result<std::unique_ptr<WorkspaceBackend>> make_backend(const Config& config) {
  return config.backend == "kubernetes" ? make_kubernetes_backend(config) : make_local_backend(config);
}

}  // namespace berth::server
