// SPDX-License-Identifier: GPL-3.0-or-later
// Identity providers that an administrator adds while the server runs, with a real one; and a server on which
// people sign in by providers only.
#include <fstream>

#include "sign_in_fixture.hpp"

namespace berth::server::testing {
namespace {

using protocol::Json;

constexpr const char* client_secret = "a secret of the client: %&+";

class AdministeredProviders : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto made = call(server, "POST", "/api/v1/setup", {},
                           {{"token", server.setup_token()},
                            {"email", "root@example.org"},
                            {"name", "Root"},
                            {"password", test_password}});
    ASSERT_EQ(made.status, 200) << made.body;
    root = json_of(made).at("access_token");
    provider.control("/control/redirect",
                     {{"uri", server.origin() + "/api/v1/auth/providers/added/callback"}});
    provider.control(
        "/control/account",
        {{"id", "ann"}, {"email", "ann@example.org"}, {"email_verified", true}, {"name", "Ann of ann"}});
  }
  Json settings() const {
    return {{"name", "The added"},
            {"kind", "oidc"},
            {"issuer", provider.origin()},
            {"client_id", "berth"},
            {"client_secret", client_secret},
            {"scopes", Json::array()},
            {"enabled", true}};
  }
  Reply put(const Json& body, const std::string& id = "added") const {
    return call(server, "PUT", "/api/v1/admin/providers/" + id, root, body);
  }
  Json listed() const {
    return json_of(call(server, "GET", "/api/v1/admin/providers", root)).at("providers");
  }
  std::string sign_in(Browser& browser) const {
    browser.login = "ann";
    return browser.follow(server.origin() + "/api/v1/auth/providers/added/begin?to=/w/abc",
                          [&](const std::string& url) {
                            return url.starts_with(server.origin()) && url.find("/api/v1/auth/") == url.npos;
                          });
  }
  Json ways() const { return json_of(call(server, "GET", "/api/v1/server")).at("sign_in"); }
  int sign_in_by_password(const std::string& email) const {
    return call(server, "POST", "/api/v1/auth/sign_in", {}, {{"email", email}, {"password", test_password}})
        .status;
  }
  Ended command(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "admin");
    arguments.insert(arguments.end(), {"--data", (place.path() / "data").string()});
    return run_berthd(arguments);
  }
  std::string whole_log() const { return call(server, "GET", "/api/v1/admin/audit/export", root).body; }

  DataPlace place;
  NodeProgram provider{"openid_provider.mjs", {"RS256"}};
  BerthdProcess server{place};
  std::string root;
};

TEST_F(AdministeredProviders, PeopleSignInByOneAsSoonAsItIsAdded) {
  EXPECT_EQ(ways().at("providers"), Json::array());
  const auto added = put(settings());
  ASSERT_EQ(added.status, 200) << added.body << server.log();
  const auto seen = json_of(added);
  EXPECT_EQ(seen.at("has_secret"), true);
  EXPECT_EQ(seen.at("fixed"), false);
  EXPECT_EQ(seen.at("redirect"), server.origin() + "/api/v1/auth/providers/added/callback");
  EXPECT_FALSE(added.body.contains(client_secret));
  EXPECT_EQ(ways().at("providers"), (Json{{{"id", "added"}, {"name", "The added"}}}));
  Browser browser;
  EXPECT_EQ(sign_in(browser), server.origin() + "/w/abc") << server.log();
  EXPECT_EQ(json_of(browser.ask("GET", server.origin() + "/api/v1/me")).at("email"), "ann@example.org");
  EXPECT_EQ(listed().at(0).at("identities"), 1);

  // What is absent of the secret stays; who is linked stays linked.
  auto renamed = settings();
  renamed.erase("client_secret");
  renamed["name"] = "Another name";
  ASSERT_EQ(put(renamed).status, 200);
  Browser again;
  EXPECT_EQ(sign_in(again), server.origin() + "/w/abc") << server.log();
  EXPECT_EQ(json_of(again.ask("GET", server.origin() + "/api/v1/me/identities"))
                .at("identities")
                .at(0)
                .at("provider_name"),
            "Another name");

  // Not offered, then away: nobody comes in, who is in stays.
  renamed["enabled"] = false;
  ASSERT_EQ(put(renamed).status, 200);
  Browser late;
  EXPECT_EQ(sign_in(late), server.origin() + "/sign-in?problem=provider_unknown");
  EXPECT_EQ(call(server, "DELETE", "/api/v1/admin/providers/added", root).status, 200);
  EXPECT_EQ(call(server, "DELETE", "/api/v1/admin/providers/added", root).status, 404);
  EXPECT_EQ(listed(), Json::array());
  EXPECT_EQ(browser.ask("GET", server.origin() + "/api/v1/me").status, 200);
  const auto log = whole_log();
  EXPECT_TRUE(log.contains("\"PutProvider\"") && log.contains("\"DeleteProvider\"")) << log;
  EXPECT_FALSE(log.contains(client_secret)) << "no secret is in the log";
  EXPECT_FALSE(server.log().contains(client_secret));
}

TEST_F(AdministeredProviders, ItIsThereAfterARestartAndItsSecretIsSealed) {
  {
    const DataPlace other;
    BerthdProcess first(other);
    const auto made = json_of(call(first, "POST", "/api/v1/setup", {},
                                   {{"token", first.setup_token()},
                                    {"email", "root@example.org"},
                                    {"name", "Root"},
                                    {"password", test_password}}));
    ASSERT_EQ(call(first, "PUT", "/api/v1/admin/providers/added", made.at("access_token"), settings()).status,
              200);
    ASSERT_EQ(first.terminate(), 0);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(other.path())) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string all{std::istreambuf_iterator<char>(in), {}};
      EXPECT_FALSE(all.contains(client_secret)) << entry.path();
    }
    const BerthdProcess second(other);
    const auto ways = json_of(call(second, "GET", "/api/v1/server")).at("sign_in");
    EXPECT_EQ(ways.at("providers").size(), 1u);
    provider.control("/control/redirect",
                     {{"uri", second.origin() + "/api/v1/auth/providers/added/callback"}});
    Browser browser;
    browser.login = "ann";
    EXPECT_EQ(browser.follow(second.origin() + "/api/v1/auth/providers/added/begin?to=/w/abc",
                             [&](const std::string& url) {
                               return url.starts_with(second.origin()) &&
                                      url.find("/api/v1/auth/") == url.npos;
                             }),
              second.origin() + "/w/abc")
        << second.log();
  }
}

TEST_F(AdministeredProviders, WhatIsNoProviderIsRefused) {
  const auto with = [&](const char* field, const Json& value) {
    auto body = settings();
    body[field] = value;
    return put(body).status;
  };
  EXPECT_EQ(with("issuer", "http://id.example.org"), 400) << "without TLS, on another machine";
  EXPECT_EQ(with("issuer", "https://user@id.example.org"), 400);
  EXPECT_EQ(with("issuer", "file:///etc/passwd"), 400);
  EXPECT_EQ(with("issuer", provider.origin() + "?x=1"), 400);
  EXPECT_EQ(with("issuer", ""), 400) << "which provider?";
  EXPECT_EQ(with("name", " "), 400);
  EXPECT_EQ(with("name", "a\nb"), 400);
  EXPECT_EQ(with("client_id", ""), 400);
  EXPECT_EQ(with("client_id", "a\r\nHost: b"), 400);
  EXPECT_EQ(with("client_secret", std::string(2000, 'x')), 400);
  EXPECT_EQ(with("scopes", Json{"a b"}), 400);
  EXPECT_EQ(with("kind", "saml"), 400);
  EXPECT_EQ(put(settings(), "Added").status, 400);
  EXPECT_EQ(put(settings(), std::string(33, 'a')).status, 400);
  auto google = settings();
  google["kind"] = "google";
  EXPECT_EQ(put(google).status, 400) << "Google's issuer is its own";
  // Nobody is there, and somebody who is no provider is.
  auto nowhere = settings();
  nowhere["issuer"] = "http://localhost:1";
  EXPECT_EQ(put(nowhere).status, 503);
  nowhere["issuer"] = server.origin();
  const auto self = put(nowhere);
  EXPECT_EQ(self.status, 503);
  EXPECT_FALSE(self.body.contains(server.host())) << "what is found there is not told: " << self.body;
  nowhere["enabled"] = false;
  EXPECT_EQ(put(nowhere).status, 200) << "one that is prepared is not asked";
  nowhere["enabled"] = true;
  EXPECT_EQ(put(nowhere).status, 503) << "but before people are sent there";
  EXPECT_EQ(ways().at("providers"), Json::array());
}

TEST_F(AdministeredProviders, AnIssuerIsOneProvidersAndASecretGoesToNoOther) {
  ASSERT_EQ(put(settings()).status, 200);
  EXPECT_EQ(put(settings(), "second").status, 412) << "of the same issuer";
  const NodeProgram other("openid_provider.mjs", {"RS256"});
  auto moved = settings();
  moved["issuer"] = other.origin();
  moved.erase("client_secret");
  const auto refused = put(moved);
  EXPECT_EQ(refused.status, 400) << "whoever may not see the secret can't have it sent to him";
  EXPECT_TRUE(refused.body.contains("client_secret"));
  // A flow that began at the one ends there or not at all.
  Browser browser;
  browser.login = "ann";
  const auto answer = browser.follow(server.origin() + "/api/v1/auth/providers/added/begin?to=/w/abc",
                                     [](const auto& url) { return url.find("/callback?") != url.npos; });
  moved["client_secret"] = "another";
  ASSERT_EQ(put(moved).status, 200);
  EXPECT_EQ(browser.go(answer, true).field("Location"), "/sign-in?problem=provider_unknown");
}

TEST_F(AdministeredProviders, WithoutPasswordsAdministratorsAloneComeInByOne) {
  const auto api = server.origin() + "/api/v1";
  register_account(server, "bob@example.org");
  const auto set = [&](bool on) {
    return call(server, "PATCH", "/api/v1/settings", root, {{"password_sign_in", on}}).status;
  };
  EXPECT_EQ(set(false), 412) << "there is no other way in";
  ASSERT_EQ(put(settings()).status, 200);
  ASSERT_EQ(set(false), 200);
  EXPECT_EQ(ways().at("password"), false);
  EXPECT_EQ(sign_in_by_password("bob@example.org"), 403);
  EXPECT_EQ(call(server, "POST", "/api/v1/auth/sign_in", {},
                 {{"email", "bob@example.org"}, {"password", "a wrong password"}})
                .status,
            401)
      << "only who knows the password learns anything";
  EXPECT_EQ(sign_in_by_password("root@example.org"), 200)
      << "a provider that fails shuts nobody out for good";
  EXPECT_EQ(call(server, "POST", "/api/v1/auth/register", {},
                 {{"email", "new@example.org"}, {"name", "New"}, {"password", test_password}})
                .status,
            403);
  Browser browser;
  EXPECT_EQ(sign_in(browser), server.origin() + "/w/abc") << "who has no account gets one by the provider";
  // Not by a reset either, nor by the link that an administrator hands out.
  const std::string ann = json_of(browser.ask("GET", api + "/me")).at("id");
  const auto link =
      json_of(call(server, "POST", "/api/v1/admin/accounts/" + ann + "/reset", root, Json::object()));
  const auto token = parameter(link.at("url"), "token");
  const Json reset{{"token", token}, {"password", test_password}};
  EXPECT_EQ(call(server, "POST", "/api/v1/auth/reset_password", {}, reset).status, 403);
  ASSERT_EQ(set(true), 200);
  EXPECT_EQ(call(server, "POST", "/api/v1/auth/reset_password", {}, reset).status, 200)
      << "it was not used up";
  EXPECT_EQ(sign_in_by_password("bob@example.org"), 200);
}

TEST_F(AdministeredProviders, CommandsDoTheSameBesideTheServer) {
  const auto file = place.path() / "client.secret";
  std::ofstream(file) << client_secret << "\n";
  EXPECT_EQ(command({"settings", "set", "password_sign_in", "false"}).status, 1) << "there is no provider";
  const auto put = command({"providers", "put", "added", "--name", "The added", "--issuer", provider.origin(),
                            "--client-id", "berth", "--client-secret-file", file.string()});
  ASSERT_EQ(put.status, 0) << put.output;
  ASSERT_TRUE(in_time([&] { return ways().at("providers").size() == 1; })) << "the server follows by itself";
  Browser browser;
  EXPECT_EQ(sign_in(browser), server.origin() + "/w/abc") << server.log();
  ASSERT_EQ(command({"providers", "put", "added", "--name", "Renamed"}).status, 0);
  ASSERT_TRUE(in_time([&] { return ways().at("providers").at(0).at("name") == "Renamed"; }));
  Browser again;
  EXPECT_EQ(sign_in(again), server.origin() + "/w/abc") << "the rest stayed: " << server.log();
  const auto list = command({"providers", "list"});
  EXPECT_TRUE(list.output.contains("Renamed") && list.output.contains(provider.origin())) << list.output;
  EXPECT_FALSE(list.output.contains(client_secret));

  EXPECT_EQ(command({"settings", "set", "password_sign_in", "false"}).status, 0);
  ASSERT_TRUE(in_time([&] { return ways().at("password") == false; }));
  EXPECT_EQ(command({"settings", "set", "password_sign_in", "perhaps"}).status, 1);
  EXPECT_EQ(command({"settings", "set", "audit_days", "7"}).status, 1) << "too few";
  EXPECT_EQ(command({"settings", "set", "no_such_setting", "1"}).status, 1);
  EXPECT_EQ(command({"settings", "set", "registration_domains", "example.org,b.example"}).status, 0);
  const auto shown = command({"settings", "show"});
  EXPECT_TRUE(shown.output.contains("example.org,b.example")) << shown.output;
  EXPECT_EQ(command({"providers", "remove", "added"}).status, 0);
  EXPECT_TRUE(in_time([&] { return ways().at("providers").empty(); }));
  EXPECT_EQ(command({"providers", "remove", "added"}).status, 1);
  const auto log = whole_log();
  EXPECT_TRUE(log.contains("admin providers put") && log.contains("admin settings set")) << log;
  EXPECT_FALSE(log.contains(client_secret));
}

TEST(FixedProviders, AreChangedInTheConfigurationAlone) {
  const DataPlace place;
  const NodeProgram provider("openid_provider.mjs", {"RS256"});
  const BerthdProcess server(place,
                             {"--config", write_options(place, provider_table("real", provider.origin()))});
  const std::string root = json_of(call(server, "POST", "/api/v1/setup", {},
                                        {{"token", server.setup_token()},
                                         {"email", "root@example.org"},
                                         {"name", "Root"},
                                         {"password", test_password}}))
                               .at("access_token");
  const auto listed = json_of(call(server, "GET", "/api/v1/admin/providers", root)).at("providers");
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed.at(0).at("fixed"), true);
  EXPECT_EQ(listed.at(0).at("has_secret"), true);
  const Json mine{{"name", "Mine"},       {"kind", "oidc"},          {"issuer", provider.origin()},
                  {"client_id", "berth"}, {"scopes", Json::array()}, {"enabled", true}};
  EXPECT_EQ(call(server, "PUT", "/api/v1/admin/providers/real", root, mine).status, 412);
  EXPECT_EQ(call(server, "PUT", "/api/v1/admin/providers/mine", root, mine).status, 412) << "of its issuer";
  EXPECT_EQ(call(server, "DELETE", "/api/v1/admin/providers/real", root).status, 412);
}

}  // namespace
}  // namespace berth::server::testing
