// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "protocol/codec.hpp"
#include "server/access_token.hpp"
#include "server/principal.hpp"
#include "server/refresh_token.hpp"

namespace berth::server {
namespace {

constexpr std::int64_t now = 1'800'000'000;

class AccessToken : public ::testing::Test {
 protected:
  protocol::KeyPair key = protocol::generate_key_pair();
  std::string token = sign_access_token("account1", "signin1", now, key.secret_key);
};

TEST_F(AccessToken, CarriesWhoAndWhichSignIn) {
  const auto claims = verify_access_token(token, now + 10, key.public_key);
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->sub, "account1");
  EXPECT_EQ(claims->sid, "signin1");
  EXPECT_EQ(claims->exp, now + 15 * 60);
}

TEST_F(AccessToken, EndsAfterFifteenMinutes) {
  EXPECT_TRUE(verify_access_token(token, now + 15 * 60 - 1, key.public_key));
  EXPECT_FALSE(verify_access_token(token, now + 15 * 60, key.public_key));
}

TEST_F(AccessToken, FromTheFutureIsRefused) {
  EXPECT_FALSE(verify_access_token(token, now - 3600, key.public_key));
}

TEST_F(AccessToken, SignedByAnotherKeyIsRefused) {
  EXPECT_FALSE(verify_access_token(token, now, protocol::generate_key_pair().public_key));
}

TEST_F(AccessToken, EveryChangedCharacterIsNoticed) {
  for (std::size_t i = 0; i < token.size(); ++i) {
    auto forged = token;
    forged[i] = forged[i] == 'A' ? 'B' : 'A';
    const auto claims = verify_access_token(forged, now, key.public_key);
    // The last character of base64url may carry unused bits; even then nothing but the same claims may come
    // out.
    EXPECT_TRUE(!claims || claims->sub + claims->sid == "account1signin1") << i;
  }
}

TEST_F(AccessToken, AlgorithmNoneIsRefused) {
  const auto header = protocol::encode_base64url(R"({"alg":"none","typ":"JWT"})");
  const auto first = token.find('.');
  EXPECT_FALSE(verify_access_token(header + token.substr(first), now, key.public_key));
  EXPECT_FALSE(
      verify_access_token(header + token.substr(first, token.rfind('.') - first + 1), now, key.public_key));
}

TEST_F(AccessToken, GarbageIsRefused) {
  for (const std::string text : {"", ".", "..", "a.b.c", "....", std::string(5000, 'a').c_str()})
    EXPECT_FALSE(verify_access_token(text, now, key.public_key)) << text.substr(0, 10);
}

TEST_F(AccessToken, AConnectTokenIsNoAccessToken) {
  protocol::ConnectClaims claims;
  claims.expires = now + 30;
  EXPECT_FALSE(
      verify_access_token(protocol::sign_connect_token(claims, key.secret_key), now, key.public_key));
}

class RefreshToken : public ::testing::Test {
 protected:
  RefreshKey key{1, 2, 3};
  std::int64_t ms = now * 1000;
  SignInRecord sign_in{.id = "family",
                       .account = "a",
                       .salt = "salt",
                       .generation = 5,
                       .rotated = ms,
                       .created = ms,
                       .expires = ms + refresh_life,
                       .client = {}};
  RefreshVerdict judge(std::int64_t generation, std::int64_t at) const {
    return judge_refresh(*parse_refresh_token(make_refresh_token(sign_in, generation, key)), sign_in, key,
                         at);
  }
};

TEST_F(RefreshToken, TheNewestRotates) { EXPECT_EQ(judge(5, ms + 60'000), RefreshVerdict::rotate); }
TEST_F(RefreshToken, TheOneBeforeIsRepeatedWithinTheGrace) {
  EXPECT_EQ(judge(4, ms + 10'000), RefreshVerdict::repeat);
}
TEST_F(RefreshToken, TheOneBeforeIsReuseAfterTheGrace) {
  EXPECT_EQ(judge(4, ms + 10'001), RefreshVerdict::reused);
}
TEST_F(RefreshToken, AnOlderOneIsReuseAtOnce) { EXPECT_EQ(judge(3, ms + 1), RefreshVerdict::reused); }
TEST_F(RefreshToken, OneThatWasNeverMadeIsForgedNotReuse) {
  EXPECT_EQ(judge(6, ms + 1), RefreshVerdict::forged);
}
TEST_F(RefreshToken, AnExpiredSignInIsOver) {
  EXPECT_EQ(judge(5, ms + refresh_life), RefreshVerdict::forged);
}

TEST_F(RefreshToken, AGuessedOneIsForgedSoStrangersCannotEndSignIns) {
  EXPECT_EQ(judge_refresh({"family", 3, "guess"}, sign_in, key, ms), RefreshVerdict::forged);
  auto claim = *parse_refresh_token(make_refresh_token(sign_in, 3, key));
  claim.generation = 5;
  EXPECT_EQ(judge_refresh(claim, sign_in, key, ms), RefreshVerdict::forged);
}

TEST_F(RefreshToken, AnotherKeyOrSaltGivesAnotherToken) {
  auto other = sign_in;
  other.salt = "pepper";
  EXPECT_NE(make_refresh_token(sign_in, 5, key), make_refresh_token(other, 5, key));
  EXPECT_NE(make_refresh_token(sign_in, 5, key), make_refresh_token(sign_in, 5, RefreshKey{9}));
}

TEST_F(RefreshToken, MalformedTextIsRefused) {
  for (const std::string text : {"", "a", "a.b", ".1.x", "a.-1.x", "a.1x.y", "a.99999999999999999999.y"})
    EXPECT_FALSE(parse_refresh_token(text)) << text;
  EXPECT_FALSE(parse_refresh_token(std::string(300, 'a')));
}

TEST(Credentials, BearerAndCookiesAreRead) {
  const auto both =
      read_credentials("bearer  abc ", "x=1; berth_access=t1; berth_refresh=t2; berth_access=evil", false);
  EXPECT_EQ(both.bearer, "abc");
  EXPECT_EQ(both.access_cookie, "t1");
  EXPECT_EQ(both.refresh_cookie, "t2");
  EXPECT_EQ(both.other_access, std::vector<std::string>{"evil"});
  const auto none = read_credentials("Basic abc", "berth_accessx=1;;=; y", false);
  EXPECT_FALSE(none.bearer || none.access_cookie || none.refresh_cookie);
}

TEST(Credentials, WithTlsOnlyCookiesThatNobodyElseCanSetAreRead) {
  const auto tossed = read_credentials(
      "", "berth_access=evil; __Host-berth_access=t1; __Host-berth_refresh=t2; berth_refresh=evil", true);
  EXPECT_EQ(tossed.access_cookie, "t1");
  EXPECT_EQ(tossed.refresh_cookie, "t2");
  EXPECT_TRUE(tossed.other_access.empty());
  EXPECT_FALSE(read_credentials("", "berth_access=evil; berth_refresh=evil", true).access_cookie);
}

}  // namespace
}  // namespace berth::server
