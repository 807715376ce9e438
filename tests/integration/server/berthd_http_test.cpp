// SPDX-License-Identifier: GPL-3.0-or-later
// The HTTP side of the real server: hostile and odd requests, limits, headers, keep-alive.
#include "berthd_process.hpp"

namespace berth::server::testing {
namespace {

using protocol::Json;
using test::read_reply;
using test::request_text;

/// One server for all of these: they change nothing.
class BerthdHttpTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    place_ = std::make_unique<DataPlace>();
    server_ = std::make_unique<BerthdProcess>(*place_);
  }
  static void TearDownTestSuite() {
    server_.reset();
    place_.reset();
  }
  static BerthdProcess& server() { return *server_; }
  static inline std::unique_ptr<DataPlace> place_;
  static inline std::unique_ptr<BerthdProcess> server_;
};

TEST_F(BerthdHttpTest, MalformedJsonNamesTheField) {
  const auto reply = call(server(), "POST", "/api/v1/auth/sign_in", {}, {{"email", 5}, {"password", "x"}});
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(json_of(reply)["error"]["message"], "body.email: not a string");
  EXPECT_EQ(json_of(reply)["error"]["code"], "invalid_argument");
  const auto broken =
      fetch(server().port(), "POST", "/api/v1/auth/sign_in",
            {{"Host", server().host()}, {"Berth-Client", "native"}, {"Content-Type", "application/json"}},
            "{\"email\": \"\xff\"}");
  EXPECT_EQ(broken.status, 400);
  EXPECT_EQ(call(server(), "POST", "/api/v1/auth/sign_in", {},
                 Json::parse(std::string(200, '[') + std::string(200, ']')))
                .status,
            400);
}

TEST_F(BerthdHttpTest, ABodyOverTheLimitIsRefusedWithoutReadingIt) {
  const auto declared =
      fetch(server().port(), "POST", "/api/v1/auth/sign_in",
            {{"Host", server().host()}, {"Berth-Client", "native"}}, std::string(300'000, ' '));
  EXPECT_EQ(declared.status, 413) << declared.body;
  EXPECT_EQ(json_of(declared)["error"]["data"]["limit"], "262144");
  auto wire = Wire::connect_tcp(server().port());
  wire.send("POST /api/v1/auth/sign_in HTTP/1.1\r\nHost: " + server().host() +
            "\r\nBerth-Client: native\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 6; ++i) wire.send("10000\r\n" + std::string(0x10000, ' ') + "\r\n");
  EXPECT_EQ(read_reply(wire).status, 413);
  EXPECT_EQ(fetch(server().port(), "POST", "/index.html", {{"Host", server().host()}}, "body").status, 413)
      << "a page takes none";
}

TEST_F(BerthdHttpTest, AHeaderOverTheLimitIsRefused) {
  const auto reply = fetch(server().port(), "GET", "/healthz",
                           {{"Host", server().host()}, {"X-Long", std::string(40'000, 'a')}});
  EXPECT_EQ(reply.status, 431);
}

TEST_F(BerthdHttpTest, WhatIsNotHttpIsAnsweredAndClosed) {
  auto wire = Wire::connect_tcp(server().port());
  wire.send("\x16\x03\x01\x02 this is TLS\r\n\r\n");
  EXPECT_EQ(read_reply(wire).status, 400);
  EXPECT_TRUE(wire.ends_within(std::chrono::seconds(5)));
}

TEST_F(BerthdHttpTest, ForeignHostNamesAreNotServed) {
  EXPECT_EQ(fetch(server().port(), "GET", "/api/v1/server", {{"Host", "rebound.evil.example"}}).status, 421);
  EXPECT_EQ(fetch(server().port(), "GET", "/api/v1/server",
                  {{"Host", "127.0.0.1:" + std::to_string(server().port())}})
                .status,
            200);
  EXPECT_EQ(fetch(server().port(), "GET", "/healthz", {{"Host", server().host()}, {"Host", "other"}}).status,
            400);
}

TEST_F(BerthdHttpTest, OddTargetsAreRefused) {
  for (const auto* target : {"http://localhost/healthz", "/%00", "/a%zz", "*"}) {
    const auto status = fetch(server().port(), "GET", target, {{"Host", server().host()}}).status;
    EXPECT_GE(status, 400) << target;
    EXPECT_LT(status, 500) << target;
  }
}

TEST_F(BerthdHttpTest, EveryAnswerHasTheSecurityHeaders) {
  for (const auto* target : {"/", "/api/v1/server", "/api/v1/me", "/nothing.js", "/healthz"}) {
    const auto reply = fetch(server().port(), "GET", target, {{"Host", server().host()}});
    EXPECT_EQ(reply.field("X-Content-Type-Options"), "nosniff") << target;
    EXPECT_EQ(reply.field("X-Frame-Options"), "DENY") << target;
    EXPECT_FALSE(reply.field("Content-Security-Policy").empty()) << target;
    EXPECT_EQ(reply.field("Access-Control-Allow-Origin"), "") << target;
  }
}

TEST_F(BerthdHttpTest, AConnectionTakesManyRequests) {
  auto wire = Wire::connect_tcp(server().port());
  for (int i = 0; i < 50; ++i) {
    wire.send(request_text("GET", "/healthz", {{"Host", server().host()}}));
    ASSERT_EQ(read_reply(wire).status, 200);
  }
  wire.send(request_text("HEAD", "/api/v1/server", {{"Host", server().host()}}));
  const auto head = read_reply(wire, true);
  EXPECT_EQ(head.status, 200);
  EXPECT_NE(head.field("Content-Length"), "0");
  wire.send(request_text("GET", "/healthz", {{"Host", server().host()}, {"Connection", "close"}}));
  EXPECT_EQ(read_reply(wire).status, 200);
  EXPECT_TRUE(wire.ends_within(std::chrono::seconds(5)));
}

TEST_F(BerthdHttpTest, DocumentsAreServed) {
  EXPECT_EQ(json_of(call(server(), "GET", "/healthz"))["status"], "alive");
  EXPECT_EQ(json_of(call(server(), "GET", "/readyz"))["status"], "ready");
  EXPECT_TRUE(json_of(call(server(), "GET", "/api/openapi.json"))["paths"].contains("/api/v1/workspaces"));
  EXPECT_TRUE(
      call(server(), "GET", "/metrics").body.contains("\nberth_connections{through=\"gateway\"} 0\n"));
}

}  // namespace
}  // namespace berth::server::testing
