// SPDX-License-Identifier: GPL-3.0-or-later
// Two servers on one PostgreSQL: what begins at one of them ends at the other, once.
#include <signal.h>

#include "sign_in_fixture.hpp"
#include "tests/integration/replicas/replicas_fixture.hpp"

namespace berth::server::testing {
namespace {

class SignInReplicas : public ::testing::Test {
 protected:
  std::vector<std::string> environment() const {
    return {"BERTH_IDENTITY_PROVIDER_ID=liar", "BERTH_IDENTITY_PROVIDER_ISSUER=" + provider_.origin(),
            "BERTH_IDENTITY_PROVIDER_CLIENT_ID=berth",
            "BERTH_MAIL_URL=smtp://127.0.0.1:" + std::to_string(sink_.port(0)),
            "BERTH_MAIL_FROM=berth@ide.example.org"};
  }
  static std::string api(const ReplicaProcess& server) { return "http://" + server.host() + "/api/v1"; }
  std::string link_with(const std::string& path) {
    std::string link;
    EXPECT_TRUE(in_time([&] {
      for (const auto& mail : sink_.control("/mails", nullptr, 1))
        if (const auto one = link_in(mail_text(mail.at("message"))); one.find(path) != one.npos) link = one;
      return !link.empty();
    })) << first_.log()
        << second_.log();
    return link;
  }
  void end(ReplicaProcess& server) { EXPECT_EQ(server.terminate(), 0) << server.log(); }
  void TearDown() override {
    if (!first_is_gone_) end(first_);
    end(second_);
  }

  SharedPlace place_;
  NodeProgram provider_{"hostile_provider.mjs"}, sink_{"mail_sink.mjs"};
  ReplicaProcess first_{place_, "first", environment()}, second_{place_, "second", environment()};
  bool first_is_gone_ = false;
};

TEST_F(SignInReplicas, ProvidersAndDevicesAndLinksKnowNoServer) {
  Browser browser;
  const auto answer = browser.follow(api(first_) + "/auth/providers/liar/begin?to=/w/abc",
                                     [](const auto& url) { return url.find("/callback?") != url.npos; });
  const auto cookie = browser.cookie("berth_flow");
  const auto elsewhere = api(second_) + answer.substr(answer.find("/auth/"));
  EXPECT_EQ(browser.go(elsewhere, true).field("Location"), "/w/abc") << second_.log();
  EXPECT_EQ(json_of(browser.ask("GET", api(first_) + "/me")).at("email"), "somebody@example.org");
  Browser thief;
  thief.set_cookie("berth_flow", cookie);
  EXPECT_EQ(thief.go(answer, true).field("Location"), "/sign-in?problem=expired");

  const auto device = json_of(first_.call("POST", "/auth/device/begin", "", Json::object()));
  const std::string code = device.at("user_code");
  ASSERT_EQ(browser.ask("POST", api(second_) + "/auth/device/" + code, {{"allow", true}}).status, 200);
  const Json question{{"device_code", device.at("device_code")}};
  const auto taken = first_.call("POST", "/auth/device/token", "", question);
  ASSERT_EQ(taken.status, 200) << taken.body;
  EXPECT_EQ(second_.call("POST", "/auth/device/token", "", question).status, 404);

  const auto old = first_.register_account("ann@example.org");
  ASSERT_EQ(first_.call("POST", "/auth/forgot_password", "", {{"email", "ann@example.org"}}).status, 200);
  const Json reset{{"token", parameter(link_with("/reset-password"), "token")},
                   {"password", "another password"}};
  ASSERT_EQ(second_.call("POST", "/auth/reset_password", "", reset).status, 200);
  EXPECT_EQ(first_.call("POST", "/auth/reset_password", "", reset).status, 404);
  EXPECT_EQ(first_.call("GET", "/me", old).status, 401);
}

TEST_F(SignInReplicas, AMailOfAServerThatDiedIsSentByAnother) {
  sink_.control("/refuse", {{"times", 1'000}, {"code", 451}}, 1);
  first_.register_account("ann@example.org");
  const auto waits = [](const ReplicaProcess& server) {
    return server.log().find("a mail waits for another attempt") != std::string::npos;
  };
  ASSERT_TRUE(in_time([&] { return waits(first_) || waits(second_); }));
  first_.kill();
  first_is_gone_ = true;
  sink_.control("/refuse", {{"times", 0}, {"code", 451}}, 1);
  EXPECT_FALSE(link_with("/verify-email").empty());
}

}  // namespace
}  // namespace berth::server::testing
