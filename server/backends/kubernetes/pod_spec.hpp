// SPDX-License-Identifier: GPL-3.0-or-later
// What a workspace is to Kubernetes: its pod, the claim of its home, the secret that its start is handed over
// in, and the network policy of all of them. Pure: the same values give the same objects.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "protocol/codec.hpp"
#include "protocol/error.hpp"
#include "server/workspace_backend.hpp"

namespace berth::server::kubernetes {

enum class HomeKind {
  claim,      // on a volume that outlives pods
  ephemeral,  // ends with the pod: what is journalled and not yet stored is lost with its node
};

struct OwnerReference {
  std::string api_version, kind, name, uid;
};

/// The same for all workspaces of a server.
struct PodSettings {
  std::string name_space = "default";
  std::string runner_image;  // holds /berth-runner; begins every pod
  std::string pull_policy = "IfNotPresent";
  std::vector<std::string> pull_secrets;
  std::uint16_t runner_port = 7700;
  std::uint32_t person_id = 1000;  // uid and gid of everything in a pod
  double requested_share = 1;      // of the limits, that a node must have free: less overcommits
  HomeKind home = HomeKind::claim;
  std::string storage_class;              // "": the cluster's default
  std::uint64_t home_size = 10ull << 30;  // bytes
  // Bytes of a node's disk beside the home, after which it ends the pod: /tmp, what else an image's programs
  // write, their output, the runner.
  std::uint64_t scratch_size = 2ull << 30;
  std::string runtime_class;  // "gvisor", "kata"; "": the cluster's default
  std::map<std::string, std::string> node_selector;
  protocol::Json tolerations = protocol::Json::array();
  std::vector<std::string> nameservers;  // "": the cluster's resolver, and the policy lets DNS through to it
  std::map<std::string, std::string> labels;  // besides those that Berth looks for
  std::vector<OwnerReference> owners;         // of pods, never of homes
  std::map<std::string, std::string> server_labels{{"app.kubernetes.io/name", "berthd"}};
  std::string server_name_space;              // "": name_space
  std::vector<std::string> server_networks;   // of a server outside of the cluster: "192.0.2.7/32"
  std::vector<std::string> allowed_networks;  // that workspaces may reach though they are private
  std::vector<std::string> refused_networks;  // besides the private ones: a cluster's own public ranges
};

/// What a template says of its pods.
struct PodTemplate {
  std::string id;
  std::string image;
  bool read_only_root = false;
};

struct PodRequest {
  std::string workspace;
  ResourceLimits limits;
  std::string runner_key;       // public, as text; how a server started anew knows whom it dials
  std::string secret;           // name of the start's
  std::string ready_mark = {};  // of one that nobody has asked for yet; "": somebody's
};

inline constexpr const char* workspace_label = "berth.dev/workspace";
inline constexpr const char* template_label = "berth.dev/template";
inline constexpr const char* managed_label = "app.kubernetes.io/managed-by";
inline constexpr const char* managed_by = "berth";
inline constexpr const char* runner_key_annotation = "berth.dev/runner-key";
// A pod that runs before anybody asked for it: the label says for which template, ready_taking (no template's
// name, for none has a dot) from the moment on at which a server took it, and ready_claimed, which is none
// either, once its workspace is started: what stays between those two was left by a server that died. The
// annotation says what it was made with.
inline constexpr const char* ready_label = "berth.dev/ready";
inline constexpr const char* ready_taking = "berth.taking";
inline constexpr const char* ready_claimed = "berth.claimed";
inline constexpr const char* ready_mark_annotation = "berth.dev/ready-mark";
inline constexpr const char* home_inside_pod = "/home/berth";
inline constexpr const char* state_inside_pod = "/var/lib/berth";
inline constexpr const char* policy_name = "berth-workspaces";

/// The label selector of all that is Berth's workspaces'.
std::string workspace_selector();
/// "berth-<id>" and "berth-<id>-home": one of each for a workspace, so never two pods.
std::string pod_name(const std::string& workspace);
std::string claim_name(const std::string& workspace);

/// invalid_argument, naming the setting, where an object made of these would be refused or would mean
/// something else: names, networks, labels, images.
Result<void> check_pod_settings(const PodSettings& settings);

protocol::Json pod_object(const PodRequest& request, const PodTemplate& chosen, const PodSettings& settings);
protocol::Json claim_object(const std::string& workspace, const PodSettings& settings);
/// Owned by the pod, and gone with it. `files` by name: start.json, home.json, passwd, group.
protocol::Json start_secret(const PodRequest& request, const std::string& pod_uid,
                            const std::map<std::string, std::string>& files, const PodSettings& settings);
/// Of all workspaces of the namespace: in from the server alone, out to the internet and not to the cluster,
/// private networks or the metadata service.
protocol::Json network_policy(const PodSettings& settings);

/// "500m", "2": cores as Kubernetes writes them, rounded up to a thousandth.
std::string cpu_quantity(double cores);

}  // namespace berth::server::kubernetes
