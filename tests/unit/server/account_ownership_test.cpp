// SPDX-License-Identifier: GPL-3.0-or-later
// What only the owner of an account may do with it: somebody who sits at an open session, has a link that was
// meant for another address, or signs in while the password changes, does not get it for good.
#include <spdlog/details/log_msg.h>

#include "accounts_fixture.hpp"
#include "server/log_lines.hpp"
#include "server/password_hash.hpp"
#include "server/second_factor.hpp"
#include "server/standing.hpp"
#include "server/totp.hpp"

namespace berth::server {
namespace {

using testing::AccountsTest;
using testing::await;
namespace rest = protocol::rest;

class AccountOwnership : public AccountsTest {
 protected:
  std::unique_ptr<Accounts> proving =
      make({.maximum_accounts = 0, .concurrent_hashes = 2, .shared = false, .proves_addresses = true});

  Result<rest::Account> move_to(Accounts& by, const Principal& who, const std::string& email,
                                std::optional<std::string> password, std::optional<std::string> code = {}) {
    return await(io, by.update_profile(who, {.name = {},
                                             .email = email,
                                             .current_password = std::move(password),
                                             .code = std::move(code)}));
  }
  static std::string asked_for(const Error& error) {
    const auto it = error.data.find("second_factor");
    return it == error.data.end() ? "" : it->second;
  }
  std::string code_of(const std::string& secret) const {
    return totp::code_of(secret, clock() / 1000 / totp::step_seconds);
  }
  /// Puts a second factor in force; its secret. The code that did so has passed.
  std::string enable(const Principal& who) {
    EXPECT_TRUE(await(io, accounts->begin_second_factor(who, "a long password")));
    const auto factor = store->second_factors().find(who.account);
    auto secret = *open_secret((*factor)->secret, who.account, keys.second_factor);
    EXPECT_TRUE(await(io, accounts->confirm_second_factor(who, code_of(secret))));
    clock.advance(std::chrono::seconds(60));
    return secret;
  }
};

TEST_F(AccountOwnership, AnotherAddressTakesThePassword) {
  const auto me = principal(*register_account("ann@example.org"));
  EXPECT_EQ(move_to(*accounts, me, "thief@example.org", {}).error().code, ErrorCode::permission_denied);
  EXPECT_EQ(move_to(*accounts, me, "thief@example.org", "a wrong password").error().code,
            ErrorCode::permission_denied);
  EXPECT_EQ(await(io, accounts->profile(me))->email, "ann@example.org");
  EXPECT_TRUE(move_to(*accounts, me, "Ann@example.org ", {})) << "it is the one that it has";
  const auto moved = move_to(*accounts, me, "anna@example.org", "a long password");
  ASSERT_TRUE(moved) << moved.error().message;
  EXPECT_EQ(moved->email, "anna@example.org") << "no mails are sent here, so nobody waits for one";
  EXPECT_FALSE(moved->pending_email);
}

TEST_F(AccountOwnership, AnotherAddressTakesACodeAsWell) {
  const auto me = principal(*register_account("ann@example.org"));
  const auto secret = enable(me);
  const auto without = move_to(*accounts, me, "thief@example.org", "a long password");
  ASSERT_FALSE(without);
  EXPECT_EQ(without.error().code, ErrorCode::permission_denied) << "no reason to be signed out";
  EXPECT_EQ(asked_for(without.error()), "required");
  EXPECT_EQ(asked_for(move_to(*accounts, me, "thief@example.org", "a long password", "000000").error()),
            "wrong");
  EXPECT_TRUE(move_to(*accounts, me, "anna@example.org", "a long password", code_of(secret)));
}

TEST_F(AccountOwnership, WhereMailsAreSentAnotherAddressWaitsUntilItIsProven) {
  const auto me = principal(*register_account("ann@example.org"));
  ASSERT_TRUE(store->identities().verify_email(me.account, "ann@example.org"));
  const auto moved = move_to(*proving, me, "anna@exmaple.org", "a long password");
  ASSERT_TRUE(moved) << moved.error().message;
  EXPECT_EQ(moved->email, "ann@example.org");
  EXPECT_TRUE(moved->email_verified);
  EXPECT_EQ(moved->pending_email, "anna@exmaple.org");
  EXPECT_TRUE(sign_in("ann@example.org", "a long password"));
  EXPECT_FALSE(sign_in("anna@exmaple.org", "a long password"));
  // Another name leaves it waiting, the old address drops it.
  EXPECT_EQ(await(io, proving->update_profile(me, {.name = "Anna", .email = {}}))->pending_email,
            "anna@exmaple.org");
  EXPECT_FALSE(move_to(*proving, me, "ann@example.org", {})->pending_email);
  EXPECT_FALSE(store->identities().verify_email(me.account, "anna@exmaple.org"));
}

TEST_F(AccountOwnership, AnotherAddressIsOneThatMayRegister) {
  const auto me = principal(*register_account("ann@school.example"));
  rest::UpdateSettings::Body domains;
  domains.registration_domains = {"school.example"};
  ASSERT_TRUE(await(io, settings.update(std::move(domains), pool)));
  const auto refused = move_to(*accounts, me, "ann@evil.example", "a long password");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::permission_denied);
  EXPECT_TRUE(move_to(*accounts, me, "anna@school.example", "a long password"));
  EXPECT_TRUE(
      await(io, accounts->update_profile(principal(*sign_in("anna@school.example", "a long password")),
                                         {.name = "Anna", .email = "anna@school.example"})));
}

TEST_F(AccountOwnership, ASignInUnderWayDoesNotOutliveThePassword) {
  const auto made = register_account("ann@example.org");
  const auto me = principal(*made);
  std::string password = "a long password";
  for (int round = 0; round < 4; ++round) {
    const auto hash = store->accounts().by_id(me.account)->password_hash;
    // Each takes its time to look at the password; the change comes while they do.
    std::vector<std::future<Result<Tokens>>> thieves;
    for (int i = 0; i < 4; ++i)
      thieves.push_back(
          boost::asio::co_spawn(pool,
                                accounts->sign_in({"ann@example.org", password, {}},
                                                  {"203.0.113." + std::to_string(round * 4 + i), "test"}),
                                boost::asio::use_future));
    const auto next = "the password number " + std::to_string(round);
    const auto hashed = await(io, PasswordHash(1).make(next));
    ASSERT_TRUE(store->accounts().change_password(me.account,
                                                  {.before = hash, .after = *hashed, .keep = me.sign_in}));
    for (auto& thief : thieves) {
      const auto tokens = thief.get();
      EXPECT_FALSE(tokens && authenticate(tokens->access_token)) << round;
    }
    EXPECT_EQ(await(io, accounts->sign_ins(me))->size(), 1u) << "the one that changed it";
    password = next;
  }
}

TEST_F(AccountOwnership, WhatWasProvenBeforeAChangeMakesNoSignIn) {
  const auto me = principal(*register_account("ann@example.org"));
  const auto before = *store->accounts().by_id(me.account);
  ASSERT_TRUE(await(io, accounts->change_password(me, {"a long password", "a newer password"})));
  SignInRecord late{.id = "late",
                    .account = me.account,
                    .salt = "salt",
                    .generation = 0,
                    .rotated = clock(),
                    .created = clock(),
                    .expires = clock() + 1000,
                    .client = "test"};
  late.password_hash = before.password_hash;
  EXPECT_EQ(store->sign_ins().insert(late).error().code, ErrorCode::unauthenticated);
  EXPECT_EQ(store->accounts()
                .change_password(me.account, {.before = before.password_hash, .after = "x", .keep = {}})
                .error()
                .code,
            ErrorCode::unauthenticated)
      << "nor another password";
}

TEST_F(AccountOwnership, WhoHasSignedOutMakesNoTokens) {
  const auto me = principal(*register_account("ann@example.org"));
  ASSERT_TRUE(await(io, accounts->sign_out(me)));
  const auto made = await(io, accounts->create_token(me, {"t", {rest::Scope::connect}, {}}));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::unauthenticated);
  EXPECT_EQ(await(io, accounts->sign_in_proven(me.account, caller, me.sign_in)).error().code,
            ErrorCode::unauthenticated)
      << "nor does a program sign in because they agreed";
}

TEST_F(AccountOwnership, GuessesFromOutsideDoNotKeepTheOwnerFromTheirAccount) {
  const auto me = principal(*register_account("ann@example.org"));
  for (int i = 0; i < 60; ++i)
    (void)sign_in("ann@example.org", "a wrong password", "198.51.100." + std::to_string(i));
  ASSERT_EQ(sign_in("ann@example.org", "a long password", "203.0.113.1").error().code,
            ErrorCode::limit_exceeded);
  const auto changed = await(io, accounts->change_password(me, {"a long password", "a newer password"}));
  EXPECT_TRUE(changed) << changed.error().message;
}

TEST_F(AccountOwnership, AnAdministratorsResetLeavesNoWayInButItsLink) {
  const auto made = register_account("ann@example.org");
  const auto me = principal(*made);
  const auto secret = enable(me);
  ASSERT_TRUE(store->identities().insert({.id = "i",
                                          .account = me.account,
                                          .issuer = "https://id.example.org",
                                          .subject = "thief",
                                          .email = "",
                                          .linked = 1}));
  ASSERT_TRUE(move_to(*proving, me, "thief@example.org", "a long password", code_of(secret)));
  const auto token = await(io, accounts->create_token(me, {"t", {rest::Scope::connect}, {}}));
  std::vector<std::string> ended;
  const auto by_sign_in =
      events.subscribe({me.sign_in, me.account, ""}, [&](const auto&) { ended.push_back("sign-in"); });
  const auto by_token = events.subscribe({standing_of_token(token->token.id), me.account, ""},
                                         [&](const auto&) { ended.push_back("token"); });
  const AccountReset reset{.account = me.account,
                           .link = {.id = "link",
                                    .kind = reset_ticket,
                                    .handle = {},
                                    .account = me.account,
                                    .data = "{}",
                                    .created = clock(),
                                    .expires = clock() + 1000}};
  ASSERT_TRUE(await(io, accounts->reset_account(reset)));
  EXPECT_EQ(ended, (std::vector<std::string>{"sign-in", "token"}));
  EXPECT_FALSE(authenticate(made->access_token));
  EXPECT_FALSE(authenticate(token->secret));
  EXPECT_EQ(sign_in("ann@example.org", "a long password", "198.51.100.3").error().code,
            ErrorCode::unauthenticated);
  EXPECT_TRUE(store->identities().list_of(me.account)->empty());
  EXPECT_EQ(store->accounts().by_id(me.account)->pending_email, "");
  EXPECT_TRUE((*store->second_factors().find(me.account))->enabled) << "that was not asked for";
  EXPECT_TRUE(store->tickets().find(reset_ticket, "link", clock()));
}

TEST_F(AccountOwnership, AnAdministratorWhoLooksIsMarkedAmongTheSignIns) {
  const auto root = principal(*await(
      io,
      accounts->set_up({**accounts->setup_token(), "root@example.org", "Root", "a long password"}, caller)));
  const auto me = principal(*register_account("ann@example.org"));
  ASSERT_TRUE(await(io, accounts->impersonate(root, me.account, caller)));
  const auto items = *await(io, accounts->sign_ins(me));
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(std::ranges::count_if(items, &rest::SignInItem::by_administrator), 1);
  EXPECT_FALSE(std::ranges::find_if(items, &rest::SignInItem::current)->by_administrator);
}

TEST(LogLines, WhatOthersSayStaysInItsLine) {
  EXPECT_EQ(one_line("the provider says x\n2026-01-01T00:00:00.000 info forged\r\x1b[2J"),
            "the provider says x\\x0a2026-01-01T00:00:00.000 info forged\\x0d\\x1b[2J");
  EXPECT_EQ(one_line("Zoë, 日本"), "Zoë, 日本");
  const auto formatter = log_formatter()->clone();
  spdlog::details::log_msg message("", spdlog::level::info, "two\nlines");
  spdlog::memory_buf_t line;
  formatter->format(message, line);
  const std::string text(line.data(), line.size());
  EXPECT_TRUE(text.ends_with(" info two\\x0alines\n")) << text;
  EXPECT_EQ(std::ranges::count(text, '\n'), 1);
}

}  // namespace
}  // namespace berth::server
