// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/preview_access.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

namespace berth::server {
namespace {

class PreviewAccessTest : public ::testing::Test {
 protected:
  static PreviewGrant grant(const std::string& sign_in = "alive", const std::string& account = "me") {
    PreviewGrant grant;
    grant.workspace = "abcdefgh23";
    grant.port = 3000;
    grant.account = account;
    grant.name = "Me";
    grant.sign_in = sign_in;
    return grant;
  }
  Result<PreviewGrant> check(const std::string& token, PreviewTokenKind kind,
                             std::optional<PreviewTarget> target = PreviewTarget{"abcdefgh23", 3000}) {
    return run(access_.check(token, kind, target));
  }
  Result<PreviewGrant> run(net::Task<Result<PreviewGrant>> task) {
    boost::asio::io_context io;
    std::optional<Result<PreviewGrant>> out;
    boost::asio::co_spawn(io, std::move(task), [&](std::exception_ptr error, Result<PreviewGrant> result) {
      if (error) std::rethrow_exception(error);
      out = std::move(result);
    });
    io.run();
    return *out;
  }

  /// One living sign-in, "alive" of account "me".
  Result<Standing> find(const std::string& id) {
    ++asked_;
    if (id != "alive") return failure(ErrorCode::not_found, "none");
    return Standing{"me", expires_};
  }

  std::int64_t now_ = 1'000'000;
  std::int64_t expires_ = 0;
  int asked_ = 0;
  SessionEvents events_;
  boost::asio::thread_pool pool_{1};
  PreviewAccess access_{PreviewAccess::Key{1, 2, 3}, [this](const std::string& id) { return find(id); },
                        events_, pool_, [this] { return now_; }};
};

TEST_F(PreviewAccessTest, TokensHoldForTheirKindTargetAndTime) {
  const auto cookie = access_.issue(grant(), PreviewTokenKind::cookie);
  const auto checked = check(cookie, PreviewTokenKind::cookie);
  ASSERT_TRUE(checked);
  EXPECT_EQ(checked->account, "me");
  EXPECT_FALSE(check(cookie, PreviewTokenKind::ticket));
  EXPECT_FALSE(check(cookie, PreviewTokenKind::capability));
  EXPECT_FALSE(check(cookie, PreviewTokenKind::cookie, PreviewTarget{"abcdefgh23", 3001}));
  EXPECT_FALSE(check(cookie, PreviewTokenKind::cookie, PreviewTarget{"zzzzzzzzzz", 3000}));
  now_ += preview_cookie_life;
  EXPECT_FALSE(check(cookie, PreviewTokenKind::cookie));
}

TEST_F(PreviewAccessTest, TicketsWorkOnceAndForAMinute) {
  const auto ticket = access_.issue(grant(), PreviewTokenKind::ticket);
  EXPECT_TRUE(check(ticket, PreviewTokenKind::ticket));
  EXPECT_FALSE(check(ticket, PreviewTokenKind::ticket));
  const auto late = access_.issue(grant(), PreviewTokenKind::ticket);
  now_ += preview_ticket_life;
  EXPECT_FALSE(check(late, PreviewTokenKind::ticket));
}

TEST_F(PreviewAccessTest, RefusesWhatItDidNotMake) {
  const auto token = access_.issue(grant(), PreviewTokenKind::cookie);
  for (std::size_t i = 0; i < token.size(); ++i) {
    auto changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    // The last character of a base64 part may carry unused bits only; its decoder refuses those.
    EXPECT_FALSE(check(changed, PreviewTokenKind::cookie)) << i;
  }
  PreviewAccess other(
      PreviewAccess::Key{9}, [this](const std::string& id) { return find(id); }, events_, pool_,
      [this] { return now_; });
  EXPECT_FALSE(check(other.issue(grant(), PreviewTokenKind::cookie), PreviewTokenKind::cookie));
  for (const auto* bad : {"", ".", "a.b", "AAAA"}) EXPECT_FALSE(check(bad, PreviewTokenKind::cookie)) << bad;
  EXPECT_FALSE(check(std::string(100'000, 'a'), PreviewTokenKind::cookie));
}

TEST_F(PreviewAccessTest, StandsOnALivingSignIn) {
  EXPECT_FALSE(check(access_.issue(grant("ended"), PreviewTokenKind::cookie), PreviewTokenKind::cookie));
  EXPECT_FALSE(
      check(access_.issue(grant("alive", "other"), PreviewTokenKind::cookie), PreviewTokenKind::cookie));
  const auto cookie = access_.issue(grant(), PreviewTokenKind::cookie);
  EXPECT_TRUE(check(cookie, PreviewTokenKind::cookie));
  const auto asked = asked_;
  EXPECT_TRUE(check(cookie, PreviewTokenKind::cookie));
  EXPECT_EQ(asked_, asked) << "remembered";
  now_ += 60'000;
  EXPECT_TRUE(check(cookie, PreviewTokenKind::cookie));
  EXPECT_EQ(asked_, asked + 1) << "but not for ever";
  events_.end_sign_in("alive", "signed out");
  EXPECT_FALSE(check(cookie, PreviewTokenKind::cookie));
}

TEST_F(PreviewAccessTest, LastsNoLongerThanWhatItStandsOn) {
  expires_ = now_ + 1'000;
  const auto cookie = access_.issue(grant(), PreviewTokenKind::cookie);
  const auto checked = check(cookie, PreviewTokenKind::cookie);
  ASSERT_TRUE(checked);
  EXPECT_EQ(checked->stands_until, expires_);
  now_ += 999;
  EXPECT_EQ(check(cookie, PreviewTokenKind::cookie)->stands_until, expires_) << "remembered";
  now_ += 1;
  EXPECT_FALSE(check(cookie, PreviewTokenKind::cookie)) << "although nobody looked again";
}

TEST_F(PreviewAccessTest, FindsItsCookieAmongOthers) {
  const auto good = access_.issue(grant(), PreviewTokenKind::cookie);
  const PreviewTarget target{"abcdefgh23", 3000};
  EXPECT_TRUE(
      run(access_.check_cookies("a=1; berth_preview=forged; berth_preview=" + good + "; b=2", target)));
  EXPECT_FALSE(
      run(access_.check_cookies("a=1; xberth_preview=" + good + "; berth_previewx=" + good, target)));
  EXPECT_FALSE(run(access_.check_cookies("", target)));
}

}  // namespace
}  // namespace berth::server
