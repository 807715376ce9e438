// SPDX-License-Identifier: GPL-3.0-or-later
// Two servers on one PostgreSQL, and somebody who tries: guesses, copied refresh tokens, codes used twice.
// What is ended at one server is ended at the other within a second.
#include <iostream>

#include "server/totp.hpp"
#include "tests/integration/replicas/replicas_fixture.hpp"
#include "window.hpp"

namespace berth::server::testing {
namespace {

using test::closing_reason;
using test::hello;
using namespace std::chrono_literals;

std::int64_t unix_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

class AccessReplicas : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    place_ = std::make_unique<SharedPlace>();
    // So that the tests may come from any address.
    const std::vector<std::string> trusting{"BERTH_TRUSTED_PROXIES=127.0.0.1"};
    first_ = std::make_unique<ReplicaProcess>(*place_, "first", trusting);
    second_ = std::make_unique<ReplicaProcess>(*place_, "second", trusting);
  }
  static void TearDownTestSuite() {
    for (auto* server : {&second_, &first_}) {
      EXPECT_EQ((*server)->terminate(), 0) << (*server)->log();
      server->reset();
    }
    place_.reset();
  }
  void TearDown() override {
    if (!HasFailure()) return;
    for (const auto* server : {first_.get(), second_.get()})
      std::cerr << "--- a server's log\n" << server->log();
  }

  /// A native client at this address.
  static Reply from(const std::string& address, const ReplicaProcess& server, const std::string& path,
                    const Json& body) {
    return test::fetch(server.port(), "POST", "/api/v1" + path,
                       {{"Host", server.host()},
                        {"Berth-Client", "native"},
                        {"X-Forwarded-For", address},
                        {"Content-Type", "application/json"}},
                       body.dump());
  }
  static Reply sign_in_from(const std::string& address, const ReplicaProcess& server,
                            const std::string& email, const std::string& secret = password,
                            const std::string& code = {}) {
    Json body{{"email", email}, {"password", secret}};
    if (!code.empty()) body["code"] = code;
    return from(address, server, "/auth/sign_in", body);
  }
  /// access_token and refresh_token of a new account, made from its own address.
  static Json make_account(const std::string& name, const std::string& address) {
    return json_of(from(address, *first_, "/auth/register",
                        {{"email", name + "@example.org"}, {"name", name}, {"password", password}}));
  }
  static std::string make_workspace(const std::string& token) {
    const std::string id =
        json_of(first_->call("POST", "/workspaces", token, {{"name", "Test"}, {"template_id", "empty"}}))
            .at("id");
    EXPECT_TRUE(eventually(
        [&] { return json_of(first_->call("GET", "/workspaces/" + id, token)).at("state") == "running"; },
        20s));
    return id;
  }
  static WebSocket window(const ReplicaProcess& server, const std::string& workspace,
                          const std::string& token) {
    auto socket = server.connect(workspace, token);
    hello(socket);
    return socket;
  }
  static std::string factor_of(const Reply& reply) {
    if (reply.status == 200) return "success";
    const auto error = protocol::parse_json(reply.body)->at("error");
    return error.at("data").contains("second_factor")
               ? error.at("data").at("second_factor").get<std::string>()
               : error.at("code").get<std::string>();
  }

  static inline std::unique_ptr<SharedPlace> place_;
  static inline std::unique_ptr<ReplicaProcess> first_, second_;
};

TEST_F(AccessReplicas, ATokenRevokedAtAnotherServerClosesTheWindow) {
  const std::string me = make_account("revoker", "192.0.2.1").at("access_token");
  const auto workspace = make_workspace(me);
  const auto made = json_of(
      first_->call("POST", "/me/tokens", me, {{"name", "CI"}, {"scopes", {"connect", "account_read"}}}));
  auto mine = window(*first_, workspace, made.at("secret"));
  auto bystander = window(*first_, workspace, me);
  EXPECT_EQ(second_->call("GET", "/me", made.at("secret")).status, 200) << "it is good everywhere";
  ASSERT_EQ(second_->call("DELETE", "/me/tokens/" + made.at("token").at("id").get<std::string>(), me).status,
            200);
  EXPECT_EQ(closing_reason(mine, 1s), "This access token was revoked.");
  EXPECT_EQ(first_->call("GET", "/me", made.at("secret")).status, 401);
  EXPECT_NO_THROW(test::call(bystander, "session/ping", Json::object()));
}

TEST_F(AccessReplicas, ASignInEndedAtAnotherServerClosesItsWindowAlone) {
  const std::string me = make_account("traveller", "192.0.2.2").at("access_token");
  const auto workspace = make_workspace(me);
  const std::string laptop =
      json_of(sign_in_from("198.51.100.1", *first_, "traveller@example.org")).at("access_token");
  auto lost = window(*first_, workspace, laptop);
  auto kept = window(*first_, workspace, me);
  std::string id;
  const auto list = json_of(second_->call("GET", "/me/sign_ins", me));
  for (const auto& one : list.at("sign_ins"))
    if (!one.at("current")) {
      id = one.at("id");
      EXPECT_EQ(one.at("address"), "198.51.100.1");
    }
  ASSERT_EQ(second_->call("DELETE", "/me/sign_ins/" + id, me).status, 200);
  EXPECT_NE(closing_reason(lost, 1s), "");
  EXPECT_EQ(first_->call("GET", "/me", laptop).status, 401);
  EXPECT_NO_THROW(test::call(kept, "session/ping", Json::object()));
  EXPECT_EQ(json_of(first_->call("GET", "/me/sign_ins", me)).at("sign_ins").size(), 1u);
}

TEST_F(AccessReplicas, ACopiedRefreshTokenEndsTheFamilyAndItsWindows) {
  const auto made = make_account("robbed", "192.0.2.3");
  const auto workspace = make_workspace(made.at("access_token"));
  const auto refresh = [](const ReplicaProcess& server, const Json& token) {
    return from("192.0.2.3", server, "/auth/refresh", {{"refresh_token", token}});
  };
  const auto second = json_of(refresh(*first_, made.at("refresh_token")));
  const auto third = json_of(refresh(*second_, second.at("refresh_token")));
  auto mine = window(*first_, workspace, third.at("access_token"));
  // A guess at a token ends nothing; a genuine one that was used up does.
  auto forged = made.at("refresh_token").get<std::string>();
  forged.back() = forged.back() == 'A' ? 'B' : 'A';
  EXPECT_EQ(refresh(*second_, forged).status, 401);
  EXPECT_EQ(first_->call("GET", "/me", third.at("access_token")).status, 200);
  EXPECT_EQ(refresh(*second_, made.at("refresh_token")).status, 401);
  EXPECT_NE(closing_reason(mine, 1s), "");
  EXPECT_EQ(refresh(*first_, third.at("refresh_token")).status, 401) << "the thief's and the owner's alike";
  for (const auto* server : {first_.get(), second_.get()})
    EXPECT_EQ(server->call("GET", "/me", third.at("access_token")).status, 401);
}

TEST_F(AccessReplicas, GuessingIsThrottledTogetherAndTheOwnerComesIn) {
  make_account("owner", "192.0.2.4");
  make_account("neighbour", "192.0.2.5");
  ASSERT_EQ(sign_in_from("192.0.2.4", *first_, "owner@example.org").status, 200) << "from home, once";
  const auto guess = [](const std::string& address, const std::string& email = "owner@example.org") {
    static int next = 0;
    const auto& server = ++next % 2 == 0 ? *first_ : *second_;
    return sign_in_from(address, server, email, "a wrong password").status;
  };
  // One address at one account: five.
  int taken = 0;
  while (taken < 20 && guess("203.0.113.1") == 401) ++taken;
  EXPECT_EQ(taken, 5) << "counted together, whichever server is asked";
  const auto refused = sign_in_from("203.0.113.1", *first_, "owner@example.org");
  EXPECT_EQ(refused.status, 429) << "the right password would be told apart by its answer";
  EXPECT_NE(refused.field("Retry-After"), "");
  EXPECT_EQ(sign_in_from("203.0.113.1", *second_, "neighbour@example.org").status, 200)
      << "other people at that address are not refused";
  // Many addresses at one account: then new addresses wait.
  int strangers = 0;
  while (strangers < 60 && guess("198.51.100." + std::to_string(10 + strangers)) == 401) ++strangers;
  EXPECT_GE(strangers, 10);
  EXPECT_LT(strangers, 20);
  EXPECT_EQ(sign_in_from("192.0.2.4", *second_, "owner@example.org").status, 200)
      << "but the owner, where she signed in before, does not";
  EXPECT_EQ(sign_in_from("192.0.2.5", *second_, "neighbour@example.org").status, 200)
      << "nor does anybody else";
  // One address at many accounts, also at those that there are not; a /64 is one address.
  int accounts = 0;
  while (accounts < 80 && guess("2001:db8::" + std::to_string(accounts + 1),
                                "somebody" + std::to_string(accounts) + "@example.org") == 401)
    ++accounts;
  EXPECT_EQ(accounts, 40);
  EXPECT_EQ(sign_in_from("2001:db8::9999", *first_, "neighbour@example.org").status, 429);
  EXPECT_EQ(sign_in_from("2001:db8:0:1::1", *first_, "neighbour@example.org").status, 200)
      << "another network";
}

TEST_F(AccessReplicas, ACodeIsGoodOnceWhicheverServerIsAsked) {
  const std::string me = make_account("careful", "192.0.2.6").at("access_token");
  const auto begun = json_of(first_->call("POST", "/me/second_factor/begin", me, {{"password", password}}));
  const std::string shown = begun.at("secret");
  EXPECT_TRUE(begun.at("uri").get<std::string>().contains("secret=" + shown));
  std::string secret;
  std::uint32_t held = 0;
  int bits = 0;
  for (const char c : shown) {
    held = held << 5 | static_cast<std::uint32_t>(c >= 'A' ? c - 'A' : c - '2' + 26);
    if ((bits += 5) >= 8) secret += static_cast<char>(held >> (bits -= 8) & 255);
  }
  // The next step's code is in time already, and later than this one's: no need to wait for it.
  const auto code = [&](int step) {
    return totp::code_of(secret, unix_seconds() / totp::step_seconds + step);
  };
  EXPECT_EQ(sign_in_from("192.0.2.6", *second_, "careful@example.org").status, 200) << "not in force yet";
  const auto codes = json_of(second_->call("POST", "/me/second_factor/confirm", me, {{"code", code(0)}}))
                         .at("recovery_codes");
  ASSERT_EQ(codes.size(), 10u);
  const auto in = [&](const ReplicaProcess& server, const std::string& given) {
    return factor_of(sign_in_from("192.0.2.6", server, "careful@example.org", password, given));
  };
  EXPECT_EQ(in(*first_, ""), "required");
  EXPECT_EQ(in(*second_, ""), "required");
  const auto good = code(1);
  EXPECT_EQ(in(*first_, good), "success");
  EXPECT_EQ(in(*second_, good), "wrong") << "it was used at the other one";
  EXPECT_EQ(in(*first_, codes[0]), "success");
  EXPECT_EQ(in(*second_, codes[0]), "wrong");
  EXPECT_EQ(in(*second_, codes[1]), "success");
  // The secret, and the codes, are not in the database.
  const auto row = place_->ask("SELECT secret FROM second_factors");
  EXPECT_FALSE(row.contains(shown));
  EXPECT_EQ(place_->ask("SELECT COUNT(*) FROM recovery_codes"), "8");
  EXPECT_EQ(place_->ask("SELECT COUNT(*) FROM recovery_codes WHERE hash LIKE '%" +
                        codes[5].get<std::string>().substr(0, 5) + "%'"),
            "0");
  // Guesses at codes are counted at both together, and apart from passwords.
  int taken = 0;
  while (taken < 20 && in(taken % 2 == 0 ? *first_ : *second_, "abcdef") == "wrong") ++taken;
  EXPECT_LE(taken, 5);
  EXPECT_EQ(in(*first_, codes[2]), "limit_exceeded");
  EXPECT_EQ(factor_of(sign_in_from("198.51.100.77", *second_, "careful@example.org", password, codes[2])),
            "success")
      << "elsewhere the owner comes in";
  EXPECT_EQ(
      factor_of(sign_in_from("198.51.100.78", *second_, "careful@example.org", "a wrong password", codes[3])),
      "unauthenticated");
}

}  // namespace
}  // namespace berth::server::testing
