// SPDX-License-Identifier: GPL-3.0-or-later
// Two servers on one PostgreSQL: what an administrator changes at one holds at the other.
#include <iostream>
#include <set>

#include "tests/integration/replicas/replicas_fixture.hpp"
#include "window.hpp"

namespace berth::server::testing {
namespace {

using test::closing_reason;
using test::hello;
using namespace std::chrono_literals;

class AdministrationReplicas : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto made = test::fetch(
        first.port(), "POST", "/api/v1/setup",
        {{"Host", first.host()}, {"Berth-Client", "native"}, {"Content-Type", "application/json"}},
        Json{{"token", first.setup_token()},
             {"email", "root@example.org"},
             {"name", "Root"},
             {"password", "correct horse battery"}}
            .dump());
    ASSERT_EQ(made.status, 200) << made.body;
    root = json_of(made).at("access_token");
    ann = first.register_account("ann@example.org");
    ann_id = json_of(first.call("GET", "/me", ann)).at("id");
  }
  void TearDown() override {
    if (!HasFailure()) return;
    for (const auto* server : {&first, &second}) std::cerr << "--- a server's log\n" << server->log();
  }
  std::string make_workspace(const ReplicaProcess& server) const {
    const std::string id =
        json_of(server.call("POST", "/workspaces", ann, {{"name", "Test"}, {"template_id", "empty"}}))
            .at("id");
    EXPECT_TRUE(eventually([&] { return state_of(id) == "running"; }, 20s)) << state_of(id);
    return id;
  }
  std::string state_of(const std::string& id) const {
    return json_of(first.call("GET", "/admin/workspaces?query=" + id, root))
        .at("workspaces")
        .at(0)
        .at("state");
  }

  SharedPlace place;
  ReplicaProcess first{place, "first"}, second{place, "second"};
  std::string root, ann, ann_id;
};

TEST_F(AdministrationReplicas, ADisabledAccountIsOutEverywhereWithinASecond) {
  const auto workspace = make_workspace(first);
  const auto made = json_of(first.call("POST", "/me/tokens", ann, {{"name", "t"}, {"scopes", {"connect"}}}));
  auto by_sign_in = first.connect(workspace, ann);
  hello(by_sign_in);
  auto by_token = first.connect(workspace, made.at("secret"));
  hello(by_token);
  // By the one that neither has the windows nor looks after the workspace.
  ASSERT_EQ(second.call("PATCH", "/admin/accounts/" + ann_id, root, {{"disabled", true}}).status, 200);
  EXPECT_EQ(closing_reason(by_sign_in, 1s),
            "Your account was disabled; ask the administrator of this server.");
  EXPECT_EQ(closing_reason(by_token, 1500ms),
            "Your account was disabled; ask the administrator of this server.");
  EXPECT_EQ(first.call("GET", "/me", ann).status, 401);
  EXPECT_TRUE(eventually([&] { return state_of(workspace) == "stopped"; }, 30s)) << state_of(workspace);
}

TEST_F(AdministrationReplicas, AWorkspaceIsStoppedThroughAnyServer) {
  const auto workspace = make_workspace(first);
  const auto stopped = second.call("POST", "/admin/workspaces/" + workspace + "/stop", root);
  ASSERT_EQ(stopped.status, 200) << stopped.body;
  EXPECT_EQ(json_of(stopped).at("state"), "stopped");
  const auto log = json_of(first.call("GET", "/admin/workspaces/" + workspace + "/log", root)).at("entries");
  EXPECT_EQ(log.at(0).at("reason"), "An administrator stopped it.");
}

TEST_F(AdministrationReplicas, RightsTemplatesAndQuotasAreThoseOfAllServers) {
  ASSERT_EQ(first.call("PATCH", "/admin/accounts/" + ann_id, root, {{"quota", {{"workspaces", 0}}}}).status,
            200);
  const Json wanted{{"name", "x"}, {"template_id", "empty"}, {"start", false}};
  EXPECT_EQ(second.call("POST", "/workspaces", ann, wanted).status, 429);
  ASSERT_EQ(first.call("PATCH", "/admin/accounts/" + ann_id, root, {{"quota", Json::object()}}).status, 200);
  ASSERT_EQ(first.call("PATCH", "/admin/templates/empty", root, {{"enabled", false}}).status, 200);
  EXPECT_TRUE(eventually([&] { return second.call("POST", "/workspaces", ann, wanted).status == 400; }, 5s));
  ASSERT_EQ(second.call("PATCH", "/admin/templates/empty", root, {{"enabled", true}}).status, 200);
  EXPECT_TRUE(eventually([&] { return first.call("POST", "/workspaces", ann, wanted).status == 200; }, 5s));
  ASSERT_EQ(second.call("PATCH", "/admin/accounts/" + ann_id, root, {{"administrator", true}}).status, 200);
  EXPECT_EQ(first.call("GET", "/admin/accounts", ann).status, 200);
}

TEST_F(AdministrationReplicas, EachServerTellsWhatItCarries) {
  const auto workspace = make_workspace(first);
  auto open = first.connect(workspace, ann);
  hello(open);
  const auto windows = [&]() -> std::multiset<int> {
    std::multiset<int> all;
    const auto load = json_of(second.call("GET", "/admin/load", root));
    for (const auto& server : load.at("servers")) all.insert(server.at("windows").get<int>());
    return all;
  };
  EXPECT_TRUE(eventually([&] { return windows() == std::multiset<int>{0, 1}; }, 20s));
}

}  // namespace
}  // namespace berth::server::testing
