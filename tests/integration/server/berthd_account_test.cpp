// SPDX-License-Identifier: GPL-3.0-or-later
// Accounts through the real server: set-up, sign-in, tokens, cookies, settings.
#include <future>

#include "berthd_process.hpp"

namespace berth::server::testing {
namespace {

using protocol::Json;

class BerthdAccountTest : public ::testing::Test {
 protected:
  DataPlace place;
  BerthdProcess server{place};

  /// As a browser's page would.
  Reply browser(const std::string& method, const std::string& target, const std::string& cookies,
                const Json& body = nullptr) {
    Fields fields{{"Host", server.host()}, {"Origin", server.origin()}};
    if (!cookies.empty()) fields.emplace_back("Cookie", cookies);
    if (!body.is_null()) fields.emplace_back("Content-Type", "application/json");
    return fetch(server.port(), method, target, fields, body.is_null() ? "" : body.dump());
  }
  static std::string cookies_of(const Reply& reply) {
    std::string all;
    for (const auto& cookie : reply.fields("Set-Cookie"))
      all += (all.empty() ? "" : "; ") + cookie.substr(0, cookie.find(';'));
    return all;
  }
};

TEST_F(BerthdAccountTest, TheSetUpLinkMakesOneAdministratorWhoeverRaces) {
  ASSERT_FALSE(server.setup_token().empty());
  EXPECT_TRUE(json_of(call(server, "GET", "/api/v1/server"))["setup_needed"]);
  std::vector<std::future<Reply>> racers;
  for (int i = 0; i < 5; ++i)
    racers.push_back(std::async(std::launch::async, [this, i] {
      return call(server, "POST", "/api/v1/setup", {},
                  {{"token", server.setup_token()},
                   {"email", "root" + std::to_string(i) + "@example.org"},
                   {"name", "Root"},
                   {"password", test_password}});
    }));
  std::vector<Json> winners;
  for (auto& racer : racers) {
    const auto reply = racer.get();
    if (reply.status == 200) winners.push_back(json_of(reply));
  }
  ASSERT_EQ(winners.size(), 1u);
  EXPECT_FALSE(json_of(call(server, "GET", "/api/v1/server"))["setup_needed"]);
  const std::string token = winners.front()["access_token"];

  auto settings = call(server, "GET", "/api/v1/settings", token);
  EXPECT_EQ(json_of(settings)["idle_stop_minutes"], 30);
  settings = call(server, "PATCH", "/api/v1/settings", token,
                  {{"registration_open", false}, {"idle_stop_minutes", 45}});
  EXPECT_EQ(settings.status, 200) << settings.body;
  EXPECT_EQ(call(server, "PATCH", "/api/v1/settings", token, {{"idle_stop_minutes", -1}}).status, 400);
  EXPECT_EQ(call(server, "POST", "/api/v1/auth/register", {},
                 {{"email", "a@b.c"}, {"name", "A"}, {"password", test_password}})
                .status,
            403);
  EXPECT_FALSE(json_of(call(server, "GET", "/api/v1/server"))["registration_open"]);
}

TEST_F(BerthdAccountTest, ABrowserSignsInStaysAndSignsOut) {
  const auto made = browser("POST", "/api/v1/auth/register", "",
                            {{"email", "ann@example.org"}, {"name", "Ann"}, {"password", test_password}});
  ASSERT_EQ(made.status, 200) << made.body;
  const auto cookies = cookies_of(made);
  EXPECT_EQ(json_of(browser("GET", "/api/v1/me", cookies))["name"], "Ann");
  EXPECT_EQ(json_of(browser("PATCH", "/api/v1/me", cookies, {{"name", "Anna"}}))["name"], "Anna");
  EXPECT_EQ(browser("POST", "/api/v1/me/password", cookies,
                    {{"current_password", test_password}, {"new_password", "another password"}})
                .status,
            200);

  const auto refreshed = browser("POST", "/api/v1/auth/refresh", cookies);
  ASSERT_EQ(refreshed.status, 200) << refreshed.body;
  const auto second_tab = browser("POST", "/api/v1/auth/refresh", cookies);
  EXPECT_EQ(second_tab.status, 200) << "two tabs refreshing at once are no theft";
  EXPECT_EQ(browser("GET", "/api/v1/me", cookies_of(second_tab)).status, 200);

  const auto out = browser("POST", "/api/v1/auth/sign_out", cookies_of(refreshed));
  EXPECT_EQ(out.status, 200);
  for (const auto& cookie : out.fields("Set-Cookie")) EXPECT_NE(cookie.find("Max-Age=0"), std::string::npos);
  EXPECT_EQ(browser("GET", "/api/v1/me", cookies_of(refreshed)).status, 401);
  EXPECT_EQ(browser("POST", "/api/v1/auth/refresh", cookies_of(refreshed)).status, 401);
}

TEST_F(BerthdAccountTest, ANativeClientSignsInRefreshesAndSignsOutEverywhere) {
  const auto first = register_account(server, "ann@example.org");
  const auto second = json_of(call(server, "POST", "/api/v1/auth/sign_in", {},
                                   {{"email", "ANN@example.org"}, {"password", test_password}}));
  const auto third =
      json_of(call(server, "POST", "/api/v1/auth/refresh", {}, {{"refresh_token", second["refresh_token"]}}));
  EXPECT_NE(third["refresh_token"], second["refresh_token"]);
  EXPECT_EQ(call(server, "POST", "/api/v1/auth/sign_out_everywhere", third["access_token"]).status, 200);
  for (const auto& one : {first, second, third})
    EXPECT_EQ(call(server, "GET", "/api/v1/me", one["access_token"]).status, 401);
}

TEST_F(BerthdAccountTest, ForgedTokensAreRefused) {
  const std::string token = register_account(server, "ann@example.org")["access_token"];
  EXPECT_EQ(call(server, "GET", "/api/v1/me", token).status, 200);
  auto forged = token;
  forged[token.size() / 2] = forged[token.size() / 2] == 'A' ? 'B' : 'A';
  EXPECT_EQ(call(server, "GET", "/api/v1/me", forged).status, 401);
  EXPECT_EQ(call(server, "GET", "/api/v1/me", "a.b.c").status, 401);
  EXPECT_EQ(call(server, "POST", "/api/v1/auth/refresh", {}, {{"refresh_token", "abc.0.def"}}).status, 401);
}

TEST_F(BerthdAccountTest, PasswordGuessingIsThrottledAndSaysWhenToRetry) {
  register_account(server, "ann@example.org");
  Reply reply;
  for (int i = 0; i < 6; ++i)
    reply = call(server, "POST", "/api/v1/auth/sign_in", {},
                 {{"email", "ann@example.org"}, {"password", "guess number"}});
  EXPECT_EQ(reply.status, 429) << reply.body;
  EXPECT_GT(std::stoi(reply.field("Retry-After")), 0);
}

TEST_F(BerthdAccountTest, ACrossOriginPostIsRefused) {
  const Json body{{"email", "ann@example.org"}, {"name", "Ann"}, {"password", test_password}};
  for (const auto& origin :
       {std::string("http://evil.example"), "http://localhost:" + std::to_string(server.preview_port()),
        "http://3000--abcdefghij.localhost:" + std::to_string(server.port())}) {
    const auto reply = fetch(
        server.port(), "POST", "/api/v1/auth/register",
        {{"Host", server.host()}, {"Origin", origin}, {"Content-Type", "application/json"}}, body.dump());
    EXPECT_EQ(reply.status, 403) << origin;
    EXPECT_TRUE(reply.fields("Set-Cookie").empty());
  }
}

}  // namespace
}  // namespace berth::server::testing
