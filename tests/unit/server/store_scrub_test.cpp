// SPDX-License-Identifier: GPL-3.0-or-later
// What rots in the store is noticed, by the scrub or by whoever reads it, and stored again from a home that
// still has it.
#include "server/store_scrub.hpp"

#include <gmock/gmock.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <sstream>

#include "home_in_memory.hpp"
#include "server/blob_keys.hpp"
#include "server/sync_engine.hpp"
#include "storage_fixture.hpp"

namespace berth::server {
namespace {

using protocol::ObjectId;
using testing::Files;
using ::testing::HasSubstr;
using ::testing::Not;

class StoreScrubTest : public testing::StorageFixture {
 protected:
  void SetUp() override {
    StorageFixture::SetUp();
    spdlog::default_logger()->sinks().push_back(sink_);
    make_scrub();
  }
  void TearDown() override {
    spdlog::default_logger()->sinks().pop_back();
    StorageFixture::TearDown();
  }
  /// As after a server's start.
  void make_scrub(std::int64_t period = 30 * testing::one_day) {
    scrub_ = std::make_unique<StoreScrub>(
        StoreScrub::Parts{*store_, *versions_, *objects_, blobs_, sealing_, figures_},
        [this] { return now_.load(); },
        StoreScrub::Options{.period = period, .doubted = [this](const auto& owner, const auto& ids) {
                              scrub_->damaged(owner, ids);
                            }});
  }
  VersionRecord must_store(const std::string& owner, const std::string& workspace, const Files& files) {
    auto version = store_home(owner, workspace, files);
    if (!version) throw std::runtime_error(version.error().message + version.error().detail);
    return *version;
  }
  void damage(const std::string& owner, const ObjectId& id) {
    const auto place = store_->objects().find(owner, {id})->front();
    blobs_.damage(pack_key(owner, place.pack), [&](std::string& bytes) {
      auto& byte = bytes[place.object.offset + place.object.length - 1];
      byte = static_cast<char>(byte ^ 1);
    });
  }
  bool whole(const std::string& owner, const ObjectId& id) {
    return store_->objects().find(owner, {id})->front().whole;
  }
  void must_go_on() {
    const auto done = scrub_->go_on();
    if (!done) throw std::runtime_error(done.error().message + done.error().detail);
  }
  std::string log() {
    spdlog::default_logger()->flush();
    return log_.str();
  }

  std::ostringstream log_;
  std::shared_ptr<spdlog::sinks::sink> sink_ = std::make_shared<spdlog::sinks::ostream_sink_mt>(log_);
  StoreFigures figures_;
  std::unique_ptr<StoreScrub> scrub_;
};

TEST_F(StoreScrubTest, LooksAtEveryPackOnceInItsPeriodAndGoesOnAfterARestart) {
  for (int i = 0; i < 3; ++i) must_store("ann", "w", {{"f", "content " + std::to_string(i)}});
  must_store("bob", "v", {{"g", "more"}});
  for (int round = 1; round <= 4; ++round) {
    blobs_.gets = 0;
    must_go_on();
    EXPECT_EQ(blobs_.gets, 1) << "one at a time while nothing presses";
    EXPECT_EQ(figures_.scrubbed_packs, static_cast<unsigned>(round));
    make_scrub();
  }
  must_go_on();
  EXPECT_EQ(figures_.scrub_ended, now_.load());
  blobs_.gets = 0;
  now_ += 29 * testing::one_day;
  must_go_on();
  EXPECT_EQ(blobs_.gets, 0) << "the next round is not due";
  now_ += 2 * testing::one_day;
  must_go_on();
  EXPECT_GE(blobs_.gets, 1);
  make_scrub(0);
  blobs_.gets = 0;
  must_go_on();
  EXPECT_EQ(blobs_.gets, 0) << "switched off";
}

TEST_F(StoreScrubTest, KeepsPaceWithALargeStore) {
  for (int i = 0; i < 40; ++i) must_store("ann", "w", {{"f", "content " + std::to_string(i)}});
  make_scrub(10 * testing::one_hour);
  must_go_on();
  blobs_.gets = 0;
  now_ += testing::one_hour;
  must_go_on();
  // Twice a tenth of the packs: no server runs all the time.
  EXPECT_GE(blobs_.gets, 7);
  EXPECT_LE(blobs_.gets, 9);
}

TEST_F(StoreScrubTest, NamesTheFilesThatAreDamagedAndDoubtsThem) {
  const Files files{{"notes.txt", "the notes"}, {"folder/b.txt", "the text of b"}};
  const auto version = must_store("ann", "w", files);
  damage("ann", ObjectId::of("the text of b"));
  must_go_on();
  EXPECT_FALSE(whole("ann", ObjectId::of("the text of b")));
  EXPECT_TRUE(whole("ann", ObjectId::of("the notes")));
  EXPECT_EQ(figures_.damaged_objects, 1u);
  EXPECT_THAT(log(), HasSubstr("workspace w: 1 files of its newest version " + version.id +
                               " are damaged: /folder/b.txt;"));
  EXPECT_THAT(*objects_->missing("ann", {version.root, ObjectId::of("the text of b")}),
              ::testing::ElementsAre(version.root, ObjectId::of("the text of b")));
  must_store("ann", "w", files);
  EXPECT_EQ(read_home("ann", version.root), files);
}

TEST_F(StoreScrubTest, WhatIsStoredAgainMeanwhileIsNotCalledDamaged) {
  const Files files{{"a", "the text of a"}};
  must_store("ann", "w", files);
  damage("ann", ObjectId::of("the text of a"));
  EXPECT_FALSE(objects_->read("ann", {ObjectId::of("the text of a")})->front());
  scrub_->damaged("ann", {ObjectId::of("the text of a")});
  must_store("ann", "w", files);
  must_go_on();
  EXPECT_THAT(log(), HasSubstr("of 1 damaged objects of ann, 1 are stored again"));
  EXPECT_THAT(log(), Not(HasSubstr("newest version")));
}

TEST_F(StoreScrubTest, AMissingPackIsDamageAndAnOutageIsNone) {
  const auto version = must_store("ann", "w", {{"a", "1"}, {"b", "2"}});
  blobs_.down = true;
  EXPECT_EQ(code(scrub_->go_on()), ErrorCode::unavailable);
  EXPECT_TRUE(whole("ann", version.root));
  blobs_.down = false;
  blobs_.lose(packs().front());
  must_go_on();
  EXPECT_FALSE(whole("ann", version.root));
  EXPECT_THAT(log(), HasSubstr("are damaged: /;"));
}

TEST_F(StoreScrubTest, AFaultThatPassesLeavesNoDoubt) {
  const auto old = must_store("ann", "w", {{"a", "only old versions have it"}, {"f/g/b", "2"}});
  const auto key = packs().front();
  const auto bytes = testing::must(blobs_.get(key, 0, {}));
  const auto newest = must_store("ann", "w", {{"a", "new"}, {"f/g/c", "3"}});
  blobs_.lose(key);
  read_home("ann", old.root);
  must_go_on();
  must_go_on();
  must_go_on();
  ASSERT_FALSE(whole("ann", old.root));
  ASSERT_TRUE(whole("ann", newest.root)) << "it names nothing that is lost";
  ASSERT_TRUE(blobs_.put(key, bytes));
  now_ += 31 * testing::one_day;
  for (int i = 0; i < 3; ++i) must_go_on();
  EXPECT_TRUE(whole("ann", ObjectId::of("only old versions have it")));
  EXPECT_TRUE(whole("ann", old.root));
  EXPECT_TRUE(whole("ann", newest.root));
  const auto used = *store_->objects().used("ann");
  must_store("ann", "w", {{"a", "new"}, {"f/g/c", "3"}});
  EXPECT_EQ(*store_->objects().used("ann"), used) << "nothing is stored twice";
}

TEST_F(StoreScrubTest, AByteDamagedOnTheWayIsNoRot) {
  const auto version = must_store("ann", "w", {{"a", "1"}});
  blobs_.garbled_gets = 1;
  must_go_on();
  EXPECT_TRUE(whole("ann", version.root));
  EXPECT_EQ(figures_.damaged_objects, 0u);
}

TEST_F(StoreScrubTest, EndsWhenTold) {
  must_store("ann", "w", {{"a", "1"}});
  scrub_->stop();
  EXPECT_EQ(code(scrub_->go_on()), ErrorCode::cancelled);
}

/// The whole way: a running home, the real stores, and damage that somebody's read meets.
class HealingTest : public StoreScrubTest {
 protected:
  void SetUp() override {
    StoreScrubTest::SetUp();
    on_doubted_ = [this](const std::string& owner, const auto& ids) {
      scrub_->damaged(owner, ids);
      boost::asio::post(io_, [this, owner] { engine_->store_again(owner); });
    };
    engine_ = std::make_unique<SyncEngine>(
        io_.get_executor(), home_, *objects_, *versions_, [this] { return now_.load(); },
        SyncEngine::Options{.stop_patience = std::chrono::milliseconds(300),
                            .wait_timeout = std::chrono::milliseconds(50)});
    home_.files = {{"project/main.py", "the program"}, {"notes.txt", "the notes"}};
    ASSERT_TRUE(testing::await(io_, engine_->begin({"w", "ann"}, {})));
    ASSERT_TRUE(stored(1));
  }
  void TearDown() override {
    testing::await(io_, engine_->shutdown());
    engine_.reset();
    StoreScrubTest::TearDown();
  }
  bool stored(std::size_t count) {
    return testing::run_until(io_, [&] { return versions_->list("w", 0, 10)->size() == count; });
  }
  boost::asio::io_context io_;
  testing::HomeInMemory home_;
  std::unique_ptr<SyncEngine> engine_;
};

TEST_F(HealingTest, WhatARunningHomeStillHasIsStoredAgainThoughNothingChanges) {
  const auto version = **versions_->latest("w");
  const auto lost = ObjectId::of("the program");
  damage("ann", lost);
  EXPECT_FALSE(objects_->read("ann", {lost})->front()) << "somebody looks at the old file";
  ASSERT_TRUE(testing::run_until(io_, [&] { return objects_->read("ann", {lost})->front().has_value(); }));
  EXPECT_EQ(read_home("ann", version.root), home_.files);
  // A look that began before it was stored again may doubt it once more.
  EXPECT_TRUE(testing::run_until(io_, [&] { return whole("ann", version.root); }));
  EXPECT_EQ(versions_->list("w", 0, 10)->size(), 1u) << "nothing changed: no version more";
}

TEST_F(HealingTest, WhatNoHomeHasAnyMoreStaysLostAndNothingIsStoredForItAgainAndAgain) {
  const auto lost = ObjectId::of("the program");
  const auto version = **versions_->latest("w");
  home_.write("project/main.py", "another program");
  ASSERT_TRUE(stored(2));
  damage("ann", lost);
  EXPECT_FALSE(objects_->read("ann", {lost})->front());
  ASSERT_TRUE(testing::run_until(io_, [&] { return whole("ann", (*versions_->latest("w"))->root); }));
  const auto snapshots = home_.snapshots;
  EXPECT_FALSE(objects_->read("ann", {lost})->front());
  home_.write("notes.txt", "other notes");
  ASSERT_TRUE(stored(3));
  EXPECT_EQ(home_.snapshots, snapshots + 1);
  EXPECT_EQ(read_home("ann", version.root).at("project/main.py"), "<lost>");
  EXPECT_EQ(read_home("ann", version.root).at("notes.txt"), "the notes");
}

}  // namespace
}  // namespace berth::server
