// SPDX-License-Identifier: GPL-3.0-or-later
// Storing and restoring a home, with stores that fail and homes that change under the reading.
#include "server/sync_engine.hpp"

#include <gmock/gmock.h>

#include "home_in_memory.hpp"

namespace berth::server::testing {
namespace {

using protocol::rest::VersionKind;
using HomeTexts = std::map<std::string, std::string>;

class SyncEngineTest : public ::testing::Test {
 protected:
  boost::asio::io_context io;
  HomeInMemory home;
  ObjectsInMemory objects;
  VersionsInMemory versions{objects};
  HandClock clock;
  WorkspaceOwner workspace{"w", "ann"};
  std::unique_ptr<SyncEngine> engine = make();

  std::unique_ptr<SyncEngine> make() {
    return std::make_unique<SyncEngine>(io.get_executor(), home, objects, versions, clock,
                                        SyncEngine::Options{.stop_patience = std::chrono::milliseconds(300),
                                                            .wait_timeout = std::chrono::milliseconds(50)});
  }
  void TearDown() override {
    await(io, engine->shutdown());
    EXPECT_EQ(versions.torn, 0) << "a version was committed without all that it reaches";
  }
  std::vector<HomeTexts> before_changes;  // what lay in the home when it was about to be changed
  Result<void> allowed;                   // to change it
  Result<std::vector<protocol::PathProblem>> begin() {
    return await(io, engine->begin(workspace, [this]() -> net::Task<Result<void>> {
      before_changes.push_back(home.files);
      co_return allowed;
    }));
  }
  bool stores(std::size_t count) {
    return run_until(
        io, [&] { return versions.count() == count && home.stored_version == versions.all.back().id; });
  }
  /// The server's end and a new one over the same stores.
  void reopen() {
    await(io, engine->shutdown());
    engine = make();
  }
  /// Another machine: the same stores, an empty home.
  void lose_home() {
    home.files.clear();
    home.version = home.root = home.offered = home.restoring = std::nullopt;
    home.dead = false;
  }
  void stop() {
    ASSERT_TRUE(await(io, engine->store_for_stop("w")));
    engine->end("w");
  }
};

TEST_F(SyncEngineTest, EveryChangeBecomesAVersion) {
  home.files = {{"project/main.py", "one"}, {"notes.txt", "n"}};
  ASSERT_TRUE(begin());
  ASSERT_TRUE(stores(1));
  EXPECT_EQ(versions.all[0].added, 2u);
  home.write("project/main.py", "two");
  home.write("project/new.py", "new");
  ASSERT_TRUE(stores(2));
  EXPECT_EQ(versions.all[1].modified, 1u);
  EXPECT_EQ(versions.all[1].added, 1u);
  home.files.erase("notes.txt");
  home.write("project/main.py", "three");
  ASSERT_TRUE(stores(3));
  EXPECT_EQ(versions.all[2].deleted, 1u);
}

TEST_F(SyncEngineTest, WhatIsTheSameIsNotStoredAgain) {
  for (int i = 0; i < 50; ++i) home.files["library/" + std::to_string(i)] = "content " + std::to_string(i);
  home.files["project/a"] = "a";
  ASSERT_TRUE(begin());
  ASSERT_TRUE(stores(1));
  const int before = objects.added;
  home.write("project/a", "b");
  ASSERT_TRUE(stores(2));
  EXPECT_EQ(objects.added - before, 3) << "a chunk and two folders";
  home.write("project/a", "a");
  ASSERT_TRUE(stores(3));
  EXPECT_EQ(objects.added - before, 3) << "all of it was there before";
}

TEST_F(SyncEngineTest, NothingNewIsNoNewVersion) {
  home.files = {{"a", "1"}};
  ASSERT_TRUE(begin());
  ASSERT_TRUE(stores(1));
  ++home.change;  // touched and as it was
  ASSERT_TRUE(run_until(io, [&] { return home.snapshots >= 2; }));
  ASSERT_TRUE(await(io, engine->store_for_stop("w")));
  EXPECT_EQ(versions.count(), 1u);
}

TEST_F(SyncEngineTest, AnOutageIsToldAndCaughtUpWith) {
  home.files = {{"a", "1"}};
  ASSERT_TRUE(begin());
  ASSERT_TRUE(stores(1));
  objects.down = true;
  home.write("a", "2");
  ASSERT_TRUE(run_until(io, [&] { return home.problem == "The store can't be reached."; }));
  home.write("a", "3");
  objects.down = false;
  ASSERT_TRUE(stores(2));
  ASSERT_TRUE(run_until(io, [&] { return home.problem.empty(); }));
}

TEST_F(SyncEngineTest, AFullQuotaIsToldAndAStopThenFails) {
  ASSERT_TRUE(begin());
  ASSERT_TRUE(stores(1));
  objects.full = true;
  home.write("a", "1");
  ASSERT_TRUE(run_until(io, [&] { return home.problem == "Your stored versions take too much."; }));
  const auto stopped = await(io, engine->store_for_stop("w"));
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::limit_exceeded);
  objects.full = false;
  EXPECT_TRUE(await(io, engine->store_for_stop("w")));
  EXPECT_EQ(versions.count(), 2u);
}

TEST_F(SyncEngineTest, AFileThatChangesWhileItIsReadIsStoredByTheNextSnapshot) {
  home.files = {{"a", "1"}, {"b", "2"}};
  home.gone_path = "a";
  ASSERT_TRUE(begin());
  ASSERT_TRUE(stores(1));
  EXPECT_EQ(home.snapshots, 2);
}

// A package may bring a file that is, byte for byte, the listing of a folder that it brings later.
TEST_F(SyncEngineTest, AFileThatLooksLikeAFolderHidesNothing) {
  HomeInMemory forger;
  forger.files = {{"secret", "what must be stored"}};
  TreeEntry entry;
  entry.name = "secret";
  entry.mode = 0644;
  entry.size = forger.files["secret"].size();
  entry.content = {ObjectId::of(forger.files["secret"])};
  home.files = {{"package/forged", protocol::encode_tree({entry})}};
  ASSERT_TRUE(begin());
  ASSERT_TRUE(stores(1));
  home.write("package/folder/secret", forger.files["secret"]);
  ASSERT_TRUE(stores(2));
  EXPECT_TRUE(objects.whole(versions.all[1].root));
}

TEST_F(SyncEngineTest, WhatARunnerMakesUpIsNotStored) {
  ASSERT_TRUE(begin());
  ASSERT_TRUE(stores(1));
  home.lies = true;
  home.write("a", "1");
  ASSERT_TRUE(run_until(io, [&] { return home.problem.contains("damaged"); }));
  EXPECT_EQ(versions.count(), 1u);
}

TEST_F(SyncEngineTest, ANewHomeIsBroughtToTheLastVersionBeforeAnythingElse) {
  const HomeTexts files{{"project/main.py", "one"}, {"deep/er/x", "x"}, {"empty", ""}};
  home.files = files;
  ASSERT_TRUE(begin());
  ASSERT_TRUE(stores(1));
  stop();
  lose_home();
  const auto problems = begin();
  ASSERT_TRUE(problems);
  EXPECT_TRUE(problems->empty());
  EXPECT_EQ(home.files, files);
  EXPECT_EQ(home.version, versions.all[0].id);
  ASSERT_TRUE(await(io, engine->store_for_stop("w")));
  EXPECT_EQ(versions.count(), 1u) << "it is that version";
}

TEST_F(SyncEngineTest, AHomeIsSpokenOfBeforeItIsChangedAndOnlyThen) {
  home.files = {{"a", "1"}, {"b", "2"}};
  ASSERT_TRUE(begin());
  ASSERT_TRUE(stores(1));
  reopen();
  ASSERT_TRUE(begin());
  EXPECT_TRUE(before_changes.empty()) << "nothing had to be brought back";
  reopen();
  lose_home();
  allowed = failure(ErrorCode::internal, "The database can't be written.");
  EXPECT_EQ(begin().error().code, ErrorCode::internal);
  EXPECT_FALSE(home.restoring);
  EXPECT_TRUE(home.files.empty());
  allowed = {};
  home.fails_after_writes = 0;
  EXPECT_FALSE(begin());
  home.dead = false;
  home.fails_after_writes = -1;
  ASSERT_TRUE(begin());
  EXPECT_EQ(before_changes.size(), 3u) << "each attempt";
  EXPECT_TRUE(before_changes.front().empty());
  EXPECT_EQ(home.files.size(), 2u);
}

TEST_F(SyncEngineTest, ARestoreThatBrokeOffGoesOnAtTheNextStart) {
  for (int i = 0; i < 9'500; ++i) home.files["f/" + std::to_string(i)] = std::to_string(i);
  const auto files = home.files;
  ASSERT_TRUE(begin());
  ASSERT_TRUE(stores(1));
  stop();
  lose_home();
  home.fails_after_writes = 1;
  EXPECT_FALSE(begin());
  EXPECT_GT(home.files.size(), 0u);
  EXPECT_LT(home.files.size(), files.size());
  home.dead = false;
  ASSERT_TRUE(begin());
  EXPECT_EQ(home.files, files);
  EXPECT_EQ(versions.count(), 1u) << "a half-restored home is no version";
}

TEST_F(SyncEngineTest, AnOlderHomeIsKeptAsAVersionAndTheLastComesBack) {
  home.files = {{"a", "old"}};
  ASSERT_TRUE(begin());
  ASSERT_TRUE(stores(1));
  const auto version = home.version, root = home.root;
  home.write("a", "new");
  ASSERT_TRUE(stores(2));
  stop();
  home.files = {{"a", "old"}, {"b", "only here"}};  // a machine that was away
  home.version = version;
  home.root = root;
  home.offered = root;
  ASSERT_TRUE(begin());
  EXPECT_EQ(home.files, (HomeTexts{{"a", "new"}}));
  ASSERT_EQ(versions.count(), 4u);
  EXPECT_EQ(versions.all[3].root, versions.all[1].root);
  EXPECT_EQ(versions.all[3].restored_from, versions.all[1].id);
  EXPECT_EQ(home.trash, std::vector<std::string>{"b"});
  EXPECT_TRUE(objects.whole(versions.all[2].root)) << "what only that machine had";
}

TEST_F(SyncEngineTest, AHomeThatMissedItsAcknowledgementIsTheNewestOne) {
  home.files = {{"a", "1"}};
  ASSERT_TRUE(begin());
  ASSERT_TRUE(stores(1));
  home.loses_acknowledgements = true;
  home.write("a", "2");
  ASSERT_TRUE(run_until(io, [&] { return versions.count() == 2; }));
  engine->end("w");
  home.files["a"] = "3, typed before the end";
  home.loses_acknowledgements = false;
  ASSERT_TRUE(begin());
  EXPECT_EQ(home.files["a"], "3, typed before the end");
  ASSERT_TRUE(stores(3));
}

TEST_F(SyncEngineTest, AHomeThatMissedItsAcknowledgementAndOfferedMoreIsTheNewestOneStill) {
  home.files = {{"a", "1"}};
  ASSERT_TRUE(begin());
  ASSERT_TRUE(stores(1));
  home.loses_acknowledgements = true;
  home.write("a", "2");
  ASSERT_TRUE(run_until(io, [&] { return versions.count() == 2; }));
  engine->end("w");
  home.loses_acknowledgements = false;
  // Its next life ends, too, between what it offered and that version.
  objects.down = true;
  home.files["a"] = "3";
  const auto offered = home.offered;
  ASSERT_TRUE(begin());
  ASSERT_TRUE(run_until(io, [&] { return home.offered != offered; }));
  engine->end("w");
  objects.down = false;
  home.files["a"] = "4";
  ASSERT_TRUE(begin());
  EXPECT_EQ(home.files["a"], "4");
  ASSERT_TRUE(stores(3));
}

TEST_F(SyncEngineTest, AServerThatComesBackGoesOnWithWhatRuns) {
  home.files = {{"a", "1"}};
  ASSERT_TRUE(begin());
  ASSERT_TRUE(stores(1));
  reopen();
  home.write("a", "2");
  engine->resume(workspace);
  ASSERT_TRUE(stores(2));
  EXPECT_EQ(versions.all[1].modified, 1u);
}

TEST_F(SyncEngineTest, AStopFindsWhatTheStoreHasLostAndStoresItAgain) {
  home.files = {{"project/a", "1"}, {"project/b", "2"}};
  ASSERT_TRUE(begin());
  ASSERT_TRUE(stores(1));
  objects.lost.insert(ObjectId::of("2"));
  EXPECT_TRUE(await(io, engine->store_for_stop("w")));
  EXPECT_TRUE(objects.whole(versions.all.back().root));
  EXPECT_EQ(versions.count(), 1u);
}

TEST_F(SyncEngineTest, RestoringAFolderLeavesTheRestAndKeepsWhatWasThere) {
  home.files = {{"src/a", "1"}, {"src/b", "1"}, {"other", "1"}};
  ASSERT_TRUE(begin());
  ASSERT_TRUE(stores(1));
  const auto first = versions.all[0];
  home.files.erase("src/b");
  home.files["src/c"] = "2";
  home.files["other"] = "2";
  home.write("src/a", "2");
  const auto restored = await(io, engine->restore("w", first.id, "src", "Ann"));
  ASSERT_TRUE(restored) << restored.error().message;
  EXPECT_EQ(home.files, (HomeTexts{{"src/a", "1"}, {"src/b", "1"}, {"other", "2"}}));
  EXPECT_EQ(restored->version.kind, VersionKind::restored);
  EXPECT_EQ(restored->version.restored_from, first.id);
  EXPECT_EQ(restored->version.author, "Ann");
  ASSERT_EQ(versions.count(), 3u) << "before, what was there, after";
  EXPECT_TRUE(objects.whole(versions.all[1].root));
  EXPECT_EQ(await(io, engine->restore("w", first.id, "no/such", "Ann")).error().code, ErrorCode::not_found);
  EXPECT_EQ(await(io, engine->restore("w", "unknown", "", "Ann")).error().code, ErrorCode::not_found);
}

TEST_F(SyncEngineTest, WhatIsDamagedIsNamedAndTheRestComesBack) {
  home.files = {{"good/a", "1"}, {"bad/b", "2"}, {"bad/c", "3"}};
  ASSERT_TRUE(begin());
  ASSERT_TRUE(stores(1));
  stop();
  lose_home();
  objects.forget(ObjectId::of("2"));
  const auto problems = begin();
  ASSERT_TRUE(problems);
  ASSERT_EQ(problems->size(), 1u);
  EXPECT_EQ(problems->front().path, "bad/b");
  EXPECT_EQ(home.files, (HomeTexts{{"good/a", "1"}, {"bad/c", "3"}}));
}

TEST_F(SyncEngineTest, ANamedVersionIsOneOfItsOwnAndFlushesFirst) {
  home.files = {{"a", "1"}};
  ASSERT_TRUE(begin());
  ASSERT_TRUE(stores(1));
  const auto named = await(io, engine->store_now("w", {VersionKind::named, "release", "Ann"}));
  ASSERT_TRUE(named);
  EXPECT_EQ(named->name, "release");
  EXPECT_EQ(named->root, versions.all[0].root);
  EXPECT_EQ(versions.count(), 2u);
  EXPECT_FALSE(home.flushed.empty());
}

TEST_F(SyncEngineTest, AWorkspaceThatDoesNotRunSaysSo) {
  EXPECT_EQ(await(io, engine->store_now("w", {})).error().code, ErrorCode::unavailable);
  EXPECT_EQ(await(io, engine->store_for_stop("w")).error().code, ErrorCode::unavailable);
  EXPECT_FALSE(*await(io, engine->has_versions("w")));
}

TEST_F(SyncEngineTest, DeletingAWorkspaceTakesItsVersions) {
  home.files = {{"a", "1"}};
  ASSERT_TRUE(begin());
  ASSERT_TRUE(stores(1));
  EXPECT_TRUE(*await(io, engine->has_versions("w")));
  ASSERT_TRUE(await(io, engine->remove("w")));
  home.write("a", "2");
  EXPECT_FALSE(*await(io, engine->has_versions("w")));
}

}  // namespace
}  // namespace berth::server::testing
