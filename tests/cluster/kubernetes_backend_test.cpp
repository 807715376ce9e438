// SPDX-License-Identifier: GPL-3.0-or-later
// The kubernetes backend on a real node, with berth-runner itself: the contract that every backend keeps, and
// what only pods can suffer.
#include "server/backends/kubernetes/kubernetes_backend.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "api_server.hpp"
#include "runner_client.hpp"
#include "server/backends/kubernetes/runner_port.hpp"
#include "tests/contract/workspace_backend_clauses.hpp"
#include "tests/integration/local/local_fixture.hpp"

namespace berth::server::kubernetes {
namespace {

using namespace std::chrono_literals;
using test::ClusterParts;
using test::TestCluster;
using testing::HasSubstr;
namespace fs = std::filesystem;

class KubernetesNode : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto& cluster = TestCluster::get(ClusterParts::whole_node);
    const auto images =
        std::string(BERTH_CLUSTER_SCRIPTS) + "/images " + cluster.state() + " " + BERTH_RUNNER;
    if (std::system(images.c_str()) != 0) throw std::runtime_error("the node takes no images");
  }

  KubernetesNode() : cluster_(TestCluster::get(ClusterParts::whole_node)), place_(cluster_.new_namespace()) {
    auto opened = KubernetesBackend::open(options());
    if (!opened) throw std::runtime_error(opened.error().message + " " + opened.error().detail);
    backend_ = std::move(*opened);
  }
  ~KubernetesNode() override {
    if (const auto all = backend_->list())
      for (const auto& id : *all) {
        EXPECT_TRUE(backend_->stop(id, 1'000));
        EXPECT_TRUE(backend_->forget(id));
      }
  }

  KubernetesBackendOptions options() const {
    KubernetesBackendOptions options;
    options.client = cluster_.client_settings();
    options.pods.name_space = place_;
    options.pods.runner_image = "localhost/berth-runner:test";
    options.pods.pull_policy = "Never";
    options.pods.storage_class = "test";
    options.pods.requested_share = 0.02;  // a contract's worth of workspaces on a small machine
    options.templates = BERTH_TEMPLATES;
    options.default_image = "localhost/berth-workspace:test";
    options.start_deadline = 90s;
    return options;
  }
  StartRequest request(const std::string& id) const {
    auto request = request_for(id);
    request.server_key = keys_.public_key;
    return request;
  }
  std::string shell(const std::string& command) const {
    const auto whole = "PATH=$PATH:" + std::string(std::getenv("BERTH_KUBE_PROGRAMS")) +
                       " KUBECONFIG=" + cluster_.state() + "/admin.conf; export KUBECONFIG; " + command +
                       " 2>&1";
    std::string output;
    FILE* pipe = popen(whole.c_str(), "r");
    char part[4096];
    while (const auto got = fread(part, 1, sizeof part, pipe)) output.append(part, got);
    pclose(pipe);
    return output;
  }
  void kill_runner(const std::string& id) const {
    const auto control = "ctr -a " + cluster_.state() + "/containerd.sock -n k8s.io ";
    shell(control + "tasks kill -s 9 $(" + control + "containers ls -q 'labels.\"io.kubernetes.pod.name\"==" +
          pod_name(id) + ",labels.\"io.kubernetes.container.name\"==workspace')");
  }
  std::vector<std::string> home_files(const std::string& id) const {
    const auto claim = KubeClient(cluster_.client_settings()).get(volume_claims, place_, claim_name(id));
    std::vector<std::string> files;
    if (!claim) return files;
    const auto volume = (*claim)["spec"].value("volumeName", std::string());
    if (!volume.starts_with("test-")) return files;
    const auto home = fs::path(cluster_.state()) / "volumes" / volume.substr(5) / "home";
    for (const auto& entry : fs::recursive_directory_iterator(home))
      files.push_back(fs::relative(entry.path(), home));
    std::ranges::sort(files);
    return files;
  }
  test::RunnerPlace runner_at(const std::string& id, const RunnerAddress& address) const {
    return {address.host + ":" + std::to_string(address.port), [this, id](protocol::Role role) {
              protocol::ConnectClaims claims;
              claims.workspace = id;
              claims.user = claims.user_name = "person";
              claims.role = role;
              claims.capabilities = {"session"};
              claims.expires = std::time(nullptr) + 30;
              claims.nonce = local::new_workspace_id() + local::new_workspace_id();
              return protocol::sign_connect_token(claims, keys_.secret_key);
            }};
  }
  Subject subject() {
    return {
        backend_.get(),
        [](const RunnerAddress& address) {
          return wait_for_port(address.host, address.port, std::chrono::steady_clock::now() + 1s).has_value();
        },
        [this](const std::string& id, const RunnerAddress&) { kill_runner(id); },
        [this](const std::string& id) { return home_files(id); }};
  }

  TestCluster& cluster_;
  const std::string place_;
  const protocol::KeyPair keys_ = protocol::generate_key_pair();
  std::unique_ptr<KubernetesBackend> backend_;
};

TEST_F(KubernetesNode, KeepsTheContractOfBackends) { expect_all_clauses(subject()); }

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
  ASSERT_TRUE(backend_->stop(id, 10'000));
  EXPECT_THAT(home_files(id), testing::Contains("project/typed.txt"));
  const auto again = backend_->start(request(id));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_THAT(home_files(id), testing::Contains("project/typed.txt")) << "a fresh pod with the files there";
}

TEST_F(KubernetesNode, AServerStartedAnewFindsWhatRuns) {
  const auto id = local::new_workspace_id();
  const auto address = backend_->start(request(id));
  ASSERT_TRUE(address) << address.error().message << address.error().detail;
  auto second = KubernetesBackend::open(options());
  ASSERT_TRUE(second);
  const auto status = (*second)->poll(id);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->state, BackendState::running);
  ASSERT_TRUE(status->address);
  EXPECT_EQ(status->address->runner_key, address->runner_key);
  EXPECT_EQ((*second)->start(request(id))->runner_key, address->runner_key) << "not a second pod";
}

TEST_F(KubernetesNode, SaysWhyAWorkspaceDoesNotStartOrEnded) {
  auto without = options();
  without.default_image = "localhost/no-such-image:1";
  without.start_deadline = 20s;
  auto other = KubernetesBackend::open(without);
  ASSERT_TRUE(other);
  const auto id = local::new_workspace_id();
  const auto missing = (*other)->start(request(id));
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("localhost/no-such-image:1"));
  EXPECT_EQ((*other)->poll(id)->state, BackendState::absent) << "and nothing is left of it";

  auto large = request(local::new_workspace_id());
  large.limits.memory = 1ull << 50;
  const auto full = (*other)->start(large);
  ASSERT_FALSE(full);
  EXPECT_THAT(full.error().message, HasSubstr("No node"));

  const auto killed = local::new_workspace_id();
  ASSERT_TRUE(backend_->start(request(killed)));
  kill_runner(killed);
  ASSERT_TRUE(local::eventually([&] { return backend_->poll(killed)->state == BackendState::failed; }, 30s));
  EXPECT_EQ(backend_->poll(killed)->reason, "The workspace's runner was ended by signal 9.");
}

TEST_F(KubernetesNode, APodThatSomebodyDeletesIsAbsentAndStartsAgain) {
  const auto id = local::new_workspace_id();
  const auto first = backend_->start(request(id));
  ASSERT_TRUE(first) << first.error().message;
  shell("kubectl -n " + place_ + " delete pod " + pod_name(id) + " --grace-period=1");
  EXPECT_TRUE(local::eventually([&] { return backend_->poll(id)->state == BackendState::absent; }, 30s));
  const auto again = backend_->start(request(id));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_NE(again->runner_key, first->runner_key);
}

TEST_F(KubernetesNode, NothingIsLeftBehind) {
  const auto id = local::new_workspace_id();
  ASSERT_TRUE(backend_->start(request(id)));
  ASSERT_TRUE(backend_->stop(id, 2'000));
  ASSERT_TRUE(backend_->forget(id));
  EXPECT_TRUE(local::eventually(
      [&] {
        KubeClient client(cluster_.client_settings());
        for (const auto& resource : {pods, secrets, volume_claims}) {
          const auto all = client.list(resource, place_, {.labels = workspace_selector(), .fields = {}});
          if (!all || !all->items.empty()) return false;
        }
        return true;
      },
      60s))
      << shell("kubectl -n " + place_ + " get pods,secrets,pvc");
}

}  // namespace
}  // namespace berth::server::kubernetes
