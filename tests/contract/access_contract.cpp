// SPDX-License-Identifier: GPL-3.0-or-later
// What every store must do about sign-ins one by one, personal access tokens and second factors.
#include <algorithm>
#include <future>
#include <thread>

#include "server/standing.hpp"
#include "store_places.hpp"

namespace berth::server {
namespace {

class AccessContract : public testing::StoreContract {
 protected:
  void SetUp() override {
    StoreContract::SetUp();
    for (const std::string id : {"ann", "bob"})
      ASSERT_TRUE(store_->accounts().insert({.id = id,
                                             .email = id + "@example.org",
                                             .name = id,
                                             .password_hash = "hash",
                                             .administrator = false,
                                             .created = 5},
                                            0));
  }
  static SignInRecord sign_in(const std::string& id, const std::string& account, std::int64_t rotated,
                              std::int64_t expires = 1000) {
    return {.id = id,
            .account = account,
            .salt = "salt",
            .generation = 0,
            .rotated = rotated,
            .created = 10,
            .expires = expires,
            .client = "test",
            .address = "192.0.2.1"};
  }
  static TokenRecord token(const std::string& id, const std::string& account, std::int64_t created = 10) {
    return {.id = id,
            .account = account,
            .name = "Name of " + id,
            .hash = "hash of " + id,
            .scopes = "account_read,connect",
            .created = created,
            .expires = {},
            .last_used = {}};
  }
  static SecondFactorRecord factor(const std::string& account, const std::string& secret) {
    return {.account = account, .secret = secret, .created = 7};
  }
  /// How many of eight that do it at once succeed.
  static int race(const std::function<Result<bool>(int)>& work) {
    std::vector<std::future<bool>> racers;
    for (int i = 0; i < 8; ++i)
      racers.push_back(std::async(std::launch::async, [&work, i] {
        const auto done = work(i);
        return done && *done;
      }));
    int winners = 0;
    for (auto& racer : racers) winners += racer.get();
    return winners;
  }
};

TEST_P(AccessContract, SignInsAreListedLastUsedFirstWithoutExpiredOnes) {
  ASSERT_TRUE(store_->sign_ins().insert(sign_in("s1", "ann", 10)));
  ASSERT_TRUE(store_->sign_ins().insert(sign_in("s2", "ann", 30)));
  ASSERT_TRUE(store_->sign_ins().insert(sign_in("s3", "ann", 20, 100)));
  ASSERT_TRUE(store_->sign_ins().insert(sign_in("s4", "bob", 40)));
  ASSERT_TRUE(*store_->sign_ins().advance("s1", 0, 50, "2001:db8::1"));
  const auto all = store_->sign_ins().list_of("ann", 100);
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ((*all)[0].id, "s1");
  EXPECT_EQ((*all)[0].rotated, 50);
  EXPECT_EQ((*all)[0].address, "2001:db8::1");
  EXPECT_EQ((*all)[1].id, "s2");
  EXPECT_EQ((*all)[1].address, "192.0.2.1");
  EXPECT_EQ(store_->sign_ins().list_of("ann", 99)->size(), 3u);
  EXPECT_TRUE(store_->sign_ins().list_of("nobody", 1)->empty());
}

TEST_P(AccessContract, NobodyEndsAnothersSignIn) {
  ASSERT_TRUE(store_->sign_ins().insert(sign_in("s1", "ann", 10)));
  EXPECT_EQ(code(store_->sign_ins().end_of("bob", "s1")), ErrorCode::not_found);
  EXPECT_TRUE(store_->sign_ins().find("s1"));
  EXPECT_TRUE(store_->sign_ins().end_of("ann", "s1"));
  EXPECT_EQ(code(store_->sign_ins().find("s1")), ErrorCode::not_found);
  EXPECT_EQ(code(store_->sign_ins().end_of("ann", "s1")), ErrorCode::not_found);
}

TEST_P(AccessContract, TokensKeepEveryField) {
  auto one = token("t1", "ann");
  one.name = "Überall";
  ASSERT_TRUE(store_->tokens().insert(one, 5));
  auto found = store_->tokens().find("t1");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->account, "ann");
  EXPECT_EQ(found->name, "Überall");
  EXPECT_EQ(found->hash, "hash of t1");
  EXPECT_EQ(found->scopes, "account_read,connect");
  EXPECT_EQ(found->created, 10);
  EXPECT_FALSE(found->expires);
  EXPECT_FALSE(found->last_used);
  auto two = token("t2", "ann", 20);
  two.expires = std::int64_t{1} << 53;
  ASSERT_TRUE(store_->tokens().insert(two, 5));
  ASSERT_TRUE(store_->tokens().touch("t1", 77));
  EXPECT_TRUE(store_->tokens().touch("nothing", 1));
  reopen();
  EXPECT_EQ(store_->tokens().find("t2")->expires, std::int64_t{1} << 53);
  EXPECT_EQ(store_->tokens().find("t1")->last_used, 77);
  const auto all = store_->tokens().list_of("ann");
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ((*all)[0].id, "t2") << "newest first";
  EXPECT_TRUE((*all)[0].expires);
  EXPECT_FALSE((*all)[1].expires) << "a row's nothing is not the one before it";
  EXPECT_EQ((*all)[1].last_used, 77);
  EXPECT_TRUE(store_->tokens().list_of("bob")->empty());
  EXPECT_FALSE(store_->tokens().insert(token("t3", "nobody"), 5));
}

TEST_P(AccessContract, TheNumberOfTokensHoldsUnderARace) {
  ASSERT_TRUE(store_->tokens().insert(token("other", "bob"), 1));
  EXPECT_EQ(race([this](int i) -> Result<bool> {
              return store_->tokens().insert(token("t" + std::to_string(i), "ann"), 3).has_value();
            }),
            3);
  EXPECT_EQ(code(store_->tokens().insert(token("more", "ann"), 3)), ErrorCode::limit_exceeded);
}

TEST_P(AccessContract, TokensAreRemovedByTheirOwnerOnly) {
  for (const auto* id : {"t1", "t2", "t3"}) ASSERT_TRUE(store_->tokens().insert(token(id, "ann"), 5));
  ASSERT_TRUE(store_->tokens().insert(token("b", "bob"), 5));
  EXPECT_EQ(code(store_->tokens().remove("bob", "t1")), ErrorCode::not_found);
  EXPECT_TRUE(store_->tokens().find("t1"));
  EXPECT_TRUE(store_->tokens().remove("ann", "t1"));
  EXPECT_EQ(code(store_->tokens().find("t1")), ErrorCode::not_found);
  EXPECT_EQ(code(store_->tokens().remove("ann", "t1")), ErrorCode::not_found);
  auto removed = store_->tokens().remove_all("ann");
  ASSERT_TRUE(removed);
  std::ranges::sort(*removed);
  EXPECT_EQ(*removed, (std::vector<std::string>{"t2", "t3"}));
  EXPECT_FALSE(store_->tokens().find("t2"));
  EXPECT_TRUE(store_->tokens().find("b"));
  EXPECT_TRUE(store_->tokens().remove_all("ann")->empty());
}

TEST_P(AccessContract, StandingsAreSignInsAndTokens) {
  ASSERT_TRUE(store_->sign_ins().insert(sign_in("s1", "ann", 10)));
  auto one = token("t1", "bob");
  one.expires = 55;
  ASSERT_TRUE(store_->tokens().insert(one, 5));
  ASSERT_TRUE(store_->tokens().insert(token("t2", "bob"), 5));
  EXPECT_EQ(find_standing(*store_, "s1")->account, "ann");
  EXPECT_EQ(find_standing(*store_, "s1")->expires, 1000);
  EXPECT_EQ(find_standing(*store_, standing_of_token("t1"))->account, "bob");
  EXPECT_EQ(find_standing(*store_, standing_of_token("t1"))->expires, 55);
  EXPECT_EQ(find_standing(*store_, standing_of_token("t2"))->expires, 0);
  EXPECT_EQ(code(find_standing(*store_, "t1")), ErrorCode::not_found) << "a token is no sign-in";
  EXPECT_EQ(code(find_standing(*store_, standing_of_token("s1"))), ErrorCode::not_found);
}

TEST_P(AccessContract, ASecondFactorIsBegunThenEnabledOnce) {
  auto& factors = store_->second_factors();
  EXPECT_FALSE(*factors.find("ann"));
  EXPECT_EQ(code(factors.enable("ann", "one", 3, {"c1"})), ErrorCode::conflict);
  ASSERT_TRUE(factors.begin(factor("ann", "one")));
  EXPECT_FALSE((*factors.find("ann"))->enabled);
  EXPECT_FALSE(*factors.use_step("ann", 9)) << "it is not in force";
  EXPECT_EQ(code(factors.replace_codes("ann", {"x"})), ErrorCode::not_found);
  ASSERT_TRUE(factors.begin(factor("ann", "two"))) << "begun again";
  EXPECT_EQ(code(factors.enable("ann", "one", 3, {"c1"})), ErrorCode::conflict) << "of the first one";
  EXPECT_EQ(
      race([&](int) -> Result<bool> { return factors.enable("ann", "two", 3, {"c1", "c2"}).has_value(); }),
      1);
  EXPECT_EQ(code(factors.begin(factor("ann", "three"))), ErrorCode::conflict);
  reopen();
  const auto found = *store_->second_factors().find("ann");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->secret, "two");
  EXPECT_TRUE(found->enabled);
  EXPECT_EQ(found->last_step, 3);
  EXPECT_EQ(found->created, 7);
  EXPECT_EQ(found->codes_left, 2);
  EXPECT_FALSE(*store_->second_factors().find("bob"));
}

TEST_P(AccessContract, AStepIsUsedOnceAndNeverAnOlderOne) {
  auto& factors = store_->second_factors();
  ASSERT_TRUE(factors.begin(factor("ann", "one")));
  ASSERT_TRUE(factors.enable("ann", "one", 100, {}));
  EXPECT_FALSE(*factors.use_step("ann", 100)) << "it was used to enable it";
  EXPECT_EQ(race([&](int) { return factors.use_step("ann", 101); }), 1);
  EXPECT_FALSE(*factors.use_step("ann", 100));
  EXPECT_TRUE(*factors.use_step("ann", 103));
  EXPECT_FALSE(*factors.use_step("ann", 102));
  EXPECT_FALSE(*factors.use_step("bob", 200));
}

TEST_P(AccessContract, ARecoveryCodeIsUsedOnce) {
  auto& factors = store_->second_factors();
  for (const std::string account : {"ann", "bob"}) {
    ASSERT_TRUE(factors.begin(factor(account, "one")));
    ASSERT_TRUE(factors.enable(account, "one", 1, {account + "1", account + "2"}));
  }
  EXPECT_FALSE(*factors.use_code("ann", "bob1")) << "another account's";
  EXPECT_EQ(race([&](int) { return factors.use_code("ann", "ann1"); }), 1);
  EXPECT_EQ((*factors.find("ann"))->codes_left, 1);
  ASSERT_TRUE(factors.replace_codes("ann", {"new1", "new2", "new3"}));
  EXPECT_FALSE(*factors.use_code("ann", "ann2")) << "the old ones are gone";
  EXPECT_TRUE(*factors.use_code("ann", "new2"));
  EXPECT_EQ((*factors.find("ann"))->codes_left, 2);
  ASSERT_TRUE(factors.remove("ann"));
  EXPECT_TRUE(factors.remove("ann"));
  EXPECT_FALSE(*factors.find("ann"));
  EXPECT_FALSE(*factors.use_code("ann", "new1"));
  EXPECT_EQ((*factors.find("bob"))->codes_left, 2);
}

INSTANTIATE_TEST_SUITE_P(Stores, AccessContract, testing::every_store(),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace berth::server
