// SPDX-License-Identifier: GPL-3.0-or-later
// Every property that a workspace's objects must have.
#include "server/backends/kubernetes/pod_spec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/backends/kubernetes/base64.hpp"

namespace berth::server::kubernetes {
namespace {

using protocol::Json;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

PodSettings test_settings() {
  PodSettings settings;
  settings.name_space = "team";
  settings.runner_image = "registry.example/berth-runner:1";
  return settings;
}

Json test_pod(const std::function<void(PodSettings&, PodTemplate&, PodRequest&)>& change = {}) {
  auto settings = test_settings();
  PodTemplate chosen{"python", "registry.example/python:3", false};
  PodRequest request{"abcdefghij", {}, "KEY", "berth-abcdefghij-s1"};
  if (change) change(settings, chosen, request);
  return pod_object(request, chosen, settings);
}

std::vector<Json> all_containers(const Json& pod) {
  std::vector<Json> all;
  for (const char* list : {"initContainers", "containers"})
    for (const auto& one : pod["spec"][list]) all.push_back(one);
  return all;
}

Json volume_of(const Json& pod, const std::string& name) {
  for (const auto& volume : pod["spec"]["volumes"])
    if (volume["name"] == name) return volume;
  return {};
}

Json mount_at(const Json& container, const std::string& path) {
  for (const auto& mount : container["volumeMounts"])
    if (mount["mountPath"] == path) return mount;
  return {};
}

TEST(PodSpec, TheSameValuesGiveTheSamePod) { EXPECT_EQ(test_pod(), test_pod()); }

TEST(PodSpec, IsFoundByItsNameAndLabels) {
  const auto pod = test_pod([](auto& settings, auto&, auto&) {
    settings.labels = {{"cost-centre", "7"}, {workspace_label, "forged"}};
  });
  EXPECT_EQ(pod["metadata"]["name"], "berth-abcdefghij");
  EXPECT_EQ(pod["metadata"]["namespace"], "team");
  const auto& labels = pod["metadata"]["labels"];
  EXPECT_EQ(labels[workspace_label], "abcdefghij") << "settings don't override what is Berth's";
  EXPECT_EQ(labels[managed_label], managed_by);
  EXPECT_EQ(labels[template_label], "python");
  EXPECT_EQ(labels["cost-centre"], "7");
  EXPECT_EQ(pod["metadata"]["annotations"][runner_key_annotation], "KEY");
}

TEST(PodSpec, NobodyInItIsRootOrBecomesMore) {
  const auto pod = test_pod();
  const auto& security = pod["spec"]["securityContext"];
  EXPECT_EQ(security["runAsNonRoot"], true);
  EXPECT_EQ(security["runAsUser"], 1000);
  EXPECT_EQ(security["runAsGroup"], 1000);
  EXPECT_EQ(security["fsGroup"], 1000);
  EXPECT_EQ(security["seccompProfile"]["type"], "RuntimeDefault");
  ASSERT_EQ(all_containers(pod).size(), 2u);
  for (const auto& container : all_containers(pod)) {
    const auto& own = container["securityContext"];
    EXPECT_EQ(own["allowPrivilegeEscalation"], false) << container["name"];
    EXPECT_EQ(own["privileged"], false);
    EXPECT_EQ(own["runAsNonRoot"], true);
    EXPECT_EQ(own["capabilities"], (Json{{"drop", Json::array({"ALL"})}}));
    EXPECT_EQ(own["seccompProfile"]["type"], "RuntimeDefault");
  }
}

TEST(PodSpec, HasNoTokenNoServicesAndNothingOfTheNode) {
  const auto pod = test_pod();
  const auto& spec = pod["spec"];
  EXPECT_EQ(spec["automountServiceAccountToken"], false);
  EXPECT_EQ(spec["enableServiceLinks"], false);
  for (const char* part : {"hostNetwork", "hostPID", "hostIPC"}) EXPECT_EQ(spec[part], false) << part;
  for (const auto& volume : spec["volumes"]) EXPECT_FALSE(volume.contains("hostPath")) << volume;
  for (const auto& container : all_containers(pod)) {
    EXPECT_FALSE(container.contains("env")) << "what it needs comes with the start";
    for (const auto& port : container.value("ports", Json::array())) EXPECT_FALSE(port.contains("hostPort"));
  }
  EXPECT_EQ(spec["restartPolicy"], "Never") << "a key is good for one start";
}

TEST(PodSpec, TheRunnerComesFromAnInitContainerIntoAnyImage) {
  const auto pod = test_pod();
  const auto& prepare = pod["spec"]["initContainers"][0];
  const auto& workspace = pod["spec"]["containers"][0];
  EXPECT_EQ(prepare["image"], "registry.example/berth-runner:1");
  EXPECT_EQ(workspace["image"], "registry.example/python:3");
  EXPECT_TRUE(volume_of(pod, "tools").contains("emptyDir"));
  EXPECT_EQ(mount_at(prepare, "/.berth")["readOnly"], false);
  EXPECT_EQ(mount_at(workspace, "/.berth")["readOnly"], true) << "the person can't replace the runner";
  EXPECT_EQ(workspace["command"][0], "/.berth/berth-runner");
}

TEST(PodSpec, TheSecretReachesTheInitContainerOnly) {
  const auto pod = test_pod();
  const auto& workspace = pod["spec"]["containers"][0];
  for (const auto& mount : workspace["volumeMounts"]) EXPECT_NE(mount["name"], "start");
  EXPECT_EQ(mount_at(pod["spec"]["initContainers"][0], "/.berth-secret")["name"], "start");
  EXPECT_EQ(volume_of(pod, "start")["secret"]["secretName"], "berth-abcdefghij-s1");
  const auto identity = volume_of(pod, "identity")["secret"]["items"];
  EXPECT_EQ(identity.size(), 2u);
  EXPECT_THAT(identity.dump(), Not(HasSubstr("start")));
  EXPECT_EQ(volume_of(pod, "handover")["emptyDir"]["medium"], "Memory") << "never on a disk";
}

Json resources_of(const Json& pod) { return pod["spec"]["containers"][0]["resources"]; }

TEST(PodSpec, LimitsAreThoseThatWereAskedFor) {
  const auto scratch = std::to_string(2ull << 30);
  const auto usual = resources_of(test_pod());
  EXPECT_EQ(usual["limits"],
            (Json{{"cpu", "500m"}, {"memory", std::to_string(512u << 20)}, {"ephemeral-storage", scratch}}));
  EXPECT_EQ(usual["requests"], usual["limits"]);
  const auto large = resources_of(test_pod([](auto&, auto&, auto& request) {
    request.limits.cpu = 2;
    request.limits.memory = 4ull << 30;
  }));
  EXPECT_EQ(large["limits"],
            (Json{{"cpu", "2"}, {"memory", std::to_string(4ull << 30)}, {"ephemeral-storage", scratch}}));
  const auto shared =
      resources_of(test_pod([](auto& settings, auto&, auto&) { settings.requested_share = 0.25; }));
  EXPECT_EQ(shared["requests"], (Json{{"cpu", "125m"},
                                      {"memory", std::to_string(128u << 20)},
                                      {"ephemeral-storage", std::to_string(512u << 20)}}));
  EXPECT_EQ(shared["limits"], usual["limits"]);
  for (const auto& container : all_containers(test_pod()))
    for (const char* what : {"cpu", "memory", "ephemeral-storage"}) {
      EXPECT_TRUE(container["resources"]["limits"].contains(what)) << container["name"] << what;
      EXPECT_TRUE(container["resources"]["requests"].contains(what)) << "a quota may ask for all of them";
    }
}

TEST(PodSpec, ItsDiskOnTheNodeIsBounded) {
  const auto disk = [](HomeKind home) {
    return resources_of(test_pod([&](auto& settings, auto&, auto&) {
      settings.scratch_size = 1ull << 30;
      settings.home_size = 5ull << 30;
      settings.home = home;
    }))["limits"]["ephemeral-storage"];
  };
  EXPECT_EQ(disk(HomeKind::claim), std::to_string(1ull << 30));
  EXPECT_EQ(disk(HomeKind::ephemeral), std::to_string(6ull << 30))
      << "a home without a claim lies there, too";
}

TEST(PodSpec, CpuIsWrittenAsKubernetesReadsIt) {
  EXPECT_EQ(cpu_quantity(0.5), "500m");
  EXPECT_EQ(cpu_quantity(1), "1");
  EXPECT_EQ(cpu_quantity(1.5), "1500m");
  EXPECT_EQ(cpu_quantity(0.1), "100m");
  EXPECT_EQ(cpu_quantity(0.3), "300m");
  EXPECT_EQ(cpu_quantity(0.0001), "1m");
  EXPECT_EQ(cpu_quantity(0), "1m");
}

TEST(PodSpec, ARootThatIsReadOnlyHasATemporaryFolder) {
  const auto open = test_pod();
  EXPECT_EQ(open["spec"]["containers"][0]["securityContext"]["readOnlyRootFilesystem"], false);
  EXPECT_TRUE(mount_at(open["spec"]["containers"][0], "/tmp").is_null());
  const auto closed = test_pod([](auto&, auto& chosen, auto&) { chosen.read_only_root = true; });
  EXPECT_EQ(closed["spec"]["containers"][0]["securityContext"]["readOnlyRootFilesystem"], true);
  EXPECT_EQ(mount_at(closed["spec"]["containers"][0], "/tmp")["readOnly"], false);
  EXPECT_TRUE(volume_of(closed, "temporary").contains("emptyDir"));
  EXPECT_EQ(open["spec"]["initContainers"][0]["securityContext"]["readOnlyRootFilesystem"], true);
}

TEST(PodSpec, HomeLiesOnAClaimUnlessItIsEphemeral) {
  const auto kept = test_pod();
  EXPECT_EQ(volume_of(kept, "home")["persistentVolumeClaim"]["claimName"], "berth-abcdefghij-home");
  const auto& workspace = kept["spec"]["containers"][0];
  EXPECT_EQ(mount_at(workspace, home_inside_pod)["subPath"], "home");
  EXPECT_EQ(mount_at(workspace, state_inside_pod)["subPath"], "state");
  const auto gone = test_pod([](auto& settings, auto&, auto&) {
    settings.home = HomeKind::ephemeral;
    settings.home_size = 1u << 30;
  });
  EXPECT_EQ(volume_of(gone, "home")["emptyDir"]["sizeLimit"], std::to_string(1u << 30));
}

TEST(PodSpec, WhereItRunsIsTheAdministrators) {
  const auto plain = test_pod()["spec"];
  for (const char* absent :
       {"runtimeClassName", "nodeSelector", "tolerations", "imagePullSecrets", "dnsPolicy"})
    EXPECT_FALSE(plain.contains(absent)) << absent;
  const auto pod = test_pod([](auto& settings, auto&, auto&) {
    settings.runtime_class = "gvisor";
    settings.node_selector = {{"pool", "workspaces"}};
    settings.tolerations = Json::array({{{"key", "workspaces"}, {"operator", "Exists"}}});
    settings.pull_secrets = {"registry"};
    settings.nameservers = {"192.0.2.53"};
    settings.owners = {{"apps/v1", "Deployment", "berthd", "uid-1"}};
  });
  EXPECT_EQ(pod["spec"]["runtimeClassName"], "gvisor");
  EXPECT_EQ(pod["spec"]["nodeSelector"]["pool"], "workspaces");
  EXPECT_EQ(pod["spec"]["tolerations"][0]["key"], "workspaces");
  EXPECT_EQ(pod["spec"]["imagePullSecrets"][0]["name"], "registry");
  EXPECT_EQ(pod["spec"]["dnsPolicy"], "None");
  EXPECT_EQ(pod["spec"]["dnsConfig"]["nameservers"][0], "192.0.2.53");
  EXPECT_EQ(pod["metadata"]["ownerReferences"][0]["uid"], "uid-1");
}

TEST(Claim, IsNobodysButItsWorkspaces) {
  auto settings = test_settings();
  settings.owners = {{"apps/v1", "Deployment", "berthd", "uid-1"}};
  const auto claim = claim_object("abcdefghij", settings);
  EXPECT_EQ(claim["metadata"]["name"], "berth-abcdefghij-home");
  EXPECT_EQ(claim["metadata"]["labels"][workspace_label], "abcdefghij");
  EXPECT_FALSE(claim["metadata"].contains("ownerReferences")) << "no collector ever deletes a home";
  EXPECT_EQ(claim["spec"]["resources"]["requests"]["storage"], std::to_string(10ull << 30));
  EXPECT_FALSE(claim["spec"].contains("storageClassName"));
  settings.storage_class = "fast";
  EXPECT_EQ(claim_object("abcdefghij", settings)["spec"]["storageClassName"], "fast");
}

TEST(StartSecret, GoesWithItsPod) {
  const auto secret = start_secret({"abcdefghij", {}, "KEY", "berth-abcdefghij-s1"}, "uid-9",
                                   {{"start.json", "{}"}}, test_settings());
  EXPECT_EQ(secret["metadata"]["name"], "berth-abcdefghij-s1");
  EXPECT_EQ(secret["metadata"]["ownerReferences"][0]["uid"], "uid-9");
  EXPECT_EQ(secret["metadata"]["ownerReferences"][0]["kind"], "Pod");
  EXPECT_EQ(secret["immutable"], true);
  EXPECT_EQ(decode_base64(secret["data"]["start.json"].get<std::string>()), "{}");
}

std::vector<std::string> exceptions_of(const Json& policy) {
  std::vector<std::string> all;
  for (const auto& peer : policy["spec"]["egress"][0]["to"])
    for (const auto& network : peer["ipBlock"].value("except", Json::array())) all.push_back(network);
  return all;
}

TEST(NetworkPolicy, LetsInTheServerAlone) {
  const auto policy = network_policy(test_settings());
  EXPECT_EQ(policy["spec"]["policyTypes"], Json::array({"Ingress", "Egress"}));
  EXPECT_EQ(policy["spec"]["podSelector"]["matchLabels"]["app.kubernetes.io/name"], "berth-workspace");
  ASSERT_EQ(policy["spec"]["ingress"].size(), 1u);
  const auto& rule = policy["spec"]["ingress"][0];
  ASSERT_EQ(rule["from"].size(), 1u);
  EXPECT_EQ(rule["from"][0]["podSelector"]["matchLabels"]["app.kubernetes.io/name"], "berthd");
  EXPECT_EQ(rule["from"][0]["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"], "team");
  ASSERT_EQ(rule["ports"].size(), 1u);
  EXPECT_EQ(rule["ports"][0]["port"], 7700);

  auto outside = test_settings();
  outside.server_labels.clear();
  outside.server_networks = {"192.0.2.7/32"};
  const auto from = network_policy(outside)["spec"]["ingress"][0]["from"];
  ASSERT_EQ(from.size(), 1u);
  EXPECT_EQ(from[0]["ipBlock"]["cidr"], "192.0.2.7/32");

  outside.server_networks.clear();
  EXPECT_FALSE(network_policy(outside)["spec"].contains("ingress")) << "no peers means nobody, not everybody";
}

TEST(NetworkPolicy, LetsOutToTheInternetAndNotToTheClusterOrTheMetadataService) {
  const auto closed = exceptions_of(network_policy(test_settings()));
  for (const char* network : {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8",
                              "169.254.0.0/16", "fc00::/7", "fe80::/10", "64:ff9b::/96"})
    EXPECT_THAT(closed, Contains(network));
  auto settings = test_settings();
  settings.refused_networks = {"203.0.112.0/24", "2001:db8::/32"};
  EXPECT_THAT(exceptions_of(network_policy(settings)), Contains("203.0.112.0/24"));
  EXPECT_THAT(exceptions_of(network_policy(settings)), Contains("2001:db8::/32"));
  settings.allowed_networks = {"10.1.2.0/24"};
  EXPECT_THAT(network_policy(settings)["spec"]["egress"][0]["to"].dump(),
              HasSubstr(R"("cidr":"10.1.2.0/24")"));
}

TEST(NetworkPolicy, NamesAreResolvedByOneResolver) {
  const auto cluster = network_policy(test_settings())["spec"]["egress"][1];
  EXPECT_EQ(cluster["to"][0]["podSelector"]["matchLabels"]["k8s-app"], "kube-dns");
  EXPECT_EQ(cluster["ports"].size(), 2u);
  auto settings = test_settings();
  settings.nameservers = {"192.0.2.53"};
  const auto own = network_policy(settings)["spec"]["egress"];
  ASSERT_EQ(own.size(), 2u);
  EXPECT_EQ(own[1]["to"][0]["ipBlock"]["cidr"], "192.0.2.53/32");
  EXPECT_EQ(own[1]["ports"][0]["port"], 53);
}

TEST(PodSettings, AreCheckedBeforeTheyAreUsed) {
  EXPECT_TRUE(check_pod_settings(test_settings()));
  using Change = std::function<void(PodSettings&)>;
  const std::pair<const char*, Change> wrongs[] = {
      {"namespace", [](auto& settings) { settings.name_space = "Team/.."; }},
      {"runner_image", [](auto& settings) { settings.runner_image = ""; }},
      {"runner_image", [](auto& settings) { settings.runner_image = "a b"; }},
      {"pull_policy", [](auto& settings) { settings.pull_policy = "Sometimes"; }},
      {"storage_class", [](auto& settings) { settings.storage_class = "no such!"; }},
      {"runtime_class", [](auto& settings) { settings.runtime_class = "../x"; }},
      {"pull_secrets", [](auto& settings) { settings.pull_secrets = {""}; }},
      {"labels", [](auto& settings) { settings.labels = {{"a b", "c"}}; }},
      {"labels", [](auto& settings) { settings.labels = {{"a", std::string(64, 'x')}}; }},
      {"node_selector", [](auto& settings) { settings.node_selector = {{"", "c"}}; }},
      {"server_networks", [](auto& settings) { settings.server_networks = {"0.0.0.0"}; }},
      {"allowed_networks", [](auto& settings) { settings.allowed_networks = {"10.0.0.0/33"}; }},
      {"refused_networks", [](auto& settings) { settings.refused_networks = {"x/8"}; }},
      {"nameservers", [](auto& settings) { settings.nameservers = {"dns.example"}; }},
      {"tolerations", [](auto& settings) { settings.tolerations = Json::object(); }},
      {"person_id", [](auto& settings) { settings.person_id = 0; }},
      {"runner_port", [](auto& settings) { settings.runner_port = 80; }},
      {"requested_share", [](auto& settings) { settings.requested_share = 0; }},
      {"requested_share", [](auto& settings) { settings.requested_share = 1.5; }},
      {"home_size", [](auto& settings) { settings.home_size = 1; }},
      {"scratch_size", [](auto& settings) { settings.scratch_size = 64u << 20; }}};
  for (const auto& [name, change] : wrongs) {
    auto settings = test_settings();
    change(settings);
    const auto checked = check_pod_settings(settings);
    ASSERT_FALSE(checked) << name;
    EXPECT_EQ(checked.error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(checked.error().message, HasSubstr(std::string("kubernetes.") + name));
  }
}

}  // namespace
}  // namespace berth::server::kubernetes
