// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of accounts over a real SQLite store, with the clock in hand.
#include "accounts_fixture.hpp"

namespace berth::server {
namespace {

using testing::AccountsTest;
using testing::await;

TEST_F(AccountsTest, RegisterSignInAndBeKnown) {
  const auto made = register_account("  Ann@Example.org ");
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->account.email, "ann@example.org");
  EXPECT_FALSE(made->account.administrator);
  const auto again = sign_in("ANN@example.org", "a long password");
  ASSERT_TRUE(again) << again.error().message;
  const auto who = authenticate(again->access_token);
  ASSERT_TRUE(who);
  EXPECT_EQ(who->account, made->account.id);
  EXPECT_FALSE(who->by_cookie);
  EXPECT_TRUE(await(io, accounts->authenticate(
                            {.bearer = {}, .access_cookie = again->access_token, .refresh_cookie = {}}))
                  ->by_cookie);
}

TEST_F(AccountsTest, WrongFieldsAreNamed) {
  const auto message = [&](const std::string& email, const std::string& name, const std::string& password) {
    return await(io, accounts->register_account({email, name, password}, caller)).error().message;
  };
  EXPECT_EQ(message("no-address", "A", "a long password").substr(0, 10), "body.email");
  EXPECT_EQ(message("a@b.c", "", "a long password").substr(0, 9), "body.name");
  EXPECT_EQ(message("a@b.c", "A", "short").substr(0, 13), "body.password");
  EXPECT_EQ(message("a@b.c", "A", std::string(257, 'x')).substr(0, 13), "body.password");
}

TEST_F(AccountsTest, WrongPasswordAndUnknownAccountLookTheSame) {
  ASSERT_TRUE(register_account("ann@example.org"));
  const auto wrong = sign_in("ann@example.org", "another password");
  const auto unknown = sign_in("bob@example.org", "another password");
  ASSERT_FALSE(wrong || unknown);
  EXPECT_EQ(wrong.error().message, unknown.error().message);
  EXPECT_EQ(wrong.error().code, ErrorCode::unauthenticated);
}

TEST_F(AccountsTest, GuessingIsThrottledAndTheOwnerComesBack) {
  ASSERT_TRUE(register_account("ann@example.org"));
  for (int i = 0; i < 5; ++i) ASSERT_FALSE(sign_in("ann@example.org", "a wrong password"));
  const auto throttled = sign_in("ann@example.org", "a long password");
  ASSERT_FALSE(throttled);
  EXPECT_EQ(throttled.error().code, ErrorCode::limit_exceeded);
  EXPECT_TRUE(throttled.error().data.contains("retry_after"));
  EXPECT_TRUE(sign_in("ann@example.org", "a long password", "198.51.100.9"))
      << "another address is not slowed by five guesses";
  clock.advance(std::chrono::seconds(2));
  EXPECT_TRUE(sign_in("ann@example.org", "a long password"));
}

TEST_F(AccountsTest, AnExpiredAccessTokenIsRefused) {
  const auto made = register_account("ann@example.org");
  clock.advance(std::chrono::minutes(15));
  EXPECT_EQ(authenticate(made->access_token).error().code, ErrorCode::unauthenticated);
}

TEST_F(AccountsTest, RefreshRotatesAndEachTokenIsGoodOnce) {
  const auto made = register_account("ann@example.org");
  clock.advance(std::chrono::minutes(1));
  const auto second = refresh(made->refresh_token);
  ASSERT_TRUE(second);
  EXPECT_NE(second->refresh_token, made->refresh_token);
  EXPECT_TRUE(authenticate(second->access_token));
  clock.advance(std::chrono::minutes(1));
  EXPECT_TRUE(refresh(second->refresh_token));
}

TEST_F(AccountsTest, TwoTabsRefreshingAtOnceGetTheSameSuccessor) {
  const auto made = register_account("ann@example.org");
  clock.advance(std::chrono::minutes(1));
  const auto first = refresh(made->refresh_token);
  clock.advance(std::chrono::seconds(9));
  const auto second = refresh(made->refresh_token);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->refresh_token, second->refresh_token);
  EXPECT_TRUE(refresh(second->refresh_token));
}

TEST_F(AccountsTest, ManyTabsRefreshingInParallelAllSucceed) {
  const auto made = register_account("ann@example.org");
  std::vector<std::future<Result<Tokens>>> tabs;
  for (int i = 0; i < 16; ++i)
    tabs.push_back(
        boost::asio::co_spawn(pool, accounts->refresh(made->refresh_token, caller), boost::asio::use_future));
  std::set<std::string> successors;
  for (auto& tab : tabs) {
    const auto tokens = tab.get();
    ASSERT_TRUE(tokens) << tokens.error().detail;
    successors.insert(tokens->refresh_token);
  }
  EXPECT_EQ(successors.size(), 1u);
}

TEST_F(AccountsTest, AUsedUpTokenEndsTheWholeSignInAndItsConnections) {
  const auto made = register_account("ann@example.org");
  const auto who = principal(*made);
  int ended = 0;
  const auto watch = events.subscribe({who.sign_in, who.account, "w"}, [&](const auto&) { ++ended; });
  const auto next = refresh(made->refresh_token);
  clock.advance(std::chrono::seconds(11));
  EXPECT_FALSE(refresh(made->refresh_token)) << "the thief's or the owner's: nobody can tell";
  EXPECT_EQ(ended, 1);
  EXPECT_FALSE(refresh(next->refresh_token));
  EXPECT_FALSE(authenticate(next->access_token));
  EXPECT_TRUE(sign_in("ann@example.org", "a long password"));
}

TEST_F(AccountsTest, AForgedTokenEndsNothing) {
  const auto made = register_account("ann@example.org");
  auto forged = made->refresh_token;
  forged.back() = forged.back() == 'A' ? 'Q' : 'A';
  forged[forged.size() - 5] ^= 1;
  EXPECT_FALSE(refresh(forged));
  EXPECT_TRUE(refresh(made->refresh_token));
}

TEST_F(AccountsTest, SignOutEndsThisSignInOnly) {
  const auto first = register_account("ann@example.org");
  const auto second = sign_in("ann@example.org", "a long password");
  ASSERT_TRUE(await(io, accounts->sign_out(principal(*first))));
  EXPECT_FALSE(authenticate(first->access_token));
  EXPECT_FALSE(refresh(first->refresh_token));
  EXPECT_TRUE(authenticate(second->access_token));
}

TEST_F(AccountsTest, SignOutEverywhereEndsAllAndTellsTheirConnections) {
  const auto first = register_account("ann@example.org");
  const auto second = sign_in("ann@example.org", "a long password");
  const auto other = register_account("bob@example.org");
  std::vector<std::string> ended;
  const auto watch_second = events.subscribe({principal(*second).sign_in, principal(*second).account, "w"},
                                             [&](const auto&) { ended.push_back("second"); });
  const auto watch_other = events.subscribe({principal(*other).sign_in, principal(*other).account, "w"},
                                            [&](const auto&) { ended.push_back("other"); });
  ASSERT_TRUE(await(io, accounts->sign_out_everywhere(principal(*first))));
  EXPECT_EQ(ended, std::vector<std::string>{"second"});
  EXPECT_FALSE(authenticate(second->access_token));
  EXPECT_TRUE(authenticate(other->access_token));
}

TEST_F(AccountsTest, ANewPasswordEndsEveryOtherSignIn) {
  const auto mine = register_account("ann@example.org");
  const auto other = sign_in("ann@example.org", "a long password");
  EXPECT_EQ(await(io, accounts->change_password(principal(*mine), {"wrong password", "a newer password"}))
                .error()
                .code,
            ErrorCode::permission_denied);
  EXPECT_EQ(await(io, accounts->change_password(principal(*mine), {"a long password", "short"})).error().code,
            ErrorCode::invalid_argument);
  ASSERT_TRUE(
      await(io, accounts->change_password(principal(*mine), {"a long password", "a newer password"})));
  EXPECT_TRUE(authenticate(mine->access_token));
  EXPECT_FALSE(authenticate(other->access_token));
  EXPECT_FALSE(sign_in("ann@example.org", "a long password"));
  EXPECT_TRUE(sign_in("ann@example.org", "a newer password"));
}

TEST_F(AccountsTest, TheProfileChanges) {
  const auto made = register_account("ann@example.org");
  ASSERT_TRUE(register_account("bob@example.org"));
  const auto changed = await(io, accounts->update_profile(principal(*made), {.name = "Anna", .email = {}}));
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->name, "Anna");
  EXPECT_EQ(changed->email, "ann@example.org");
  EXPECT_EQ(await(io, accounts->update_profile(
                          principal(*made),
                          {.name = {}, .email = "bob@example.org", .current_password = "a long password"}))
                .error()
                .code,
            ErrorCode::already_exists);
}

TEST_F(AccountsTest, TheSetUpTokenMakesOneAdministrator) {
  const auto token = **accounts->setup_token();
  EXPECT_TRUE(*await(io, accounts->setup_needed()));
  EXPECT_FALSE(await(io, accounts->set_up({"wrong", "root@example.org", "Root", "a long password"}, caller)));
  EXPECT_FALSE(await(io, accounts->set_up({token, "not an address", "Root", "a long password"}, caller)));
  std::vector<std::future<Result<Tokens>>> racers;
  for (int i = 0; i < 6; ++i)
    racers.push_back(boost::asio::co_spawn(
        pool,
        accounts->set_up({token, "r" + std::to_string(i) + "@example.org", "Root", "a long password"},
                         caller),
        boost::asio::use_future));
  int winners = 0;
  for (auto& racer : racers) {
    const auto made = racer.get();
    winners += made.has_value();
    EXPECT_TRUE(!made || made->account.administrator);
  }
  EXPECT_EQ(winners, 1);
  EXPECT_FALSE(await(io, accounts->set_up({token, "late@example.org", "Root", "a long password"}, caller)));
  EXPECT_FALSE(*await(io, accounts->setup_needed()));
  EXPECT_FALSE(*accounts->setup_token());
}

TEST_F(AccountsTest, RegistrationCanBeClosed) {
  ASSERT_TRUE(await(io, settings.update({.registration_open = false,
                                         .idle_stop_minutes = {},
                                         .maximum_life_minutes = {},
                                         .workspaces_per_account = {},
                                         .running_per_account = {},
                                         .storage_per_account = {}},
                                        pool)));
  EXPECT_EQ(register_account("ann@example.org").error().code, ErrorCode::permission_denied);
}

TEST_F(AccountsTest, WithoutEnforcedLimitsOneAccountIsServed) {
  accounts = make({.maximum_accounts = 1, .concurrent_hashes = 2});
  ASSERT_TRUE(register_account("ann@example.org"));
  const auto second = register_account("bob@example.org");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::limit_exceeded);
  EXPECT_NE(second.error().message.find("--allow-unlimited"), std::string::npos);
}

TEST_F(AccountsTest, SignInsSurviveARestart) {
  const auto made = register_account("ann@example.org");
  accounts.reset();
  store = std::move(*open_sqlite_store(folder.path() / "berth.sqlite"));
  Settings fresh{store->settings(), settings.current()};
  Accounts after(*store, keys, events, fresh, pool, clock, {});
  EXPECT_TRUE(await(
      io, after.authenticate({.bearer = made->access_token, .access_cookie = {}, .refresh_cookie = {}})));
  EXPECT_TRUE(await(io, after.refresh(made->refresh_token, caller)));
}

TEST(SessionEvents, AnEndedSubscriptionIsSilent) {
  SessionEvents events;
  int calls = 0;
  {
    auto first = events.subscribe({"s", "a", "w"}, [&](const auto&) { ++calls; });
    auto moved = std::move(first);
    events.end_workspace("w", "");
    events.end_sign_in("s", "");
    events.end_account("a", "", "s");
    EXPECT_EQ(calls, 2);
  }
  events.end_workspace("w", "");
  EXPECT_EQ(calls, 2);
}

}  // namespace
}  // namespace berth::server
