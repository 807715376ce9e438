// SPDX-License-Identifier: GPL-3.0-or-later
// Personal access tokens, scopes, sealed secrets, recovery codes and pending sign-ins: what needs no store.
#include "server/second_factor.hpp"

#include <gtest/gtest.h>

#include <set>

#include "server/personal_token.hpp"
#include "server/scopes.hpp"

namespace berth::server {
namespace {

using protocol::rest::Scope;

constexpr IdentityKey key{1, 2, 3};
constexpr IdentityKey other_key{4};

TEST(PersonalToken, IsKnownByItsHashAlone) {
  const auto token = make_personal_token(key);
  EXPECT_TRUE(is_personal_token(token.text));
  EXPECT_EQ(id_of_personal_token(token.text), token.id);
  EXPECT_TRUE(is_token_of(token.text, token.hash, key));
  EXPECT_FALSE(is_token_of(token.text, token.hash, other_key)) << "who has the database lacks the key";
  EXPECT_EQ(token.hash.find(token.text.substr(token.text.size() - 10)), std::string::npos);
  EXPECT_NE(make_personal_token(key).text, token.text);
}

TEST(PersonalToken, EveryChangedCharacterMakesItAnother) {
  const auto token = make_personal_token(key);
  for (std::size_t i = 0; i < token.text.size(); ++i) {
    auto changed = token.text;
    changed[i] = changed[i] == 'a' ? 'b' : 'a';
    EXPECT_FALSE(is_token_of(changed, token.hash, key)) << i;
  }
}

TEST(PersonalToken, WhatHasNotItsFormIsNone) {
  const auto token = make_personal_token(key).text;
  for (const auto& wrong :
       {std::string(), std::string("berth_pat_"), token + "a", token.substr(0, token.size() - 1), "x" + token,
        token.substr(0, token.size() - 1) + "A", token.substr(0, token.size() - 1) + std::string(1, '\0')})
    EXPECT_FALSE(id_of_personal_token(wrong)) << wrong;
}

TEST(Scopes, WritingIncludesReading) {
  EXPECT_TRUE(permits({Scope::workspaces_write}, Scope::workspaces_read));
  EXPECT_TRUE(permits({Scope::account_write}, Scope::account_read));
  EXPECT_FALSE(permits({Scope::workspaces_read}, Scope::workspaces_write));
  EXPECT_FALSE(permits({Scope::workspaces_write}, Scope::account_read));
  EXPECT_FALSE(permits({Scope::admin}, Scope::workspaces_read))
      << "being an administrator is no way to the rest";
  EXPECT_FALSE(permits({Scope::workspaces_write}, Scope::connect));
  const Scopes all{Scope::account_read,     Scope::account_write, Scope::workspaces_read,
                   Scope::workspaces_write, Scope::connect,       Scope::admin};
  EXPECT_FALSE(permits(all, protocol::rest::no_token));
  for (const auto scope : all) EXPECT_TRUE(permits(all, scope));
}

TEST(Scopes, AreKeptByName) {
  const Scopes some{Scope::connect, Scope::account_read};
  EXPECT_EQ(scopes_text(some), "account_read,connect");
  EXPECT_EQ(scopes_of("account_read,connect"), some);
  EXPECT_EQ(scopes_of(""), Scopes{});
  EXPECT_EQ(scopes_of("everything,connect,,"), Scopes{Scope::connect}) << "unknown ones grant nothing";
}

TEST(SecondFactor, ASealedSecretOpensForItsAccountAndKeyOnly) {
  const SecondFactorKey seal_key{7};
  const auto sealed = seal_secret("secret bytes", "ann", seal_key);
  EXPECT_EQ(open_secret(sealed, "ann", seal_key), "secret bytes");
  EXPECT_NE(seal_secret("secret bytes", "ann", seal_key), sealed);
  EXPECT_FALSE(open_secret(sealed, "bob", seal_key));
  EXPECT_FALSE(open_secret(sealed, "ann", SecondFactorKey{8}));
  EXPECT_FALSE(open_secret(sealed.substr(0, sealed.size() - 4), "ann", seal_key));
  EXPECT_FALSE(open_secret("", "ann", seal_key));
  EXPECT_FALSE(open_secret("not base64 !", "ann", seal_key));
}

TEST(SecondFactor, RecoveryCodesAreReadHoweverTheyAreTyped) {
  std::set<std::string> seen;
  for (int i = 0; i < 200; ++i) {
    const auto code = make_recovery_code();
    ASSERT_EQ(code.size(), 11u);
    EXPECT_EQ(code[5], '-');
    EXPECT_EQ(plain_recovery_code(code).size(), 10u);
    seen.insert(code);
  }
  EXPECT_EQ(seen.size(), 200u);
  EXPECT_EQ(plain_recovery_code("ABCDE-23456"), "abcde23456");
  EXPECT_EQ(plain_recovery_code(" abcde 23456 "), "abcde23456");
  for (const char* wrong : {"", "abcde", "abcde-234567", "abcde-23458", "123456", "abcde-2345é"})
    EXPECT_EQ(plain_recovery_code(wrong), "") << wrong;
  EXPECT_NE(recovery_code_hash("ann", "abcde23456", key), recovery_code_hash("bob", "abcde23456", key));
  EXPECT_NE(recovery_code_hash("ann", "abcde23456", key), recovery_code_hash("ann", "abcde23456", other_key));
}

TEST(SecondFactor, APendingSignInHoldsForItsStateOnly) {
  const PendingSignIn pending{"ann", "nonce", 1'234};
  const auto text = make_pending(pending, "state", key);
  const auto parsed = parse_pending(text);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->account, "ann");
  EXPECT_EQ(parsed->nonce, "nonce");
  EXPECT_EQ(parsed->expires, 1'234);
  EXPECT_TRUE(is_pending_of(text, *parsed, "state", key));
  EXPECT_FALSE(is_pending_of(text, *parsed, "another state", key));
  EXPECT_FALSE(is_pending_of(text, *parsed, "state", other_key));
  for (const auto& [from, to] : {std::pair{"ann", "bob"}, {"1234", "9234"}, {"nonce", "nonca"}}) {
    auto changed = text;
    changed.replace(changed.find(from), std::string(from).size(), to);
    const auto claim = parse_pending(changed);
    ASSERT_TRUE(claim);
    EXPECT_FALSE(is_pending_of(changed, *claim, "state", key)) << changed;
  }
  for (const auto& wrong :
       {std::string(), std::string("..."), std::string("ann.x.nonce.mac"), std::string("ann.1.nonce"),
        std::string("ann.99999999999999999999.n.m"), std::string(1000, 'a')})
    EXPECT_FALSE(parse_pending(wrong)) << wrong;
}

}  // namespace
}  // namespace berth::server
