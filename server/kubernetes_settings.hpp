// SPDX-License-Identifier: GPL-3.0-or-later
// What berthd is told about workspaces in Kubernetes (options kubernetes_*), in the options' own units. What
// becomes of it is backends/kubernetes' matter.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace berth::server {

/// "key=value:NoSchedule", "key:NoExecute" or "key": what a pod puts up with on its node.
struct Toleration {
  std::string key;
  std::string value;   // "": any
  std::string effect;  // "": all
  bool operator==(const Toleration&) const = default;
};

struct KubernetesSettings {
  std::string kubeconfig;  // files, colons between; "": the pod's service account, else as kubectl does
  std::string context;     // "": the kubeconfig's current one
  bool insecure = false;   // no check of the API server's certificate
  std::string name_space;  // "": the service account's or the context's
  std::string runner_image;
  std::string default_image;                  // of templates that name none
  std::map<std::string, std::string> images;  // by template, before what the template names
  std::string pull_policy = "IfNotPresent";
  std::vector<std::string> pull_secrets;
  std::uint16_t runner_port = 7700;
  bool ephemeral_homes = false;
  std::uint64_t home_size = 10'240;    // MiB
  std::uint64_t scratch_size = 2'048;  // MiB
  std::string storage_class;
  std::string runtime_class;
  std::map<std::string, std::string> node_selector;
  std::vector<Toleration> tolerations;
  std::vector<std::string> nameservers;
  std::map<std::string, std::string> labels;
  std::map<std::string, std::string> server_labels{{"app.kubernetes.io/name", "berthd"}};
  std::string server_name_space;
  std::vector<std::string> server_networks;
  std::vector<std::string> refused_networks;
  double requested_share = 1;
  bool apply_policy = true;
  std::int64_t start_seconds = 180;
  std::map<std::string, std::int64_t> warm;  // pods kept ready, by template
  std::int64_t warm_minutes = 60;            // after which one of them is replaced
};

}  // namespace berth::server
