// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/preference_store.hpp"

#include "server/idempotency_store.hpp"
#include "store_places.hpp"

namespace berth::server {
namespace {

using Records = std::vector<PreferenceRecord>;

class PreferenceStoreContract : public testing::StoreContract {
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
  Records merge(const std::string& account, const Records& changes) {
    const auto all = store_->preferences().merge(account, changes, 3);
    EXPECT_TRUE(all) << all.error().message;
    return all.value_or(Records{});
  }
};

TEST_P(PreferenceStoreContract, TheNewestOfEachNameStays) {
  EXPECT_EQ(merge("ann", {{"theme", "1", 10}, {"font", "1", 10}}),
            (Records{{"font", "1", 10}, {"theme", "1", 10}}));
  EXPECT_EQ(merge("ann", {{"theme", "2", 20}, {"font", "0", 9}}),
            (Records{{"font", "1", 10}, {"theme", "2", 20}}));
  EXPECT_EQ(merge("ann", {{"theme", "3", 20}}), (Records{{"font", "1", 10}, {"theme", "2", 20}}))
      << "at one time";
  EXPECT_EQ(*store_->preferences().list("ann"), (Records{{"font", "1", 10}, {"theme", "2", 20}}));
}

TEST_P(PreferenceStoreContract, EachPersonHasTheirOwn) {
  merge("ann", {{"theme", "1", 10}});
  EXPECT_EQ(merge("bob", {{"theme", "2", 5}}), (Records{{"theme", "2", 5}}));
  EXPECT_EQ(*store_->preferences().list("ann"), (Records{{"theme", "1", 10}}));
  EXPECT_FALSE(store_->preferences().merge("nobody", {{"theme", "1", 10}}, 3));
}

TEST_P(PreferenceStoreContract, OfTooManyNoneIsKept) {
  merge("ann", {{"a", "1", 1}, {"b", "1", 1}, {"c", "1", 1}});
  EXPECT_EQ(code(store_->preferences().merge("ann", {{"a", "2", 2}, {"d", "1", 2}}, 3)),
            ErrorCode::limit_exceeded);
  EXPECT_EQ(*store_->preferences().list("ann"), (Records{{"a", "1", 1}, {"b", "1", 1}, {"c", "1", 1}}));
  merge("ann", {{"a", "2", 2}});
}

class IdempotencyStoreContract : public testing::StoreContract {
 protected:
  KnownRequest begin(const NamedRequest& request, std::int64_t now) {
    const auto known = store_->named_requests().begin(request, now, now + 100);
    EXPECT_TRUE(known) << known.error().message;
    return known.value_or(KnownRequest{});
  }
  const NamedRequest request_{"ann", "key", "hash"};
};

TEST_P(IdempotencyStoreContract, ARequestIsTheFirstOnce) {
  EXPECT_EQ(begin(request_, 10).state, KnownRequest::fresh);
  EXPECT_EQ(begin(request_, 20).state, KnownRequest::under_way);
  EXPECT_EQ(begin({"ann", "key", "another"}, 20).state, KnownRequest::another);
  EXPECT_EQ(begin({"bob", "key", "another"}, 20).state, KnownRequest::fresh) << "keys are an account's own";
  ASSERT_TRUE(store_->named_requests().answer(request_, 200, "{\"id\":1}", 1'000));
  const auto known = begin(request_, 900);
  EXPECT_EQ(known.state, KnownRequest::answered);
  EXPECT_EQ(known.status, 200);
  EXPECT_EQ(known.answer, "{\"id\":1}");
  EXPECT_EQ(begin(request_, 1'000).state, KnownRequest::fresh) << "a day later";
}

TEST_P(IdempotencyStoreContract, WhatMayHaveBeenDoneIsNobodysToDoAgain) {
  begin(request_, 10);
  EXPECT_EQ(begin(request_, 109).state, KnownRequest::under_way);
  EXPECT_EQ(begin(request_, 110).state, KnownRequest::in_doubt) << "its server never said what became of it";
  EXPECT_EQ(begin({"ann", "key", "another"}, 110).state, KnownRequest::another);
  EXPECT_EQ(begin(request_, 109 + answer_kept_for).state, KnownRequest::in_doubt);
  ASSERT_TRUE(store_->named_requests().answer(request_, 200, "late", 1'000 + answer_kept_for));
  EXPECT_EQ(begin(request_, 111 + answer_kept_for).state, KnownRequest::answered) << "it took long";
  const NamedRequest other{"ann", "other", "hash"};
  begin(other, 10);
  ASSERT_TRUE(store_->named_requests().doubt(other, 500));
  EXPECT_EQ(begin(other, 20).state, KnownRequest::in_doubt);
  EXPECT_EQ(begin(other, 499).state, KnownRequest::in_doubt);
  EXPECT_EQ(begin(other, 500).state, KnownRequest::fresh);
}

TEST_P(IdempotencyStoreContract, WhatWasNotDoneIsDoneByWhoAsksAgain) {
  EXPECT_EQ(begin(request_, 10).state, KnownRequest::fresh);
  ASSERT_TRUE(store_->named_requests().forget(request_));
  EXPECT_EQ(begin(request_, 11).state, KnownRequest::fresh);
  EXPECT_EQ(begin(request_, 111).state, KnownRequest::in_doubt);
  ASSERT_TRUE(store_->named_requests().forget(request_));
  EXPECT_EQ(begin(request_, 112).state, KnownRequest::fresh) << "whoever began it came back late";
  ASSERT_TRUE(store_->named_requests().answer(request_, 200, "done", 1'000));
  ASSERT_TRUE(store_->named_requests().forget(request_));
  EXPECT_EQ(begin(request_, 200).state, KnownRequest::answered) << "what was done stays";
}

INSTANTIATE_TEST_SUITE_P(Stores, IdempotencyStoreContract, testing::every_store(),
                         [](const auto& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(Stores, PreferenceStoreContract, testing::every_store(),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace berth::server
