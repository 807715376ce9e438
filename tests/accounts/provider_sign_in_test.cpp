// SPDX-License-Identifier: GPL-3.0-or-later
// Signing in by a real OpenID provider, with each kind of key, and by GitHub's way.
#include "server/totp.hpp"
#include "sign_in_fixture.hpp"

namespace berth::server::testing {
namespace {

using protocol::Json;

std::string begin_path(const std::string& provider, const std::string& to = "/w/abc") {
  return "/api/v1/auth/providers/" + provider + "/begin?to=" + to;
}

/// A server with one real provider; `algorithm` of its keys.
class WithProvider {
 public:
  explicit WithProvider(const std::string& algorithm = "RS256", std::vector<std::string> more = {})
      : provider("openid_provider.mjs", {algorithm}), server(place, arguments(std::move(more))) {
    provider.control("/control/redirect",
                     {{"uri", server.origin() + "/api/v1/auth/providers/real/callback"}});
    person("ann", "ann@example.org", true);
  }
  void person(const std::string& id, const std::string& email, bool verified) const {
    provider.control("/control/account",
                     {{"id", id}, {"email", email}, {"email_verified", verified}, {"name", "Ann of " + id}});
  }
  /// All the way; where the browser is in the end.
  std::string sign_in(Browser& browser, const std::string& login) const {
    browser.login = login;
    return browser.follow(server.origin() + begin_path("real"), [&](const std::string& url) {
      return url.starts_with(server.origin()) && url.find("/api/v1/auth/") == url.npos;
    });
  }
  Json me(Browser& browser) const { return json_of(browser.ask("GET", server.origin() + "/api/v1/me")); }

  DataPlace place;
  NodeProgram provider;
  BerthdProcess server;

 private:
  std::vector<std::string> arguments(std::vector<std::string> more) const {
    more.insert(more.end(), {"--config", write_options(place, provider_table("real", provider.origin()))});
    return more;
  }
};

class EveryKey : public ::testing::TestWithParam<const char*> {};

TEST_P(EveryKey, SignsInWhoeverTheProviderKnows) {
  const WithProvider at(GetParam());
  Browser browser;
  EXPECT_EQ(at.sign_in(browser, "ann"), at.server.origin() + "/w/abc");
  const auto me = at.me(browser);
  EXPECT_EQ(me.value("email", ""), "ann@example.org") << me;
  EXPECT_EQ(me.value("name", ""), "Ann of ann");
  EXPECT_TRUE(me.value("email_verified", false));
  EXPECT_EQ(browser.cookie("berth_flow"), "");
  // The same person again, in another browser and with other keys of the provider: the same account.
  at.provider.control("/control/rotate", Json::object());
  Browser other;
  EXPECT_EQ(at.sign_in(other, "ann"), at.server.origin() + "/w/abc");
  EXPECT_EQ(at.me(other).value("id", "?"), me.value("id", "")) << at.server.log();
}
INSTANTIATE_TEST_SUITE_P(Keys, EveryKey, ::testing::Values("RS256", "ES256", "EdDSA"),
                         [](const auto& one) { return std::string(one.param); });

TEST(ProviderSignIn, IsOfferedAndRefusalsLeadBackWithAReason) {
  const WithProvider at;
  const auto offered = json_of(call(at.server, "GET", "/api/v1/server")).at("sign_in");
  EXPECT_EQ(
      offered,
      (Json{{"password", true}, {"mail", false}, {"providers", {{{"id", "real"}, {"name", "The real"}}}}}));
  Browser browser;
  EXPECT_EQ(at.sign_in(browser, "refuse"), at.server.origin() + "/sign-in?problem=denied");
  at.person("bob", "bob@example.org", false);
  Browser unverified;
  EXPECT_EQ(at.sign_in(unverified, "bob"), at.server.origin() + "/sign-in?problem=email_unverified");
  EXPECT_EQ(unverified.ask("GET", at.server.origin() + "/api/v1/me").status, 401);
  const auto unknown = browser.go(at.server.origin() + begin_path("nobody"));
  EXPECT_EQ(unknown.field("Location"), "/sign-in?problem=provider_unknown");
}

TEST(ProviderSignIn, MakesNoAccountWhileRegistrationIsClosed) {
  const WithProvider at("RS256", {"--registration-open", "false"});
  Browser browser;
  EXPECT_EQ(at.sign_in(browser, "ann"), at.server.origin() + "/sign-in?problem=registration_closed");
}

TEST(ProviderSignIn, AsksForTheSecondFactor) {
  const WithProvider at;
  Browser browser;
  at.sign_in(browser, "ann");
  const auto api = at.server.origin() + "/api/v1";
  const auto begun = json_of(browser.ask("POST", api + "/me/second_factor/begin", {{"password", ""}}));
  ASSERT_TRUE(begun.contains("secret")) << begun;
  // base32, by hand: what an authenticator app does.
  std::string secret;
  unsigned bits = 0, kept = 0;
  for (const char c : begun.at("secret").get<std::string>()) {
    kept = (kept << 5) | static_cast<unsigned>(c >= 'A' ? c - 'A' : c - '2' + 26);
    bits += 5;
    if (bits >= 8) secret += static_cast<char>((kept >> (bits -= 8)) & 0xFF);
  }
  const auto step =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
          .count() /
      totp::step_seconds;
  const auto confirmed =
      browser.ask("POST", api + "/me/second_factor/confirm", {{"code", totp::code_of(secret, step)}});
  ASSERT_EQ(confirmed.status, 200) << confirmed.body;
  const auto code = json_of(confirmed).at("recovery_codes").at(0);
  Browser other;
  const auto location = at.sign_in(other, "ann");
  const auto pending = parameter(location, "pending");
  EXPECT_TRUE(location.starts_with(at.server.origin() + "/sign-in?pending=")) << location;
  EXPECT_EQ(parameter(location, "to"), "/w/abc");
  EXPECT_EQ(other.ask("GET", api + "/me").status, 401);
  EXPECT_EQ(other.ask("POST", api + "/auth/second_factor", {{"pending", pending}, {"code", "000000"}}).status,
            401);
  EXPECT_EQ(other.ask("POST", api + "/auth/second_factor", {{"pending", pending}, {"code", code}}).status,
            200);
  EXPECT_EQ(at.me(other).value("email", ""), "ann@example.org");
}

TEST(ProviderSignIn, LinksToAnAccountOnlyAfterItsPassword) {
  const WithProvider at;
  const auto api = at.server.origin() + "/api/v1";
  const auto account = register_account(at.server, "ann@example.org").at("account").at("id");
  Browser browser;
  const auto location = at.sign_in(browser, "ann");
  ASSERT_TRUE(location.starts_with(at.server.origin() + "/link?pending=")) << location;
  EXPECT_EQ(browser.ask("GET", api + "/me").status, 401);
  const auto pending = parameter(location, "pending");
  EXPECT_EQ(browser.ask("POST", api + "/auth/link", {{"pending", pending}, {"password", "not the password"}})
                .status,
            401);
  const auto linked =
      browser.ask("POST", api + "/auth/link", {{"pending", pending}, {"password", test_password}});
  ASSERT_EQ(linked.status, 200) << linked.body;
  EXPECT_EQ(at.me(browser).at("id"), account);
  EXPECT_EQ(
      browser.ask("POST", api + "/auth/link", {{"pending", pending}, {"password", test_password}}).status,
      404);
  Browser other;
  EXPECT_EQ(at.sign_in(other, "ann"), at.server.origin() + "/w/abc");
  EXPECT_EQ(at.me(other).at("id"), account);
}

TEST(ProviderSignIn, IdentitiesAreAddedAndRemovedButNeverTheLastWayIn) {
  const WithProvider at;
  const auto api = at.server.origin() + "/api/v1";
  Browser browser;
  browser.ask("POST", api + "/auth/register",
              {{"email", "carl@example.org"}, {"name", "Carl"}, {"password", test_password}});
  // A session alone is not enough for a way in that outlives it.
  EXPECT_EQ(browser.ask("POST", api + "/me/identities", {{"provider", "real"}, {"to", "/account"}}).status,
            403);
  const auto begun = browser.ask("POST", api + "/me/identities",
                                 {{"provider", "real"}, {"to", "/account"}, {"password", test_password}});
  ASSERT_EQ(begun.status, 200) << begun.body;
  browser.login = "ann";
  const auto is_page = [&](const std::string& url) {
    return url.starts_with(at.server.origin()) && url.find("/api/v1/auth/") == url.npos;
  };
  EXPECT_EQ(browser.follow(json_of(begun).at("url"), is_page), at.server.origin() + "/account");
  auto list = json_of(browser.ask("GET", api + "/me/identities"));
  ASSERT_EQ(list.at("identities").size(), 1u) << list;
  EXPECT_EQ(list.at("identities").at(0).at("email"), "ann@example.org");
  EXPECT_EQ(list.at("password"), true);
  const std::string id = list.at("identities").at(0).at("id");
  // It signs in to Carl's account, though its address is another.
  Browser other;
  at.sign_in(other, "ann");
  EXPECT_EQ(at.me(other).at("email"), "carl@example.org");
  // Not a stranger's to take away, nor to take.
  Browser stranger;
  at.person("dora", "dora@example.org", true);
  at.sign_in(stranger, "dora");
  EXPECT_EQ(stranger.ask("DELETE", api + "/me/identities/" + id).status, 404);
  const auto theft = stranger.ask("POST", api + "/me/identities", {{"provider", "real"}, {"to", "/account"}});
  Browser provider_session;  // signed in at the provider as Ann, with the stranger's flow
  provider_session.login = "ann";
  for (const char* name : {"berth_flow", "berth_access"})
    provider_session.set_cookie(name, stranger.cookie(name));
  EXPECT_EQ(provider_session.follow(json_of(theft).at("url"), is_page),
            at.server.origin() + "/account?problem=identity_taken");
  // Dora has no password: her only identity stays.
  const std::string only =
      json_of(stranger.ask("GET", api + "/me/identities")).at("identities").at(0).at("id");
  EXPECT_EQ(stranger.ask("DELETE", api + "/me/identities/" + only).status, 412);
  EXPECT_EQ(browser.ask("DELETE", api + "/me/identities/" + id).status, 200);
  Browser again;
  at.sign_in(again, "ann");
  EXPECT_EQ(at.me(again).at("email"), "ann@example.org");  // a new account: nobody has this identity any more
}

TEST(ProviderSignIn, GithubSaysWhoAndWhichAddressIsVerified) {
  const DataPlace place;
  const NodeProgram github("hostile_provider.mjs");
  const BerthdProcess server(
      place, {"--config", write_options(place, provider_table("hub", github.origin(), "kind = \"github\""))});
  const auto emails = [](bool verified) {
    return Json::array({{{"email", "other@example.org"}, {"primary", false}, {"verified", true}},
                        {{"email", "octo@example.org"}, {"primary", true}, {"verified", verified}}});
  };
  const auto is_page = [&](const std::string& url) {
    return url.starts_with(server.origin()) && url.find("/api/v1/auth/") == url.npos;
  };
  github.control("/control", {{"emails", emails(false)}});
  Browser unverified;
  EXPECT_EQ(unverified.follow(server.origin() + begin_path("hub"), is_page),
            server.origin() + "/sign-in?problem=email_unverified");
  github.control("/control", {{"emails", emails(true)}});
  Browser browser;
  EXPECT_EQ(browser.follow(server.origin() + begin_path("hub"), is_page), server.origin() + "/w/abc")
      << server.log();
  const auto me = json_of(browser.ask("GET", server.origin() + "/api/v1/me"));
  EXPECT_EQ(me.value("email", ""), "octo@example.org");
  EXPECT_EQ(me.value("name", ""), "octo");
  const auto traded = github.control("/control").at("trades").at(0);
  EXPECT_EQ(traded.at("client_secret"), "a secret of the client: %&+");
  EXPECT_GE(traded.at("code_verifier").get<std::string>().size(), 43u);
  // The login's name and address change, the id does not.
  github.control("/control", {{"emails", emails(true)}, {"user", {{"login", "other"}}}});
  Browser later;
  later.follow(server.origin() + begin_path("hub"), is_page);
  EXPECT_EQ(json_of(later.ask("GET", server.origin() + "/api/v1/me")).at("id"), me.at("id"));
}

}  // namespace
}  // namespace berth::server::testing
