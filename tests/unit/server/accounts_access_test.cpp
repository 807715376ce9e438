// SPDX-License-Identifier: GPL-3.0-or-later
// Sign-ins one by one, personal access tokens and second factors, with the clock in hand.
#include "accounts_fixture.hpp"
#include "server/standing.hpp"
#include "server/totp.hpp"

namespace berth::server {
namespace {

using protocol::rest::Scope;
using testing::AccountsTest;
using testing::await;
using namespace std::chrono_literals;

class AccessTest : public AccountsTest {
 protected:
  Tokens made() {
    auto tokens = register_account("ann@example.org");
    EXPECT_TRUE(tokens) << tokens.error().message;
    return *tokens;
  }
  Result<protocol::rest::CreateToken::Result> make_token(const Principal& who, std::vector<Scope> scopes,
                                                         std::optional<std::int64_t> expires = {}) {
    return await(io, accounts->create_token(who, {"a token", std::move(scopes), expires}));
  }
  /// What an authenticator app would show now.
  std::string code_now(int later = 0) const {
    return totp::code_of(secret, clock() / 1000 / totp::step_seconds + later);
  }
  /// Sets the second factor up, and lets the code that did so pass.
  std::vector<std::string> enable(const Principal& who) {
    const auto begun = await(io, accounts->begin_second_factor(who, "a long password"));
    EXPECT_TRUE(begun) << begun.error().message;
    if (!begun) return {};
    secret = from_base32(begun->secret);
    auto codes = await(io, accounts->confirm_second_factor(who, code_now()));
    EXPECT_TRUE(codes) << codes.error().message;
    clock.advance(30s);
    return codes ? codes->recovery_codes : std::vector<std::string>{};
  }
  static std::string from_base32(const std::string& text) {
    std::string bytes;
    std::uint32_t held = 0;
    int bits = 0;
    for (const char c : text) {
      held = held << 5 | static_cast<std::uint32_t>(c >= 'A' ? c - 'A' : c - '2' + 26);
      if ((bits += 5) >= 8) bytes += static_cast<char>(held >> (bits -= 8) & 255);
    }
    return bytes;
  }
  static std::string asked(const auto& result) {
    if (result) return "success";
    const auto& data = result.error().data;
    if (data.contains("second_factor")) return data.at("second_factor");
    return result.error().code == ErrorCode::unauthenticated ? "begin again" : result.error().message;
  }

  std::string secret;
};

TEST_F(AccessTest, SignInsAreListedAndEndedOneByOne) {
  const auto first = made();
  clock.advance(1min);
  const auto second = sign_in("ann@example.org", "a long password", "198.51.100.7");
  clock.advance(1min);
  ASSERT_TRUE(await(io, accounts->refresh(first.refresh_token, {"203.0.113.5", "test"})));
  const auto me = principal(*second);
  auto items = *await(io, accounts->sign_ins(me));
  ASSERT_EQ(items.size(), 2u);
  EXPECT_FALSE(items[0].current);
  EXPECT_EQ(items[0].address, "203.0.113.5") << "where it was last used";
  EXPECT_EQ(items[0].last_used, clock());
  EXPECT_TRUE(items[1].current);
  EXPECT_EQ(items[1].address, "198.51.100.7");
  EXPECT_EQ(items[1].client, "test");

  std::string told;
  auto watch = events.subscribe({items[0].id, me.account, ""}, [&](const auto& reason) { told = reason; });
  const auto bob = principal(*register_account("bob@example.org"));
  EXPECT_EQ(await(io, accounts->end_sign_in(bob, items[0].id)).error().code, ErrorCode::not_found);
  EXPECT_EQ(told, "");
  ASSERT_TRUE(await(io, accounts->end_sign_in(me, items[0].id)));
  EXPECT_NE(told, "");
  EXPECT_FALSE(authenticate(first.access_token));
  EXPECT_FALSE(refresh(first.refresh_token));
  EXPECT_TRUE(authenticate(second->access_token));
  EXPECT_EQ(await(io, accounts->sign_ins(me))->size(), 1u);
}

TEST_F(AccessTest, ATokenIsAPersonWithScopesUntilItIsRemoved) {
  const auto me = principal(made());
  const auto token = make_token(me, {Scope::connect, Scope::account_read, Scope::connect});
  ASSERT_TRUE(token) << token.error().message;
  EXPECT_EQ(token->token.scopes, (std::vector<Scope>{Scope::account_read, Scope::connect}));
  const auto who = authenticate(token->secret);
  ASSERT_TRUE(who) << who.error().message;
  EXPECT_EQ(who->account, me.account);
  EXPECT_EQ(who->scopes, (Scopes{Scope::account_read, Scope::connect}));
  EXPECT_EQ(who->sign_in, standing_of_token(token->token.id));
  EXPECT_FALSE(me.scopes) << "a sign-in is not limited";
  EXPECT_FALSE(
      await(io, accounts->authenticate({.bearer = {}, .access_cookie = token->secret, .refresh_cookie = {}})))
      << "a cookie is no place for it";

  std::string told;
  auto watch = events.subscribe({who->sign_in, me.account, ""}, [&](const auto& reason) { told = reason; });
  const auto bob = principal(*register_account("bob@example.org"));
  EXPECT_EQ(await(io, accounts->remove_token(bob, token->token.id)).error().code, ErrorCode::not_found);
  ASSERT_TRUE(await(io, accounts->sign_out_everywhere(me)));
  EXPECT_EQ(told, "") << "it is no sign-in";
  EXPECT_TRUE(authenticate(token->secret));
  ASSERT_TRUE(await(io, accounts->remove_token(me, token->token.id)));
  EXPECT_NE(told, "");
  EXPECT_EQ(authenticate(token->secret).error().code, ErrorCode::unauthenticated);
  EXPECT_TRUE(await(io, accounts->tokens(me))->empty());
}

TEST_F(AccessTest, ATokenExpires) {
  const auto me = principal(made());
  const auto token = make_token(me, {Scope::account_read}, clock() + 5000);
  ASSERT_TRUE(token);
  int ended = 0;
  auto watch = events.subscribe({authenticate(token->secret)->sign_in, me.account, "", clock() + 5000},
                                [&](const auto&) { ++ended; });
  clock.advance(4999ms);
  EXPECT_TRUE(authenticate(token->secret));
  events.end_expired(clock());
  EXPECT_EQ(ended, 0);
  clock.advance(1ms);
  EXPECT_EQ(authenticate(token->secret).error().code, ErrorCode::unauthenticated);
  events.end_expired(clock());
  events.end_expired(clock());
  EXPECT_EQ(ended, 1) << "told once";
  EXPECT_EQ(await(io, accounts->tokens(me))->size(), 1u) << "the person still sees it";
  EXPECT_EQ(make_token(me, {Scope::account_read}, clock()).error().code, ErrorCode::invalid_argument);
}

TEST_F(AccessTest, TheLastUseOfATokenIsKeptByTheMinute) {
  const auto me = principal(made());
  const auto token = make_token(me, {Scope::account_read});
  const auto last_used = [&] { return await(io, accounts->tokens(me))->front().last_used; };
  EXPECT_FALSE(last_used());
  const auto first = clock();
  ASSERT_TRUE(authenticate(token->secret));
  EXPECT_EQ(last_used(), first);
  clock.advance(59s);
  ASSERT_TRUE(authenticate(token->secret));
  EXPECT_EQ(last_used(), first);
  clock.advance(1s);
  ASSERT_TRUE(authenticate(token->secret));
  EXPECT_EQ(last_used(), clock());
}

TEST_F(AccessTest, WhatATokenMayNotBe) {
  const auto me = principal(made());
  EXPECT_EQ(make_token(me, {}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(make_token(me, {Scope::admin}).error().code, ErrorCode::permission_denied);
  EXPECT_EQ(await(io, accounts->create_token(me, {"", {Scope::connect}, {}})).error().code,
            ErrorCode::invalid_argument);
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(make_token(me, {Scope::connect})) << i;
  EXPECT_EQ(make_token(me, {Scope::connect}).error().code, ErrorCode::limit_exceeded);
  const auto root = principal(*await(
      io,
      accounts->set_up({**accounts->setup_token(), "root@example.org", "Root", "a long password"}, caller)));
  EXPECT_TRUE(make_token(root, {Scope::admin}));
}

TEST_F(AccessTest, ATokenDoesNotMoveTheAccountToAnotherAddress) {
  const auto me = principal(made());
  const auto token = make_token(me, {Scope::account_write});
  const auto by_token = *authenticate(token->secret);
  EXPECT_TRUE(await(io, accounts->update_profile(by_token, {.name = "Anna", .email = {}})));
  EXPECT_EQ(
      await(io, accounts->update_profile(by_token, {.name = {}, .email = "thief@example.org"})).error().code,
      ErrorCode::permission_denied);
  EXPECT_EQ(await(io, accounts->profile(me))->email, "ann@example.org");
}

TEST_F(AccessTest, AllAccessEndsAtOnce) {
  const auto mine = made();
  const auto me = principal(mine);
  const auto token = make_token(me, {Scope::connect});
  std::vector<std::string> ended;
  auto by_sign_in =
      events.subscribe({me.sign_in, me.account, ""}, [&](const auto& why) { ended.push_back(why); });
  auto by_token = events.subscribe({standing_of_token(token->token.id), me.account, ""},
                                   [&](const auto& why) { ended.push_back(why); });
  ASSERT_TRUE(await(io, accounts->reset_password(me.account, me.email, "another password", true,
                                                 [] { return Result<void>(); })));
  EXPECT_EQ(ended, (std::vector<std::string>{"The password was set anew; sign in again.",
                                             "The password was set anew; sign in again."}));
  EXPECT_FALSE(authenticate(mine.access_token));
  EXPECT_FALSE(authenticate(token->secret));
  EXPECT_FALSE(refresh(mine.refresh_token));
}

TEST_F(AccessTest, ASecondFactorIsAskedForAfterThePassword) {
  const auto me = principal(made());
  EXPECT_FALSE(await(io, accounts->second_factor(me))->enabled);
  EXPECT_EQ(await(io, accounts->begin_second_factor(me, "a wrong password")).error().code,
            ErrorCode::permission_denied);
  ASSERT_TRUE(await(io, accounts->begin_second_factor(me, "a long password")));
  EXPECT_TRUE(sign_in_with("ann@example.org", {})) << "not in force before it is confirmed";
  EXPECT_EQ(await(io, accounts->confirm_second_factor(me, "000000")).error().code,
            ErrorCode::permission_denied);
  EXPECT_EQ(enable(me).size(), 10u);
  const auto state = await(io, accounts->second_factor(me));
  EXPECT_TRUE(state->enabled);
  EXPECT_EQ(state->recovery_codes_left, 10);

  EXPECT_EQ(asked(sign_in_with("ann@example.org", {})), "required");
  EXPECT_EQ(asked(sign_in_with("ann@example.org", "")), "required");
  EXPECT_EQ(asked(sign_in_with("ann@example.org", "abcdef")), "wrong");
  const auto stranger = sign_in("ann@example.org", "a wrong password");
  EXPECT_FALSE(stranger.error().data.contains("second_factor")) << "who lacks the password learns nothing";
  EXPECT_EQ(asked(sign_in_with("ann@example.org", code_now())), "success");
}

TEST_F(AccessTest, ACodeIsGoodOnce) {
  const auto me = principal(made());
  enable(me);
  EXPECT_EQ(asked(sign_in_with("ann@example.org", code_now(-1))), "wrong")
      << "it confirmed the second factor";
  const auto code = code_now();
  EXPECT_EQ(asked(sign_in_with("ann@example.org", code)), "success");
  EXPECT_EQ(asked(sign_in_with("ann@example.org", code, "198.51.100.1")), "wrong");
  clock.advance(30s);
  EXPECT_EQ(asked(sign_in_with("ann@example.org", code, "198.51.100.2")), "wrong")
      << "it would still be in time";
  const auto later = code_now();
  std::vector<std::future<Result<Tokens>>> racers;
  for (int i = 0; i < 6; ++i)
    racers.push_back(boost::asio::co_spawn(pool,
                                           accounts->sign_in({"ann@example.org", "a long password", later},
                                                             {"203.0.113." + std::to_string(i), "test"}),
                                           boost::asio::use_future));
  int winners = 0;
  for (auto& racer : racers) winners += racer.get().has_value();
  EXPECT_EQ(winners, 1);
}

TEST_F(AccessTest, RecoveryCodesAreGoodOnceAndReplaced) {
  const auto me = principal(made());
  const auto codes = enable(me);
  EXPECT_EQ(asked(sign_in_with("ann@example.org", codes[0])), "success");
  EXPECT_EQ(asked(sign_in_with("ann@example.org", codes[0])), "wrong");
  auto typed = codes[1];
  std::erase(typed, '-');
  for (auto& c : typed) c = static_cast<char>(std::toupper(c));
  EXPECT_EQ(asked(sign_in_with("ann@example.org", typed)), "success");
  EXPECT_EQ(await(io, accounts->second_factor(me))->recovery_codes_left, 8);
  const auto fresh = await(io, accounts->renew_recovery_codes(me, code_now()));
  ASSERT_TRUE(fresh) << fresh.error().message;
  EXPECT_EQ(asked(sign_in_with("ann@example.org", codes[2])), "wrong");
  EXPECT_EQ(asked(sign_in_with("ann@example.org", fresh->recovery_codes[9])), "success");
}

TEST_F(AccessTest, DisablingTakesPasswordAndCode) {
  const auto me = principal(made());
  enable(me);
  const auto disable = [&](const std::string& password, const std::string& code) {
    return await(io, accounts->disable_second_factor(me, {password, code}));
  };
  EXPECT_EQ(disable("a wrong password", code_now()).error().code, ErrorCode::permission_denied);
  EXPECT_EQ(disable("a long password", "abcdef").error().code, ErrorCode::permission_denied);
  EXPECT_EQ(await(io, accounts->begin_second_factor(me, "a long password")).error().code, ErrorCode::conflict)
      << "nobody replaces one that is in force";
  ASSERT_TRUE(disable("a long password", code_now()));
  EXPECT_EQ(asked(sign_in_with("ann@example.org", {})), "success");
  EXPECT_FALSE(await(io, accounts->second_factor(me))->enabled);
}

TEST_F(AccessTest, GuessingCodesIsThrottledApartFromPasswords) {
  const auto me = principal(made());
  enable(me);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(asked(sign_in_with("ann@example.org", "abcdef")), "wrong") << i;
    EXPECT_EQ(asked(sign_in_with("ann@example.org", {})), "required")
        << "knowing the password clears what passwords count, not what codes do";
  }
  const auto throttled = sign_in_with("ann@example.org", code_now());
  ASSERT_FALSE(throttled);
  EXPECT_EQ(throttled.error().code, ErrorCode::limit_exceeded);
  EXPECT_EQ(asked(sign_in_with("ann@example.org", code_now(), "198.51.100.9")), "success")
      << "another address is not slowed by five guesses";
}

TEST_F(AccessTest, AThousandGuessesDoNotLockTheOwnerOut) {
  const auto me = principal(made());
  enable(me);
  ASSERT_EQ(asked(sign_in_with("ann@example.org", code_now(), "198.51.100.9")), "success");
  for (int i = 0; i < 1000; ++i)
    (void)await(
        io, accounts->check_second_factor(me.account, "abcdef",
                                          "10.1." + std::to_string(i / 250) + "." + std::to_string(i % 250)));
  EXPECT_EQ(await(io, accounts->check_second_factor(me.account, code_now(1), "203.0.113.77")).error().code,
            ErrorCode::limit_exceeded)
      << "the account as a whole is guessed at: a new address waits";
  EXPECT_EQ(asked(sign_in_with("ann@example.org", code_now(1), "198.51.100.9")), "success")
      << "a known one does not";
}

TEST_F(AccessTest, AProvenFirstFactorWaitsForTheSecond) {
  const auto me = principal(made());
  const auto plain = await(io, accounts->begin_sign_in(me.account, caller));
  ASSERT_TRUE(plain && plain->tokens) << "without a second factor that is all";
  EXPECT_EQ(await(io, accounts->begin_sign_in("nobody", caller)).error().code, ErrorCode::not_found);
  enable(me);
  const auto begun = await(io, accounts->begin_sign_in(me.account, caller));
  ASSERT_TRUE(begun);
  ASSERT_FALSE(begun->tokens);
  const auto finish = [&](const std::string& pending, const std::string& code) {
    return await(io, accounts->finish_sign_in({pending, code}, caller));
  };
  EXPECT_EQ(asked(finish(begun->pending, "abcdef")), "wrong");
  EXPECT_EQ(asked(finish("forged." + begun->pending, code_now())), "begin again");
  const auto done = finish(begun->pending, code_now());
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_TRUE(authenticate(done->access_token));
  clock.advance(30s);
  EXPECT_EQ(asked(finish(begun->pending, code_now())), "begin again") << "good once";

  clock.advance(30s);
  const auto old = await(io, accounts->begin_sign_in(me.account, caller));
  clock.advance(5min);
  EXPECT_EQ(asked(finish(old->pending, code_now())), "begin again");
  const auto changed = await(io, accounts->begin_sign_in(me.account, caller));
  const auto before = store->accounts().by_id(me.account)->password_hash;
  ASSERT_TRUE(store->accounts().change_password(
      me.account, {.before = before, .after = "another hash", .keep = me.sign_in}));
  EXPECT_EQ(asked(finish(changed->pending, code_now())), "begin again")
      << "the password was changed meanwhile";
}

TEST_F(AccessTest, ASecretOfAnotherKeyIsNoSecondFactorLess) {
  const auto me = principal(made());
  enable(me);
  keys.second_factor = {9};
  const auto refused = sign_in_with("ann@example.org", code_now());
  ASSERT_FALSE(refused) << "a server that can't read the secret lets nobody in";
  EXPECT_EQ(refused.error().code, ErrorCode::internal);
}

TEST(SessionEvents, WhatExpiresIsEndedInItsTime) {
  SessionEvents events;
  std::string ended;
  auto one = events.subscribe({"one", "a", "", 100}, [&](const auto&) { ended += "1"; });
  auto two = events.subscribe({"two", "a", "", 50}, [&](const auto&) { ended += "2"; });
  auto never = events.subscribe({"three", "a", ""}, [&](const auto&) { ended += "3"; });
  events.end_expired(49);
  EXPECT_EQ(ended, "");
  events.end_expired(50);
  EXPECT_EQ(ended, "2");
  auto late = events.subscribe({"four", "a", "", 70}, [&](const auto&) { ended += "4"; });
  events.end_expired(100);
  EXPECT_EQ(ended, "214");
  events.end_expired(1'000'000);
  EXPECT_EQ(ended, "214");
}

}  // namespace
}  // namespace berth::server
