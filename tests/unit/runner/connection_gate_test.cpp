// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/connection_gate.hpp"

#include <gtest/gtest.h>

namespace berth::runner {
namespace {

using namespace protocol;
constexpr std::int64_t now = 1'800'000'000;

struct ConnectionGateTest : testing::Test {
  KeyPair server = generate_key_pair(), runner = generate_key_pair();
  ConnectionGate gate{"abcdefgh23", server.public_key, runner.secret_key};
  ConnectClaims claims{"abcdefgh23", "person", "Person",           Role::editor,
                       {"session"},  now + 30, "nonce-of-a-test-1"};
  Result<ConnectClaims> admit(const std::string& capability = "session", std::int64_t at = now) {
    return gate.admit("Berth " + sign_connect_token(claims, server.secret_key), capability, at);
  }
};

TEST_F(ConnectionGateTest, AdmitsAGoodTokenAndProvesItself) {
  const auto admitted = admit();
  ASSERT_TRUE(admitted);
  EXPECT_EQ(admitted->role, Role::editor);
  EXPECT_TRUE(
      verify_runner_proof(gate.proof(*admitted), "abcdefgh23", "nonce-of-a-test-1", runner.public_key));
  EXPECT_FALSE(
      verify_runner_proof(gate.proof(*admitted), "abcdefgh23", "nonce-of-a-test-2", runner.public_key));
}

TEST_F(ConnectionGateTest, TakesANonceOnceWhileItsTokenLives) {
  ASSERT_TRUE(admit());
  EXPECT_EQ(admit().error().code, ErrorCode::unauthenticated);
  EXPECT_EQ(admit("session", now + 29).error().code, ErrorCode::unauthenticated);
}

TEST_F(ConnectionGateTest, RefusesExpiredAndOverlongTokens) {
  EXPECT_EQ(admit("session", now + 31).error().code, ErrorCode::unauthenticated);
  claims.expires = now + max_connect_token_life + 1;
  EXPECT_EQ(admit().error().code, ErrorCode::unauthenticated);
}

TEST_F(ConnectionGateTest, RefusesOtherWorkspacesKeysAndSchemes) {
  const auto token = sign_connect_token(claims, server.secret_key);
  EXPECT_FALSE(gate.admit("Bearer " + token, "session", now));
  EXPECT_FALSE(gate.admit("", "session", now));
  EXPECT_FALSE(
      gate.admit("Berth " + sign_connect_token(claims, generate_key_pair().secret_key), "session", now));
  claims.workspace = "other";
  EXPECT_EQ(admit().error().code, ErrorCode::unauthenticated);
}

TEST_F(ConnectionGateTest, ACapabilityIsForOnePort) {
  claims.capabilities = {"tunnel:3000"};
  EXPECT_EQ(admit("tunnel:3001").error().code, ErrorCode::permission_denied);
  claims.nonce = "nonce-of-a-test-2";
  EXPECT_TRUE(admit("tunnel:3000"));
  claims.nonce = "nonce-of-a-test-3";
  EXPECT_EQ(admit("session").error().code, ErrorCode::permission_denied);
}

}  // namespace
}  // namespace berth::runner
