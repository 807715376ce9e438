// SPDX-License-Identifier: GPL-3.0-or-later
// The client and the objects of the kubernetes backend against a real API server: what it takes, refuses,
// forgets and tells. No pod runs here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "api_server.hpp"
#include "server/backends/kubernetes/kube_rights.hpp"
#include "server/backends/kubernetes/pod_spec.hpp"
#include "server/backends/kubernetes/pod_watch.hpp"
#include "server_account.hpp"

namespace berth::server::kubernetes {
namespace {

using namespace std::chrono_literals;
using test::ClusterParts;
using test::TestCluster;
using testing::HasSubstr;

class KubernetesApi : public testing::Test {
 protected:
  KubernetesApi() : cluster_(TestCluster::get(ClusterParts::api_alone)), place_(cluster_.new_namespace()) {}

  PodSettings settings() const {
    PodSettings settings;
    settings.name_space = place_;
    settings.runner_image = "registry.example/berth-runner:1";
    return settings;
  }
  static Json map_named(const std::string& name, const std::string& value) {
    return {{"apiVersion", "v1"},
            {"kind", "ConfigMap"},
            {"metadata", {{"name", name}, {"labels", {{"app", "test"}}}}},
            {"data", {{"value", value}}}};
  }

  TestCluster& cluster_;
  const std::string place_;
  KubeClient client_{cluster_.client_settings()};
};

TEST_F(KubernetesApi, CreatesReadsAndDeletes) {
  const auto made = client_.create(config_maps, place_, map_named("a", "1"));
  ASSERT_TRUE(made) << made.error().message << made.error().detail;
  EXPECT_EQ(client_.create(config_maps, place_, map_named("a", "2")).error().code, ErrorCode::already_exists);
  const auto read = client_.get(config_maps, place_, "a");
  ASSERT_TRUE(read);
  EXPECT_EQ((*read)["data"]["value"], "1");
  EXPECT_EQ(client_.get(config_maps, place_, "b").error().code, ErrorCode::not_found);
  EXPECT_EQ(client_.remove(config_maps, place_, "a"), true);
  EXPECT_EQ(client_.remove(config_maps, place_, "a"), false);
}

TEST_F(KubernetesApi, DeletesOnlyWhatThePreconditionsName) {
  const auto made = client_.create(config_maps, place_, map_named("a", "1"));
  ASSERT_TRUE(made);
  EXPECT_EQ(
      client_.remove(config_maps, place_, "a", {.uid = "11111111-2222-3333-4444-555555555555"}).error().code,
      ErrorCode::conflict);
  const auto changed = client_.apply(config_maps, place_, map_named("a", "2"));
  ASSERT_TRUE(changed) << changed.error().detail;
  EXPECT_EQ(
      client_.remove(config_maps, place_, "a", {.resource_version = metadata_text(*made, "resourceVersion")})
          .error()
          .code,
      ErrorCode::conflict);
  EXPECT_EQ(client_.remove(config_maps, place_, "a",
                           {.uid = metadata_text(*made, "uid"),
                            .resource_version = metadata_text(*changed, "resourceVersion")}),
            true);
}

TEST_F(KubernetesApi, AppliesFieldsAndTellsWhoOwnsThem) {
  ASSERT_TRUE(client_.apply(config_maps, place_, map_named("a", "mine")));
  auto other_settings = cluster_.client_settings();
  other_settings.field_manager = "somebody-else";
  KubeClient other(other_settings);
  const auto refused = other.apply(config_maps, place_, map_named("a", "theirs"), {.force = false});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::conflict);
  EXPECT_THAT(refused.error().message, HasSubstr("berthd"));
  ASSERT_TRUE(other.apply(config_maps, place_, map_named("a", "theirs"), {.force = true}));
  EXPECT_EQ((*client_.get(config_maps, place_, "a"))["data"]["value"], "theirs");
}

TEST_F(KubernetesApi, ListsAllPages) {
  for (int i = 0; i < 7; ++i)
    ASSERT_TRUE(client_.create(config_maps, place_, map_named("m" + std::to_string(i), "x")));
  auto settings = cluster_.client_settings();
  settings.page = 2;
  const auto all = KubeClient(settings).list(config_maps, place_, {.labels = "app=test", .fields = {}});
  ASSERT_TRUE(all) << all.error().detail;
  EXPECT_EQ(all->items.size(), 7u);
  EXPECT_EQ(all->items[0]["kind"], "ConfigMap");
  const auto one = client_.list(config_maps, place_, {.labels = "app=test", .fields = "metadata.name=m3"});
  ASSERT_TRUE(one);
  EXPECT_EQ(one->items.size(), 1u);
}

TEST_F(KubernetesApi, SaysInItsOwnWordsWhatItRefuses) {
  auto wrong = map_named("a", "1");
  wrong["data"]["bad key!"] = "x";
  const auto refused = client_.create(config_maps, place_, wrong);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
  EXPECT_THAT(refused.error().message, HasSubstr("bad key!"));
  auto settings = cluster_.client_settings();
  settings.access.certificate = {};
  settings.access.key = {};
  settings.access.token.text = "not-a-token";
  EXPECT_EQ(KubeClient(settings).get(config_maps, place_, "a").error().code, ErrorCode::unauthenticated);
}

/// Collects what a watch tells.
class Told {
 public:
  Told(KubeClient& client, const std::string& place) {
    thread_ = std::jthread([this, &client, place](const std::stop_token& stop) {
      client.watch(
          config_maps, place, {.labels = "app=test", .fields = {}},
          {.listed = [this](const ObjectList& list) { tell("listed " + std::to_string(list.items.size())); },
           .changed =
               [this](const Json& map) {
                 tell(metadata_text(map, "name") + "=" + map["data"]["value"].get<std::string>());
               },
           .removed = [this](const Json& map) { tell("-" + metadata_text(map, "name")); }},
          stop);
    });
  }
  bool hears(const std::string& what) {
    std::unique_lock lock(mutex_);
    return more_.wait_for(lock, 60s, [&] { return std::ranges::find(told_, what) != told_.end(); });
  }
  std::ptrdiff_t count(const std::string& what) {
    const std::lock_guard lock(mutex_);
    return std::ranges::count(told_, what);
  }

 private:
  void tell(const std::string& what) {
    const std::lock_guard lock(mutex_);
    told_.push_back(what);
    more_.notify_all();
  }
  std::mutex mutex_;
  std::condition_variable more_;
  std::vector<std::string> told_;
  std::jthread thread_;
};

TEST_F(KubernetesApi, AWatchTellsWhatChanges) {
  ASSERT_TRUE(client_.create(config_maps, place_, map_named("before", "0")));
  Told told(client_, place_);
  ASSERT_TRUE(told.hears("listed 1"));
  ASSERT_TRUE(client_.apply(config_maps, place_, map_named("a", "1")));
  ASSERT_TRUE(told.hears("a=1"));
  ASSERT_TRUE(client_.apply(config_maps, place_, map_named("a", "2")));
  ASSERT_TRUE(told.hears("a=2"));
  ASSERT_TRUE(client_.remove(config_maps, place_, "before"));
  EXPECT_TRUE(told.hears("-before"));
}

TEST_F(KubernetesApi, AWatchGoesOnWhenTheServerEndsIt) {
  auto settings = cluster_.client_settings();
  settings.watch_life = 1s;
  KubeClient brief(settings);
  Told told(brief, place_);
  ASSERT_TRUE(told.hears("listed 0"));
  std::this_thread::sleep_for(1500ms);  // the time that the server was asked for passes
  ASSERT_TRUE(client_.apply(config_maps, place_, map_named("a", "1")));
  EXPECT_TRUE(told.hears("a=1"));
  EXPECT_EQ(told.count("listed 0"), 1) << "resumed, not listed anew";
}

TEST_F(KubernetesApi, AWatchSurvivesTheServersRestart) {
  auto settings = cluster_.client_settings();
  settings.longest_delay = 500ms;
  settings.retry_for = 2s;
  KubeClient patient(settings);
  Told told(patient, place_);
  ASSERT_TRUE(told.hears("listed 0"));
  cluster_.end_part("kube-apiserver");
  cluster_.start_part("kube-apiserver");
  ASSERT_TRUE(client_.apply(config_maps, place_, map_named("after", "1")));
  EXPECT_TRUE(told.hears("after=1") || told.hears("listed 1"));
}

TEST_F(KubernetesApi, TakesEveryObjectOfAWorkspace) {
  const PodRequest request{"abcdefghij", {}, "KEY", "berth-abcdefghij-s1"};
  std::vector<std::pair<const char*, PodSettings>> variants{
      {"usual", settings()}, {"ephemeral", settings()}, {"everything", settings()}};
  variants[1].second.home = HomeKind::ephemeral;
  auto& full = variants[2].second;
  full.storage_class = "fast";
  full.node_selector = {{"pool", "workspaces"}};
  full.tolerations = Json::array({{{"key", "workspaces"}, {"operator", "Exists"}, {"effect", "NoSchedule"}}});
  full.nameservers = {"192.0.2.53", "2001:db8::53"};
  full.pull_secrets = {"registry"};
  full.labels = {{"example.com/cost-centre", "7"}};
  full.owners = {{"apps/v1", "Deployment", "berthd", "11111111-2222-3333-4444-555555555555"}};
  full.allowed_networks = {"10.1.0.0/16", "fd00::/64"};
  full.refused_networks = {"198.51.0.0/16", "2001:db8::/32"};
  full.server_networks = {"192.0.2.7/32"};
  for (const auto& [name, variant] : variants) {
    ASSERT_TRUE(check_pod_settings(variant)) << name;
    for (const bool read_only : {false, true}) {
      const auto pod = pod_object(request, {"python", "registry.example/python:3", read_only}, variant);
      const auto taken = client_.apply(pods, place_, pod, {.dry_run = true});
      ASSERT_TRUE(taken) << name << ": " << taken.error().message << taken.error().detail;
      // What the server does not know it would have left out without a word.
      for (const auto& [key, value] : pod["spec"].items())
        if (!value.is_boolean() || value.get<bool>() || key == "automountServiceAccountToken" ||
            key == "enableServiceLinks") {
          EXPECT_TRUE((*taken)["spec"].contains(key)) << name << ": " << key;
        }
      const auto& kept = (*taken)["spec"]["containers"][0]["securityContext"];
      for (const auto& [key, value] : pod["spec"]["containers"][0]["securityContext"].items())
        EXPECT_EQ(kept[key], value) << key;
    }
    const std::pair<Resource, Json> others[] = {
        {volume_claims, claim_object("abcdefghij", variant)},
        {network_policies, network_policy(variant)},
        {secrets,
         start_secret(request, "11111111-2222-3333-4444-555555555555", {{"start.json", "{}"}}, variant)}};
    for (const auto& [resource, object] : others) {
      const auto taken = client_.apply(resource, place_, object, {.dry_run = true});
      EXPECT_TRUE(taken) << name << " " << resource.kind << ": " << taken.error().message
                         << taken.error().detail;
    }
  }
}

TEST_F(KubernetesApi, KeepsTheNetworkPolicyAsItWasWritten) {
  const auto wanted = network_policy(settings());
  ASSERT_TRUE(client_.apply(network_policies, place_, wanted));
  ASSERT_TRUE(client_.apply(network_policies, place_, wanted)) << "again and again";
  const auto kept = client_.get(network_policies, place_, policy_name);
  ASSERT_TRUE(kept);
  EXPECT_EQ((*kept)["spec"]["egress"], wanted["spec"]["egress"]);
  EXPECT_EQ((*kept)["spec"]["ingress"], wanted["spec"]["ingress"]);
  EXPECT_EQ((*kept)["spec"]["policyTypes"], wanted["spec"]["policyTypes"]);
}

TEST_F(KubernetesApi, PodsAreKnownAsTheyComeAndGo) {
  PodWatch watch(client_, place_);
  ASSERT_TRUE(watch.wait_until_fresh(std::chrono::steady_clock::now() + 30s));
  EXPECT_FALSE(watch.find("abcdefghij"));
  const PodRequest request{"abcdefghij", {}, "KEY", "berth-abcdefghij-s1"};
  const auto made = client_.create(
      pods, place_, pod_object(request, {"python", "registry.example/python:3", false}, settings()));
  ASSERT_TRUE(made) << made.error().message << made.error().detail;
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  EXPECT_TRUE(watch.wait("abcdefghij", deadline, [](const auto& pod) { return pod.has_value(); }));
  EXPECT_EQ(watch.find("abcdefghij")->state, BackendState::starting);
  EXPECT_EQ(watch.find("abcdefghij")->runner_key, "KEY");
  ASSERT_TRUE(client_.remove(pods, place_, pod_name("abcdefghij"), {.grace_seconds = 0}));
  EXPECT_TRUE(watch.wait("abcdefghij", deadline, [](const auto& pod) { return !pod; }));
}

TEST_F(KubernetesApi, TheServersAccountMayDoWhatItNeedsAndNothingElse) {
  const auto account = test::server_account(cluster_, place_);
  std::set<std::string> needed;
  for (const auto& right : needed_rights(false, false))
    needed.insert(std::string(right.verb) + " " +
                  (right.resource.group.empty() ? "" : std::string(right.resource.group) + "/") +
                  std::string(right.resource.plural));
  EXPECT_EQ(test::rights_of(account, place_), needed);
  EXPECT_EQ(test::rights_of(account, cluster_.new_namespace()), std::set<std::string>());
  EXPECT_EQ(test::rights_of(account, "kube-system"), std::set<std::string>());

  KubeClient server(account);
  EXPECT_TRUE(check_rights(server, place_, needed_rights(false, false)));
  const auto more = check_rights(server, place_, needed_rights(true, false));
  ASSERT_FALSE(more);
  EXPECT_THAT(more.error().message, HasSubstr("patch networkpolicies"));
  EXPECT_FALSE(check_rights(server, "default", needed_rights(false, false)));

  // And so it is: what others' keys and other namespaces hold is not the server's to read.
  EXPECT_TRUE(server.list(pods, place_));
  EXPECT_EQ(server.list(secrets, place_).error().code, ErrorCode::permission_denied);
  EXPECT_EQ(server.list(pods, "kube-system").error().code, ErrorCode::permission_denied);
  EXPECT_EQ(server.list(namespaces, "").error().code, ErrorCode::permission_denied);
  EXPECT_EQ(server.create(config_maps, place_, map_named("a", "1")).error().code,
            ErrorCode::permission_denied);
  const Resource programs{"", "v1", "pods/berth-abcdefghij/exec", "PodExecOptions"};
  EXPECT_EQ(server.create(programs, place_, Json::object()).error().code, ErrorCode::permission_denied);
}

}  // namespace
}  // namespace berth::server::kubernetes
