// SPDX-License-Identifier: GPL-3.0-or-later
// The options of workspaces in Kubernetes. What objects made of them must keep is checked where these are
// made (backends/kubernetes/pod_settings.cpp).
#include <algorithm>

#include "server/config_table.hpp"

namespace berth::server::config_table {
namespace {

using Kubernetes = KubernetesSettings;

Setter kubernetes_text(std::string Kubernetes::* field) {
  return [=](Config& config, const std::string& value, const std::string&) -> Result<void> {
    config.kubernetes.*field = value;
    return {};
  };
}

Setter kubernetes_list(std::vector<std::string> Kubernetes::* field) {
  return [=](Config& config, const std::string& value, const std::string&) -> Result<void> {
    config.kubernetes.*field = words(value);
    return {};
  };
}

Setter kubernetes_truth(bool Kubernetes::* field) {
  return [=](Config& config, const std::string& value, const std::string& from) {
    return set_truth(config.kubernetes.*field, value, from);
  };
}

template <class T>
Setter kubernetes_number(T Kubernetes::* field, T least, T most) {
  return [=](Config& config, const std::string& value, const std::string& from) {
    return set_number(config.kubernetes.*field, least, most, value, from);
  };
}

/// "a=b,c=d".
Setter kubernetes_pairs(std::map<std::string, std::string> Kubernetes::* field) {
  return [=](Config& config, const std::string& value, const std::string& from) -> Result<void> {
    std::map<std::string, std::string> pairs;
    for (const auto& word : words(value)) {
      const auto equal = word.find('=');
      if (equal == word.npos || equal == 0) return wrong(from, "must look like name=value,other=value");
      pairs[word.substr(0, equal)] = word.substr(equal + 1);
    }
    config.kubernetes.*field = std::move(pairs);
    return {};
  };
}

Result<void> set_home_kind(Config& config, const std::string& value, const std::string& from) {
  if (value != "claim" && value != "ephemeral") return wrong(from, "must be claim or ephemeral");
  config.kubernetes.ephemeral_homes = value == "ephemeral";
  return {};
}

Result<void> set_tolerations(Config& config, const std::string& value, const std::string& from) {
  std::vector<Toleration> all;
  for (auto word : words(value)) {
    Toleration one;
    if (const auto colon = word.rfind(':'); colon != word.npos) {
      one.effect = word.substr(colon + 1);
      if (one.effect != "NoSchedule" && one.effect != "PreferNoSchedule" && one.effect != "NoExecute")
        return wrong(from, "an effect is NoSchedule, PreferNoSchedule or NoExecute");
      word.resize(colon);
    }
    const auto equal = word.find('=');
    one.key = word.substr(0, equal);
    if (equal != word.npos) one.value = word.substr(equal + 1);
    if (one.key.empty()) return wrong(from, "must look like key=value:NoSchedule,other:NoExecute");
    all.push_back(std::move(one));
  }
  config.kubernetes.tolerations = std::move(all);
  return {};
}

Result<void> set_warm(Config& config, const std::string& value, const std::string& from) {
  std::map<std::string, std::int64_t> all;
  for (const auto& word : words(value)) {
    const auto equal = word.find('=');
    if (equal == word.npos || equal == 0) return wrong(from, "must look like python=2,node=1");
    std::int64_t size = 0;
    if (auto set = set_number<std::int64_t>(size, 0, 100, word.substr(equal + 1), from); !set) return set;
    all[word.substr(0, equal)] = size;
  }
  config.kubernetes.warm = std::move(all);
  return {};
}

}  // namespace

std::vector<Option> kubernetes_options() {
  return {
      {"kubernetes_kubeconfig",
       "How to reach the cluster; several files with colons between. [the pod's service account, else "
       "KUBECONFIG, else ~/.kube/config]",
       kubernetes_text(&Kubernetes::kubeconfig)},
      {"kubernetes_context", "Context of the kubeconfig. [its current one]",
       kubernetes_text(&Kubernetes::context)},
      {"kubernetes_insecure", "Takes any certificate of the API server's. For trials alone. [false]",
       kubernetes_truth(&Kubernetes::insecure)},
      {"kubernetes_namespace", "Where workspaces run. [the service account's or the context's]",
       kubernetes_text(&Kubernetes::name_space)},
      {"kubernetes_runner_image", "Image that holds /berth-runner. Needed.",
       kubernetes_text(&Kubernetes::runner_image)},
      {"kubernetes_default_image", "Image of templates that name none. [none]",
       kubernetes_text(&Kubernetes::default_image)},
      {"kubernetes_images",
       "Images by template, instead of those that templates name: python=registry.example.org/python:1. "
       "[none]",
       kubernetes_pairs(&Kubernetes::images)},
      {"kubernetes_pull_policy", "Always, IfNotPresent or Never. [IfNotPresent]",
       kubernetes_text(&Kubernetes::pull_policy)},
      {"kubernetes_pull_secrets", "Names of the secrets that pulls need. [none]",
       kubernetes_list(&Kubernetes::pull_secrets)},
      {"kubernetes_runner_port", "Port of a runner in its pod. [7700]",
       kubernetes_number<std::uint16_t>(&Kubernetes::runner_port, 1024, 65535)},
      {"kubernetes_home",
       "claim: homes on volumes that outlive pods; ephemeral: homes end with their pods, and what is not "
       "stored yet is lost with a node. [claim]",
       set_home_kind},
      {"kubernetes_home_size", "MiB of a home. [10240]",
       kubernetes_number<std::uint64_t>(&Kubernetes::home_size, 16, 1u << 24)},
      {"kubernetes_scratch_size", "MiB of a node's disk beside the home. [2048]",
       kubernetes_number<std::uint64_t>(&Kubernetes::scratch_size, 512, 1u << 24)},
      {"kubernetes_storage_class", "Of homes' volumes. [the cluster's default]",
       kubernetes_text(&Kubernetes::storage_class)},
      {"kubernetes_runtime_class", "Of pods, e.g. gvisor or kata. [the cluster's default]",
       kubernetes_text(&Kubernetes::runtime_class)},
      {"kubernetes_node_selector", "Labels that nodes must have: name=value,other=value. [none]",
       kubernetes_pairs(&Kubernetes::node_selector)},
      {"kubernetes_tolerations", "Taints that pods put up with: key=value:NoSchedule,other:NoExecute. [none]",
       set_tolerations},
      {"kubernetes_nameservers", "Resolvers of workspaces. [the cluster's]",
       kubernetes_list(&Kubernetes::nameservers)},
      {"kubernetes_labels", "Of workspaces' objects, besides Berth's own: name=value. [none]",
       kubernetes_pairs(&Kubernetes::labels)},
      {"kubernetes_server_labels",
       "Labels of the pods that may speak with runners. [app.kubernetes.io/name=berthd]",
       kubernetes_pairs(&Kubernetes::server_labels)},
      {"kubernetes_server_namespace", "Where those pods run. [kubernetes_namespace]",
       kubernetes_text(&Kubernetes::server_name_space)},
      {"kubernetes_server_networks",
       "Where servers outside of the cluster speak with runners from: 192.0.2.7/32. [none]",
       kubernetes_list(&Kubernetes::server_networks)},
      {"kubernetes_refused_networks",
       "What workspaces may not reach besides private networks: the cluster's own where they are public. "
       "[none]",
       kubernetes_list(&Kubernetes::refused_networks)},
      {"kubernetes_requested_share",
       "Of its limits, what a node must have free for a workspace; less than 1 overcommits. [1]",
       kubernetes_number<double>(&Kubernetes::requested_share, 0.01, 1.0)},
      {"kubernetes_apply_policy",
       "Keeps the network policy of workspaces in place; false: the administrator does. [true]",
       kubernetes_truth(&Kubernetes::apply_policy)},
      {"kubernetes_start_seconds", "The longest that a start may take, with pulling its image. [180]",
       kubernetes_number<std::int64_t>(&Kubernetes::start_seconds, 5, 3600)},
      {"kubernetes_warm", "Pods kept ready for new workspaces, by template: python=2,node=1. [none]",
       set_warm},
      {"kubernetes_warm_minutes", "After which a pod that was kept ready is replaced. [60]",
       kubernetes_number<std::int64_t>(&Kubernetes::warm_minutes, 1, 10080)},
  };
}

}  // namespace berth::server::config_table
