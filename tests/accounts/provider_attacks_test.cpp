// SPDX-License-Identifier: GPL-3.0-or-later
// Those who want in by a provider and should not: lying providers, stolen answers, other people's browsers.
#include "sign_in_fixture.hpp"

namespace berth::server::testing {
namespace {

using protocol::Json;

/// One server for all of these, with two lying providers and one that is GitHub's kind.
class ProviderAttacks : public ::testing::Test {
 protected:
  struct World {
    DataPlace place;
    NodeProgram liar{"hostile_provider.mjs"}, other{"hostile_provider.mjs"};
    BerthdProcess server{place,
                         {"--config",
                          write_options(place, provider_table("liar", liar.origin()) +
                                                   provider_table("other", other.origin())),
                          "--rate-limit-anonymous", "0"}};
  };
  static World& world() { return *world_; }
  static void SetUpTestSuite() { world_ = std::make_unique<World>(); }
  static void TearDownTestSuite() { world_.reset(); }
  void SetUp() override { behave(Json::object()); }

  static std::string origin() { return world().server.origin(); }
  static std::string api() { return origin() + "/api/v1"; }
  static void behave(const Json& how) {
    world().liar.control("/control", how);
    world().other.control("/control", how);
  }
  static std::string begin(const std::string& provider = "liar", const std::string& to = "/w/abc") {
    return api() + "/auth/providers/" + provider + "/begin?to=" + to;
  }
  static bool at_callback(const std::string& url) { return url.find("/callback?") != url.npos; }
  static bool at_page(const std::string& url) {
    return url.starts_with(origin()) && url.find("/api/v1/auth/") == url.npos;
  }
  /// The address that brings the answer, not yet asked for.
  static std::string answer(Browser& browser, const std::string& provider = "liar") {
    return browser.follow(begin(provider), at_callback);
  }
  static std::string end_of(Browser& browser, const std::string& callback) {
    return browser.go(callback, true).field("Location");
  }
  static bool signed_in(Browser& browser) { return browser.ask("GET", api() + "/me").status == 200; }
  static std::string somebody() {
    static int number = 0;
    return "somebody" + std::to_string(++number);
  }
  /// Where a whole sign-in ends while the provider behaves like this.
  static std::string with(const Json& how) {
    behave(how);
    Browser browser;
    const auto end = browser.follow(begin(), at_page);
    EXPECT_EQ(signed_in(browser), end.find("problem=") == end.npos) << end;
    return end.substr(origin().size());
  }

 private:
  static inline std::unique_ptr<World> world_;
};

constexpr const char* refused = "/sign-in?problem=provider_refused";

TEST_F(ProviderAttacks, TheHonestAnswerIsTaken) {
  // Without this the refusals below would show nothing.
  EXPECT_EQ(with({{"claims", {{"sub", somebody()}, {"email", somebody() + "@example.org"}}}}), "/w/abc");
}

TEST_F(ProviderAttacks, TokensThatAreNotWhatTheySayAreRefused) {
  const auto now =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  EXPECT_EQ(with({{"sign", "none"}}), refused);
  EXPECT_EQ(with({{"sign", "hmac"}}), refused);
  EXPECT_EQ(with({{"sign", "wrong key"}}), refused);
  EXPECT_EQ(with({{"header", {{"alg", "none"}}}}), refused);
  EXPECT_EQ(with({{"header", {{"alg", "ES256"}}}}), refused);
  EXPECT_EQ(with({{"header", {{"alg", "PS512"}}}}), refused);
  EXPECT_EQ(with({{"header", {{"kid", "another"}}}}), refused);
  EXPECT_EQ(with({{"header", {{"crit", {"b64"}}}}}), refused);
  EXPECT_EQ(with({{"claims", {{"iss", "http://localhost:1"}}}}), refused);
  EXPECT_EQ(with({{"claims", {{"iss", nullptr}}}}), refused);
  EXPECT_EQ(with({{"claims", {{"aud", "another"}}}}), refused);
  EXPECT_EQ(with({{"claims", {{"aud", {"another", "third"}}}}}), refused);
  EXPECT_EQ(with({{"claims", {{"aud", {"berth", "another"}}}}}), refused);  // and no azp
  EXPECT_EQ(with({{"claims", {{"azp", "another"}}}}), refused);
  EXPECT_EQ(with({{"claims", {{"exp", now - 3600}}}}), refused);
  EXPECT_EQ(with({{"claims", {{"exp", nullptr}}}}), refused);
  EXPECT_EQ(with({{"claims", {{"iat", now + 3600}}}}), refused);
  EXPECT_EQ(with({{"claims", {{"nonce", "another"}}}}), refused);
  EXPECT_EQ(with({{"claims", {{"nonce", nullptr}}}}), refused);
  EXPECT_EQ(with({{"claims", {{"sub", ""}}}}), refused);
  EXPECT_EQ(with({{"claims", {{"sub", nullptr}}}}), refused);
}

TEST_F(ProviderAttacks, ProvidersThatMisbehaveHurtNobody) {
  EXPECT_EQ(with({{"token", {{"status", 200}, {"body", {{"id_token", "a.b"}}}}}}), refused);
  EXPECT_EQ(with({{"token", {{"status", 200}, {"body", Json::array()}}}}), refused);
  EXPECT_EQ(with({{"token", {{"status", 200}, {"body", {{"id_token", 7}}}}}}), refused);
  EXPECT_EQ(with({{"token", {{"status", 503}, {"body", Json::object()}}}}),
            "/sign-in?problem=provider_unavailable");
  behave({{"flood", 8 << 20}});
  Browser browser;
  EXPECT_EQ(end_of(browser, origin() + "/api/v1/auth/providers/liar/callback?code=a&state=b"),
            "/sign-in?problem=expired");
  EXPECT_EQ(call(world().server, "GET", "/healthz").status, 200);
}

TEST_F(ProviderAttacks, UserinfoOfSomebodyElseIsNotBelieved) {
  const auto sub = somebody();
  const Json claims{{"sub", sub}, {"email", nullptr}, {"email_verified", nullptr}};
  EXPECT_EQ(with({{"claims", claims},
                  {"userinfo", {{"sub", "another"}, {"email", "a@example.org"}, {"email_verified", true}}}}),
            "/sign-in?problem=email_missing");
  EXPECT_EQ(with({{"claims", claims},
                  {"userinfo", {{"sub", sub}, {"email", sub + "@example.org"}, {"email_verified", true}}}}),
            "/w/abc");
}

TEST_F(ProviderAttacks, AnAnswerIsOfTheBrowserThatAsked) {
  Browser victim, attacker;
  const auto stolen = answer(attacker);
  // Sign-in of the victim as the attacker: no flow, or another one.
  EXPECT_EQ(end_of(victim, stolen), "/sign-in?problem=expired");
  answer(victim);
  EXPECT_EQ(end_of(victim, stolen), "/sign-in?problem=expired");
  EXPECT_FALSE(signed_in(victim));
  // The victim's answer in the attacker's browser.
  const auto victims = answer(victim);
  EXPECT_EQ(end_of(attacker, victims), "/sign-in?problem=expired");
  EXPECT_FALSE(signed_in(attacker));
}

TEST_F(ProviderAttacks, TheStateIsNeededWholeAndOnce) {
  Browser browser;
  const auto good = answer(browser);
  const auto cookie = browser.cookie("berth_flow");
  const auto state = parameter(good, "state");
  const auto without = good.substr(0, good.find("&state="));
  EXPECT_EQ(end_of(browser, without), "/sign-in?problem=expired");
  browser.set_cookie("berth_flow", cookie);
  EXPECT_EQ(end_of(browser, without + "&state=" + state.substr(1)), "/sign-in?problem=expired");
  browser.set_cookie("berth_flow", cookie.substr(0, cookie.size() - 2) + "AA");
  EXPECT_EQ(end_of(browser, good), "/sign-in?problem=expired");
  browser.set_cookie("berth_flow", cookie);
  EXPECT_EQ(end_of(browser, good), "/w/abc");
  // Replayed, with the cookie that was kept, in a browser that is not signed in.
  Browser thief;
  thief.set_cookie("berth_flow", cookie);
  EXPECT_EQ(end_of(thief, good), "/sign-in?problem=expired");
  EXPECT_FALSE(signed_in(thief));
}

TEST_F(ProviderAttacks, ACodeIsTradedWithTheVerifierOfItsFlow) {
  Browser attacker, victim;
  const auto stolen = parameter(answer(victim), "code");
  const auto own = answer(attacker);
  const auto injected = own.substr(0, own.find("code=") + 5) + stolen + own.substr(own.find("&state="));
  end_of(attacker, injected);
  // This provider looks at no verifier; the nonce of the flow tells on its own.
  EXPECT_FALSE(signed_in(attacker));
  EXPECT_TRUE(world().liar.control("/control").at("trades").at(0).contains("code_verifier"));
}

TEST_F(ProviderAttacks, ProvidersAreNotMixedUp) {
  behave({{"iss", "http://localhost:1"}});
  Browser browser;
  EXPECT_EQ(browser.follow(begin(), at_page), origin() + refused);
  EXPECT_TRUE(world().liar.control("/control").at("trades").empty());  // the code went nowhere
  // A provider that says it names itself, and then does not.
  const DataPlace place;
  const NodeProgram silent("hostile_provider.mjs");
  silent.control("/control", {{"describe", {{"authorization_response_iss_parameter_supported", true}}}});
  const BerthdProcess server(place,
                             {"--config", write_options(place, provider_table("silent", silent.origin()))});
  Browser quiet;
  EXPECT_EQ(quiet.follow(server.origin() + "/api/v1/auth/providers/silent/begin",
                         [&](const auto& url) { return url.find("/sign-in?") != url.npos; }),
            server.origin() + refused);
  EXPECT_TRUE(silent.control("/control").at("trades").empty());
  // The answer of one provider at the other's address.
  behave(Json::object());
  Browser mixed;
  auto callback = answer(mixed, "liar");
  callback.replace(callback.find("/liar/"), 6, "/other/");
  EXPECT_EQ(end_of(mixed, callback), "/sign-in?problem=expired");
  EXPECT_TRUE(world().other.control("/control").at("trades").empty());
}

TEST_F(ProviderAttacks, ADescriptionOfAnotherIssuerIsNotUsed) {
  const DataPlace place;
  const NodeProgram liar("hostile_provider.mjs");
  const BerthdProcess server(place,
                             {"--config", write_options(place, provider_table("liar", liar.origin()))});
  const auto begin_there = server.origin() + "/api/v1/auth/providers/liar/begin";
  Browser browser;
  for (const Json& describe :
       {Json{{"issuer", "http://localhost:1"}}, Json{{"token_endpoint", "http://192.0.2.1/token"}},
        Json{{"authorization_endpoint", "javascript:alert(1)"}}, Json{{"jwks_uri", "file:///etc/passwd"}}}) {
    liar.control("/control", {{"describe", describe}});
    EXPECT_EQ(browser.go(begin_there).field("Location"), "/sign-in?problem=provider_unavailable") << describe;
  }
  for (const char* keys : {"garbage", "many"}) {
    liar.control("/control", {{"keys", keys}});
    Browser fresh;
    const auto end =
        fresh.follow(begin_there, [](const auto& url) { return url.find("/sign-in") != url.npos; });
    EXPECT_EQ(parameter(end, "problem"), "provider_unavailable") << keys;
  }
}

TEST_F(ProviderAttacks, AnAddressTakesOverNoAccount) {
  const auto victim = somebody() + "@example.org";
  const auto account = register_account(world().server, victim);
  // Said, not verified: nothing.
  EXPECT_EQ(with({{"claims", {{"sub", somebody()}, {"email", victim}, {"email_verified", false}}}}),
            "/sign-in?problem=email_unverified");
  EXPECT_EQ(with({{"claims", {{"sub", somebody()}, {"email", victim}, {"email_verified", "yes"}}}}),
            "/sign-in?problem=email_unverified");
  // Verified by the provider: the account's password is still asked for.
  behave({{"claims", {{"sub", somebody()}, {"email", victim}}}});
  Browser attacker;
  const auto page = attacker.follow(begin(), at_page);
  ASSERT_TRUE(page.starts_with(origin() + "/link?pending=")) << page;
  EXPECT_FALSE(signed_in(attacker));
  const auto pending = parameter(page, "pending");
  EXPECT_EQ(
      attacker.ask("POST", api() + "/auth/link", {{"pending", pending}, {"password", "guess guess guess"}})
          .status,
      401);
  // The victim is made to open that page, and gives the password: in another browser it links nothing.
  Browser tricked;
  EXPECT_EQ(
      tricked.ask("POST", api() + "/auth/link", {{"pending", pending}, {"password", test_password}}).status,
      404);
  // From another site nothing is asked at all.
  EXPECT_EQ(attacker
                .ask("POST", api() + "/auth/link", {{"pending", pending}, {"password", test_password}},
                     "https://evil.example")
                .status,
            403);
  const auto token = account.at("access_token").get<std::string>();
  EXPECT_TRUE(json_of(call(world().server, "GET", "/api/v1/me/identities", token)).at("identities").empty());
}

TEST_F(ProviderAttacks, NobodyIsSentToAnotherSite) {
  for (const std::string to : {"https://evil.example/", "//evil.example/", "/%5Cevil.example",
                               "/%09/evil.example", "javascript:alert(1)", "/api/v1/me", "evil"}) {
    behave({{"claims", {{"sub", "wanderer"}, {"email", "wanderer@example.org"}}}});
    Browser browser;
    browser.follow(begin("liar", to), at_callback);
    Browser fresh;
    const auto end = fresh.follow(begin("liar", to), at_page);
    EXPECT_EQ(end, origin() + "/") << to;
  }
}

TEST_F(ProviderAttacks, LinkingWhileSignedInNeedsThePerson) {
  Browser victim;
  victim.ask("POST", api() + "/auth/register",
             {{"email", somebody() + "@example.org"}, {"name", "V"}, {"password", test_password}});
  // Another site can't begin it, a token can't, nobody can.
  EXPECT_EQ(
      victim.ask("POST", api() + "/me/identities", {{"provider", "liar"}}, "https://evil.example").status,
      403);
  EXPECT_EQ(Browser().ask("POST", api() + "/me/identities", {{"provider", "liar"}}).status, 401);
  // The attacker's answer, for a flow that links, in the victim's browser: its flow is another.
  behave({{"claims", {{"sub", somebody()}, {"email", "attacker@example.org"}}}});
  Browser attacker;
  const auto attackers = answer(attacker);
  victim.ask("POST", api() + "/me/identities", {{"provider", "liar"}, {"password", test_password}});
  EXPECT_EQ(end_of(victim, attackers), "/sign-in?problem=expired");
  EXPECT_TRUE(json_of(victim.ask("GET", api() + "/me/identities")).at("identities").empty());
  // Signed out meanwhile: nothing is linked any more.
  const auto url =
      json_of(victim.ask("POST", api() + "/me/identities",
                         {{"provider", "liar"}, {"to", "/account"}, {"password", test_password}}))
          .at("url");
  const auto callback = victim.follow(url, at_callback);
  EXPECT_EQ(victim.ask("POST", api() + "/auth/sign_out").status, 200);
  EXPECT_EQ(end_of(victim, callback), "/account?problem=expired");
}

}  // namespace
}  // namespace berth::server::testing
