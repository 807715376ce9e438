// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/pack_store.hpp"

#include <gmock/gmock.h>

#include <future>

#include "storage_fixture.hpp"

namespace berth::server {
namespace {

using protocol::ObjectId;
using protocol::StoredObject;
using testing::stored;

class PackStoreTest : public testing::StorageFixture {
 protected:
  std::vector<StoredObject> some(int count, std::size_t size = 300) {
    std::vector<StoredObject> objects;
    for (int i = 0; i < count; ++i) objects.push_back(stored(testing::random_bytes(random_, size)));
    return objects;
  }
  static std::vector<ObjectId> ids(const std::vector<StoredObject>& objects) {
    std::vector<ObjectId> all;
    for (const auto& object : objects) all.push_back(object.id);
    return all;
  }
  std::size_t readable(const std::vector<ObjectId>& wanted) {
    const auto read = objects_->read("ann", wanted);
    if (!read) throw std::runtime_error(read.error().message);
    return static_cast<std::size_t>(
        std::ranges::count_if(*read, [](const auto& one) { return one.has_value(); }));
  }
  std::mt19937 random_{42};
};

TEST_F(PackStoreTest, WhatWasAddedIsThereAndReadBack) {
  const auto objects = some(20);
  const auto wanted = ids(objects);
  EXPECT_EQ(objects_->missing("ann", wanted)->size(), 20u);
  ASSERT_TRUE(objects_->add("ann", objects));
  close();
  open();
  EXPECT_TRUE(objects_->missing("ann", wanted)->empty());
  EXPECT_EQ(objects_->missing("bob", wanted)->size(), 20u);
  auto asked = wanted;
  asked.push_back(wanted.front());
  asked.push_back(ObjectId::of("never"));
  const auto read = objects_->read("ann", asked);
  ASSERT_TRUE(read);
  ASSERT_EQ(read->size(), 22u);
  for (std::size_t i = 0; i < 21; ++i) EXPECT_EQ(ObjectId::of(*(*read)[i]), asked[i]);
  EXPECT_FALSE(read->back());
}

TEST_F(PackStoreTest, MissingNamesEachOnceAndInOrder) {
  const auto a = ObjectId::of("a"), b = ObjectId::of("b");
  const auto there = some(1);
  ASSERT_TRUE(objects_->add("ann", there));
  EXPECT_EQ(*objects_->missing("ann", {b, there[0].id, a, b, a}), (std::vector<ObjectId>{b, a}));
}

TEST_F(PackStoreTest, ManySmallObjectsAreOneBlobAndLargeOnesSeveralAtOnce) {
  ASSERT_TRUE(objects_->add("ann", some(2000, 100)));
  EXPECT_EQ(packs().size(), 1u);
  blobs_.delay_ms = 20;
  blobs_.most_at_once = 0;
  const auto large = some(160, 256u << 10);  // 40 MiB
  const auto wanted = ids(large);
  ASSERT_TRUE(objects_->add("ann", large));
  EXPECT_EQ(packs().size(), 1u + 6);
  EXPECT_GT(blobs_.most_at_once, 1);
  EXPECT_LE(blobs_.most_at_once, 4);
  for (const auto& key : packs()) EXPECT_LE((*blobs_.stat(key))->size, 9u << 20);
  blobs_.most_at_once = 0;
  EXPECT_EQ(readable(wanted), 160u);
  EXPECT_GT(blobs_.most_at_once, 1);
  EXPECT_LE(blobs_.most_at_once, 4);
}

TEST_F(PackStoreTest, NeighboursAreReadByOneGet) {
  const auto objects = some(500, 200);
  ASSERT_TRUE(objects_->add("ann", objects));
  blobs_.gets = 0;
  EXPECT_EQ(readable(ids(objects)), 500u);
  EXPECT_EQ(blobs_.gets, 1);
}

TEST_F(PackStoreTest, WhatIsThereAlreadyIsNotStoredAgain) {
  const auto objects = some(10);
  ASSERT_TRUE(objects_->add("ann", objects));
  const auto used = objects_->usage("ann")->bytes;
  ASSERT_TRUE(objects_->add("ann", objects));
  EXPECT_EQ(packs().size(), 1u);
  EXPECT_EQ(objects_->usage("ann")->bytes, used);
  EXPECT_GT(used, 3000u);
}

TEST_F(PackStoreTest, TwoWhoAddTheSameAtOnceLeaveItThereOnce) {
  const auto objects = some(50);
  blobs_.delay_ms = 20;
  auto other = std::async(std::launch::async, [&] { return objects_->add("ann", objects).has_value(); });
  EXPECT_TRUE(objects_->add("ann", objects));
  EXPECT_TRUE(other.get());
  EXPECT_EQ(packs().size(), 1u) << "the second pack brought nothing and is gone";
  EXPECT_EQ(readable(ids(objects)), 50u);
}

TEST_F(PackStoreTest, AFailedUploadLeavesNothingFindable) {
  const auto objects = some(40, 256u << 10);  // two packs
  blobs_.failing_puts = 1;
  EXPECT_EQ(code(objects_->add("ann", objects)), ErrorCode::unavailable);
  EXPECT_EQ(objects_->missing("ann", ids(objects))->size(), 40u);
  EXPECT_TRUE(packs().empty());
  EXPECT_EQ(objects_->usage("ann")->bytes, 0u);
  EXPECT_TRUE(objects_->add("ann", objects));
}

TEST_F(PackStoreTest, AFullStoreAndADownStoreAreToldApart) {
  blobs_.capacity = 1000;
  EXPECT_EQ(code(objects_->add("ann", some(10))), ErrorCode::limit_exceeded);
  blobs_.capacity = 0;
  const auto objects = some(3);
  ASSERT_TRUE(objects_->add("ann", objects));
  blobs_.down = true;
  EXPECT_EQ(code(objects_->add("ann", some(1))), ErrorCode::unavailable);
  EXPECT_EQ(code(objects_->read("ann", ids(objects))), ErrorCode::unavailable)
      << "an outage is no damage: nobody may take files for lost";
  EXPECT_EQ(code(objects_->verify("ann", ids(objects))), ErrorCode::unavailable);
  EXPECT_TRUE(objects_->missing("ann", ids(objects))->empty());
}

TEST_F(PackStoreTest, TheQuotaIsHeldAndSaysSo) {
  ASSERT_TRUE(objects_->add("ann", some(10, 1000)));
  quota_ = 20'000;
  EXPECT_EQ(objects_->usage("ann")->limit, 20'000u);
  const auto refused = objects_->add("ann", some(12, 1000));
  ASSERT_EQ(code(refused), ErrorCode::limit_exceeded);
  EXPECT_THAT(refused.error().message, ::testing::StartsWith("Your stored versions take 11.0 KB of 20.0 KB"));
  EXPECT_EQ(refused.error().data.at("limit"), "20000");
  EXPECT_EQ(packs().size(), 1u);
  EXPECT_TRUE(objects_->add("ann", some(5, 1000)));
  EXPECT_TRUE(objects_->add("bob", some(12, 1000))) << "each has their own";
}

TEST_F(PackStoreTest, TheQuotaHoldsWhenManyAddAtOnce) {
  quota_ = 35'000;
  blobs_.delay_ms = 10;
  std::vector<std::vector<StoredObject>> homes;
  for (int i = 0; i < 8; ++i) homes.push_back(some(10, 1000));
  std::vector<std::future<bool>> racers;
  for (auto& home : homes)
    racers.push_back(std::async(std::launch::async, [&] { return objects_->add("ann", home).has_value(); }));
  int stored = 0;
  for (auto& racer : racers) stored += racer.get();
  EXPECT_EQ(stored, 3);
  EXPECT_EQ(packs().size(), 3u) << "what did not fit left no blob";
}

TEST_F(PackStoreTest, DamageIsOneObjectsAndALostPackIsItsObjectsAlone) {
  const auto first = some(10), second = some(10);
  ASSERT_TRUE(objects_->add("ann", first));
  const auto first_pack = packs().front();
  ASSERT_TRUE(objects_->add("ann", second));
  auto all = ids(first);
  for (const auto& id : ids(second)) all.push_back(id);
  const auto place = store_->objects().find("ann", {first[4].id})->front();
  blobs_.damage(first_pack, [&](std::string& bytes) {
    auto& byte = bytes[place.object.offset + 100];
    byte = static_cast<char>(byte + 1);
  });
  auto read = objects_->read("ann", all);
  ASSERT_TRUE(read);
  for (std::size_t i = 0; i < 20; ++i) EXPECT_EQ((*read)[i].has_value(), i != 4) << i;
  blobs_.lose(first_pack);
  EXPECT_EQ(readable(all), 10u);
  blobs_.damage(packs().front(), [](std::string& bytes) { bytes.resize(bytes.size() / 2); });
  EXPECT_LT(readable(all), 10u);
  EXPECT_GT(readable(all), 0u);
}

TEST_F(PackStoreTest, LargeObjectsAreNotReadWhereSmallOnesAreMeant) {
  const auto objects = some(1, 5000);
  ASSERT_TRUE(objects_->add("ann", objects));
  EXPECT_FALSE(objects_->read("ann", ids(objects), 4999)->front());
  EXPECT_TRUE(objects_->read("ann", ids(objects), 5000)->front());
}

TEST_F(PackStoreTest, VerifyFindsAMissingPackAndItsObjectsAreStoredAgain) {
  const auto first = some(10), second = some(10);
  ASSERT_TRUE(objects_->add("ann", first));
  const auto lost = packs().front();
  ASSERT_TRUE(objects_->add("ann", second));
  auto all = ids(first);
  for (const auto& id : ids(second)) all.push_back(id);
  ASSERT_TRUE(objects_->verify("ann", all));
  blobs_.lose(lost);
  EXPECT_EQ(code(objects_->verify("ann", all)), ErrorCode::unavailable);
  EXPECT_TRUE(objects_->verify("ann", ids(second)));
  EXPECT_EQ(objects_->missing("ann", all)->size(), 10u);
  ASSERT_TRUE(objects_->add("ann", first));
  EXPECT_TRUE(objects_->verify("ann", all));
  EXPECT_EQ(readable(all), 20u);
}

TEST_F(PackStoreTest, WhatIsFoundDamagedIsAskedForAgainAndThenLiesInItsNewPack) {
  const auto objects = some(10);
  ASSERT_TRUE(objects_->add("ann", objects));
  const auto place = store_->objects().find("ann", {objects[4].id})->front();
  blobs_.damage(packs().front(), [&](std::string& bytes) {
    auto& byte = bytes[place.object.offset + 100];
    byte = static_cast<char>(byte + 1);
  });
  std::vector<std::pair<std::string, std::vector<ObjectId>>> told;
  on_doubted_ = [&](const auto& owner, const auto& lost) { told.emplace_back(owner, lost); };
  EXPECT_EQ(readable(ids(objects)), 9u);
  EXPECT_EQ(readable(ids(objects)), 9u);
  EXPECT_EQ(*objects_->missing("ann", ids(objects)), std::vector<ObjectId>{objects[4].id});
  ASSERT_EQ(told.size(), 1u) << "once is enough";
  EXPECT_EQ(told[0].first, "ann");
  EXPECT_EQ(told[0].second, std::vector<ObjectId>{objects[4].id});
  ASSERT_TRUE(objects_->add("ann", objects));
  EXPECT_EQ(packs().size(), 2u);
  EXPECT_EQ(readable(ids(objects)), 10u);
  EXPECT_TRUE(objects_->missing("ann", ids(objects))->empty());
}

TEST_F(PackStoreTest, AByteDamagedOnTheWayIsReadAgainAndNoDamage) {
  const auto objects = some(10);
  ASSERT_TRUE(objects_->add("ann", objects));
  blobs_.garbled_gets = 1;
  blobs_.gets = 0;
  EXPECT_EQ(readable(ids(objects)), 10u);
  EXPECT_EQ(blobs_.gets, 2);
  EXPECT_TRUE(objects_->missing("ann", ids(objects))->empty());
}

TEST_F(PackStoreTest, APackThatComesBackBringsItsObjectsBack) {
  const auto objects = some(10);
  ASSERT_TRUE(objects_->add("ann", objects));
  const auto key = packs().front();
  const auto bytes = testing::must(blobs_.get(key, 0, {}));
  blobs_.lose(key);
  EXPECT_EQ(readable(ids(objects)), 0u);
  EXPECT_EQ(objects_->missing("ann", ids(objects))->size(), 10u);
  ASSERT_TRUE(blobs_.put(key, bytes));
  EXPECT_EQ(readable(ids(objects)), 10u);
  EXPECT_TRUE(objects_->missing("ann", ids(objects))->empty()) << "nothing has to be stored again";
}

TEST_F(PackStoreTest, KnowsSizesWithoutReading) {
  const auto objects = some(3, 500);
  ASSERT_TRUE(objects_->add("ann", objects));
  blobs_.down = true;
  const auto sizes = objects_->sizes("ann", {objects[2].id, ObjectId::of("never"), objects[0].id});
  ASSERT_TRUE(sizes);
  EXPECT_EQ(*sizes, (std::vector<std::optional<std::uint32_t>>{500, std::nullopt, 500}));
}

TEST_F(PackStoreTest, SealedObjectsNeedTheKeyAndWithoutItNothingCountsAsDamaged) {
  sealing_ = {StorageKey(std::array<unsigned char, 32>{5}), true};
  const auto objects = some(5);
  ASSERT_TRUE(objects_->add("ann", objects));
  EXPECT_EQ(readable(ids(objects)), 5u);
  sealing_ = {StorageKey(std::array<unsigned char, 32>{6}), true};
  EXPECT_EQ(code(objects_->read("ann", ids(objects))), ErrorCode::internal);
  sealing_ = {};
  EXPECT_EQ(code(objects_->read("ann", ids(objects))), ErrorCode::internal);
}

TEST_F(PackStoreTest, ADamagedKeyNameIsThatObjectsDamageWhereTheOthersOpen) {
  sealing_ = {StorageKey(std::array<unsigned char, 32>{5}), true};
  const auto objects = some(5);
  ASSERT_TRUE(objects_->add("ann", objects));
  const auto place = store_->objects().find("ann", {objects[2].id})->front();
  blobs_.damage(packs().front(), [&](std::string& bytes) {
    auto& byte = bytes[place.object.offset + protocol::object_header];
    byte = static_cast<char>(byte + 1);
  });
  EXPECT_EQ(readable(ids(objects)), 4u);
  EXPECT_EQ(*objects_->missing("ann", ids(objects)), std::vector<ObjectId>{objects[2].id});
}

TEST_F(PackStoreTest, MissingRenewsATouchThatIsGettingOld) {
  const auto objects = some(1);
  ASSERT_TRUE(objects_->add("ann", objects));
  const auto touched = [&] { return store_->objects().find("ann", ids(objects))->front().touched; };
  const std::int64_t added = now_;
  EXPECT_EQ(touched(), added);
  now_ += touch_slack - 1;
  ASSERT_TRUE(objects_->missing("ann", ids(objects)));
  EXPECT_EQ(touched(), added) << "young enough: no write";
  now_ += 2;
  ASSERT_TRUE(objects_->missing("ann", ids(objects)));
  EXPECT_EQ(touched(), now_);
}

TEST(ReadableBytes, AreShort) {
  EXPECT_EQ(readable_bytes(0), "0 bytes");
  EXPECT_EQ(readable_bytes(999), "999 bytes");
  EXPECT_EQ(readable_bytes(1500), "1.5 KB");
  EXPECT_EQ(readable_bytes(999'999), "1.0 MB");
  EXPECT_EQ(readable_bytes(250'000'000), "250 MB");
  EXPECT_EQ(readable_bytes(12'300'000'000), "12.3 GB");
}

}  // namespace
}  // namespace berth::server
