// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/garbage_collection.hpp"

#include <shared_mutex>
#include <thread>

#include "server/blob_keys.hpp"
#include "server/blobs/store_identity.hpp"
#include "server/collection_schedule.hpp"
#include "server/storage_claim.hpp"
#include "storage_fixture.hpp"

namespace berth::server {
namespace {

using protocol::ObjectId;
using testing::Files;
using testing::must;
using testing::one_day;
using testing::one_hour;

using testing::AtFaultPoints;
using testing::Crash;

class GarbageCollectionTest : public testing::StorageFixture {
 protected:
  VersionRecord must_store(const Files& files, const std::string& workspace = "w",
                           const std::string& name = {}) {
    auto version = store_home("ann", workspace, files, name);
    if (!version) throw std::runtime_error(version.error().message + version.error().detail);
    return *version;
  }
  GarbageCollection::Collected must_collect() {
    const auto collected = collection_->collect("ann");
    if (!collected) throw std::runtime_error(collected.error().message + collected.error().detail);
    return *collected;
  }
  bool is_there(const ObjectId& id) { return !store_->objects().find("ann", {id})->empty(); }
  std::size_t object_count() { return store_->packs().scan("ann", "", 100'000)->size(); }
  /// Collects until nothing changes any more, days later.
  void settle_everything() {
    for (int i = 0; i < 3; ++i) {
      now_ += 2 * one_day;
      must_collect();
      ASSERT_TRUE(collection_->remove_doomed());
      ASSERT_TRUE(collection_->remove_strays());
    }
  }
  /// Exactly the blobs that rows name.
  void expect_no_strays() {
    std::set<std::string> named;
    for (const auto& pack : must(store_->packs().settle("ann", now_)))
      named.insert(pack_key("ann", pack.name));
    for (const auto& workspace : must(versions_->workspaces("ann")))
      for (const auto& version : must(versions_->list(workspace, 0, 10'000)))
        named.insert(version_key("ann", workspace, version.id));
    const auto keys = blobs_.keys();
    EXPECT_EQ(std::set<std::string>(keys.begin(), keys.end()), named);
  }
  static Files files(int seed, int count = 12) {
    std::mt19937 random(static_cast<unsigned>(seed));
    Files made;
    for (int i = 0; i < count; ++i)
      made["dir" + std::to_string(i % 3) + "/sub/f" + std::to_string(i)] =
          testing::random_bytes(random, random() % 3000);
    made["list"] = testing::random_bytes(random, 40 * 1024);  // more chunks than an entry holds
    return made;
  }
};

TEST_F(GarbageCollectionTest, RemovesWhatNoVersionReachesAndNothingElse) {
  auto first = files(1), second = first;
  second["dir0/sub/f0"] = "changed";
  second.erase("list");
  const auto old = must_store(first);
  const auto current = must_store(second);
  const auto before = object_count();
  EXPECT_EQ(must_collect().objects, 0u);
  ASSERT_TRUE(versions_->remove("w", {old.id}));
  now_ += 2 * one_day;
  EXPECT_GT(must_collect().objects, 40u);
  EXPECT_LT(object_count(), before);
  EXPECT_FALSE(is_there(old.root));
  EXPECT_EQ(read_home("ann", current.root), second);
}

TEST_F(GarbageCollectionTest, PacksLeaveTheStoreAnHourAfterTheirLastObject) {
  must_store(files(1));
  ASSERT_TRUE(versions_->remove_all("w"));
  now_ += 2 * one_day;
  must_collect();
  EXPECT_EQ(objects_->usage("ann")->bytes, 0u);
  EXPECT_EQ(*collection_->remove_doomed(), 0u) << "a reader may have it in hand";
  EXPECT_EQ(packs().size(), 1u);
  now_ += one_hour + 1;
  ASSERT_TRUE(store_->blobs().hold("backup", now_ + 1000));
  EXPECT_EQ(*collection_->remove_doomed(), 0u) << "a backup is under way";
  ASSERT_TRUE(store_->blobs().hold("backup", 0));
  EXPECT_EQ(*collection_->remove_doomed(), 1u);
  EXPECT_TRUE(blobs_.keys().empty());
}

TEST_F(GarbageCollectionTest, WhatWasJustAddedWaitsForItsVersion) {
  const auto home = testing::HomeMaker().make(files(1));
  ASSERT_TRUE(objects_->add("ann", home.objects));
  now_ += one_day - 1;
  EXPECT_EQ(must_collect().objects, 0u);
  now_ += one_day;
  EXPECT_EQ(must_collect().objects, home.objects.size());
}

TEST_F(GarbageCollectionTest, AnObjectThatWasAskedForKeepsAllItReaches) {
  const auto old = must_store(files(1));
  ASSERT_TRUE(versions_->remove_all("w"));
  now_ += 10 * one_day;
  ASSERT_TRUE(objects_->missing("ann", {old.root})->empty());
  now_ += one_day - 1;
  EXPECT_EQ(must_collect().objects, 0u);
  EXPECT_EQ(read_home("ann", old.root), files(1));
}

TEST_F(GarbageCollectionTest, SomebodyWhoBuildsOnAnOldTreeDuringTheSweepKeepsIt) {
  const auto old = must_store(files(1));
  const auto other = must_store(files(2), "other");
  ASSERT_TRUE(versions_->remove_all("w"));
  now_ += 10 * one_day;
  bool asked = false;
  const AtFaultPoints act([&](std::string_view name) {
    if (name != "collect.marked" || std::exchange(asked, true)) return;
    ASSERT_TRUE(objects_->missing("ann", {old.root})->empty());  // it need not be sent again
  });
  EXPECT_EQ(must_collect().objects, 0u);
  EXPECT_TRUE(asked);
  EXPECT_EQ(read_home("ann", old.root), files(1));
  EXPECT_EQ(read_home("ann", other.root), files(2));
}

TEST_F(GarbageCollectionTest, AVersionForkedDuringTheSweepKeepsItsFiles) {
  const auto old = must_store(files(1));
  ASSERT_TRUE(versions_->remove_all("w"));
  now_ += 10 * one_day;
  auto fork = old;
  fork.id = "fork";
  fork.workspace = "forked";
  fork.created = now_;
  bool forked = false;
  const AtFaultPoints act([&](std::string_view name) {
    if (name != "collect.marked" || std::exchange(forked, true)) return;
    ASSERT_TRUE(versions_->insert(fork));
  });
  must_collect();
  EXPECT_EQ(read_home("ann", fork.root), files(1));
}

TEST_F(GarbageCollectionTest, AFileThatLooksLikeATreeIsKeptWithoutHarm) {
  protocol::TreeEntry entry;
  entry.name = "a";
  entry.size = 1;
  entry.content = {ObjectId::of("nobody has this")};
  const Files odd{{"tree", protocol::encode_tree({entry})}, {"list", std::string(64 * 32, 'z')}};
  const auto version = must_store(odd);
  now_ += 2 * one_day;
  ASSERT_TRUE(objects_->missing("ann", {ObjectId::of(odd.at("tree"))}));
  must_collect();
  EXPECT_EQ(read_home("ann", version.root), odd);
}

TEST_F(GarbageCollectionTest, CollectsNothingWhileATreeCantBeRead) {
  auto changed = files(1);
  const auto old = must_store(changed);
  changed["dir1/new"] = "x";
  must_store(changed);
  ASSERT_TRUE(versions_->remove("w", {old.id}));
  now_ += 2 * one_day;
  blobs_.down = true;
  EXPECT_EQ(code(collection_->collect("ann")), ErrorCode::unavailable);
  blobs_.down = false;
  const auto count = object_count();
  for (const auto& key : packs()) blobs_.damage(key, [](std::string& bytes) { bytes.resize(30); });
  EXPECT_EQ(code(collection_->collect("ann")), ErrorCode::internal);
  EXPECT_EQ(object_count(), count);
}

TEST_F(GarbageCollectionTest, WhatADamagedFolderNamesIsKeptAndCollectedAgainOnceItIsStoredAnew) {
  const auto old = must_store(files(1));
  auto changed = files(1);
  changed["dir1/new"] = "x";
  const auto current = must_store(changed);
  const auto place = store_->objects().find("ann", {current.root})->front();
  blobs_.damage(pack_key("ann", place.pack), [&](std::string& bytes) {
    auto& byte = bytes[place.object.offset + place.object.length - 1];
    byte = static_cast<char>(byte ^ 1);
  });
  ASSERT_TRUE(versions_->remove("w", {old.id}));
  now_ += 2 * one_day;
  const auto count = object_count();
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(code(collection_->collect("ann")), ErrorCode::internal);
    now_ += 2 * one_day;
  }
  EXPECT_EQ(object_count(), count) << "all is there but for the listing";
  must_store(changed);
  EXPECT_EQ(read_home("ann", current.root), changed);
  EXPECT_GT(must_collect().objects, 0u);
  EXPECT_EQ(read_home("ann", current.root), changed);
}

TEST_F(GarbageCollectionTest, CollectsNothingWhileAFoldersFormatIsUnknown) {
  const auto old = must_store(files(1));
  ASSERT_TRUE(versions_->remove_all("w"));
  const auto newer = testing::stored("\x02 what a newer release writes");
  ASSERT_TRUE(objects_->add("ann", {newer}));
  auto version = old;
  version.id = "newer";
  version.root = newer.id;
  version.created = now_ + 1;
  ASSERT_TRUE(versions_->insert(version));
  now_ += 2 * one_day;
  EXPECT_EQ(code(collection_->collect("ann")), ErrorCode::internal);
  EXPECT_TRUE(is_there(old.root));
}

TEST_F(GarbageCollectionTest, ManySmallPacksBecomeFew) {
  Files all;
  std::vector<std::pair<VersionRecord, Files>> versions;
  for (int i = 0; i < 40; ++i) {
    all["f" + std::to_string(i)] = "content " + std::to_string(i);
    versions.emplace_back(must_store(all, "w", "keep"), all);
    now_ += 1000;
  }
  EXPECT_EQ(packs().size(), 40u);
  const auto used = objects_->usage("ann")->bytes;
  EXPECT_EQ(must_collect().packs_rewritten, 40u);
  EXPECT_EQ(must_collect().packs_rewritten, 0u) << "once is enough";
  EXPECT_LT(objects_->usage("ann")->bytes, used);
  EXPECT_EQ(packs().size(), 41u);
  for (const auto& [version, expected] : versions) EXPECT_EQ(read_home("ann", version.root), expected);
  now_ += one_hour + 1;
  EXPECT_EQ(*collection_->remove_doomed(), 40u);
  for (const auto& [version, expected] : versions) EXPECT_EQ(read_home("ann", version.root), expected);
}

TEST_F(GarbageCollectionTest, APackThatIsMostlyDeadIsWrittenAnew) {
  std::mt19937 random(3);
  Files kept{{"small", testing::random_bytes(random, 100 << 10)}}, all = kept;
  all["large"] = testing::random_bytes(random, 2 << 20);
  const auto old = must_store(all);
  const auto current = must_store(kept);
  ASSERT_TRUE(versions_->remove("w", {old.id}));
  now_ += 2 * one_day;
  const auto collected = must_collect();
  EXPECT_GT(collected.objects, 2000u);
  EXPECT_EQ(collected.packs_rewritten, 1u);
  EXPECT_LT(objects_->usage("ann")->bytes, 200u << 10);
  EXPECT_EQ(read_home("ann", current.root), kept);
}

TEST_F(GarbageCollectionTest, RepackingSealsWhatWasStoredBeforeSealing) {
  Files all;
  for (int i = 0; i < 40; ++i) {
    all["f" + std::to_string(i)] = "the quick brown fox " + std::to_string(i);
    must_store(all);
  }
  sealing_ = {StorageKey(std::array<unsigned char, 32>{9}), true};
  EXPECT_GE(must_collect().packs_rewritten, 40u);
  now_ += 2 * one_hour;
  ASSERT_TRUE(collection_->remove_doomed());
  for (const auto& key : packs()) EXPECT_EQ(blobs_.get(key, 0, {})->find("quick brown"), std::string::npos);
  EXPECT_EQ(read_home("ann", (*versions_->latest("w"))->root), all);
}

TEST_F(GarbageCollectionTest, ThinsOutAndCollectsInOne) {
  Files all;
  for (int i = 0; i < 30; ++i) {
    all["f"] = "content " + std::to_string(i);
    must_store(all);
    now_ += 60'000;
  }
  now_ += 5 * one_day;
  EXPECT_GE(must_collect().versions, 28u);
  EXPECT_EQ(read_home("ann", (*versions_->latest("w"))->root), all);
}

TEST_F(GarbageCollectionTest, BlobsThatACrashLeftGoAfterADay) {
  const auto kept = must_store(files(1));
  {
    const AtFaultPoints crash([](std::string_view name) {
      if (name == "pack.put" || name == "version.put") throw Crash{};
    });
    EXPECT_THROW((void)store_home("ann", "w", files(2)), Crash);
    EXPECT_THROW((void)store_home("ann", "w", files(1)), Crash);  // nothing to add, but a version
  }
  close();
  open();
  const auto left = blobs_.keys().size();
  EXPECT_EQ(left, 4u);
  EXPECT_EQ(*collection_->remove_strays(), 0u);
  now_ += one_day - 1;
  EXPECT_EQ(*collection_->remove_strays(), 0u);
  now_ += 2;
  EXPECT_EQ(*collection_->remove_strays(), 2u);
  expect_no_strays();
  EXPECT_EQ(read_home("ann", kept.root), files(1));
}

/// The server dies at every step of storing, committing and collecting; the next one finds every acknowledged
/// version whole, and in the end no garbage stays.
TEST_F(GarbageCollectionTest, ADeathBetweenAnyTwoStepsLosesNothingAndLeavesNothing) {
  options_.most_small_packs = 2;
  close();
  open();
  std::map<std::string, Files> acknowledged;  // by version id
  std::set<std::string> passed;
  int deaths = 0;
  Files home = files(5);
  for (int step = 1; step < 400; ++step) {
    int left = step;
    bool died = false;
    {
      const AtFaultPoints crash([&](std::string_view name) {
        passed.emplace(name);
        if (--left == 0) throw Crash{};
      });
      try {
        // Small packs to be written anew, versions to thin out, objects to sweep.
        for (int i = 0; i < 3; ++i) {
          home["f" + std::to_string(i)] = "step " + std::to_string(step) + "." + std::to_string(i);
          const auto version = store_home("ann", "w", home);
          ASSERT_TRUE(version) << version.error().message;
          acknowledged[version->id] = home;
          now_ += 700'000;
        }
        now_ += 2 * one_day;
        ASSERT_TRUE(collection_->collect("ann"));
        now_ += 2 * one_hour;
        ASSERT_TRUE(collection_->remove_doomed());
        ASSERT_TRUE(collection_->remove_strays());
      } catch (const Crash&) {
        died = true;
        ++deaths;
      }
    }
    close();
    open();
    for (const auto& version : must(versions_->list("w", 0, 10'000))) {
      // Committed but not acknowledged is fine, and whole as well.
      const auto expected = acknowledged.find(version.id);
      const auto found = read_home("ann", version.root);
      if (expected != acknowledged.end()) {
        ASSERT_EQ(found, expected->second) << "step " << step;
      }
      for (const auto& [path, content] : found)
        ASSERT_NE(content, "<lost>") << "step " << step << " " << path;
    }
    if (!acknowledged.empty()) {
      const auto latest = versions_->latest("w");
      ASSERT_TRUE(*latest) << "step " << step;
    }
    if (!died) break;
  }
  EXPECT_GT(deaths, 20);
  for (const auto* name :
       {"pack.built", "pack.put", "index.insert", "index.committed", "version.put", "version.insert",
        "version.committed", "collect.marked", "collect.swept_naming", "collect.swept_some", "collect.swept",
        "collect.settled", "collect.packed", "collect.moved", "collect.removed"})
    EXPECT_TRUE(passed.contains(name)) << name;
  settle_everything();
  expect_no_strays();
  EXPECT_EQ(versions_->list("w", 0, 10'000)->empty(), false);
}

/// People store, name, fork and delete on three threads while collections run one after the other and time
/// flies; every version that is still there is there bit for bit.
TEST_F(GarbageCollectionTest, NeverLosesAReachableObjectUnderConcurrentWork) {
  options_.most_small_packs = 4;  // so that packs are rewritten all the time
  close();
  open();
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::shared_mutex rounds;  // a round of storing ends within a day; time flies only between rounds
  std::mutex mutex;
  std::map<std::string, std::pair<ObjectId, Files>> stored;  // by version id
  std::atomic<bool> done = false;
  std::atomic<int> wrong = 0, commits = 0;
  const auto work = [&](unsigned number) {
    std::mt19937 random(seed + number);
    const std::string workspace = "w" + std::to_string(number % 2);  // two of them share one
    Files home = files(static_cast<int>(number), 6);
    for (int round = 0; round < 60; ++round) {
      const std::shared_lock lock(rounds);
      home["dir" + std::to_string(random() % 3) + "/f" + std::to_string(random() % 8)] =
          testing::random_bytes(random, random() % 2000);
      if (random() % 5 == 0) home.erase(home.begin());
      const auto version = store_home("ann", workspace, home, random() % 10 == 0 ? "named" : "");
      // Two who commit into one workspace at the same moment: the second is told and would try again.
      if (!version && version.error().code == ErrorCode::invalid_argument) continue;
      if (!version) {
        ++wrong;
        continue;
      }
      ++commits;
      {
        const std::lock_guard guard(mutex);
        stored[version->id] = {version->root, home};
      }
      if (read_home("ann", version->root) != home) ++wrong;
      if (random() % 6 != 0) continue;
      const auto some = versions_->list(workspace, 0, 50);
      if (some && some->size() > 2)
        (void)versions_->remove(workspace, {(*some)[1 + random() % (some->size() - 1)].id});
    }
  };
  std::thread collecting([&] {
    std::mt19937 random(seed);
    while (!done) {
      {
        const std::unique_lock lock(rounds);
        now_ += static_cast<std::int64_t>(random() % (40 * one_hour));
      }
      const auto collected = collection_->collect("ann");
      if (!collected || !collection_->remove_doomed() || !collection_->remove_strays()) ++wrong;
    }
  });
  std::vector<std::thread> workers;
  for (unsigned i = 0; i < 3; ++i) workers.emplace_back(work, i);
  for (auto& worker : workers) worker.join();
  done = true;
  collecting.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(commits, 60);
  std::size_t looked_at = 0;
  for (const auto& workspace : must(versions_->workspaces("ann")))
    for (const auto& version : must(versions_->list(workspace, 0, 10'000))) {
      ++looked_at;
      EXPECT_EQ(read_home("ann", version.root), stored.at(version.id).second) << version.id;
    }
  EXPECT_GT(looked_at, 2u);
  settle_everything();
  expect_no_strays();
}

TEST_F(GarbageCollectionTest, TheScheduleCollectsInTheBackgroundAndEndsAtOnce) {
  ASSERT_TRUE(claim_storage(*store_, blobs_));
  must_store(files(1));
  now_ += 2 * one_day;
  CollectionSchedule::Options options;
  options.first_round = options.interval = std::chrono::milliseconds(2);
  const auto eventually = [&](auto condition) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition() && std::chrono::steady_clock::now() < until)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return condition();
  };
  CollectionSchedule schedule(
      *collection_, nullptr, *store_, blobs_, [this] { return now_.load(); }, options);
  // Each round begins with the store's identity; the owner's trees come after it.
  ASSERT_TRUE(eventually([&, before = blobs_.gets.load()] { return blobs_.gets >= before + 2; }))
      << "it looked at the owner once";
  ASSERT_TRUE(versions_->remove_all("w"));
  schedule.removed("ann");
  ASSERT_TRUE(eventually([&] { return object_count() == 0; }));
  // Its pack is doomed a moment after, at a time that must lie before the hours that pass now.
  ASSERT_TRUE(eventually([&] { return !store_->packs().doomed(now_ + 1)->empty(); }));
  now_ += 2 * one_hour;
  EXPECT_TRUE(eventually([&] { return blobs_.keys() == std::vector<std::string>{identity_key}; }));
}

/// Of two servers over one store, whoever has the lease; the other one when that one is gone.
TEST_F(GarbageCollectionTest, OneOfTwoSchedulesDoesTheRounds) {
  ASSERT_TRUE(claim_storage(*store_, blobs_));
  must_store(files(1));
  now_ += 2 * one_day;
  ASSERT_TRUE(
      store_->replicas().join({.id = "a", .address = {}, .place = {}, .release = {}}, 600'000, false));
  ASSERT_TRUE(
      store_->replicas().join({.id = "b", .address = {}, .place = {}, .release = {}}, 600'000, false));
  std::atomic<int> asked_a = 0, asked_b = 0, rounds_a = 0, rounds_b = 0;
  const auto may_run = [&](const char* who, std::atomic<int>& asked, std::atomic<int>& rounds) {
    return [&, who] {
      const bool may = store_->leases().take("collection", who)->holder == who;
      rounds += may;
      ++asked;
      return may;
    };
  };
  const auto options = [&](std::function<bool()> may) {
    CollectionSchedule::Options made;
    made.first_round = made.interval = std::chrono::milliseconds(2);
    made.may_run = std::move(may);
    return made;
  };
  const auto eventually = [&](auto condition) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition() && std::chrono::steady_clock::now() < until)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return condition();
  };
  const auto clock = [this] { return now_.load(); };
  CollectionSchedule a(*collection_, nullptr, *store_, blobs_, clock,
                       options(may_run("a", asked_a, rounds_a)));
  ASSERT_TRUE(eventually([&] { return rounds_a > 0; }));
  GarbageCollection of_b(*store_, *versions_, *objects_, blobs_, sealing_, clock, {});
  CollectionSchedule b(of_b, nullptr, *store_, blobs_, clock, options(may_run("b", asked_b, rounds_b)));
  ASSERT_TRUE(eventually([&] { return asked_b > 5; }));
  EXPECT_EQ(rounds_b, 0);
  ASSERT_TRUE(store_->replicas().leave("a"));
  ASSERT_TRUE(eventually([&] { return rounds_b > 0; }));
  // What was removed while the other one did the rounds is found all the same.
  ASSERT_TRUE(versions_->remove_all("w"));
  b.removed("ann");
  EXPECT_TRUE(eventually([&] { return object_count() == 0; }));
}

}  // namespace
}  // namespace berth::server
