// SPDX-License-Identifier: GPL-3.0-or-later
// Two servers on one PostgreSQL: identity providers and settings that an administrator changed at one hold at
// the other, and each knows what the other's workspaces take.
#include "sign_in_fixture.hpp"
#include "tests/integration/replicas/replicas_fixture.hpp"

namespace berth::server::testing {
namespace {

using namespace std::chrono_literals;

class InstallationReplicas : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto made = first.call("POST", "/setup", "",
                                 {{"token", first.setup_token()},
                                  {"email", "root@example.org"},
                                  {"name", "Root"},
                                  {"password", test_password}});
    ASSERT_EQ(made.status, 200) << made.body;
    root = json_of(made).at("access_token");
  }
  void TearDown() override {
    if (HasFailure())
      for (const auto* server : {&first, &second}) std::cerr << "--- a server's log\n" << server->log();
  }
  static Json offered(const ReplicaProcess& server) {
    return json_of(server.call("GET", "/server", "")).at("sign_in").at("providers");
  }
  static std::string api(const ReplicaProcess& server) { return "http://" + server.host() + "/api/v1"; }

  SharedPlace place;
  NodeProgram provider{"hostile_provider.mjs"};
  ReplicaProcess first{place, "first"}, second{place, "second"};
  std::string root;
};

TEST_F(InstallationReplicas, AProviderThatIsAddedAtOneServerIsTheOthersWithinASecond) {
  const Json settings{{"name", "The liar"},
                      {"kind", "oidc"},
                      {"issuer", provider.origin()},
                      {"client_id", "berth"},
                      {"client_secret", "a secret of the client: %&+"},
                      {"scopes", Json::array()},
                      {"enabled", true}};
  const auto added = first.call("PUT", "/admin/providers/liar", root, settings);
  ASSERT_EQ(added.status, 200) << added.body;
  ASSERT_TRUE(in_time([&] { return offered(second).size() == 1; }));
  // Begun at the one, ended at the other, which opens the secret that the first sealed.
  Browser browser;
  const auto answer = browser.follow(api(first) + "/auth/providers/liar/begin?to=/w/abc",
                                     [](const auto& url) { return url.find("/callback?") != url.npos; });
  EXPECT_EQ(browser.go(api(second) + answer.substr(answer.find("/auth/")), true).field("Location"), "/w/abc");
  EXPECT_EQ(json_of(browser.ask("GET", api(first) + "/me")).at("email"), "somebody@example.org");

  ASSERT_EQ(second.call("PATCH", "/settings", root, {{"password_sign_in", false}}).status, 200);
  EXPECT_TRUE(in_time(
      [&] { return json_of(first.call("GET", "/server", "")).at("sign_in").at("password") == false; }));
  EXPECT_EQ(first
                .call("POST", "/auth/register", "",
                      {{"email", "new@example.org"}, {"name", "New"}, {"password", test_password}})
                .status,
            403);
  ASSERT_EQ(second.call("DELETE", "/admin/providers/liar", root).status, 200);
  EXPECT_TRUE(in_time([&] { return offered(first).empty(); }));
}

TEST_F(InstallationReplicas, WhatAWorkspaceTakesIsKnownAtBothServers) {
  const std::string id =
      json_of(first.call("POST", "/workspaces", root, {{"name", "Test"}, {"template_id", "empty"}})).at("id");
  const auto memory = [&](const ReplicaProcess& server) -> std::int64_t {
    const auto seen = json_of(server.call("GET", "/workspaces/" + id, root));
    const auto all = json_of(server.call("GET", "/admin/workspaces?query=" + id, root));
    if (seen.value("use", Json()).is_null() || all.at("workspaces").at(0).value("use", Json()).is_null())
      return 0;
    return seen.at("use").at("memory");
  };
  const auto both = [&] { return memory(first) > 1'000'000 && memory(second) > 1'000'000; };
  EXPECT_TRUE(eventually(both, 90s));
}

}  // namespace
}  // namespace berth::server::testing
