// SPDX-License-Identifier: GPL-3.0-or-later
// The real berthd with workspaces in a cluster: the API is simulated, the runners in its pods are real. The
// same on a real node: tests/cluster.
#include <gmock/gmock.h>

#include <fstream>
#include <future>

#include "berthd_process.hpp"
#include "pod_runners.hpp"
#include "tests/integration/gateway/gateway_fixture.hpp"

namespace berth::server::testing {
namespace {

using protocol::Json;
using test::PodRunners;
using test::SimulatedCluster;
using ::testing::HasSubstr;

bool becomes(const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

class BerthdKubernetesTest : public ::testing::Test {
 protected:
  DataPlace place;
  PodRunners programs{place.path()};
  SimulatedCluster cluster;
  std::unique_ptr<BerthdProcess> server;
  std::string token;

  void SetUp() override { cluster.run(programs); }
  void TearDown() override {
    if (!server) return;
    EXPECT_EQ(server->terminate(), 0) << server->log();
  }

  std::string kubeconfig(const std::string& url) {
    const auto file = place.path() / "kubeconfig";
    std::ofstream(file) << protocol::to_text(
        {{"apiVersion", "v1"},
         {"kind", "Config"},
         {"current-context", "test"},
         {"clusters", Json::array({{{"name", "test"}, {"cluster", {{"server", url}}}}})},
         {"users", Json::array({{{"name", "test"}, {"user", {{"token", "a-token"}}}}})},
         {"contexts",
          Json::array({{{"name", "test"},
                        {"context", {{"cluster", "test"}, {"user", "test"}, {"namespace", "team"}}}}})}});
    return file;
  }
  std::vector<std::string> options(const std::vector<std::string>& more = {}) {
    std::vector<std::string> all{"--backend",
                                 "kubernetes",
                                 "--kubernetes-kubeconfig",
                                 kubeconfig(cluster.url()),
                                 "--kubernetes-runner-image",
                                 "berth-runner:1",
                                 "--kubernetes-default-image",
                                 "workspace:1",
                                 "--kubernetes-runner-port",
                                 std::to_string(cluster.runner_port())};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  void serve(const std::vector<std::string>& more = {}) {
    server = std::make_unique<BerthdProcess>(place, options(more));
    if (token.empty())
      token = register_account(*server, "ann@example.org")["access_token"];
    else
      token = json_of(call(*server, "POST", "/api/v1/auth/sign_in", {},
                           {{"email", "ann@example.org"}, {"password", test_password}}))["access_token"];
  }

  Reply ask(const std::string& method, const std::string& target, const Json& body = nullptr) {
    return call(*server, method, target, token, body);
  }
  Json create(const std::string& template_id = "python") {
    const auto reply =
        ask("POST", "/api/v1/workspaces", {{"name", "work"}, {"template_id", template_id}, {"start", true}});
    EXPECT_EQ(reply.status, 200) << reply.body;
    return json_of(reply);
  }
  Json workspace(const std::string& id) { return json_of(ask("GET", "/api/v1/workspaces/" + id)); }
  bool reaches(const std::string& id, const std::string& state) {
    return becomes([&] { return workspace(id)["state"] == state; });
  }
  Reply file(const std::string& method, const std::string& id, const std::string& name,
             const std::string& body = {}) {
    return fetch(server->port(), method, "/api/v1/workspaces/" + id + "/file?path=project/" + name,
                 {{"Host", server->host()}, {"Authorization", "Bearer " + token}}, body);
  }
  void run_in_terminal(const std::string& id, const std::string& command) {
    auto wire = Wire::connect_tcp(server->port());
    wire.send(test::request_text(
        "GET", "/api/v1/workspaces/" + id + "/connect",
        test::websocket_fields(
            server->host(), {{"Authorization", "Bearer " + token}, {"Sec-WebSocket-Protocol", "berth.v1"}})));
    ASSERT_EQ(test::read_reply(wire).status, 101);
    test::WebSocket socket(std::move(wire));
    test::hello(socket);
    test::call(socket, "terminal/open", {{"columns", 80}, {"rows", 24}, {"command", command}});
  }
};

TEST_F(BerthdKubernetesTest, TheMainJob) {
  serve();
  const auto made = create();
  ASSERT_EQ(made["state"], "running") << made << server->log();
  const std::string id = made["id"];
  EXPECT_EQ(cluster.count("pods"), 1u);
  EXPECT_NE(file("GET", id, "main.py").body, "") << "the template's";
  ASSERT_EQ(file("PUT", id, "edited.txt", "kept\n").status, 200);
  run_in_terminal(id, "echo from-the-terminal > typed.txt");
  ASSERT_TRUE(becomes([&] { return file("GET", id, "typed.txt").body == "from-the-terminal\n"; }));

  EXPECT_EQ(json_of(ask("POST", "/api/v1/workspaces/" + id + "/stop"))["state"], "stopped") << server->log();
  EXPECT_EQ(cluster.count("pods"), 0u);
  EXPECT_EQ(file("GET", id, "edited.txt").body, "kept\n") << "of its last version";
  const auto refused = file("PUT", id, "edited.txt", "changed");
  EXPECT_EQ(refused.status, 503);
  EXPECT_THAT(refused.body, HasSubstr("start it first"));
  const auto archive = ask("GET", "/api/v1/workspaces/" + id + "/archive?format=zip&path=project");
  EXPECT_EQ(archive.status, 200) << archive.body.substr(0, 200);
  EXPECT_THAT(archive.body, HasSubstr("typed.txt"));

  const auto again = json_of(ask("POST", "/api/v1/workspaces/" + id + "/start"));
  EXPECT_EQ(again["state"], "running") << again;
  EXPECT_EQ(file("GET", id, "edited.txt").body, "kept\n");
  EXPECT_EQ(file("GET", id, "typed.txt").body, "from-the-terminal\n");

  EXPECT_EQ(ask("DELETE", "/api/v1/workspaces/" + id).status, 200);
  for (const char* kind : {"pods", "secrets", "persistentvolumeclaims"}) EXPECT_EQ(cluster.count(kind), 0u);
}

TEST_F(BerthdKubernetesTest, APodThatEndsIsToldInWordsAndStartedAgainWithItsFiles) {
  serve();
  const std::string id = create()["id"];
  ASSERT_EQ(file("PUT", id, "edited.txt", "kept\n").status, 200);
  cluster.end_container("berth-" + id, {{"exitCode", 137}, {"reason", "OOMKilled"}});
  ASSERT_TRUE(becomes([&] {
    const auto now = workspace(id);
    return now["state"] == "running" && now["reason"].get<std::string>().contains("started again");
  })) << workspace(id)
      << server->log();
  EXPECT_THAT(workspace(id)["reason"].get<std::string>(), HasSubstr("memory limit of 512 MiB"));
  EXPECT_EQ(file("GET", id, "edited.txt").body, "kept\n");
  EXPECT_EQ(cluster.count("pods"), 1u);
}

TEST_F(BerthdKubernetesTest, AnEphemeralHomeComesBackFromItsLastVersion) {
  serve({"--kubernetes-home", "ephemeral"});
  const auto made = create();
  const std::string id = made["id"];
  EXPECT_THAT(made["reason"].get<std::string>(), HasSubstr("Its files end with the machine"));
  EXPECT_EQ(cluster.count("persistentvolumeclaims"), 0u);
  ASSERT_EQ(file("PUT", id, "edited.txt", "kept\n").status, 200);
  ASSERT_TRUE(becomes([&] {
    return ask("GET", "/api/v1/workspaces/" + id + "/versions").body.contains("\"id\"");
  })) << "stored soon after";
  EXPECT_EQ(json_of(ask("POST", "/api/v1/workspaces/" + id + "/stop"))["state"], "stopped");
  EXPECT_EQ(json_of(ask("POST", "/api/v1/workspaces/" + id + "/start"))["state"], "running");
  EXPECT_EQ(file("GET", id, "edited.txt").body, "kept\n");
  cluster.delete_pod("berth-" + id);
  ASSERT_TRUE(becomes([&] {
    return workspace(id)["reason"].get<std::string>().contains("removed from outside") &&
           workspace(id)["state"] == "running";
  })) << workspace(id);
  EXPECT_EQ(file("GET", id, "edited.txt").body, "kept\n");
}

TEST_F(BerthdKubernetesTest, AServerStartedAnewFindsWhatRunsAndStartsWhatEnded) {
  serve();
  const std::string id = create()["id"], other = create("empty")["id"];
  ASSERT_EQ(file("PUT", id, "edited.txt", "kept\n").status, 200);
  server->crash();
  cluster.end_container("berth-" + other, {{"exitCode", 1}, {"reason", "Error"}});
  serve();
  ASSERT_TRUE(reaches(id, "running"));
  ASSERT_TRUE(becomes([&] { return file("GET", id, "edited.txt").body == "kept\n"; }));
  ASSERT_TRUE(reaches(other, "running")) << workspace(other) << server->log();
  EXPECT_THAT(workspace(other)["reason"].get<std::string>(), HasSubstr("ended with status 1"));
  EXPECT_EQ(file("PUT", other, "new.txt", "it works\n").status, 200);
  EXPECT_EQ(cluster.count("pods"), 2u);
}

TEST_F(BerthdKubernetesTest, VersionsForksAndRestoresNeedNoHomeOnThisMachine) {
  serve();
  const std::string id = create()["id"];
  const auto path = "/api/v1/workspaces/" + id;
  ASSERT_EQ(file("PUT", id, "edited.txt", "first\n").status, 200);
  const auto named = ask("POST", path + "/versions", {{"name", "the first"}});
  ASSERT_EQ(named.status, 200) << named.body;
  ASSERT_EQ(file("PUT", id, "edited.txt", "second\n").status, 200);
  ASSERT_EQ(json_of(ask("POST", path + "/stop"))["state"], "stopped");
  EXPECT_EQ(file("GET", id, "edited.txt").body, "second\n");
  const auto restored =
      ask("POST", path + "/versions/" + json_of(named)["id"].get<std::string>() + "/restore", Json::object());
  ASSERT_EQ(restored.status, 200) << restored.body;
  EXPECT_EQ(file("GET", id, "edited.txt").body, "first\n") << "of the version, while it is stopped";
  EXPECT_EQ(json_of(ask("POST", path + "/start"))["state"], "running");
  EXPECT_EQ(file("GET", id, "edited.txt").body, "first\n") << "brought into its home";
  const auto fork = json_of(ask("POST", "/api/v1/workspaces",
                                {{"name", "fork"}, {"template_id", "python"}, {"from_workspace", id}}));
  ASSERT_EQ(fork["state"], "running") << fork;
  EXPECT_EQ(file("GET", fork["id"], "edited.txt").body, "first\n");
}

TEST_F(BerthdKubernetesTest, AServerThatEndsInTheMiddleOfAStartLeavesItToTheNextOne) {
  serve();
  cluster.image_is_missing(true);
  auto creation = std::async(std::launch::async, [&] {
    try {
      static_cast<void>(
          ask("POST", "/api/v1/workspaces", {{"name", "work"}, {"template_id", "python"}, {"start", true}}));
    } catch (const std::exception&) {  // the server goes away under it
    }
  });
  ASSERT_TRUE(becomes([&] { return cluster.count("secrets") == 1; }));
  EXPECT_EQ(server->terminate(), 0);
  creation.get();
  EXPECT_EQ(cluster.count("pods"), 1u);
  cluster.image_is_missing(false);
  serve();
  ASSERT_TRUE(becomes([&] {
    const auto all = json_of(ask("GET", "/api/v1/workspaces"))["workspaces"];
    return all.size() == 1 && all[0]["state"] == "running";
  })) << ask("GET", "/api/v1/workspaces").body
      << server->log();
  EXPECT_EQ(cluster.count("pods"), 1u);
}

TEST_F(BerthdKubernetesTest, AnImageThatIsNotThereIsNamedWhileItIsWaitedForAndAfter) {
  serve({"--kubernetes-start-seconds", "8"});
  cluster.image_is_missing(true);
  auto creation = std::async(std::launch::async, [&] { return create(); });
  EXPECT_TRUE(becomes([&] {
    return ask("GET", "/api/v1/workspaces")
        .body.contains("The image workspace:1 can't be pulled (manifest unknown)");
  }));
  const auto failed = creation.get();
  EXPECT_EQ(failed["state"], "failed");
  EXPECT_THAT(failed["reason"].get<std::string>(), HasSubstr("workspace:1 can't be pulled"));
  cluster.image_is_missing(false);
  EXPECT_EQ(json_of(ask("POST", "/api/v1/workspaces/" + failed["id"].get<std::string>() + "/start"))["state"],
            "running");
}

TEST_F(BerthdKubernetesTest, ANewWorkspaceGetsAPodThatIsReady) {
  serve({"--kubernetes-warm", "python=1"});
  ASSERT_TRUE(becomes([&] { return server->log().contains("workspaces:") && cluster.count("pods") == 1; }));
  std::string ready;
  ASSERT_TRUE(becomes([&] {
    // Two seconds after it runs it is known to answer.
    const auto made = create();
    ready = made["id"];
    const auto pod = cluster.object("pods", "berth-" + ready);
    if (pod["metadata"]["labels"].value("berth.dev/ready", "") == "berth.claimed") return true;
    EXPECT_EQ(ask("DELETE", "/api/v1/workspaces/" + ready).status, 200);
    return false;
  })) << server->log();
  EXPECT_NE(file("GET", ready, "main.py").body, "");
  EXPECT_TRUE(becomes([&] { return cluster.count("pods") == 2; })) << "filled again";
}

TEST_F(BerthdKubernetesTest, AStartWithoutAClusterOrAnImageSaysWhatIsMissing) {
  const auto ended_with = [&](const std::vector<std::string>& more) {
    std::vector<std::string> all{
        "serve",         "--listen", "127.0.0.1:0",         "--preview-listen", "off",       "--templates",
        BERTH_TEMPLATES, "--data",   place.path() / "data", "--backend",        "kubernetes"};
    if (::geteuid() == 0) all.insert(all.end(), {"--user", "nobody"});
    all.insert(all.end(), more.begin(), more.end());
    const auto ended = run_berthd(all);
    EXPECT_EQ(ended.status, 1);
    return ended.output;
  };
  EXPECT_THAT(
      ended_with({"--kubernetes-kubeconfig", place.path() / "none", "--kubernetes-runner-image", "r:1"}),
      HasSubstr("There is no kubeconfig at"));
  EXPECT_THAT(ended_with({"--kubernetes-kubeconfig", kubeconfig(cluster.url())}), HasSubstr("runner_image"));
  cluster.deny("create pods");
  cluster.deny("get secrets");
  EXPECT_THAT(
      ended_with({"--kubernetes-kubeconfig", kubeconfig(cluster.url()), "--kubernetes-runner-image", "r:1"}),
      HasSubstr("may not do what it needs in the namespace team: create pods, get secrets."));
}

}  // namespace
}  // namespace berth::server::testing
