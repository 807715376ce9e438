// SPDX-License-Identifier: GPL-3.0-or-later
// What an attacker can do who reaches a runner's socket, sees the server's own connect tokens pass, and sends
// them again, elsewhere, later or changed: nothing.
#include <gtest/gtest.h>

#include <ctime>
#include <optional>

#include "gateway_fixture.hpp"
#include "server/server_keys.hpp"
#include "wiretap.hpp"

namespace berth::test {
namespace {

using protocol::ConnectClaims;

class ConnectToken : public GatewayTest {
 protected:
  /// What the runner at `socket` says to an upgrade with this token.
  static Reply present(const std::string& socket, const std::string& token) {
    auto wire = Wire::connect_unix(socket);
    wire.send(request_text("GET", "/connect",
                           websocket_fields("runner", {{"Authorization", "Berth " + token},
                                                       {"Sec-WebSocket-Protocol", "berth.v1"}})));
    return read_reply(wire);
  }
  static void expect_refused(const std::string& socket, const std::string& token, const std::string& why) {
    const auto reply = present(socket, token);
    EXPECT_EQ(reply.status, 401) << reply.head << reply.body;
    EXPECT_TRUE(reply.body.contains(why)) << reply.body;
    EXPECT_TRUE(reply.field("Berth-Runner-Proof").empty()) << "a proof for a token that was refused";
  }
  /// The owner connects by the gateway; whether that worked is not asked.
  static void try_to_connect(const std::string& workspace) {
    auto wire = Wire::connect_tcp(server().port());
    wire.send(request_text("GET", connect_path(workspace),
                           websocket_fields(server().host(), {{"Authorization", "Bearer " + owner().token},
                                                              {"Sec-WebSocket-Protocol", "berth.v1"}})));
    (void)read_reply(wire);
  }
  /// A token that the server made for the owner and no runner ever saw.
  static std::string stolen_token(const std::string& workspace) {
    Wiretap tap(server().socket_of(workspace), Wiretap::Mode::keep);
    try_to_connect(workspace);
    auto token = tap.token_of("Owner");
    if (!token) throw std::runtime_error("no token came by");
    return *token;
  }
  static protocol::SecretKey server_key() {
    const auto keys = server::load_server_keys(GatewayTest::server().data_folder());
    if (!keys) throw std::runtime_error(keys.error().message);
    return keys->connect.secret_key;
  }
  static ConnectClaims fresh_claims(std::int64_t life) {
    return {workspace(),
            "an-account",
            "Somebody",
            protocol::Role::owner,
            {"session"},
            std::time(nullptr) + life,
            "nonce-of-this-test-" + std::to_string(++count_)};
  }

 private:
  static inline int count_ = 0;
};

TEST_F(ConnectToken, AnUnusedOneOpensItsOwnWorkspaceSoThatTheRefusalsBelowMeanSomething) {
  const auto own = make_workspace(owner());
  EXPECT_EQ(present(server().socket_of(own), stolen_token(own)).status, 101);
  EXPECT_EQ(
      present(server().socket_of(workspace()), protocol::sign_connect_token(fresh_claims(30), server_key()))
          .status,
      101);
}

TEST_F(ConnectToken, ThatOpenedAConnectionIsRefusedASecondTime) {
  const auto own = make_workspace(owner());
  Wiretap tap(server().socket_of(own), Wiretap::Mode::pass_on);
  auto socket = connect(owner(), own);
  EXPECT_EQ(hello(socket).at("workspace"), own) << "the person's own connection works";
  const auto token = tap.token_of("Owner");
  ASSERT_TRUE(token);
  EXPECT_GT(claims_of(*token).expires, std::time(nullptr)) << "it is still young";
  expect_refused(tap.beyond(), *token, "used already");
  EXPECT_NO_THROW(call(socket, "session/ping", protocol::Json::object()));
}

TEST_F(ConnectToken, OfOneWorkspaceDoesNotOpenAnother) {
  const auto own = make_workspace(owner());
  const auto token = stolen_token(own);
  expect_refused(server().socket_of(workspace()), token, "another workspace");
  EXPECT_EQ(present(server().socket_of(own), token).status, 101) << "it was good where it belongs";
}

TEST_F(ConnectToken, ThatIsOverOrWouldLiveTooLongIsRefused) {
  const auto socket = server().socket_of(workspace());
  auto claims = fresh_claims(30);
  for (const std::int64_t from_now : {0, -1, -3600, 90, 3600}) {
    claims.expires = std::time(nullptr) + from_now;
    expect_refused(socket, protocol::sign_connect_token(claims, server_key()), "was refused");
  }
  // Nothing but the time was wrong with it.
  claims.expires = std::time(nullptr) + 30;
  EXPECT_EQ(present(socket, protocol::sign_connect_token(claims, server_key())).status, 101);
}

TEST_F(ConnectToken, SignedByAnotherKeyIsRefused) {
  const auto foreign = protocol::generate_key_pair();
  const auto own = make_workspace(owner());
  // The claims of a real one, so that nothing but the signature is wrong.
  const auto real = stolen_token(own);
  const auto socket = server().socket_of(own);
  EXPECT_EQ(present(socket, protocol::sign_connect_token(claims_of(real), foreign.secret_key)).status, 401);
  const auto signature = real.substr(real.find('.'));
  auto raised = claims_of(real);
  raised.user = "somebody-else";
  const auto text = protocol::sign_connect_token(raised, foreign.secret_key);
  EXPECT_EQ(present(socket, text.substr(0, text.find('.')) + signature).status, 401)
      << "changed claims under the old signature";
  EXPECT_EQ(present(socket, real.substr(0, real.find('.'))).status, 401) << "no signature";
  EXPECT_EQ(present(socket, "").status, 401);
  EXPECT_EQ(present(socket, owner().token).status, 401) << "an access token is no connect token";
  EXPECT_EQ(present(socket, real).status, 101) << "none of that spoilt the real one";
}

TEST_F(ConnectToken, OfAPreviewOpensNoSession) {
  auto claims = fresh_claims(30);
  claims.capabilities = {"tunnel:8000"};
  EXPECT_EQ(
      present(server().socket_of(workspace()), protocol::sign_connect_token(claims, server_key())).status,
      403);
}

TEST_F(ConnectToken, AClientThatGoesAwayIsGoneForTheRunner) {
  // As the server's control link asks, which counts the windows that are connected. The runner keeps one such
  // link alone, the newest: the server's own comes back, and may end this one before its answer.
  const auto ask = [&]() -> std::optional<int> {
    auto claims = fresh_claims(30);
    claims.user = claims.user_name = "server";
    claims.role = protocol::Role::server;
    try {
      auto wire = Wire::connect_unix(server().socket_of(workspace()));
      wire.send(request_text(
          "GET", "/connect",
          websocket_fields("runner",
                           {{"Authorization", "Berth " + protocol::sign_connect_token(claims, server_key())},
                            {"Sec-WebSocket-Protocol", "berth.v1"}})));
      if (read_reply(wire).status != 101) return std::nullopt;
      WebSocket link(std::move(wire));
      hello(link);
      return call(link, "control/activity", protocol::Json::object()).at("sessions").get<int>();
    } catch (const std::exception&) {
      return std::nullopt;
    }
  };
  const auto windows = [&] {
    std::optional<int> told;
    EXPECT_TRUE(eventually([&] { return (told = ask()).has_value(); }));
    return told.value_or(-1);
  };
  ASSERT_TRUE(eventually([&] { return windows() == 0; })) << "those of the tests before";
  {
    auto socket = connect(owner(), workspace());
    hello(socket);
    EXPECT_EQ(windows(), 1);
  }  // its connection to the server is dropped without a word
  EXPECT_TRUE(eventually([&] { return windows() == 0; }, std::chrono::seconds(2)));
}

}  // namespace
}  // namespace berth::test
