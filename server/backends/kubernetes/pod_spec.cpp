// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/backends/kubernetes/pod_spec.hpp"

#include <algorithm>
#include <cmath>

#include "server/backends/kubernetes/base64.hpp"
#include "server/backends/kubernetes/kube_answers.hpp"

namespace berth::server::kubernetes {

using protocol::Json;

namespace {

constexpr const char* tools_inside = "/.berth";
constexpr const char* handover_inside = "/.berth-start";
constexpr const char* volume_inside = "/.berth-home";
constexpr const char* secret_inside = "/.berth-secret";
constexpr const char* prepare_memory = "64Mi";
constexpr const char* prepare_scratch = "64Mi";  // its messages; what it copies counts as the pod's

Json labels_of(const std::string& workspace, const PodSettings& settings) {
  Json labels = settings.labels;
  labels["app.kubernetes.io/name"] = "berth-workspace";
  labels[managed_label] = managed_by;
  labels[workspace_label] = workspace;
  return labels;
}

Json owner_json(const OwnerReference& owner, bool controller) {
  return {{"apiVersion", owner.api_version},
          {"kind", owner.kind},
          {"name", owner.name},
          {"uid", owner.uid},
          {"controller", controller},
          {"blockOwnerDeletion", false}};
}

/// What nobody in a pod may do, whatever its image says.
Json container_security(bool read_only_root) {
  return {{"allowPrivilegeEscalation", false},
          {"privileged", false},
          {"readOnlyRootFilesystem", read_only_root},
          {"runAsNonRoot", true},
          {"capabilities", {{"drop", Json::array({"ALL"})}}},
          {"seccompProfile", {{"type", "RuntimeDefault"}}}};
}

Json mount(const char* volume, const char* path, bool read_only, const char* sub_path = nullptr) {
  Json json = {{"name", volume}, {"mountPath", path}, {"readOnly", read_only}};
  if (sub_path) json["subPath"] = sub_path;
  return json;
}

/// Copies the runner beside the image's programs, hands the start over, and makes a new home.
Json prepare_container(const PodSettings& settings) {
  return {
      {"name", "prepare"},
      {"image", settings.runner_image},
      {"imagePullPolicy", settings.pull_policy},
      {"command", Json::array({"/berth-runner", "--prepare-pod", tools_inside, handover_inside, volume_inside,
                               secret_inside})},
      {"securityContext", container_security(true)},
      {"resources",
       {{"requests", {{"cpu", "10m"}, {"memory", prepare_memory}, {"ephemeral-storage", prepare_scratch}}},
        {"limits", {{"cpu", "500m"}, {"memory", prepare_memory}, {"ephemeral-storage", prepare_scratch}}}}},
      {"volumeMounts",
       Json::array({mount("tools", tools_inside, false), mount("handover", handover_inside, false),
                    mount("home", volume_inside, false), mount("start", secret_inside, true)})}};
}

Json workspace_container(const PodRequest& request, const PodTemplate& chosen, const PodSettings& settings) {
  // A home without a claim is on the node's disk, too.
  const auto scratch =
      settings.scratch_size + (settings.home == HomeKind::ephemeral ? settings.home_size : 0);
  const auto share = [&](std::uint64_t bytes) {
    return std::to_string(static_cast<std::uint64_t>(static_cast<double>(bytes) * settings.requested_share));
  };
  const Json amounts = {{"cpu", cpu_quantity(request.limits.cpu)},
                        {"memory", std::to_string(request.limits.memory)},
                        {"ephemeral-storage", std::to_string(scratch)}};
  const Json requested = {{"cpu", cpu_quantity(request.limits.cpu * settings.requested_share)},
                          {"memory", share(request.limits.memory)},
                          {"ephemeral-storage", share(scratch)}};
  auto mounts = Json::array(
      {mount("tools", tools_inside, true), mount("handover", handover_inside, false),
       mount("home", home_inside_pod, false, "home"), mount("home", state_inside_pod, false, "state"),
       mount("identity", "/etc/passwd", true, "passwd"), mount("identity", "/etc/group", true, "group")});
  if (chosen.read_only_root) mounts.push_back(mount("temporary", "/tmp", false));
  return {{"name", "workspace"},
          {"image", chosen.image},
          {"imagePullPolicy", settings.pull_policy},
          {"command", Json::array({std::string(tools_inside) + "/berth-runner", "--config-file",
                                   std::string(handover_inside) + "/start.json"})},
          {"workingDir", home_inside_pod},
          {"ports",
           Json::array({{{"name", "runner"}, {"containerPort", settings.runner_port}, {"protocol", "TCP"}}})},
          {"securityContext", container_security(chosen.read_only_root)},
          {"resources", {{"requests", requested}, {"limits", amounts}}},
          {"volumeMounts", std::move(mounts)}};
}

Json secret_volume(const char* name, const std::string& secret, std::vector<std::string> keys, int mode) {
  Json items = Json::array();
  for (const auto& key : keys) items.push_back({{"key", key}, {"path", key}});
  return {{"name", name},
          {"secret", {{"secretName", secret}, {"defaultMode", mode}, {"items", std::move(items)}}}};
}

Json volumes_of(const PodRequest& request, const PodTemplate& chosen, const PodSettings& settings) {
  Json home = {{"name", "home"}};
  if (settings.home == HomeKind::claim)
    home["persistentVolumeClaim"] = {{"claimName", claim_name(request.workspace)}};
  else
    home["emptyDir"] = {{"sizeLimit", std::to_string(settings.home_size)}};
  const auto& secret = request.secret;
  // The start lies in memory alone: the runner reads and removes it before anybody's program runs.
  Json volumes =
      Json::array({{{"name", "tools"}, {"emptyDir", {{"sizeLimit", "256Mi"}}}},
                   {{"name", "handover"}, {"emptyDir", {{"medium", "Memory"}, {"sizeLimit", "1Mi"}}}},
                   std::move(home),
                   secret_volume("start", secret, {"start.json", "home.json"}, 0440),
                   secret_volume("identity", secret, {"passwd", "group"}, 0444)});
  if (chosen.read_only_root) volumes.push_back({{"name", "temporary"}, {"emptyDir", {{"sizeLimit", "1Gi"}}}});
  return volumes;
}

// Nothing of these is the internet: RFC 6890 and its registry, with the metadata services' addresses in
// 169.254.0.0/16 and fd00::/8.
constexpr const char* closed_ip4[] = {
    "0.0.0.0/8",      "10.0.0.0/8",     "100.64.0.0/10", "127.0.0.0/8",
    "169.254.0.0/16", "172.16.0.0/12",  "192.0.0.0/24",  "192.0.2.0/24",
    "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
    "203.0.113.0/24", "224.0.0.0/4",    "240.0.0.0/4",   "168.63.129.16/32"};
// With the forms that carry IPv4 addresses: translated, 6to4, Teredo. Not the mapped ones (::ffff:0:0/96):
// they never leave a machine as such, and Kubernetes takes them for IPv4 and refuses the policy.
constexpr const char* closed_ip6[] = {"::/96",     "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/32",
                                      "2002::/16", "fc00::/7",     "fe80::/10",      "ff00::/8"};

/// One peer: the whole of an address family without what is closed.
template <std::size_t size>
Json open_but(const char* all, const char* const (&closed)[size], const PodSettings& settings, bool ip6) {
  Json except = Json::array();
  for (const char* network : closed) except.push_back(network);
  for (const auto& network : settings.refused_networks)
    if ((network.find(':') != network.npos) == ip6) except.push_back(network);
  return {{"ipBlock", {{"cidr", all}, {"except", std::move(except)}}}};
}

Json egress_rules(const PodSettings& settings) {
  auto peers = Json::array(
      {open_but("0.0.0.0/0", closed_ip4, settings, false), open_but("::/0", closed_ip6, settings, true)});
  for (const auto& network : settings.allowed_networks) peers.push_back({{"ipBlock", {{"cidr", network}}}});
  auto rules = Json::array({{{"to", std::move(peers)}}});
  if (settings.nameservers.empty()) {
    const Json resolver = {
        {"namespaceSelector", {{"matchLabels", {{"kubernetes.io/metadata.name", "kube-system"}}}}},
        {"podSelector", {{"matchLabels", {{"k8s-app", "kube-dns"}}}}}};
    rules.push_back(
        {{"to", Json::array({resolver})},
         {"ports", Json::array({{{"protocol", "UDP"}, {"port", 53}}, {{"protocol", "TCP"}, {"port", 53}}})}});
  }
  for (const auto& address : settings.nameservers) {
    const bool ip6 = address.find(':') != address.npos;
    rules.push_back(
        {{"to", Json::array({{{"ipBlock", {{"cidr", address + (ip6 ? "/128" : "/32")}}}}})},
         {"ports", Json::array({{{"protocol", "UDP"}, {"port", 53}}, {{"protocol", "TCP"}, {"port", 53}}})}});
  }
  return rules;
}

Json ingress_peers(const PodSettings& settings) {
  const auto& where = settings.server_name_space.empty() ? settings.name_space : settings.server_name_space;
  auto peers = Json::array();
  if (!settings.server_labels.empty())
    peers.push_back({{"namespaceSelector", {{"matchLabels", {{"kubernetes.io/metadata.name", where}}}}},
                     {"podSelector", {{"matchLabels", settings.server_labels}}}});
  for (const auto& network : settings.server_networks) peers.push_back({{"ipBlock", {{"cidr", network}}}});
  return peers;
}

}  // namespace

std::string workspace_selector() {
  return std::string(managed_label) + "=" + managed_by + "," + workspace_label;
}

std::string pod_name(const std::string& workspace) { return "berth-" + workspace; }
std::string claim_name(const std::string& workspace) { return "berth-" + workspace + "-home"; }

std::string cpu_quantity(double cores) {
  const auto thousandths = static_cast<std::int64_t>(std::ceil(std::max(cores, 0.001) * 1000 - 1e-6));
  if (thousandths % 1000 == 0) return std::to_string(thousandths / 1000);
  return std::to_string(thousandths) + "m";
}

Json pod_object(const PodRequest& request, const PodTemplate& chosen, const PodSettings& settings) {
  auto labels = labels_of(request.workspace, settings);
  labels[template_label] = chosen.id;
  if (!request.ready_mark.empty()) labels[ready_label] = chosen.id;
  Json spec = {{"restartPolicy", "Never"},
               {"automountServiceAccountToken", false},
               {"enableServiceLinks", false},
               {"hostNetwork", false},
               {"hostPID", false},
               {"hostIPC", false},
               {"hostname", "berth"},
               {"terminationGracePeriodSeconds", 30},
               {"securityContext",
                {{"runAsNonRoot", true},
                 {"runAsUser", settings.person_id},
                 {"runAsGroup", settings.person_id},
                 {"fsGroup", settings.person_id},
                 {"fsGroupChangePolicy", "OnRootMismatch"},
                 {"supplementalGroups", Json::array()},
                 {"seccompProfile", {{"type", "RuntimeDefault"}}}}},
               {"initContainers", Json::array({prepare_container(settings)})},
               {"containers", Json::array({workspace_container(request, chosen, settings)})},
               {"volumes", volumes_of(request, chosen, settings)}};
  if (!settings.runtime_class.empty()) spec["runtimeClassName"] = settings.runtime_class;
  if (!settings.node_selector.empty()) spec["nodeSelector"] = settings.node_selector;
  if (!settings.tolerations.empty()) spec["tolerations"] = settings.tolerations;
  for (const auto& name : settings.pull_secrets) spec["imagePullSecrets"].push_back({{"name", name}});
  if (!settings.nameservers.empty()) {
    spec["dnsPolicy"] = "None";
    spec["dnsConfig"] = {{"nameservers", settings.nameservers}};
  }
  Json metadata = {{"name", pod_name(request.workspace)},
                   {"namespace", settings.name_space},
                   {"labels", std::move(labels)},
                   {"annotations", {{runner_key_annotation, request.runner_key}}}};
  if (!request.ready_mark.empty()) metadata["annotations"][ready_mark_annotation] = request.ready_mark;
  for (const auto& owner : settings.owners) metadata["ownerReferences"].push_back(owner_json(owner, false));
  return {
      {"apiVersion", "v1"}, {"kind", "Pod"}, {"metadata", std::move(metadata)}, {"spec", std::move(spec)}};
}

Json claim_object(const std::string& workspace, const PodSettings& settings) {
  Json spec = {{"accessModes", Json::array({"ReadWriteOnce"})},
               {"resources", {{"requests", {{"storage", std::to_string(settings.home_size)}}}}}};
  if (!settings.storage_class.empty()) spec["storageClassName"] = settings.storage_class;
  // No owner: a home is deleted by forget() alone, never by a collector.
  return {{"apiVersion", "v1"},
          {"kind", "PersistentVolumeClaim"},
          {"metadata",
           {{"name", claim_name(workspace)},
            {"namespace", settings.name_space},
            {"labels", labels_of(workspace, settings)}}},
          {"spec", std::move(spec)}};
}

Json start_secret(const PodRequest& request, const std::string& pod_uid,
                  const std::map<std::string, std::string>& files, const PodSettings& settings) {
  Json data = Json::object();
  for (const auto& [name, content] : files) data[name] = encode_base64(content);
  return {{"apiVersion", "v1"},
          {"kind", "Secret"},
          {"metadata",
           {{"name", request.secret},
            {"namespace", settings.name_space},
            {"labels", labels_of(request.workspace, settings)},
            {"ownerReferences",
             Json::array({owner_json({"v1", "Pod", pod_name(request.workspace), pod_uid}, true)})}}},
          {"immutable", true},
          {"type", "berth.dev/start"},
          {"data", std::move(data)}};
}

Json network_policy(const PodSettings& settings) {
  Json policy = {{"apiVersion", "networking.k8s.io/v1"},
                 {"kind", "NetworkPolicy"},
                 {"metadata",
                  {{"name", policy_name},
                   {"namespace", settings.name_space},
                   {"labels", {{managed_label, managed_by}}}}},
                 {"spec",
                  {{"podSelector", {{"matchLabels", {{"app.kubernetes.io/name", "berth-workspace"}}}}},
                   {"policyTypes", Json::array({"Ingress", "Egress"})},
                   {"egress", egress_rules(settings)}}}};
  // A rule without peers would let everybody in.
  if (auto peers = ingress_peers(settings); !peers.empty())
    policy["spec"]["ingress"] =
        Json::array({{{"from", std::move(peers)},
                      {"ports", Json::array({{{"protocol", "TCP"}, {"port", settings.runner_port}}})}}});
  return policy;
}

}  // namespace berth::server::kubernetes
