// SPDX-License-Identifier: GPL-3.0-or-later
// What befalls a cluster while somebody works in it: pods that are deleted or run out of memory, a kubelet
// and an API server that are away for a minute, watches that are cut. What runs goes on, and there is never a
// second pod for one workspace.
#include "kubernetes_node.hpp"
#include "tests/fault_proxy.hpp"

namespace berth::server::kubernetes {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::StartsWith;

constexpr auto outage = 60s;

/// Somebody at work in a workspace, by the runner's own connection.
class Person {
 public:
  explicit Person(const test::RunnerPlace& place) : client_(place), terminal_(client_) {}

  /// Whether the shell still does what is typed.
  bool works() {
    const auto mark = "turn" + std::to_string(++turns_);
    terminal_.type("echo " + mark.substr(0, 4) + "''" + mark.substr(4) + "\n");
    return terminal_.see(mark, 10s);
  }
  test::RunnerClient& client() { return client_; }
  test::TestTerminal& terminal() { return terminal_; }

 private:
  test::RunnerClient client_;
  test::TestTerminal terminal_;
  int turns_ = 0;
};

class KubernetesFaults : public KubernetesNode {
 protected:
  /// With no more than this for an end, so that a node that is silent is told of soon.
  KubernetesBackendOptions hasty() const {
    auto hasty = options();
    hasty.end_deadline = 3s;
    return hasty;
  }
  /// As where the kernel ends a container whole: no memory is left, and the runner, larger than the rest, is
  /// no better off.
  void leave_no_memory(const std::string& id) const {
    cluster_.shell(
        "container=$(ctr containers ls -q 'labels.\"io.kubernetes.pod.name\"==" + pod_name(id) +
        ",labels.\"io.kubernetes.container.name\"==workspace')\n"
        "echo 1000 >/proc/$(ctr tasks ls | awk -v id=$container '$1 == id { print $2 }')/oom_score_adj\n"
        "group=$(find /sys/fs/cgroup/memory /sys/fs/cgroup/$BERTH_CLUSTER_GROUP -type d -name $container | "
        "head -n 1)\n"
        "if [ -e $group/memory.max ]; then echo 1M >$group/memory.max; exit; fi\n"
        // Refused, but what can be given back is: then the limit is what is in use.
        "for i in 1 2 3 4 5; do echo 1M >$group/memory.limit_in_bytes\n"
        "  cat $group/memory.usage_in_bytes >$group/memory.limit_in_bytes; done");
  }
  bool node_is_ready() const { return node_says("True"); }
  bool node_says(const std::string& ready) const {
    return cluster_.shell(
               "kubectl get node node1 -o "
               "'jsonpath={.status.conditions[?(@.type==\"Ready\")].status}'") == ready;
  }
};

TEST_F(KubernetesFaults, APodThatSomebodyDeletesIsAbsentAndStartsAgainWithItsFiles) {
  const auto id = local::new_workspace_id();
  const auto first = start(id);
  {
    Person person(runner_at(id, first));
    person.terminal().type("echo kept > ~/project/kept.txt; echo writ''ten\n");
    ASSERT_TRUE(person.terminal().see("written"));
  }
  cluster_.shell("kubectl -n " + place_ + " delete pod " + pod_name(id) + " --grace-period=1");
  EXPECT_TRUE(becomes(id, BackendState::absent));
  const auto again = start(id);
  EXPECT_NE(again.runner_key, first.runner_key);
  EXPECT_EQ(count(pods), 1u);
  EXPECT_THAT(home_files(id), Contains("project/kept.txt"));
  EXPECT_TRUE(Person(runner_at(id, again)).works());
}

TEST_F(KubernetesFaults, AProgramThatEatsAllMemoryEndsAndTheRunnerDoesNot) {
  const auto id = local::new_workspace_id();
  const auto address = start(id, 192ull << 20);
  Person person(runner_at(id, address));
  person.terminal().type("dd if=/dev/zero of=/dev/null bs=400M count=1; echo sta''tus $?\n");
  ASSERT_TRUE(person.terminal().see("status 137", 30s)) << person.terminal().output();
  EXPECT_TRUE(person.works()) << "in the same shell";
  EXPECT_EQ(state_of(id), BackendState::running);
  EXPECT_EQ(start(id).runner_key, address.runner_key);
}

TEST_F(KubernetesFaults, APodThatTheKernelEndsForItsMemorySaysSoAndStartsAgainWithItsFiles) {
  const auto id = local::new_workspace_id();
  const auto first = start(id, 128ull << 20);
  {
    Person person(runner_at(id, first));
    person.terminal().type("echo kept > ~/project/kept.txt; echo writ''ten\n");
    ASSERT_TRUE(person.terminal().see("written"));
    leave_no_memory(id);
    person.terminal().type("while :; do ls -lR /proc; done\n");
    ASSERT_TRUE(becomes(id, BackendState::failed, 60s)) << person.terminal().output();
  }
  EXPECT_EQ(backend_->poll(id)->reason,
            "The workspace was ended because it reached its memory limit of 128 MiB.");
  const auto again = start(id, 128ull << 20);
  EXPECT_NE(again.runner_key, first.runner_key);
  EXPECT_THAT(home_files(id), Contains("project/kept.txt"));
  EXPECT_TRUE(Person(runner_at(id, again)).works());
  EXPECT_EQ(count(pods), 1u);
}

TEST_F(KubernetesFaults, AWorkspaceThatTheNodeEvictsSaysWhyAndStartsAgainWithItsFiles) {
  auto narrow = options();
  narrow.pods.scratch_size = 512ull << 20;
  const auto backend = open(narrow);
  const auto id = local::new_workspace_id();
  const auto first = backend->start(request(id));
  ASSERT_TRUE(first) << first.error().message;
  {
    Person person(runner_at(id, *first));
    // More than it may write beside its home.
    person.terminal().type(
        "echo kept > ~/project/kept.txt; busybox fallocate -l 700M /tmp/full; echo writ''ten\n");
    ASSERT_TRUE(person.terminal().see("written", 60s)) << person.terminal().output();
    // The kubelet looks every ten seconds, at figures that may be as old.
    ASSERT_TRUE(becomes(id, BackendState::failed, 120s)) << person.terminal().output();
  }
  EXPECT_THAT(backend_->poll(id)->reason,
              AllOf(StartsWith("The workspace was ended because its programs wrote more outside"),
                    HasSubstr("ephemeral")));
  const auto again = start(id);
  EXPECT_NE(again.runner_key, first->runner_key);
  EXPECT_THAT(home_files(id), Contains("project/kept.txt"));
  EXPECT_TRUE(Person(runner_at(id, again)).works());
  EXPECT_EQ(count(pods), 1u);
}

TEST_F(KubernetesFaults, AnApiServerThatIsAwayForAMinuteChangesNothing) {
  const auto id = local::new_workspace_id(), other = local::new_workspace_id();
  const auto address = start(id);
  Person person(runner_at(id, address));
  cluster_.end_part("kube-apiserver");
  const auto end = steady_clock::now() + outage;
  const auto refused = backend_->start(request(other));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable) << refused.error().message;
  while (steady_clock::now() < end) {
    EXPECT_TRUE(person.works());
    const auto status = backend_->poll(id);
    // What can't be told is an error, never "it does not run": somebody would start it once more.
    if (status) {
      EXPECT_EQ(status->state, BackendState::running);
    } else {
      EXPECT_EQ(status.error().code, ErrorCode::unavailable) << status.error().message;
    }
  }
  cluster_.start_part("kube-apiserver");
  EXPECT_TRUE(becomes(id, BackendState::running, 60s));
  EXPECT_TRUE(person.works());
  EXPECT_EQ(start(id).runner_key, address.runner_key);
  EXPECT_EQ(count(pods), 1u) << "the one, and nothing of the start that was refused";
  start(other);
  EXPECT_EQ(count(pods), 2u);
}

TEST_F(KubernetesFaults, AKubeletThatIsAwayForAMinuteLeavesWhatRuns) {
  const auto id = local::new_workspace_id();
  const auto address = start(id);
  Person person(runner_at(id, address));
  cluster_.end_part("kubelet");
  const auto end = steady_clock::now() + outage;
  while (steady_clock::now() < end) {
    EXPECT_TRUE(person.works());
    EXPECT_EQ(state_of(id), BackendState::running);
    std::this_thread::sleep_for(1s);
  }
  EXPECT_TRUE(node_says("Unknown")) << "the cluster has noticed";
  EXPECT_EQ(start(id).runner_key, address.runner_key);
  cluster_.start_part("kubelet");
  EXPECT_TRUE(person.works());
  EXPECT_TRUE(local::eventually([&] { return node_is_ready(); }, 60s));
  EXPECT_EQ(state_of(id), BackendState::running);
  EXPECT_EQ(start(id).runner_key, address.runner_key);
  EXPECT_EQ(count(pods), 1u);
  EXPECT_TRUE(person.works());
}

TEST_F(KubernetesFaults, WhatIsStoppedOnASilentNodeHasNoSecondPodBeforeItHasEnded) {
  const auto id = local::new_workspace_id();
  const auto address = start(id);
  Person person(runner_at(id, address));
  const auto impatient = open(hasty());
  cluster_.end_part("kubelet");
  const auto stopped = impatient->stop(id, 1'000);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::timeout) << stopped.error().message;
  EXPECT_EQ(impatient->poll(id)->state, BackendState::stopping);
  const auto again = impatient->start(request(id));
  ASSERT_FALSE(again) << "it still runs there";
  EXPECT_EQ(again.error().code, ErrorCode::unavailable) << again.error().message;
  EXPECT_TRUE(person.works()) << "nobody has ended it yet";
  EXPECT_EQ(count(pods), 1u);
  cluster_.start_part("kubelet");
  // A kubelet that comes back takes its time over what ended, or was to end, without it.
  EXPECT_TRUE(becomes(id, BackendState::absent, 150s));
  EXPECT_NE(start(id).runner_key, address.runner_key);
  EXPECT_EQ(count(pods), 1u);
}

TEST_F(KubernetesFaults, AWatchThatIsCutIsMadeUpFor) {
  test::FaultProxy proxy(cluster_.api_port());
  auto by_proxy = options();
  by_proxy.client.access.server = "https://127.0.0.1:" + std::to_string(proxy.port());
  by_proxy.client.retry_for = 3s;
  by_proxy.client.longest_delay = 500ms;
  const auto cut_off = open(by_proxy);
  const auto deleted = local::new_workspace_id(), ended = local::new_workspace_id(),
             lasting = local::new_workspace_id();
  for (const auto& id : {deleted, ended, lasting}) ASSERT_TRUE(cut_off->start(request(id))) << id;
  proxy.set_refusing(true);
  cluster_.shell("kubectl -n " + place_ + " delete pod " + pod_name(deleted) + " --grace-period=1");
  kill_runner(ended);
  ASSERT_TRUE(becomes(ended, BackendState::failed));
  EXPECT_FALSE(cut_off->poll(deleted)) << "what can't be asked is not known";
  proxy.set_refusing(false);
  const auto comes_to = [&](const std::string& id, BackendState state) {
    return local::eventually(
        [&] {
          const auto status = cut_off->poll(id);
          return status && status->state == state;
        },
        30s);
  };
  EXPECT_TRUE(comes_to(deleted, BackendState::absent));
  EXPECT_TRUE(comes_to(ended, BackendState::failed));
  EXPECT_TRUE(comes_to(lasting, BackendState::running));
  // And cut again and again while it works.
  std::jthread cutter([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      std::this_thread::sleep_for(400ms);
      proxy.reset();
    }
  });
  // A start may fail then, for what was sent may not have arrived; the next one makes up for it.
  for (const auto& id : {deleted, ended, lasting})
    EXPECT_TRUE(local::eventually([&] { return cut_off->start(request(id)).has_value(); }, 60s));
  EXPECT_EQ(count(pods), 3u);
  EXPECT_TRUE(local::eventually([&] { return count(secrets) == 3; }, 30s))
      << "those of starts that failed go with their pods";
}

}  // namespace
}  // namespace berth::server::kubernetes
