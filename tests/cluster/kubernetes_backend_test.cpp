// SPDX-License-Identifier: GPL-3.0-or-later
// The kubernetes backend on a real node, with berth-runner itself: the contract that every backend keeps, and
// what only pods can suffer.
#include <atomic>
#include <future>
#include <set>
#include <thread>

#include "kubernetes_node.hpp"

namespace berth::server::kubernetes {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;

TEST_F(KubernetesNode, KeepsTheContractOfBackends) {
  auto tried = subject();
  const auto clauses = all_clauses();
  std::atomic<std::size_t> next = 0;
  std::vector<std::jthread> lanes;  // a node takes seconds to end a pod
  for (int i = 0; i < 4; ++i)
    lanes.emplace_back([&] {
      for (auto at = next++; at < clauses.size(); at = next++)
        EXPECT_EQ(clauses[at].second(tried), "") << clauses[at].first;
    });
}

TEST_F(KubernetesNode, APersonWorksInAPod) {
  const auto id = local::new_workspace_id();
  const auto address = backend_->start(request(id));
  ASSERT_TRUE(address) << address.error().message << address.error().detail;
  {
    test::RunnerClient client(runner_at(id, *address));
    EXPECT_EQ(client.hello().workspace, id);
    test::TestTerminal terminal(client);
    terminal.type(
        "id; cat /proc/1/comm; ls /.berth-start; echo over''there > ~/project/typed.txt; cat "
        "/proc/self/status | head -60\n");
    EXPECT_TRUE(terminal.see("uid=1000(berth) gid=1000(berth)", 20s)) << terminal.output();
    EXPECT_TRUE(terminal.see("CapBnd:\t0000000000000000")) << terminal.output();
    EXPECT_TRUE(terminal.see("NoNewPrivs:\t1")) << terminal.output();
    EXPECT_TRUE(terminal.see("Seccomp:\t2")) << terminal.output();
    EXPECT_THAT(terminal.output(), testing::Not(HasSubstr("start.json")))
        << "the start is gone before anybody's program runs";
  }
  ASSERT_TRUE(local::eventually([&] { return backend_->stop(id, 10'000).has_value(); }, 180s));
  EXPECT_THAT(home_files(id), testing::Contains("project/typed.txt"));
  const auto again = backend_->start(request(id));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_THAT(home_files(id), testing::Contains("project/typed.txt")) << "a fresh pod with the files there";
}

TEST_F(KubernetesNode, AServerStartedAnewFindsWhatRuns) {
  const auto id = local::new_workspace_id();
  const auto address = backend_->start(request(id));
  ASSERT_TRUE(address) << address.error().message << address.error().detail;
  const auto second = open(options());
  const auto status = second->poll(id);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->state, BackendState::running);
  ASSERT_TRUE(status->address);
  EXPECT_EQ(status->address->runner_key, address->runner_key);
  EXPECT_EQ(second->start(request(id))->runner_key, address->runner_key) << "not a second pod";
}

TEST_F(KubernetesNode, SaysWhyAWorkspaceDoesNotStartOrEnded) {
  auto without = options();
  without.default_image = "localhost/no-such-image:1";
  without.start_deadline = 20s;
  const auto other = open(without);
  const auto id = local::new_workspace_id();
  const auto missing = other->start(request(id));
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("localhost/no-such-image:1"));
  EXPECT_EQ(other->poll(id)->state, BackendState::absent) << "and nothing is left of it";

  auto nowhere = options();
  nowhere.default_image = "127.0.0.1:1/no-such-image:1";
  nowhere.pods.pull_policy = "IfNotPresent";
  nowhere.start_deadline = 10s;
  const auto unpulled = open(nowhere)->start(request(local::new_workspace_id()));
  ASSERT_FALSE(unpulled);
  EXPECT_THAT(
      unpulled.error().message,
      AllOf(HasSubstr("The image 127.0.0.1:1/no-such-image:1 can't be pulled"), HasSubstr("refused")));

  auto large = request(local::new_workspace_id());
  large.limits.memory = 1ull << 50;
  const auto full = other->start(large);
  ASSERT_FALSE(full);
  EXPECT_THAT(full.error().message, HasSubstr("No node"));

  const auto killed = local::new_workspace_id();
  ASSERT_TRUE(backend_->start(request(killed)));
  kill_runner(killed);
  ASSERT_TRUE(local::eventually([&] { return backend_->poll(killed)->state == BackendState::failed; }, 30s));
  EXPECT_EQ(backend_->poll(killed)->reason, "The workspace's runner was ended by signal 9.");
}

TEST_F(KubernetesNode, ServersThatStartOneWorkspaceAtOnceHaveOnePod) {
  const auto id = local::new_workspace_id();
  const auto second = open(options());
  const auto third = open(options());
  std::vector<std::future<Result<RunnerAddress>>> starts;
  for (auto* backend : {backend_.get(), second.get(), third.get()})
    starts.push_back(
        std::async(std::launch::async, [this, backend, id] { return backend->start(request(id)); }));
  std::vector<protocol::PublicKey> keys;
  for (auto& start : starts) {
    const auto address = start.get();
    ASSERT_TRUE(address) << address.error().message << address.error().detail;
    keys.push_back(address->runner_key);
  }
  EXPECT_EQ(keys, std::vector(3, keys[0]));
  EXPECT_EQ(count(pods), 1u);
  EXPECT_EQ(count(secrets), 1u);
}

TEST_F(KubernetesNode, AReadyPodIsOnePersonsAloneAndRunsAtOnce) {
  auto with_pool = options();
  with_pool.client =
      cluster_.client_settings();  // the base's account may not change pods: a component adds that
  const auto first = open(with_pool), second = open(with_pool);
  for (const auto* backend : {&first, &second}) (*backend)->keep_ready(request(""), {.count = 2});
  std::set<std::string> ids;
  for (int i = 0; i < 4; ++i) {
    auto& backend = i % 2 == 0 ? first : second;
    std::optional<std::string> id;
    ASSERT_TRUE(local::eventually(
        [&] {
          const auto claimed = backend->claim_ready("empty");
          if (claimed) id = *claimed;
          return id.has_value();
        },
        60s));
    EXPECT_TRUE(ids.insert(*id).second) << *id << " was given twice";
    const auto ready = pod_uid(*id);
    const auto address = backend->start(request(*id));
    ASSERT_TRUE(address) << address.error().message;
    EXPECT_EQ(pod_uid(*id), ready) << "the pod that was ready, not one made for it";
    test::RunnerClient client(runner_at(*id, *address));
    EXPECT_EQ(client.hello().workspace, *id);
  }
  for (const auto* backend : {&first, &second}) (*backend)->keep_ready(request(""), {.count = 0});
  EXPECT_TRUE(local::eventually([&] { return count(pods) == 4; }, 120s)) << "those that somebody has stay";
}

TEST_F(KubernetesNode, NothingIsLeftBehind) {
  const auto id = local::new_workspace_id();
  start(id);
  EXPECT_EQ(containers_on_node(), 3u) << "what holds the pod, what prepared it, and the workspace";
  // A node that is busy is told of, and stopping is then asked for again.
  ASSERT_TRUE(local::eventually([&] { return backend_->stop(id, 2'000).has_value(); }, 180s));
  ASSERT_TRUE(local::eventually([&] { return backend_->forget(id).has_value(); }, 60s));
  EXPECT_TRUE(local::eventually(
      [&] { return count(pods) + count(secrets) + count(volume_claims) + containers_on_node() == 0; }, 180s))
      << cluster_.shell("kubectl -n " + place_ + " get pods,secrets,pvc; ctr containers ls");
}

}  // namespace
}  // namespace berth::server::kubernetes
