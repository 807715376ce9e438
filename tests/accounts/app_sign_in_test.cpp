// SPDX-License-Identifier: GPL-3.0-or-later
// Programs without a page: loopback redirects with PKCE, and devices that show a code.
#include <sodium.h>

#include "server/sign_in_secrets.hpp"
#include "sign_in_fixture.hpp"

namespace berth::server::testing {
namespace {

using protocol::Json;

class AppSignInRoutes : public ::testing::Test {
 protected:
  struct World {
    DataPlace place;
    BerthdProcess server{place, {"--rate-limit-anonymous", "0", "--rate-limit", "0"}};
  };
  static void SetUpTestSuite() { world_ = std::make_unique<World>(); }
  static void TearDownTestSuite() { world_.reset(); }
  void SetUp() override {
    static int number = 0;
    email_ = "person" + std::to_string(++number) + "@example.org";
    const auto reply = person_.ask("POST", api() + "/auth/register",
                                   {{"email", email_}, {"name", "P"}, {"password", test_password}});
    ASSERT_EQ(reply.status, 200) << reply.body;
  }
  static BerthdProcess& server() { return world_->server; }
  static std::string api() { return server().origin() + "/api/v1"; }
  static Reply post(const std::string& path, const Json& body) {
    return call(server(), "POST", "/api/v1" + path, {}, body);
  }

  std::string begin_native(const std::string& verifier,
                           const std::string& redirect = "http://127.0.0.1:4711/done") {
    const auto begun =
        post("/auth/native/begin",
             {{"redirect", redirect}, {"challenge", pkce_challenge(verifier)}, {"state", "a state & more"}});
    EXPECT_EQ(begun.status, 200) << begun.body;
    const std::string url = json_of(begun).at("url");
    EXPECT_TRUE(url.starts_with(server().origin() + "/authorize?request=")) << url;
    return parameter(url, "request");
  }
  std::string allow_native(Browser& browser, const std::string& request) {
    const auto answered = browser.ask("POST", api() + "/auth/native/" + request, {{"allow", true}});
    EXPECT_EQ(answered.status, 200) << answered.body;
    return json_of(answered).at("redirect");
  }
  Json begin_device() { return json_of(post("/auth/device/begin", Json::object())); }
  static std::string device_says(const Json& device) {
    const auto reply = post("/auth/device/token", {{"device_code", device.at("device_code")}});
    if (reply.status == 200)
      return "signed in as " + json_of(reply).at("account").at("email").get<std::string>();
    const auto error = json_of(reply).at("error");
    return error.at("data").value("device", error.at("code").get<std::string>());
  }

  const std::string verifier_ = new_secret() + new_secret();
  std::string email_;
  Browser person_;

 private:
  static inline std::unique_ptr<World> world_;
};

TEST_F(AppSignInRoutes, AProgramSignsInAsWhoeverAgrees) {
  const auto request = begin_native(verifier_);
  const auto shown = json_of(person_.ask("GET", api() + "/auth/native/" + request));
  EXPECT_EQ(shown.at("address"), "127.0.0.1");
  const auto redirect = allow_native(person_, request);
  EXPECT_TRUE(redirect.starts_with("http://127.0.0.1:4711/done?code=")) << redirect;
  EXPECT_EQ(parameter(redirect, "state"), "a state & more");
  const Json trade{{"code", parameter(redirect, "code")}, {"verifier", verifier_}};
  const auto signed_in = post("/auth/native/token", trade);
  ASSERT_EQ(signed_in.status, 200) << signed_in.body;
  const auto tokens = json_of(signed_in);
  EXPECT_EQ(tokens.at("account").at("email"), email_);
  EXPECT_EQ(call(server(), "GET", "/api/v1/me", tokens.at("access_token")).status, 200);
  EXPECT_EQ(post("/auth/native/token", trade).status, 404);                      // the code, again
  EXPECT_EQ(person_.ask("GET", api() + "/auth/native/" + request).status, 404);  // the request, again
  EXPECT_EQ(person_.ask("POST", api() + "/auth/native/" + request, {{"allow", true}}).status, 404);
}

TEST_F(AppSignInRoutes, OnlyLoopbackAddressesGetCodes) {
  for (const std::string redirect :
       {"https://evil.example/", "http://evil.example:80/", "http://localhost:4711/", "http://127.0.0.1/",
        "http://127.0.0.1:0/", "http://127.0.0.1:70000/", "http://127.0.0.1:80@evil.example/",
        "http://127.0.0.1:4711/a?b=c", "http://127.0.0.1:4711/#x", "http://127.0.0.1.evil.example:1/",
        "http://[::1]:/", "berth://done", "javascript:alert(1)", "http://127.0.0.1:4711\\@evil.example/",
        "http://127.0.0.1:+80/", ""}) {
    const auto begun =
        post("/auth/native/begin",
             {{"redirect", redirect}, {"challenge", pkce_challenge(verifier_)}, {"state", "s"}});
    EXPECT_EQ(begun.status, 400) << redirect << begun.body;
  }
  begin_native(verifier_, "http://[::1]:4711/");
  EXPECT_EQ(post("/auth/native/begin",
                 {{"redirect", "http://127.0.0.1:1/"}, {"challenge", "plain"}, {"state", "s"}})
                .status,
            400);
  EXPECT_EQ(
      post("/auth/native/begin",
           {{"redirect", "http://127.0.0.1:1/"}, {"challenge", pkce_challenge(verifier_)}, {"state", ""}})
          .status,
      400);
}

TEST_F(AppSignInRoutes, ACodeIsWorthNothingWithoutItsVerifier) {
  const auto redirect = allow_native(person_, begin_native(verifier_));
  const std::string code = parameter(redirect, "code");
  EXPECT_EQ(post("/auth/native/token", {{"code", code}, {"verifier", new_secret() + new_secret()}}).status,
            401);
  EXPECT_EQ(post("/auth/native/token", {{"code", code}, {"verifier", verifier_}}).status,
            404);  // one attempt
}

TEST_F(AppSignInRoutes, NobodyAgreesForAnotherOrWithoutASignIn) {
  const auto request = begin_native(verifier_);
  EXPECT_EQ(Browser().ask("POST", api() + "/auth/native/" + request, {{"allow", true}}).status, 401);
  EXPECT_EQ(person_.ask("POST", api() + "/auth/native/" + request, {{"allow", true}}, "https://evil.example")
                .status,
            403);
  const auto token = person_.ask("POST", api() + "/me/tokens",
                                 {{"name", "t"}, {"scopes", {"account_read", "account_write"}}});
  const std::string secret = json_of(token).at("secret");
  EXPECT_EQ(call(server(), "POST", "/api/v1/auth/native/" + request, secret, {{"allow", true}}).status, 403);
  const auto refused = person_.ask("POST", api() + "/auth/native/" + request, {{"allow", false}});
  EXPECT_EQ(json_of(refused).at("redirect"),
            "http://127.0.0.1:4711/done?error=access_denied&state=a%20state%20%26%20more");
}

TEST_F(AppSignInRoutes, WhoeverSignsOutTakesTheCodeAlong) {
  const auto code = parameter(allow_native(person_, begin_native(verifier_)), "code");
  EXPECT_EQ(person_.ask("POST", api() + "/auth/sign_out").status, 200);
  EXPECT_EQ(post("/auth/native/token", {{"code", code}, {"verifier", verifier_}}).status, 403);
}

TEST_F(AppSignInRoutes, ADeviceSignsInWhenItsCodeIsAllowed) {
  const auto device = begin_device();
  const std::string code = device.at("user_code");
  EXPECT_EQ(code.size(), 9u);
  EXPECT_EQ(parameter(device.at("verification_url"), "user_code"), code);
  EXPECT_EQ(device_says(device), "pending");
  EXPECT_EQ(device_says(device), "slow_down");
  // As somebody types it.
  std::string typed = code.substr(0, 4) + "%20" + code.substr(5);
  for (auto& c : typed) c = static_cast<char>(std::tolower(c));
  EXPECT_EQ(json_of(person_.ask("GET", api() + "/auth/device/" + typed)).at("address"), "127.0.0.1");
  const auto allowed = person_.ask("POST", api() + "/auth/device/" + code, {{"allow", true}});
  ASSERT_EQ(allowed.status, 200) << allowed.body;
  EXPECT_EQ(person_.ask("POST", api() + "/auth/device/" + code, {{"allow", false}}).status, 404);
  EXPECT_EQ(device_says(device), "signed in as " + email_);
  EXPECT_EQ(device_says(device), "not_found");
}

TEST_F(AppSignInRoutes, ADeviceIsToldOfARefusalOnce) {
  const auto device = begin_device();
  const std::string code = device.at("user_code");
  EXPECT_EQ(Browser().ask("POST", api() + "/auth/device/" + code, {{"allow", true}}).status, 401);
  EXPECT_EQ(person_.ask("POST", api() + "/auth/device/" + code, {{"allow", false}}).status, 200);
  EXPECT_EQ(device_says(device), "permission_denied");
  EXPECT_EQ(device_says(device), "not_found");
}

TEST_F(AppSignInRoutes, UserCodesCantBeGuessed) {
  bool limited = false;
  for (int i = 0; i < 60 && !limited; ++i) {
    std::string guess(8, 'B');
    guess[static_cast<std::size_t>(i) % 8] = 'C';
    const auto reply = person_.ask("GET", api() + "/auth/device/" + guess);
    limited = reply.status == 429;
    if (!limited) {
      EXPECT_EQ(reply.status, 404);
    }
  }
  EXPECT_TRUE(limited);
}

TEST(AppSignInFloods, OneNetworkKeepsNobodyElseFromSigningIn) {
  const DataPlace place;
  const BerthdProcess server(place, {"--rate-limit-anonymous", "0", "--trusted-proxies", "127.0.0.1"});
  const auto begin = [&](const std::string& from) {
    return fetch(server.port(), "POST", "/api/v1/auth/device/begin",
                 {{"Host", "127.0.0.1:" + std::to_string(server.port())},
                  {"Berth-Client", "native"},
                  {"Content-Type", "application/json"},
                  {"X-Forwarded-For", from}},
                 "{}");
  };
  const auto says = [&](const Reply& begun) {
    const auto reply = call(server, "POST", "/api/v1/auth/device/token", {},
                            {{"device_code", json_of(begun).at("device_code")}});
    const auto error = json_of(reply).at("error");
    return error.at("data").value("device", error.at("code").get<std::string>());
  };
  const auto ann = begin("192.0.2.1");
  ASSERT_EQ(ann.status, 200) << ann.body;
  const auto first = begin("2001:db8:7:1::1");
  for (int i = 0; i < 300; ++i)
    ASSERT_EQ(begin("2001:db8:7:" + std::to_string(i % 10) + "::" + std::to_string(i + 2)).status, 200) << i;
  EXPECT_EQ(says(ann), "pending");
  EXPECT_EQ(says(first), "not_found") << "of its own network the oldest made room";
  EXPECT_EQ(begin("2001:db8:8::1").status, 200);
}

}  // namespace
}  // namespace berth::server::testing
