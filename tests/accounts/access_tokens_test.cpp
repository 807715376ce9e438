// SPDX-License-Identifier: GPL-3.0-or-later
// Personal access tokens at a real server: what opens with them closes when they end.
#include "tests/integration/gateway/gateway_fixture.hpp"
#include "tests/integration/gateway/recording_app.hpp"
#include "window.hpp"

namespace berth::test {
namespace {

using protocol::Json;
using namespace std::chrono_literals;

std::int64_t wall_clock() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

class AccessTokens : public GatewayTest {
 protected:
  struct Token {
    std::string id;
    Person holder;
  };
  static Token make_token(std::vector<std::string> scopes, std::optional<std::int64_t> expires = {}) {
    Json body{{"name", "A token"}, {"scopes", scopes}};
    if (expires) body["expires"] = *expires;
    const auto made = api("POST", "/me/tokens", owner(), body);
    if (made.status != 200) throw std::runtime_error(made.head + made.body);
    const auto json = *protocol::parse_json(made.body);
    return {json.at("token").at("id"), {{}, json.at("secret")}};
  }
  static Reply upgrade(const Person& who, std::optional<Wire>* keep = nullptr) {
    auto wire = Wire::connect_tcp(server().port());
    wire.send(request_text("GET", connect_path(workspace()),
                           websocket_fields(server().host(), {{"Authorization", "Bearer " + who.token},
                                                              {"Sec-WebSocket-Protocol", "berth.v1"}})));
    auto reply = read_reply(wire);
    if (keep) keep->emplace(std::move(wire));
    return reply;
  }
  static WebSocket window(const Person& who) {
    std::optional<Wire> wire;
    const auto reply = upgrade(who, &wire);
    if (reply.status != 101) throw std::runtime_error(reply.head + reply.body);
    WebSocket socket(std::move(*wire));
    hello(socket);
    return socket;
  }
  static int revoke(const Token& token, const Person& who) {
    return api("DELETE", "/me/tokens/" + token.id, who).status;
  }
};

TEST_F(AccessTokens, TheSecretIsShownOnce) {
  const auto token = make_token({"account_read"});
  EXPECT_TRUE(token.holder.token.starts_with("berth_pat_")) << token.holder.token;
  const auto list = api("GET", "/me/tokens", owner());
  EXPECT_TRUE(list.body.contains(token.id)) << list.body;
  EXPECT_FALSE(list.body.contains(token.holder.token.substr(30))) << list.body;
  EXPECT_EQ(api("GET", "/me", token.holder).status, 200);
  const auto used = api("GET", "/me/tokens", owner());
  EXPECT_TRUE(used.body.contains("last_used")) << used.body;
}

TEST_F(AccessTokens, NoTokenMakesOrRemovesTokens) {
  const auto all = make_token(
      {"account_read", "account_write", "workspaces_read", "workspaces_write", "connect", "admin"});
  EXPECT_EQ(api("POST", "/me/tokens", all.holder, {{"name", "x"}, {"scopes", {"connect"}}}).status, 403);
  EXPECT_EQ(revoke(all, all.holder), 403);
  EXPECT_EQ(api("GET", "/me", all.holder).status, 200) << "it lives on";
  EXPECT_EQ(revoke(all, stranger()), 404);
  EXPECT_EQ(api("GET", "/me", all.holder).status, 200);
}

TEST_F(AccessTokens, AWindowOnATokenClosesWithinASecondOfItsEnd) {
  const auto token = make_token({"connect"});
  auto mine = window(token.holder);
  auto bystander = connect(owner(), workspace());
  hello(bystander);
  ASSERT_EQ(revoke(token, owner()), 200);
  EXPECT_EQ(closing_reason(mine, 1s), "This access token was revoked.");
  EXPECT_EQ(upgrade(token.holder).status, 401);
  EXPECT_NO_THROW(call(bystander, "session/ping", Json::object()));
}

TEST_F(AccessTokens, AWindowOnATokenClosesWithinASecondOfItsExpiry) {
  const auto expires = wall_clock() + 3000;
  const auto token = make_token({"connect"}, expires);
  auto mine = window(token.holder);
  EXPECT_EQ(closing_reason(mine, std::chrono::milliseconds(expires + 1000 - wall_clock())),
            "This access token has expired.");
  EXPECT_GE(wall_clock(), expires);
  EXPECT_EQ(upgrade(token.holder).status, 401);
  EXPECT_EQ(api("GET", "/me", token.holder).status, 401);
}

TEST_F(AccessTokens, WithoutTheScopeNoWindowOpens) {
  const auto token = make_token({"workspaces_write", "account_write", "admin"});
  const auto refused = upgrade(token.holder);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(protocol::parse_json(refused.body)->at("error").at("data").at("scope"), "connect")
      << refused.body;
  EXPECT_EQ(api("GET", "/workspaces/" + workspace(), token.holder).status, 200) << "but all else";
}

TEST_F(AccessTokens, SigningOutEverywhereLeavesThem) {
  const auto token = make_token({"connect", "account_read"});
  auto mine = window(token.holder);
  const auto other = sign_in("owner@example.test");
  auto theirs = connect(other, workspace());
  hello(theirs);
  ASSERT_EQ(api("POST", "/auth/sign_out_everywhere", other).status, 200);
  EXPECT_NE(closing_reason(theirs, 1s), "");
  EXPECT_EQ(api("GET", "/me", token.holder).status, 200);
  EXPECT_NO_THROW(call(mine, "session/ping", Json::object()));
  owner_ = sign_in("owner@example.test");  // for the tests after this one
}

TEST_F(AccessTokens, APreviewOnATokenEndsWithIt) {
  RecordingApp app;
  const auto token = make_token({"connect"});
  const auto host = std::to_string(app.port()) + "--" + workspace() + "." + server().host();
  EXPECT_EQ(api("POST", "/workspaces/" + workspace() + "/previews", make_token({"workspaces_write"}).holder,
                {{"port", app.port()}})
                .status,
            403);
  const auto made =
      api("POST", "/workspaces/" + workspace() + "/previews", token.holder, {{"port", app.port()}});
  ASSERT_EQ(made.status, 200) << made.body;
  const std::string url = protocol::parse_json(made.body)->at("url");
  const auto entered = fetch(server().port(), "GET", url.substr(url.find('/', 8)), {{"Host", host}});
  ASSERT_EQ(entered.status, 303) << entered.head;
  const auto cookie = entered.field("Set-Cookie");
  const Fields fields{{"Host", host}, {"Cookie", cookie.substr(0, cookie.find(';'))}};
  EXPECT_EQ(fetch(server().port(), "GET", "/", fields).body, "hello");
  auto with_token = fields;
  with_token.emplace_back("Authorization", "Bearer " + token.holder.token);
  EXPECT_EQ(fetch(server().port(), "GET", "/", with_token).body, "hello");
  EXPECT_FALSE(app.last_head().contains("berth_pat_"))
      << "the program never sees the token: " << app.last_head();
  // One that stays open: what the program says then does not get through any more.
  auto events = Wire::connect_tcp(server().port());
  events.send(request_text("GET", "/sse", fields));
  events.receive_until("\r\n\r\n");
  ASSERT_EQ(revoke(token, owner()), 200);
  EXPECT_TRUE(events.ends_within(1s));
  EXPECT_EQ(fetch(server().port(), "GET", "/", fields).status, 401);
}

}  // namespace
}  // namespace berth::test
