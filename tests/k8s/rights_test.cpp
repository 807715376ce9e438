// SPDX-License-Identifier: GPL-3.0-or-later
// k8s/base says twice what the server's code says, too: which verbs its account has, and which network policy
// its workspaces are under.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <set>
#include <thread>

#include "protocol/codec.hpp"
#include "server/backends/kubernetes/kube_rights.hpp"
#include "server/backends/kubernetes/kubernetes_backend.hpp"
#include "server/backends/kubernetes/pod_spec.hpp"
#include "simulated_cluster.hpp"

namespace berth::server::kubernetes {
namespace {

/// Plain numbers become numbers: the only other scalars of these files are texts.
Json json_of(const YAML::Node& node) {
  if (node.IsMap()) {
    Json object = Json::object();
    for (const auto& entry : node) object[entry.first.as<std::string>()] = json_of(entry.second);
    return object;
  }
  if (node.IsSequence()) {
    Json list = Json::array();
    for (const auto& one : node) list.push_back(json_of(one));
    return list;
  }
  const auto text = node.as<std::string>();
  const bool number = node.Tag() != "!" && !text.empty() && text.find_first_not_of("0123456789") == text.npos;
  return number ? Json(std::stoll(text)) : Json(text);
}

Json manifest(const std::string& file, const std::string& kind, const std::string& name) {
  for (const auto& document : YAML::LoadAllFromFile(std::string(BERTH_K8S) + "/base/" + file))
    if (document["kind"].as<std::string>() == kind && document["metadata"]["name"].as<std::string>() == name)
      return json_of(document);
  throw std::runtime_error(file + " has no " + kind + " " + name);
}

std::set<std::string> granted() {
  std::set<std::string> all;
  const auto role = manifest("rights.yaml", "Role", "berthd");
  for (const auto& rule : role["rules"])
    for (const auto& group : rule["apiGroups"])
      for (const auto& resource : rule["resources"])
        for (const auto& verb : rule["verbs"])
          all.insert(verb.get<std::string>() + " " + resource.get<std::string>() + "." +
                     group.get<std::string>());
  return all;
}

std::set<std::string> needed(bool warm, bool policy = false) {
  std::set<std::string> all;
  for (const auto& right : needed_rights(policy, warm))
    all.insert(std::string(right.verb) + " " + std::string(right.resource.plural) + "." +
               std::string(right.resource.group));
  return all;
}

TEST(Manifests, GiveTheServersAccountWhatItCallsAndNothingElse) { EXPECT_EQ(granted(), needed(false)); }

TEST(Manifests, GiveWithTheWarmPoolOneVerbMore) {
  auto with_patch = granted();
  with_patch.insert("patch pods.");
  EXPECT_EQ(with_patch, needed(true));
}

TEST(Manifests, HaveTheNetworkPolicyThatTheServerWouldMakeItself) {
  PodSettings settings;
  settings.name_space = "berth-workspaces";
  settings.server_name_space = "berth";
  EXPECT_EQ(manifest("workspaces-network.yaml", "NetworkPolicy", policy_name), network_policy(settings));
}

TEST(Manifests, HaveTheLabelsOfTheServersPods) {
  const auto server = manifest("server.yaml", "Deployment", "berthd");
  const PodSettings settings;
  for (const auto& [name, value] : settings.server_labels)
    EXPECT_EQ(server["spec"]["template"]["metadata"]["labels"][name], value);
}

/// Everything a backend ever does, over a cluster that remembers what it was asked.
class BackendAtWork {
 public:
  explicit BackendAtWork(bool policy) {
    options_.client.access.server = cluster_.url();
    options_.client.access.direct = true;
    options_.client.first_delay = std::chrono::milliseconds(10);
    options_.pods.name_space = "berth-workspaces";
    options_.pods.runner_image = "runner:1";
    options_.pods.runner_port = cluster_.runner_port();
    options_.templates = BERTH_TEMPLATES;
    options_.default_image = "workspace:1";
    options_.apply_policy = policy;
  }

  void live() {
    auto backend = open();
    const StartRequest request{
        .workspace = "abcdefghij", .template_id = "empty", .person_name = {}, .limits = {}, .server_key = {}};
    for (int times = 0; times < 2; ++times) {  // the second finds a home
      ASSERT_TRUE(backend->start(request));
      ASSERT_TRUE(backend->poll(request.workspace));
      ASSERT_TRUE(backend->stop(request.workspace, 0));
    }
    // A start that another server began, and did not end.
    KubeClient other(options_.client);
    ASSERT_TRUE(other.create(pods, "berth-workspaces",
                             pod_object({request.workspace, {}, "KEY", "never-made"},
                                        {"empty", "workspace:1", false}, options_.pods)));
    ASSERT_TRUE(backend->start(request));
    ASSERT_TRUE(backend->list());
    ASSERT_TRUE(backend->stop(request.workspace, 0));
    ASSERT_TRUE(backend->forget(request.workspace));
  }

  void live_with_ready_pods() {
    auto backend = open();
    backend->keep_ready(
        {.workspace = {}, .template_id = "empty", .person_name = {}, .limits = {}, .server_key = {}},
        {.count = 1, .longest = std::chrono::hours(1)});
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    for (;;) {
      const auto claimed = backend->claim_ready("empty");
      if (claimed && *claimed) return;
      ASSERT_LT(std::chrono::steady_clock::now(), deadline);
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }

  std::set<std::string> used() const { return cluster_.rights_used(); }

 private:
  std::unique_ptr<KubernetesBackend> open() const {
    auto opened = KubernetesBackend::open(options_);
    if (!opened) throw std::runtime_error(opened.error().message + " " + opened.error().detail);
    return std::move(*opened);
  }

  test::SimulatedCluster cluster_;
  KubernetesBackendOptions options_;
};

TEST(NeededRights, AreWhatABackendAsksFor) {
  BackendAtWork work(false);
  work.live();
  EXPECT_EQ(work.used(), needed(false));
}

TEST(NeededRights, AreMoreWithReadyPodsAndAPolicyOfItsOwn) {
  BackendAtWork work(true);
  work.live();
  work.live_with_ready_pods();
  auto asked = work.used();
  // One that does not exist yet is made by the patch that applies it, for which the API wants both verbs.
  asked.insert("create networkpolicies.networking.k8s.io");
  EXPECT_EQ(asked, needed(true, true));
}

}  // namespace
}  // namespace berth::server::kubernetes
