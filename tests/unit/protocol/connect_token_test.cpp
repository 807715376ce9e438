// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/connect_token.hpp"

#include <gtest/gtest.h>

namespace berth::protocol {
namespace {

constexpr std::int64_t now = 1'800'000'000;
ConnectClaims claims() {
  return {"ws", "u1", "Ada", Role::editor, {"session"}, now + 30, "0123456789abcdef"};
}

TEST(ConnectToken, IsBelievedWhenSignedAndFresh) {
  const auto keys = generate_key_pair();
  const auto verified =
      verify_connect_token(sign_connect_token(claims(), keys.secret_key), keys.public_key, now);
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->workspace, "ws");
  EXPECT_EQ(verified->role, Role::editor);
}

TEST(ConnectToken, IsRefusedWhenForgedExpiredOrTooLongLived) {
  const auto keys = generate_key_pair();
  const auto token = sign_connect_token(claims(), keys.secret_key);
  EXPECT_FALSE(verify_connect_token(token, generate_key_pair().public_key, now));
  EXPECT_FALSE(verify_connect_token(token, keys.public_key, now + 30));
  EXPECT_FALSE(verify_connect_token(token, keys.public_key, now - 31));
  auto changed = token;
  changed[5] = changed[5] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(verify_connect_token(changed, keys.public_key, now));
  EXPECT_FALSE(verify_connect_token(token.substr(0, token.size() - 4), keys.public_key, now));
  EXPECT_FALSE(verify_connect_token("", keys.public_key, now));
  EXPECT_FALSE(verify_connect_token(".", keys.public_key, now));
  EXPECT_FALSE(verify_connect_token(std::string(100000, 'a') + "." + "b", keys.public_key, now));
}

TEST(ConnectToken, NeedsALongNonce) {
  const auto keys = generate_key_pair();
  auto weak = claims();
  weak.nonce = "short";
  EXPECT_FALSE(verify_connect_token(sign_connect_token(weak, keys.secret_key), keys.public_key, now));
}

TEST(RunnerProof, HoldsForOneWorkspaceNonceAndKey) {
  const auto keys = generate_key_pair();
  const auto proof = sign_runner_proof("ws", "nonce", keys.secret_key);
  EXPECT_TRUE(verify_runner_proof(proof, "ws", "nonce", keys.public_key));
  EXPECT_FALSE(verify_runner_proof(proof, "other", "nonce", keys.public_key));
  EXPECT_FALSE(verify_runner_proof(proof, "ws", "other", keys.public_key));
  EXPECT_FALSE(verify_runner_proof(proof, "ws", "nonce", generate_key_pair().public_key));
  EXPECT_FALSE(verify_runner_proof("", "ws", "nonce", keys.public_key));
}

}  // namespace
}  // namespace berth::protocol
