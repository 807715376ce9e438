// SPDX-License-Identifier: GPL-3.0-or-later
// What every metadata store must do about objects, packs and blobs.
#include <time.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <set>
#include <thread>

#include "store_places.hpp"

namespace berth::server {
namespace {

using protocol::ObjectId;
using Ids = std::vector<ObjectId>;

class ObjectIndexContract : public testing::StoreContract {
 protected:
  static ObjectId id(int number) { return ObjectId::of("object " + std::to_string(number)); }
  static Ids ids(int begin, int end) {
    Ids all;
    for (int i = begin; i < end; ++i) all.push_back(id(i));
    return all;
  }
  /// Of this thread: a busy machine is no slow store.
  static long processor_ms() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return time.tv_sec * 1000 + time.tv_nsec / 1'000'000;
  }
  static AccountRecord ann() {
    return {.id = "ann",
            .email = "ann@example.org",
            .name = "Ann",
            .password_hash = {},
            .administrator = false,
            .created = 1};
  }
  static std::string name(int number) { return ObjectId::of("pack " + std::to_string(number)).hex(); }
  /// A pack with the objects begin … end-1, of 100 bytes each; every third one names others.
  static NewPack pack(int number, int begin, int end) {
    NewPack made{name(number), 1000, {}};
    for (int i = begin; i < end; ++i)
      made.objects.push_back(
          {id(i), static_cast<std::uint64_t>(24 + 100 * (i - begin)), 100, 59, i % 3 == 0});
    return made;
  }
  void insert(const std::string& owner, const NewPack& one, std::int64_t now = 1000) {
    const auto inserted = store_->objects().insert(owner, {one}, now, 0);
    ASSERT_TRUE(inserted) << inserted.error().detail;
  }
  std::size_t found(const std::string& owner, const Ids& wanted) {
    return store_->objects().find(owner, wanted)->size();
  }
  std::optional<PackRecord> record(const std::string& owner, int number, std::int64_t now = 1) {
    const auto packs = store_->packs().settle(owner, now);
    for (const auto& one : *packs)
      if (one.name == name(number)) return one;
    return std::nullopt;
  }
};

TEST_P(ObjectIndexContract, ObjectsAreFoundWhereTheyLie) {
  insert("ann", pack(1, 0, 10), 77);
  reopen();
  const auto places = store_->objects().find("ann", {id(3), id(3), id(99)});
  ASSERT_TRUE(places);
  ASSERT_EQ(places->size(), 1u);
  const auto& place = places->front();
  EXPECT_EQ(place.object.id, id(3));
  EXPECT_EQ(place.pack, name(1));
  EXPECT_EQ(place.object.offset, 324u);
  EXPECT_EQ(place.object.length, 100u);
  EXPECT_EQ(place.object.size, 59u);
  EXPECT_TRUE(place.object.refers);
  EXPECT_FALSE(store_->objects().find("ann", {id(4)})->front().object.refers);
  EXPECT_EQ(place.touched, 77);
  EXPECT_TRUE(place.whole);
}

TEST_P(ObjectIndexContract, OwnersSeeTheirOwnAlone) {
  insert("ann", pack(1, 0, 10));
  EXPECT_EQ(found("bob", ids(0, 10)), 0u);
  insert("bob", pack(1, 0, 5));  // also under the same name
  EXPECT_EQ(found("bob", ids(0, 10)), 5u);
  EXPECT_EQ(found("ann", ids(0, 10)), 10u);
  EXPECT_EQ(*store_->packs().owners(), (std::vector<std::string>{"ann", "bob"}));
  EXPECT_EQ(*store_->objects().used("bob"), 1000u);
  EXPECT_EQ(*store_->objects().used("carl"), 0u);
}

TEST_P(ObjectIndexContract, AnObjectThatIsThereStaysWhereItIsAndIsTouched) {
  insert("ann", pack(1, 0, 10), 100);
  insert("ann", pack(2, 5, 15), 200);
  const auto place = store_->objects().find("ann", {id(5)})->front();
  EXPECT_EQ(place.pack, name(1));
  EXPECT_EQ(place.touched, 200);
  EXPECT_EQ(store_->objects().find("ann", {id(1)})->front().touched, 100);
  EXPECT_EQ(record("ann", 2)->live_objects, 5u);
}

TEST_P(ObjectIndexContract, APackThatBringsNothingIsNotKept) {
  insert("ann", pack(1, 0, 10));
  const auto superfluous = store_->objects().insert("ann", {pack(2, 3, 6), pack(3, 9, 11)}, 5, 0);
  ASSERT_TRUE(superfluous);
  EXPECT_EQ(*superfluous, std::vector<std::string>{name(2)});
  EXPECT_FALSE(record("ann", 2));
  EXPECT_TRUE(record("ann", 3));
}

TEST_P(ObjectIndexContract, TheLimitHoldsForAllPacksTogetherAndUnderARace) {
  EXPECT_EQ(code(store_->objects().insert("ann", {pack(1, 0, 5), pack(2, 5, 9)}, 1, 1999)),
            ErrorCode::limit_exceeded);
  EXPECT_EQ(found("ann", ids(0, 10)), 0u);
  std::vector<std::future<bool>> racers;
  for (int i = 0; i < 8; ++i)
    racers.push_back(std::async(std::launch::async, [this, i] {
      return store_->objects().insert("ann", {pack(i, 10 * i, 10 * i + 10)}, 1, 3000).has_value();
    }));
  int stored = 0;
  for (auto& racer : racers) stored += racer.get();
  EXPECT_EQ(stored, 3);
  EXPECT_EQ(*store_->objects().used("ann"), 3000u);
}

TEST_P(ObjectIndexContract, TouchingTellsWhatIsGone) {
  insert("ann", pack(1, 0, 3), 100);
  const auto gone = store_->objects().touch("ann", {id(1), id(50)}, 500);
  ASSERT_TRUE(gone);
  EXPECT_EQ(*gone, Ids{id(50)});
  EXPECT_EQ(store_->objects().find("ann", {id(1)})->front().touched, 500);
}

TEST_P(ObjectIndexContract, WhatWasLostMakesItsNeighboursDoubtfulUntilTheyAreAddedAgain) {
  insert("ann", pack(1, 0, 6));
  insert("bob", pack(2, 0, 6));
  ASSERT_TRUE(store_->objects().lose("ann", {id(1)}));
  EXPECT_EQ(found("ann", {id(1)}), 0u);
  EXPECT_FALSE(store_->objects().find("ann", {id(3)})->front().whole);
  EXPECT_TRUE(store_->objects().find("ann", {id(4)})->front().whole) << "it names nothing";
  EXPECT_TRUE(store_->objects().find("bob", {id(3)})->front().whole);
  insert("ann", pack(3, 3, 4));
  EXPECT_TRUE(store_->objects().find("ann", {id(3)})->front().whole);
}

TEST_P(ObjectIndexContract, WhatIsDoubtedStaysUntilItIsAddedAgainAndThenLiesInItsNewPack) {
  insert("ann", pack(1, 0, 6));
  insert("bob", pack(2, 0, 6));
  EXPECT_EQ(store_->objects().doubt("ann", {id(1), id(50)}), 1u);
  EXPECT_EQ(store_->objects().doubt("ann", {id(1)}), 0u) << "known already";
  const auto place = [&](const std::string& owner, int number) {
    return store_->objects().find(owner, {id(number)})->front();
  };
  EXPECT_FALSE(place("ann", 1).whole);
  EXPECT_FALSE(place("ann", 3).whole) << "it may name it";
  EXPECT_TRUE(place("ann", 4).whole);
  EXPECT_TRUE(place("bob", 1).whole);
  EXPECT_EQ(place("ann", 1).pack, name(1));
  insert("ann", pack(3, 1, 5));
  for (const int number : {1, 3}) {
    EXPECT_TRUE(place("ann", number).whole);
    EXPECT_EQ(place("ann", number).pack, name(3));
    EXPECT_EQ(place("ann", number).object.offset, 24u + 100u * (static_cast<unsigned>(number) - 1));
  }
  EXPECT_EQ(place("ann", 4).pack, name(1)) << "nobody doubted it";
  EXPECT_EQ(record("ann", 1)->live_objects, 4u);
  EXPECT_EQ(record("ann", 3)->live_objects, 2u);
}

TEST_P(ObjectIndexContract, WhatIsReadAgainIsTrustedOnceAllThatItNamesIs) {
  insert("ann", pack(1, 0, 7));
  insert("bob", pack(2, 0, 7));
  ASSERT_EQ(store_->objects().doubt("ann", {id(1), id(2)}), 2u);
  ASSERT_EQ(store_->objects().doubt("bob", {id(1)}), 1u);
  const auto whole = [&](const std::string& owner, int number) {
    return store_->objects().find(owner, {id(number)})->front().whole;
  };
  EXPECT_EQ(store_->objects().trust("ann", {{id(0), {id(1), id(4)}}}), 0u) << "it names a doubted one";
  EXPECT_EQ(store_->objects().trust("ann", {{id(0), {id(50)}}}), 0u) << "it names one that is not there";
  EXPECT_EQ(store_->objects().trust("ann", {{id(50), {}}}), 0u);
  EXPECT_FALSE(whole("ann", 0));
  // 6 names 3, which names 0, which names 1; 2 was not read.
  EXPECT_EQ(store_->objects().trust(
                "ann", {{id(6), {id(3)}}, {id(3), {id(0), id(5)}}, {id(0), {id(1), id(4)}}, {id(1), {}}}),
            4u);
  for (const int number : {0, 1, 3, 6}) EXPECT_TRUE(whole("ann", number)) << number;
  EXPECT_FALSE(whole("ann", 2));
  EXPECT_FALSE(whole("bob", 1));
  EXPECT_EQ(store_->objects().doubt("ann", {id(1)}), 1u);
  EXPECT_FALSE(whole("ann", 6)) << "as ever";
}

TEST_P(ObjectIndexContract, ScanningGoesThroughEverythingInPages) {
  insert("ann", pack(1, 0, 25));
  insert("bob", pack(2, 0, 25));
  std::set<std::string> seen;
  std::string after;
  for (int pages = 0; pages < 10; ++pages) {
    const auto page = store_->packs().scan("ann", after, 10);
    ASSERT_TRUE(page);
    if (page->empty()) break;
    EXPECT_LE(page->size(), 10u);
    for (const auto& place : *page) EXPECT_TRUE(seen.insert(place.object.id.hex()).second);
    after = page->back().object.id.hex();
  }
  EXPECT_EQ(seen.size(), 25u);
}

TEST_P(ObjectIndexContract, RemovingSparesWhatWasTouched) {
  insert("ann", pack(1, 0, 6), 100);
  ASSERT_TRUE(store_->objects().touch("ann", {id(2)}, 300));
  EXPECT_EQ(*store_->packs().remove("ann", ids(0, 3), 200, true), 0u);
  EXPECT_EQ(found("ann", ids(0, 6)), 6u) << "all or none";
  EXPECT_EQ(*store_->packs().remove("ann", ids(0, 3), 200, false), 2u);
  EXPECT_EQ(found("ann", ids(0, 6)), 4u);
  EXPECT_EQ(*store_->packs().remove("ann", ids(3, 6), 200, true), 3u);
}

TEST_P(ObjectIndexContract, APackWithoutObjectsIsDoomedAndForgotten) {
  insert("ann", pack(1, 0, 3), 100);
  insert("ann", pack(2, 3, 6), 100);
  ASSERT_TRUE(store_->packs().remove("ann", ids(0, 3), 200, true));
  const auto doomed = record("ann", 1, 900);
  ASSERT_TRUE(doomed);
  EXPECT_EQ(doomed->doomed, 900);
  EXPECT_EQ(record("ann", 1, 950)->doomed, 900) << "the first doom counts";
  const auto alive = record("ann", 2, 950);
  EXPECT_EQ(alive->doomed, 0);
  EXPECT_EQ(alive->live_objects, 3u);
  EXPECT_EQ(alive->live_bytes, 300u);
  EXPECT_EQ(*store_->objects().used("ann"), 1000u) << "a doomed pack is nobody's";
  EXPECT_TRUE(store_->packs().doomed(900)->empty());
  ASSERT_EQ(store_->packs().doomed(901)->size(), 1u);
  ASSERT_TRUE(store_->packs().forget("ann", name(2)));
  EXPECT_TRUE(record("ann", 2)) << "only doomed ones are forgotten";
  ASSERT_TRUE(store_->packs().forget("ann", name(1)));
  EXPECT_FALSE(record("ann", 1));
}

TEST_P(ObjectIndexContract, MovingTakesOnlyWhatStillLiesThere) {
  insert("ann", pack(1, 0, 3), 100);
  insert("ann", pack(2, 3, 6), 100);
  insert("ann", pack(3, 6, 9), 100);
  ASSERT_TRUE(store_->packs().remove("ann", {id(1)}, 200, true));  // gone since it was packed anew
  auto to = pack(4, 0, 7);  // object 6 lies in a pack that is not moved
  ASSERT_TRUE(*store_->packs().move("ann", {name(1), name(2)}, to, 300));
  EXPECT_EQ(found("ann", {id(1)}), 0u);
  EXPECT_EQ(store_->objects().find("ann", {id(0)})->front().pack, name(4));
  EXPECT_EQ(store_->objects().find("ann", {id(4)})->front().object.offset, 424u);
  EXPECT_EQ(store_->objects().find("ann", {id(6)})->front().pack, name(3));
  EXPECT_EQ(record("ann", 1, 400)->doomed, 400);
  EXPECT_EQ(record("ann", 4)->live_objects, 5u);
  EXPECT_FALSE(*store_->packs().move("ann", {name(1), name(2)}, pack(5, 0, 7), 500));
  EXPECT_FALSE(record("ann", 5));
}

TEST_P(ObjectIndexContract, StraysAreToldOnlyWhenSeenLongEnough) {
  auto& blobs = store_->blobs();
  EXPECT_TRUE(blobs.stray({"a", "b"}, 100, 50)->empty());
  EXPECT_TRUE(blobs.stray({"b", "c"}, 200, 150)->size() == 1u);
  EXPECT_EQ(*blobs.stray({"a", "b", "c"}, 300, 150), std::vector<std::string>{"b"})
      << "a was named meanwhile";
}

TEST_P(ObjectIndexContract, HoldsEndByThemselves) {
  auto& blobs = store_->blobs();
  EXPECT_FALSE(*blobs.held(10));
  ASSERT_TRUE(blobs.hold("backup", 100));
  ASSERT_TRUE(blobs.hold("fsck", 50));
  EXPECT_TRUE(*blobs.held(60));
  ASSERT_TRUE(blobs.hold("backup", 200));
  EXPECT_TRUE(*blobs.held(150));
  ASSERT_TRUE(blobs.hold("backup", 0));
  EXPECT_FALSE(*blobs.held(150));
}

TEST_P(ObjectIndexContract, ForgettingEverythingLeavesAccounts) {
  ASSERT_TRUE(store_->accounts().insert(ann(), 0));
  insert("ann", pack(1, 0, 3));
  ASSERT_TRUE(store_->blobs().forget_all());
  EXPECT_TRUE(store_->packs().owners()->empty());
  EXPECT_EQ(found("ann", ids(0, 3)), 0u);
  EXPECT_TRUE(store_->accounts().by_id("ann"));
}

TEST_P(ObjectIndexContract, ThirtyThousandObjectsAreInsertedAndFoundQuickly) {
  std::vector<NewPack> packs;
  for (int i = 0; i < 10; ++i) packs.push_back(pack(i, 3000 * i, 3000 * i + 3000));
  const auto begun = processor_ms();
  ASSERT_TRUE(store_->objects().insert("ann", packs, 1, 0));
  const auto inserted = processor_ms();
  EXPECT_EQ(found("ann", ids(0, 30'000)), 30'000u);
  const auto ended = processor_ms();
  RecordProperty("insert_ms", static_cast<int>(inserted - begun));
  RecordProperty("find_ms", static_cast<int>(ended - inserted));
  EXPECT_LT(inserted - begun, 900);
  EXPECT_LT(ended - inserted, 900);
}

/// Look-ups of accounts go on while somebody stores 60,000 objects.
TEST_P(ObjectIndexContract, ReadingDoesNotWaitForALongWrite) {
  ASSERT_TRUE(store_->accounts().insert(ann(), 0));
  std::vector<NewPack> packs;
  for (int i = 0; i < 20; ++i) packs.push_back(pack(i, 3000 * i, 3000 * i + 3000));
  std::atomic<bool> done = false;
  auto writing = std::async(std::launch::async, [&] {
    const auto inserted = store_->objects().insert("ann", packs, 1, 0).has_value();
    done = true;
    return inserted;
  });
  int during = 0;
  while (!done) {
    ASSERT_TRUE(store_->accounts().by_id("ann"));
    if (!done) ++during;
  }
  EXPECT_TRUE(writing.get());
  EXPECT_GT(during, 20);
}

/// berthd and a maintenance command beside it, or two replicas.
TEST_P(ObjectIndexContract, TwoProcessesWriteWithoutGettingInEachOthersWay) {
  auto other = GetParam().open(folder_);
  ASSERT_TRUE(other);
  auto second = std::async(std::launch::async, [&] {
    int done = 0;
    for (int i = 0; i < 60; ++i) {
      const auto held = (*other)->blobs().hold("fsck", 1000 + i);
      const auto settled = (*other)->packs().settle("ann", 1);
      if (held && settled) ++done;
    }
    return done;
  });
  for (int i = 0; i < 60; ++i) insert("ann", pack(i, 10 * i, 10 * i + 10), i + 1);
  EXPECT_EQ(second.get(), 60);
  EXPECT_EQ(found("ann", ids(0, 600)), 600u);
}

INSTANTIATE_TEST_SUITE_P(Stores, ObjectIndexContract, testing::every_store(),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace berth::server
