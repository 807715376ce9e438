// SPDX-License-Identifier: GPL-3.0-or-later
// The kubernetes backend over a simulated cluster: the contract of all backends, and what it does when the
// cluster is slow, silent, or not of one mind. The same contract for a real node is in tests/cluster/.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <set>

#include "server/backends/kubernetes/kubernetes_backend.hpp"
#include "server/backends/kubernetes/runner_port.hpp"
#include "simulated_cluster.hpp"
#include "tests/contract/workspace_backend_clauses.hpp"
#include "tests/integration/local/local_fixture.hpp"

namespace berth::server::kubernetes {
namespace {

using namespace std::chrono_literals;
using test::SimulatedCluster;
using testing::HasSubstr;

class KubernetesBackendContract : public testing::Test {
 protected:
  KubernetesBackendContract() { backend_ = open(); }

  std::unique_ptr<KubernetesBackend> open(
      const std::function<void(KubernetesBackendOptions&)>& change = {}) const {
    KubernetesBackendOptions options;
    options.client.access.server = cluster_.url();
    options.client.access.direct = true;
    options.client.first_delay = 10ms;
    options.client.longest_delay = 100ms;
    options.client.retry_for = 5s;
    options.pods.name_space = "team";
    options.pods.runner_image = "berth-runner:1";
    options.pods.runner_port = cluster_.runner_port();
    options.templates = BERTH_TEMPLATES;
    options.default_image = "workspace:1";
    options.start_deadline = 20s;
    options.end_deadline = 10s;
    if (change) change(options);
    auto opened = KubernetesBackend::open(options);
    if (!opened) throw std::runtime_error(opened.error().message + " " + opened.error().detail);
    return std::move(*opened);
  }

  static bool is_dialable(const RunnerAddress& address) {
    return wait_for_port(address.host, address.port, std::chrono::steady_clock::now()).has_value();
  }
  BackendState state_of(const std::string& id) const {
    const auto status = backend_->poll(id);
    return status ? status->state : BackendState::failed;
  }

  KubeClient client() const {
    KubeClientSettings access;
    access.access.server = cluster_.url();
    access.access.direct = true;
    return KubeClient(access);
  }
  /// The workspace of the first pod there is.
  std::string first_pod() const {
    std::string id;
    EXPECT_TRUE(local::eventually([&] {
      const auto all = client().list(pods, "team");
      if (all && !all->items.empty()) id = pod_state(all->items.front()).workspace;
      return !id.empty();
    }));
    return id;
  }
  /// Of the one ready pod that `backend_` is to keep from now on; it runs, and the watch knows so.
  std::string keep_one_ready() {
    backend_ = open([](auto& options) {
      options.ready_pace.look = 20ms;
      options.ready_pace.longest_pause = 100ms;
    });
    backend_->keep_ready(request_for("", "python"), {.count = 1, .longest = 1h});
    const auto id = first_pod();
    EXPECT_TRUE(local::eventually([&] {  // nobody asks for it then
      const auto before = cluster_.asked("GET", "pods", pod_name(id));
      return state_of(id) == BackendState::running && cluster_.asked("GET", "pods", pod_name(id)) == before;
    }));
    return id;
  }
  bool has_home(const std::string& id) const {
    return !cluster_.object("persistentvolumeclaims", claim_name(id)).is_null();
  }

  SimulatedCluster cluster_;
  std::unique_ptr<KubernetesBackend> backend_;
};

TEST_F(KubernetesBackendContract, IsKept) {
  expect_all_clauses({backend_.get(), is_dialable,
                      [&](const std::string& id, const RunnerAddress&) {
                        cluster_.end_container(pod_name(id), {{"exitCode", 137}, {"reason", "Error"}});
                      },
                      [&](const std::string& id) { return cluster_.home_files(claim_name(id)); }});
}

TEST_F(KubernetesBackendContract, APolicyIsThereBeforeAnyPod) {
  EXPECT_EQ(cluster_.object("networkpolicies", policy_name)["spec"]["policyTypes"].size(), 2u);
  EXPECT_EQ(cluster_.count("pods"), 0u);
}

TEST_F(KubernetesBackendContract, AStartThatWasMadeButNotAnsweredIsFound) {
  const auto id = local::new_workspace_id();
  ASSERT_TRUE(backend_->start(request_for(id)));
  ASSERT_TRUE(backend_->stop(id, 1'000));
  cluster_.lose_next_answer();  // of the claim, which is there already
  EXPECT_TRUE(backend_->start(request_for(id)));
  ASSERT_TRUE(backend_->stop(id, 1'000));
  auto ephemeral = open([](auto& options) { options.pods.home = HomeKind::ephemeral; });
  const auto other = local::new_workspace_id();
  cluster_.lose_next_answer();  // of the pod
  const auto address = ephemeral->start(request_for(other));
  ASSERT_TRUE(address) << address.error().message << address.error().detail;
  EXPECT_TRUE(is_dialable(*address));
  EXPECT_EQ(cluster_.count("pods"), 1u);
}

TEST_F(KubernetesBackendContract, TwoServersNeverStartTwoPods) {
  auto second = open();
  const auto id = local::new_workspace_id();
  auto here = std::async(std::launch::async, [&] { return backend_->start(request_for(id)); });
  auto there = std::async(std::launch::async, [&] { return second->start(request_for(id)); });
  const auto one = here.get(), other = there.get();
  ASSERT_TRUE(one) << one.error().message << one.error().detail;
  ASSERT_TRUE(other) << other.error().message << other.error().detail;
  EXPECT_EQ(cluster_.count("pods"), 1u);
  EXPECT_EQ(one->runner_key, other->runner_key);
  for (auto* server : {backend_.get(), second.get()}) {
    const auto status = server->poll(id);
    ASSERT_TRUE(status && status->address);
    EXPECT_EQ(status->address->runner_key, one->runner_key);
  }
}

TEST_F(KubernetesBackendContract, WhatADeadServerLeftByHalfIsStartedAnew) {
  const auto id = local::new_workspace_id();
  PodSettings settings;
  settings.name_space = "team";
  settings.runner_image = "berth-runner:1";
  KubeClientSettings access;
  access.access.server = cluster_.url();
  access.access.direct = true;
  // A pod whose secret was never made: no node can ever begin it.
  ASSERT_TRUE(KubeClient(access).create(
      pods, "team", pod_object({id, {}, "KEY", "never-made"}, {"empty", "workspace:1", false}, settings)));
  EXPECT_EQ(state_of(id), BackendState::starting);
  const auto address = backend_->start(request_for(id));
  ASSERT_TRUE(address) << address.error().message << address.error().detail;
  EXPECT_TRUE(is_dialable(*address));
  EXPECT_EQ(cluster_.count("pods"), 1u);
}

TEST_F(KubernetesBackendContract, AServerStartedAnewFindsWhatRuns) {
  const auto id = local::new_workspace_id();
  const auto address = backend_->start(request_for(id));
  ASSERT_TRUE(address);
  backend_ = open();
  const auto status = backend_->poll(id);
  ASSERT_TRUE(status && status->address);
  EXPECT_EQ(status->state, BackendState::running);
  EXPECT_EQ(status->address->runner_key, address->runner_key);
  EXPECT_EQ(status->address->host, address->host);
}

TEST_F(KubernetesBackendContract, AWatchThatIsCutOrSilentHidesNothingForLong) {
  const auto id = local::new_workspace_id();
  cluster_.hold_watches(true);
  const auto address = backend_->start(request_for(id));
  ASSERT_TRUE(address) << "looked up, as the watch tells nothing: " << address.error().message;
  cluster_.hold_watches(false);
  cluster_.cut_watches();
  cluster_.end_container(pod_name(id), {{"exitCode", 137}, {"reason", "OOMKilled"}});
  EXPECT_TRUE(local::eventually([&] { return state_of(id) == BackendState::failed; }));
  EXPECT_THAT(backend_->poll(id)->reason, HasSubstr("memory limit of 512 MiB"));
}

TEST_F(KubernetesBackendContract, ABusyApiCostsTimeAlone) {
  const auto id = local::new_workspace_id();
  cluster_.refuse(3);
  const auto address = backend_->start(request_for(id));
  EXPECT_TRUE(address) << address.error().message << address.error().detail;
}

TEST_F(KubernetesBackendContract, AnImageThatIsNotThereIsNamedAndLeavesNothing) {
  auto hasty = open([](auto& options) { options.start_deadline = 1s; });
  cluster_.image_is_missing(true);
  const auto id = local::new_workspace_id();
  const auto address = hasty->start(request_for(id));
  ASSERT_FALSE(address);
  EXPECT_EQ(address.error().code, ErrorCode::timeout);
  EXPECT_THAT(address.error().message, HasSubstr("workspace:1 can't be pulled (manifest unknown)"));
  EXPECT_EQ(cluster_.count("pods"), 0u);
  EXPECT_EQ(cluster_.count("secrets"), 0u);
}

TEST_F(KubernetesBackendContract, AStartThatOutlivesItsLeaseLeavesThePodToTheNextHolder) {
  auto hasty = open([](auto& options) { options.start_deadline = 1s; });
  cluster_.image_is_missing(true);
  auto request = request_for(local::new_workspace_id());
  request.still_ours = [] { return false; };
  ASSERT_FALSE(hasty->start(request));
  EXPECT_EQ(cluster_.count("pods"), 1u);
}

TEST_F(KubernetesBackendContract, APodIsMadeOnceItsHomeIsBound) {
  auto patient = open([](auto& options) { options.claim_patience.unclaimed = 15s; });
  cluster_.claims_bind(false);
  const auto id = local::new_workspace_id();
  auto start = std::async(std::launch::async, [&] { return patient->start(request_for(id)); });
  ASSERT_TRUE(local::eventually(
      [&] { return cluster_.asked("GET", "persistentvolumeclaims", claim_name(id)) >= 3; }));
  EXPECT_EQ(cluster_.count("pods"), 0u) << "a scheduler would set it aside for a second";
  cluster_.claims_bind(true);
  EXPECT_TRUE(start.get());
}

TEST_F(KubernetesBackendContract, AClassThatBindsForPodsAloneIsWaitedForOnce) {
  auto hasty = open([](auto& options) { options.claim_patience.unclaimed = 300ms; });
  cluster_.claims_bind(false);
  const auto first = local::new_workspace_id(), second = local::new_workspace_id();
  ASSERT_TRUE(hasty->start(request_for(first)));
  EXPECT_GE(cluster_.asked("GET", "persistentvolumeclaims", claim_name(first)), 2u);
  ASSERT_TRUE(hasty->start(request_for(second)));
  EXPECT_EQ(cluster_.asked("GET", "persistentvolumeclaims", claim_name(second)), 0u);
}

TEST_F(KubernetesBackendContract, ARunnerThatAnswersRunsBeforeItsNodeSaysSo) {
  cluster_.node_tells_late(true);
  const auto id = local::new_workspace_id();
  const auto address = backend_->start(request_for(id));
  ASSERT_TRUE(address) << address.error().message << address.error().detail;
  EXPECT_TRUE(is_dialable(*address));
  EXPECT_EQ(cluster_.object("pods", pod_name(id))["status"]["phase"], "Pending");
  EXPECT_EQ(state_of(id), BackendState::running);
  EXPECT_EQ(backend_->seen().value()->at(id).state, BackendState::running);
  auto other = open();
  const auto status = other->poll(id);
  ASSERT_TRUE(status && status->address) << "another server asks the runner, too";
  EXPECT_EQ(status->state, BackendState::running);
  const auto joined = other->start(request_for(id));
  ASSERT_TRUE(joined) << joined.error().message;
  EXPECT_EQ(joined->runner_key, address->runner_key);
  cluster_.cut_watches();  // and all is listed anew
  cluster_.add_running({local::new_workspace_id()});
  ASSERT_TRUE(local::eventually([&] {
    const auto seen = backend_->seen();
    return seen && (*seen)->size() == 2;
  }));
  EXPECT_EQ(backend_->seen().value()->at(id).state, BackendState::running);
  cluster_.end_container(pod_name(id), {{"exitCode", 137}, {"reason", "OOMKilled"}});
  EXPECT_TRUE(local::eventually([&] { return state_of(id) == BackendState::failed; }));
}

TEST_F(KubernetesBackendContract, APodIsNotEndedBeforeItsNodeHasSaidThatItRuns) {
  cluster_.node_tells_late(true);
  const auto id = local::new_workspace_id();
  ASSERT_TRUE(backend_->start(request_for(id)));
  auto stop = std::async(std::launch::async, [&] { return backend_->stop(id, 1'000); });
  ASSERT_TRUE(local::eventually([&] { return state_of(id) == BackendState::stopping; }));
  EXPECT_EQ(cluster_.asked("DELETE", "pods", pod_name(id)), 0u);
  cluster_.node_tells_late(false);
  EXPECT_TRUE(stop.get());
  EXPECT_EQ(cluster_.count("pods"), 0u);
}

TEST_F(KubernetesBackendContract, APodThatSomebodyDeletesIsAbsent) {
  const auto id = local::new_workspace_id();
  ASSERT_TRUE(backend_->start(request_for(id)));
  cluster_.delete_pod(pod_name(id));
  EXPECT_TRUE(local::eventually([&] { return state_of(id) == BackendState::absent; }));
  EXPECT_TRUE(backend_->start(request_for(id)));
}

TEST_F(KubernetesBackendContract, ADeadNodeIsNoStopAndNoSecondPod) {
  auto hasty = open([](auto& options) { options.end_deadline = 1s; });
  const auto id = local::new_workspace_id();
  ASSERT_TRUE(hasty->start(request_for(id)));
  cluster_.node_is_dead(true);
  const auto stopped = hasty->stop(id, 100);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::timeout);
  EXPECT_TRUE(local::eventually([&] { return hasty->poll(id)->state == BackendState::stopping; }));
  EXPECT_FALSE(hasty->start(request_for(id))) << "while the old one may still run";
  EXPECT_EQ(hasty->forget(id).error().code, ErrorCode::conflict);
  cluster_.node_is_dead(false);
  EXPECT_TRUE(hasty->stop(id, 100));
  EXPECT_TRUE(hasty->start(request_for(id)));
}

TEST_F(KubernetesBackendContract, APodThatTheWatchNeverKnewOfIsNotAskedForWithoutAPause) {
  auto hasty = open([](auto& options) { options.end_deadline = 1s; });
  const auto id = local::new_workspace_id();
  cluster_.hold_watches(true);
  ASSERT_TRUE(hasty->start(request_for(id)));
  cluster_.node_is_dead(true);
  const auto before = cluster_.asked("GET", "pods", pod_name(id));
  const auto stopped = hasty->stop(id, 1'000);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::timeout);
  EXPECT_LE(cluster_.asked("GET", "pods", pod_name(id)) - before, 12u) << "in two seconds";
  cluster_.node_is_dead(false);
  EXPECT_TRUE(hasty->stop(id, 1'000));
}

TEST_F(KubernetesBackendContract, AStartCutsNoStopOfAnotherServerShort) {
  auto second = open([](auto& options) { options.end_deadline = 1s; });
  const auto id = local::new_workspace_id();
  const auto first = backend_->start(request_for(id));
  ASSERT_TRUE(first);
  cluster_.node_is_dead(true);  // it takes its time
  auto stop = std::async(std::launch::async, [&] { return backend_->stop(id, 5'000); });
  ASSERT_TRUE(local::eventually(
      [&] { return cluster_.object("pods", pod_name(id))["metadata"].contains("deletionTimestamp"); }));
  const auto early = second->start(request_for(id));
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().code, ErrorCode::unavailable);
  cluster_.node_is_dead(false);
  const auto stopped = stop.get();
  EXPECT_TRUE(stopped) << stopped.error().message;
  EXPECT_EQ(cluster_.asked("DELETE", "pods", pod_name(id)), 1u) << "the stop's own, with its grace";
  const auto again = second->start(request_for(id));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_NE(again->runner_key, first->runner_key);
}

TEST_F(KubernetesBackendContract, AStartWhoseSecretCantBeReadIsNotTakenForHalfOfOne) {
  auto second = open();
  cluster_.image_is_missing(true);
  const auto id = local::new_workspace_id();
  auto first = std::async(std::launch::async, [&] { return backend_->start(request_for(id)); });
  ASSERT_TRUE(local::eventually([&] { return cluster_.count("secrets") == 1; }));
  cluster_.hide_secrets(true);
  const auto other = second->start(request_for(id));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::permission_denied);
  EXPECT_EQ(cluster_.asked("DELETE", "pods", pod_name(id)), 0u);
  cluster_.hide_secrets(false);
  cluster_.image_is_missing(false);
  const auto started = first.get();
  EXPECT_TRUE(started) << started.error().message;
}

TEST_F(KubernetesBackendContract, NothingIsLeftBehind) {
  const auto id = local::new_workspace_id();
  ASSERT_TRUE(backend_->start(request_for(id)));
  EXPECT_EQ(cluster_.count("secrets"), 1u);
  ASSERT_TRUE(backend_->stop(id, 1'000));
  EXPECT_EQ(cluster_.count("secrets"), 0u) << "gone with the pod";
  ASSERT_TRUE(backend_->forget(id));
  EXPECT_EQ(cluster_.count("persistentvolumeclaims"), 0u);
  EXPECT_EQ(cluster_.count("pods"), 0u);
}

TEST_F(KubernetesBackendContract, TheStartIsHandedOverWhole) {
  const auto id = local::new_workspace_id();
  ASSERT_TRUE(backend_->start(request_for(id, "python")));
  const auto pod = cluster_.object("pods", pod_name(id));
  EXPECT_EQ(pod["spec"]["containers"][0]["image"], "workspace:1");
  EXPECT_THAT(cluster_.home_files(claim_name(id)), testing::Contains("project/main.py"));
  EXPECT_THAT(pod.dump(), testing::Not(HasSubstr("runner_secret_key")));
}

TEST_F(KubernetesBackendContract, EverythingIsSeenWithoutACall) {
  const auto id = local::new_workspace_id(), stopped = local::new_workspace_id();
  const auto address = backend_->start(request_for(id));
  ASSERT_TRUE(address);
  ASSERT_TRUE(backend_->start(request_for(stopped)));
  ASSERT_TRUE(backend_->stop(stopped, 1'000));
  std::vector<std::string> many;
  for (int i = 0; i < 300; ++i) many.push_back(local::new_workspace_id());
  cluster_.add_running(many);
  ASSERT_TRUE(local::eventually([&] { return backend_->seen().value()->size() == 301; }));
  const auto before = cluster_.requests();
  for (int round = 0; round < 50; ++round) {
    const auto seen = backend_->seen();
    ASSERT_TRUE(seen && *seen);
    ASSERT_EQ((*seen)->size(), 301u);
    EXPECT_EQ((*seen)->at(id).address->runner_key, address->runner_key);
    EXPECT_FALSE((*seen)->contains(stopped));
  }
  EXPECT_EQ(cluster_.requests(), before);
  cluster_.end_container(pod_name(id), {{"exitCode", 137}, {"reason", "OOMKilled"}});
  EXPECT_TRUE(
      local::eventually([&] { return backend_->seen().value()->at(id).state == BackendState::failed; }));
  EXPECT_THAT(backend_->seen().value()->at(id).reason, HasSubstr("memory limit"));
}

TEST_F(KubernetesBackendContract, AStartThatWaitsTellsWhatForAndIsLeftToTheNextServer) {
  cluster_.image_is_missing(true);
  const auto id = local::new_workspace_id();
  auto start = std::async(std::launch::async, [&] { return backend_->start(request_for(id)); });
  ASSERT_TRUE(local::eventually([&] {
    const auto seen = backend_->seen();
    return seen && *seen && (*seen)->contains(id) &&
           (*seen)->at(id).reason.find("manifest unknown") != std::string::npos;
  }));
  EXPECT_EQ(backend_->seen().value()->at(id).state, BackendState::starting);
  backend_->leave();
  const auto left = start.get();
  ASSERT_FALSE(left);
  EXPECT_EQ(left.error().code, ErrorCode::cancelled);
  EXPECT_EQ(cluster_.count("pods"), 1u) << "it goes on";
  const auto pod = cluster_.object("pods", pod_name(id))["metadata"]["uid"];
  cluster_.image_is_missing(false);
  backend_ = open();
  EXPECT_TRUE(backend_->start(request_for(id)));
  EXPECT_EQ(cluster_.object("pods", pod_name(id))["metadata"]["uid"], pod) << "joined";
}

TEST_F(KubernetesBackendContract, APodThatIsReadyIsClaimedOnceAndIsAWorkspaceFromThenOn) {
  const auto quick = [](auto& options) { options.ready_pace.look = 20ms; };
  backend_ = open(quick);
  auto second = open(quick);
  for (auto* server : {backend_.get(), second.get()})
    server->keep_ready(request_for("", "python"), {.count = 1, .longest = 1h});
  std::vector<std::string> got;
  ASSERT_TRUE(local::eventually([&] {
    for (auto* server : {backend_.get(), second.get()})
      if (auto id = server->claim_ready("python"); id && *id) got.push_back(**id);
    return got.size() >= 3;
  }));
  EXPECT_EQ(std::set(got.begin(), got.end()).size(), got.size());
  const auto uid = [&] {
    return cluster_.object("pods", pod_name(got[0])).at("metadata").at("uid").get<std::string>();
  };
  const auto ready = uid();
  const auto address = second->start(request_for(got[0], "python"));
  EXPECT_EQ(uid(), ready) << "another pod was made";
  ASSERT_TRUE(address);
  EXPECT_TRUE(is_dialable(*address));
  EXPECT_THAT(cluster_.home_files(claim_name(got[0])), testing::Contains("project/main.py"));
  // The home of one that is being made is there before its pod says whose it is.
  EXPECT_TRUE(local::eventually([&] {
    const auto listed = backend_->list();
    return listed && *listed == std::vector{got[0]};
  })) << "those that wait, or were only taken, are nobody's";
  EXPECT_TRUE(local::eventually([&] {
    const auto seen = backend_->seen();
    return seen && *seen && (*seen)->size() == 1 && (*seen)->contains(got[0]);
  }));
  EXPECT_TRUE(backend_->stop(got[0], 1'000));
  EXPECT_TRUE(backend_->forget(got[0]));
}

/// A server that dies between taking one and making a workspace of it leaves nothing for ever.
TEST_F(KubernetesBackendContract, WhatWasTakenAndNeverStartedEndsWithItsHome) {
  const auto hasty = [](auto& options) {
    options.ready_pace.look = 20ms;
    options.ready_pace.unused = 5s;
  };
  backend_ = open(hasty);
  backend_->keep_ready(request_for("", "python"), {.count = 1, .longest = 1h});
  std::vector<std::string> got;
  ASSERT_TRUE(local::eventually([&] {
    if (auto id = backend_->claim_ready("python"); id && *id) {
      got.push_back(**id);
      if (got.size() == 1) {
        EXPECT_TRUE(backend_->start(request_for(got[0], "python")));
      }
    }
    return got.size() == 2;
  }));
  EXPECT_TRUE(local::eventually(
      [&] {
        return cluster_.object("pods", pod_name(got[1])).is_null() &&
               cluster_.object("persistentvolumeclaims", claim_name(got[1])).is_null();
      },
      20s));
  EXPECT_EQ(state_of(got[0]), BackendState::running);
  EXPECT_FALSE(cluster_.object("persistentvolumeclaims", claim_name(got[0])).is_null());
}

TEST_F(KubernetesBackendContract, ATemplatesImageIsTheOneThatTheClusterNamesForIt) {
  auto named = open([](auto& options) { options.images = {{"python", "registry.example.org/python:2"}}; });
  const auto image = [&](const std::string& id) {
    return cluster_.object("pods", pod_name(id))["spec"]["containers"][0]["image"];
  };
  const auto python = local::new_workspace_id(), empty = local::new_workspace_id();
  ASSERT_TRUE(named->start(request_for(python, "python")));
  ASSERT_TRUE(named->start(request_for(empty, "empty")));
  EXPECT_EQ(image(python), "registry.example.org/python:2");
  EXPECT_EQ(image(empty), "workspace:1") << "others have the default one";
  named->keep_ready(request_for("", "python"), {.count = 1, .longest = 1h});
  ASSERT_TRUE(local::eventually([&] { return cluster_.count("pods") == 3; }));
  const auto all = client().list(pods, "team");
  ASSERT_TRUE(all);
  for (const auto& pod : all->items) {
    if (pod_state(pod).ready.empty()) continue;
    EXPECT_EQ(pod["spec"]["containers"][0]["image"], "registry.example.org/python:2") << "ready ones too";
  }
}

TEST_F(KubernetesBackendContract, TheImageThatAStartAsksForIsBeforeTheClusters) {
  auto named = open([](auto& options) { options.images = {{"python", "registry.example.org/python:2"}}; });
  EXPECT_EQ(*named->image_of("python"), "registry.example.org/python:2");
  EXPECT_EQ(*named->image_of("empty"), "workspace:1");
  const auto image = [&](const std::string& id) {
    return cluster_.object("pods", pod_name(id))["spec"]["containers"][0]["image"];
  };
  auto request = request_for(local::new_workspace_id(), "python");
  request.image = "registry.example.org/python:3";
  ASSERT_TRUE(named->start(request));
  EXPECT_EQ(image(request.workspace), "registry.example.org/python:3");
  // Of those that are kept ready each is of the image that was wished for last.
  auto wish = request_for("", "python");
  const auto claimed = [&] {
    std::optional<std::string> got;
    EXPECT_TRUE(local::eventually([&] {
      if (auto id = named->claim_ready("python"); id && *id) got = **id;
      return got.has_value();
    }));
    return got.value_or("");
  };
  named->keep_ready(wish, {.count = 1, .longest = 1h});
  EXPECT_EQ(image(claimed()), "registry.example.org/python:2");
  wish.image = "registry.example.org/python:4";
  named->keep_ready(wish, {.count = 1, .longest = 1h});
  EXPECT_EQ(image(claimed()), "registry.example.org/python:4");
}

TEST_F(KubernetesBackendContract, OfAReadyPodThatIsGoneTheHomeIsLeft) {
  const auto id = keep_one_ready();
  // Somebody claimed it and stopped his workspace, and of that nothing is heard here.
  cluster_.hold_watches(true);
  cluster_.delete_pod(pod_name(id));
  backend_->keep_ready(request_for("", "python"), {.count = 0, .longest = 1h});
  EXPECT_TRUE(local::eventually([&] { return cluster_.asked("DELETE", "pods", pod_name(id)) >= 2; }));
  EXPECT_TRUE(has_home(id));
  cluster_.hold_watches(false);
}

TEST_F(KubernetesBackendContract, AHomeThatCantBeRemovedWithItsReadyPodIsTriedAgain) {
  const auto id = keep_one_ready();
  cluster_.keep_claims(true);
  backend_->keep_ready(request_for("", "python"), {.count = 0, .longest = 1h});
  EXPECT_TRUE(local::eventually([&] {
    return cluster_.object("pods", pod_name(id)).is_null() &&
           cluster_.asked("DELETE", "persistentvolumeclaims", claim_name(id)) >= 3;
  }));
  EXPECT_TRUE(has_home(id));
  cluster_.keep_claims(false);
  EXPECT_TRUE(local::eventually([&] { return !has_home(id); }));
}

/// As after a DELETE that was done and not answered.
TEST_F(KubernetesBackendContract, TheHomeOfAReadyPodThatIsOnItsWayOutGoes) {
  const auto id = keep_one_ready();
  cluster_.node_is_dead(true);
  cluster_.hold_watches(true);
  ASSERT_TRUE(client().remove(pods, "team", pod_name(id), {.grace_seconds = 1}));
  backend_->keep_ready(request_for("", "python"), {.count = 0, .longest = 1h});
  EXPECT_TRUE(local::eventually([&] { return !has_home(id); }));
  EXPECT_FALSE(cluster_.object("pods", pod_name(id)).is_null()) << "nor was it gone";
  cluster_.hold_watches(false);
}

TEST_F(KubernetesBackendContract, WhatWasTakenIsKeptByAStartBeforeItsNodeSaysThatItRuns) {
  cluster_.node_tells_late(true);
  const auto taker = open([](auto& options) { options.ready_pace.look = 20ms; });
  taker->keep_ready(request_for("", "python"), {.count = 1, .longest = 1h});
  const auto id = first_pod();
  ASSERT_TRUE(local::eventually([&] {  // who asks it is answered before the node says so
    static_cast<void>(taker->poll(id));
    const auto taken = taker->claim_ready("python");
    return taken && *taken && **taken == id;
  }));
  const auto label = [&] { return cluster_.object("pods", pod_name(id))["metadata"]["labels"][ready_label]; };
  ASSERT_EQ(label(), ready_taking);
  EXPECT_TRUE(backend_->start(request_for(id, "python")));
  EXPECT_EQ(cluster_.object("pods", pod_name(id))["status"]["phase"], "Pending");
  EXPECT_EQ(label(), ready_claimed);
}

TEST_F(KubernetesBackendContract, SettingsThatCantBeAreRefusedAtOnce) {
  KubernetesBackendOptions options;
  options.client.access.server = cluster_.url();
  const auto refused = KubernetesBackend::open(options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
  EXPECT_THAT(refused.error().message, HasSubstr("runner_image"));
}

}  // namespace
}  // namespace berth::server::kubernetes
