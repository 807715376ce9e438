// SPDX-License-Identifier: GPL-3.0-or-later
// Two stores on one database, as two replicas of berthd have them (or berthd and a command beside it): what
// one may do once, only one of them does.
#include <atomic>
#include <future>
#include <latch>

#include "store_places.hpp"

namespace berth::server {
namespace {

using protocol::ObjectId;

class ReplicasContract : public testing::StoreContract {
 protected:
  static constexpr int racers = 12;

  void SetUp() override {
    StoreContract::SetUp();
    auto opened = GetParam().open(folder_);
    ASSERT_TRUE(opened) << opened.error().message << opened.error().detail;
    second_ = std::move(*opened);
    ASSERT_TRUE(store_->accounts().insert(account("ann"), 0));
  }
  void TearDown() override {
    second_.reset();
    StoreContract::TearDown();
  }

  static AccountRecord account(const std::string& id) {
    return {.id = id, .email = id + "@example.org", .name = id, .password_hash = "h", .created = 5};
  }
  static ObjectId id(int number) { return ObjectId::of("object " + std::to_string(number)); }
  static NewPack pack(int number, int begin, int end) {
    NewPack made{ObjectId::of("pack " + std::to_string(number)).hex(), 1000, {}};
    for (int i = begin; i < end; ++i)
      made.objects.push_back({id(i), static_cast<std::uint64_t>(24 + 100 * i), 100, 59, i % 3 == 0});
    return made;
  }

  /// Runs `one(store, number)` at the same time on both stores in turn; gives what each said.
  template <class One>
  auto race(One one) {
    using Said = std::invoke_result_t<One, MetadataStore&, int>;
    std::latch start(racers);
    std::vector<std::future<Said>> running;
    for (int i = 0; i < racers; ++i)
      running.push_back(std::async(std::launch::async, [&, i] {
        start.arrive_and_wait();
        return one(i % 2 ? *second_ : *store_, i);
      }));
    std::vector<Said> said;
    for (auto& each : running) said.push_back(each.get());
    return said;
  }
  /// How many succeeded; all the others must have failed with `otherwise`.
  template <class Said>
  static int winners(const std::vector<Said>& said, ErrorCode otherwise) {
    int won = 0;
    for (const auto& one : said)
      if (one)
        ++won;
      else
        EXPECT_EQ(one.error().code, otherwise) << one.error().message << " " << one.error().detail;
    return won;
  }

  std::unique_ptr<MetadataStore> second_;
};

TEST_P(ReplicasContract, WhatOneWritesTheOtherReadsAtOnce) {
  for (int i = 0; i < 20; ++i) {
    const auto name = "name " + std::to_string(i);
    ASSERT_TRUE(store_->accounts().update_profile("ann", {.name = name, .email = "ann@example.org"}));
    EXPECT_EQ(second_->accounts().by_id("ann")->name, name);
  }
}

TEST_P(ReplicasContract, OnlyOneBecomesTheFirstAdministrator) {
  const auto said = race([](MetadataStore& store, int i) {
    auto one = account("racer" + std::to_string(i));
    one.administrator = true;
    return store.accounts().insert_first_administrator(one);
  });
  EXPECT_EQ(winners(said, ErrorCode::conflict), 1);
  EXPECT_TRUE(*second_->accounts().has_administrator());
}

TEST_P(ReplicasContract, AnEmailIsTakenOnce) {
  const auto said = race([](MetadataStore& store, int i) {
    auto one = account("racer" + std::to_string(i));
    one.email = "same@example.org";
    return store.accounts().insert(one, 0);
  });
  EXPECT_EQ(winners(said, ErrorCode::already_exists), 1);
}

TEST_P(ReplicasContract, TheNumberOfAccountsIsHeld) {
  const auto said = race([](MetadataStore& store, int i) {
    return store.accounts().insert(account("r" + std::to_string(i)), 4);
  });
  EXPECT_EQ(winners(said, ErrorCode::limit_exceeded), 3) << "and ann";
}

TEST_P(ReplicasContract, TheNumberOfWorkspacesIsHeld) {
  const auto said = race([](MetadataStore& store, int i) {
    WorkspaceRecord one;
    one.id = "w" + std::to_string(i);
    one.account = "ann";
    return store.workspaces().insert(one, 5);
  });
  EXPECT_EQ(winners(said, ErrorCode::limit_exceeded), 5);
  EXPECT_EQ(store_->workspaces().list()->size(), 5u);
}

TEST_P(ReplicasContract, EachGenerationOfASignInIsFollowedByOne) {
  SignInRecord one;
  one.id = "s";
  one.account = "ann";
  one.expires = 1000;
  ASSERT_TRUE(store_->sign_ins().insert(one));
  for (std::int64_t generation = 0; generation < 5; ++generation) {
    const auto said = race([&](MetadataStore& store, int i) {
      return store.sign_ins().advance("s", generation, 10 + i, "192.0.2.1");
    });
    int won = 0;
    for (const auto& each : said) {
      ASSERT_TRUE(each) << each.error().message << " " << each.error().detail;
      won += *each;
    }
    EXPECT_EQ(won, 1) << generation;
  }
  EXPECT_EQ(store_->sign_ins().find("s")->generation, 5);
}

TEST_P(ReplicasContract, BytesStoredStayBelowTheirLimit) {
  const auto said = race([](MetadataStore& store, int i) {
    return store.objects().insert("ann", {pack(i, 10 * i, 10 * i + 10)}, 1, 5000);
  });
  EXPECT_EQ(winners(said, ErrorCode::limit_exceeded), 5);
  EXPECT_EQ(*second_->objects().used("ann"), 5000u);
}

TEST_P(ReplicasContract, TheSameObjectsFromManyAreThereOnce) {
  const auto said = race(
      [](MetadataStore& store, int i) { return store.objects().insert("ann", {pack(i, 0, 200)}, 1 + i, 0); });
  std::size_t superfluous = 0;
  for (const auto& each : said) {
    ASSERT_TRUE(each) << each.error().message << " " << each.error().detail;
    superfluous += each->size();
  }
  EXPECT_EQ(superfluous, racers - 1u) << "one pack holds them all";
  EXPECT_EQ(store_->packs().settle("ann", 5)->size(), 1u);
  EXPECT_EQ(store_->packs().settle("ann", 5)->front().live_objects, 200u);
}

TEST_P(ReplicasContract, AVersionsPlaceInTimeIsTakenOnce) {
  ASSERT_TRUE(store_->objects().insert("ann", {pack(1, 0, 3)}, 1, 0));
  const auto said = race([](MetadataStore& store, int i) {
    VersionRecord one;
    one.id = "v" + std::to_string(i);
    one.workspace = "w";
    one.owner = "ann";
    one.root = id(0);
    one.created = 100;
    return store.versions().insert(one);
  });
  EXPECT_EQ(winners(said, ErrorCode::invalid_argument), 1);
}

/// The collection and somebody who stores: an object is touched or removed, never both.
TEST_P(ReplicasContract, WhatIsTouchedIsNotSweptAway) {
  for (int round = 0; round < 10; ++round) {
    ASSERT_TRUE(store_->objects().insert("ann", {pack(round, 100 * round, 100 * round + 40)}, 100, 0));
    std::vector<ObjectId> ids;
    for (int i = 100 * round; i < 100 * round + 40; ++i) ids.push_back(id(i));
    std::latch start(2);
    auto swept = std::async(std::launch::async, [&] {
      start.arrive_and_wait();
      return store_->packs().remove("ann", ids, 200, true);
    });
    start.arrive_and_wait();
    const auto gone = second_->objects().touch("ann", ids, 300);
    const auto removed = swept.get();
    ASSERT_TRUE(gone) << gone.error().detail;
    ASSERT_TRUE(removed) << removed.error().detail;
    EXPECT_EQ(*removed, gone->size()) << "either all went, or none";
    EXPECT_EQ(second_->objects().find("ann", ids)->size(), 40u - *removed);
  }
}

TEST_P(ReplicasContract, APackIsMovedByOneCollectionAlone) {
  ASSERT_TRUE(store_->objects().insert("ann", {pack(100, 0, 30), pack(101, 30, 60)}, 1, 0));
  const auto from = std::vector{pack(100, 0, 0).name, pack(101, 0, 0).name};
  const auto said =
      race([&](MetadataStore& store, int i) { return store.packs().move("ann", from, pack(i, 0, 60), 10); });
  int moved = 0;
  for (const auto& each : said) {
    ASSERT_TRUE(each) << each.error().message << " " << each.error().detail;
    moved += *each;
  }
  EXPECT_EQ(moved, 1);
  int alive = 0;
  for (const auto& one : *store_->packs().settle("ann", 20))
    if (one.live_objects > 0) {
      ++alive;
      EXPECT_EQ(one.live_objects, 60u);
    }
  EXPECT_EQ(alive, 1);
}

TEST_P(ReplicasContract, WhatIsPutOnceIsWhatTheFirstPut) {
  const auto said = race([](MetadataStore& store, int i) {
    return store.settings().put_once("id", "value " + std::to_string(i));
  });
  for (const auto& each : said) {
    ASSERT_TRUE(each) << each.error().message << " " << each.error().detail;
    EXPECT_EQ(*each, *said.front());
  }
  EXPECT_EQ(store_->settings().all()->at("id"), *said.front());
}

TEST_P(ReplicasContract, SettingsPutTogetherAreSeenTogether) {
  std::atomic<bool> done = false;
  auto writing = std::async(std::launch::async, [&] {
    for (int i = 0; i < 60; ++i) {
      const auto value = std::to_string(i);
      if (!store_->settings().put({{"a", value}, {"b", value}})) return false;
    }
    return true;
  });
  auto reading = std::async(std::launch::async, [&] {
    while (!done) {
      auto all = second_->settings().all();
      if (!all || (*all)["a"] != (*all)["b"]) return false;
    }
    return true;
  });
  EXPECT_TRUE(writing.get());
  done = true;
  EXPECT_TRUE(reading.get());
}

INSTANTIATE_TEST_SUITE_P(Stores, ReplicasContract, testing::every_store(),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace berth::server
