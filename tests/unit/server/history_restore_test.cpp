// SPDX-License-Identifier: GPL-3.0-or-later
// Restoring and naming while a workspace is stopped: versions made from versions, beside starts and changes.
#include <gmock/gmock.h>

#include "history_fixture.hpp"

namespace berth::server {
namespace {

namespace rest = protocol::rest;
using rest::WorkspaceState;
using testing::await;
using ::testing::HasSubstr;
using testing::Plant;

class StoppedRestoreTest : public testing::WorkspacesFixture {
 protected:
  testing::MemoryObjects objects;
  testing::MemoryVersions versions;
  testing::HandEngine engine{versions};
  std::unique_ptr<History> history;
  std::string id;
  int number = 0;

  void SetUp() override {
    options.versions = &engine;
    WorkspacesFixture::SetUp();
    history = std::make_unique<History>(*workspaces, runners, engine, versions, objects, clock);
    id = create(false).id;
  }
  void TearDown() override {
    versions.insert_gate.open();
    WorkspacesFixture::TearDown();
  }
  std::string keep(const Plant& home, std::uint64_t files, std::uint64_t bytes) {
    ++number;
    EXPECT_TRUE(versions.insert({.id = "v" + std::to_string(number),
                                 .workspace = id,
                                 .owner = "ann",
                                 .root = home.store(objects, "ann"),
                                 .created = number * 1'000,
                                 .name = {},
                                 .author = {},
                                 .files = files,
                                 .bytes = bytes,
                                 .restored_from = {}}));
    return "v" + std::to_string(number);
  }
  Result<rest::RestoreVersion::Result> restore(const std::string& version, const std::string& path = {}) {
    return await(io, history->restore(ann, id, version, path));
  }
  VersionRecord newest() { return **versions.latest(id); }
};

TEST_F(StoppedRestoreTest, AFileBecomesANewVersionOfEverythingElse) {
  keep(Plant().folder("p", Plant().file("a", "one").file("b", "b")), 2, 4);
  keep(Plant().folder("p", Plant().file("a", "three").file("b", "b")).file("c", "c"), 3, 7);
  const auto made = restore("v1", "p/a");
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_TRUE(made->problems.empty());
  EXPECT_EQ(made->version.kind, rest::VersionKind::restored);
  EXPECT_EQ(made->version.restored_from, "v1");
  EXPECT_EQ(made->version.author, "Ann");
  EXPECT_EQ(made->version.modified, 1u);
  EXPECT_EQ(made->version.files, 3u);
  EXPECT_EQ(made->version.bytes, 5u);
  EXPECT_EQ(newest().id, made->version.id);
  EXPECT_EQ(newest().created, *clock.now);
  EXPECT_EQ(
      newest().root,
      Plant().folder("p", Plant().file("a", "one").file("b", "b")).file("c", "c").store(objects, "ann"));
  EXPECT_EQ(stored(id).home, HomeState::behind) << "the next start has to bring it back";
  EXPECT_EQ(backend.starts, 0) << "no runner is needed";
}

TEST_F(StoppedRestoreTest, EverythingIsTheOldVersionAgain) {
  keep(Plant().file("a", "1"), 1, 1);
  keep(Plant().file("a", "2").file("b", "22"), 2, 3);
  const auto made = restore("v1");
  ASSERT_TRUE(made);
  EXPECT_EQ(newest().root, (*versions.find(id, "v1")).root);
  EXPECT_EQ(made->version.files, 1u);
  EXPECT_EQ(made->version.bytes, 1u);
  EXPECT_EQ(made->version.deleted, 1u);
  EXPECT_EQ(made->version.modified, 1u);
  ASSERT_TRUE(restore("v2")) << "and back";
  EXPECT_EQ(newest().root, (*versions.find(id, "v2")).root);
}

TEST_F(StoppedRestoreTest, TimesRiseThoughTheClockStandsStill) {
  keep(Plant().file("a", "1"), 1, 1);
  *clock.now = 500;
  ASSERT_TRUE(restore("v1"));
  EXPECT_EQ(newest().created, 1'001);
}

TEST_F(StoppedRestoreTest, WhatIsNotThereIsRefusedAndChangesNothing) {
  keep(Plant().file("a", "1"), 1, 1);
  EXPECT_EQ(restore("v9").error().code, ErrorCode::not_found);
  EXPECT_EQ(restore("v1", "none").error().code, ErrorCode::not_found);
  EXPECT_EQ(restore("v1", "../a").error().code, ErrorCode::permission_denied);
  EXPECT_EQ(await(io, history->restore(bob, id, "v1", "")).error().code, ErrorCode::not_found);
  EXPECT_EQ(newest().id, "v1");
}

TEST_F(StoppedRestoreTest, AnErrorOfTheStoreLeavesTheOldVersionNewest) {
  keep(Plant().file("a", "1"), 1, 1);
  keep(Plant().file("a", "2"), 1, 1);
  objects.lose("ann", Plant().file("a", "1").store(objects, "ann"));
  EXPECT_EQ(restore("v1").error().code, ErrorCode::internal);
  versions.insert_fails = true;  // a collection comes between, each time
  EXPECT_EQ(restore("v2").error().code, ErrorCode::unavailable);
  EXPECT_EQ(newest().id, "v2");
}

TEST_F(StoppedRestoreTest, AStartWaitsForARestoreUnderWay) {
  keep(Plant().file("a", "1"), 1, 1);
  keep(Plant().file("a", "2"), 1, 1);
  versions.insert_gate.close();
  auto restored = boost::asio::co_spawn(io, history->restore(ann, id, "v1", ""), boost::asio::use_future);
  ASSERT_TRUE(
      testing::run_until(io, [&] { return stored(id).home == HomeState::behind && objects.reads > 0; }));
  auto started = boost::asio::co_spawn(io, workspaces->start(ann, id), boost::asio::use_future);
  io.run_for(std::chrono::milliseconds(30));
  EXPECT_EQ(backend.starts, 0) << "it would have brought the version before back";
  versions.insert_gate.open();
  ASSERT_TRUE(testing::run_until(io, [&] {
    return started.wait_for(std::chrono::seconds(0)) == std::future_status::ready &&
           restored.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  }));
  EXPECT_EQ(started.get()->state, WorkspaceState::running);
  const auto made = restored.get();
  ASSERT_TRUE(made);
  EXPECT_EQ(newest().id, made->version.id);
  EXPECT_EQ(backend.starts, 1);
}

TEST_F(StoppedRestoreTest, OneThatStartsMeanwhileIsNotTouched) {
  keep(Plant().file("a", "1"), 1, 1);
  backend.start_gate.close();
  auto started = boost::asio::co_spawn(io, workspaces->start(ann, id), boost::asio::use_future);
  ASSERT_TRUE(testing::run_until(io, [&] { return backend.starts == 1; }));
  EXPECT_EQ(restore("v1").error().code, ErrorCode::unavailable);
  EXPECT_EQ(newest().id, "v1");
  backend.start_gate.open();
  ASSERT_TRUE(testing::run_until(
      io, [&] { return started.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }));
}

TEST_F(StoppedRestoreTest, AHomeThatMayHoldMoreIsNeverLostForOneFile) {
  keep(Plant().file("a", "1"), 1, 1);
  keep(Plant().file("a", "2"), 1, 1);
  ASSERT_TRUE(await(io, workspaces->start(ann, id)));
  backend.set(id, BackendState::failed, "It ran out of memory.");
  ASSERT_TRUE(reaches(id, WorkspaceState::failed));
  const auto refused = restore("v1", "a");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::conflict);
  EXPECT_THAT(refused.error().message, HasSubstr("not stored yet. Start it first"));
  EXPECT_EQ(await(io, history->create(ann, id, "name")).error().code, ErrorCode::conflict);
  EXPECT_TRUE(restore("v1")) << "of everything what is there becomes a version of its own at the start";
  EXPECT_TRUE(restore("v2", "a")) << "and then the home is no more what counts";
  ASSERT_TRUE(await(io, workspaces->start(ann, id)));
  ASSERT_TRUE(await(io, workspaces->stop(ann, id)));
  EXPECT_EQ(stored(id).home, HomeState::stored);
  EXPECT_TRUE(restore("v1", "a")) << "an orderly stop has stored everything";
}

TEST_F(StoppedRestoreTest, ANameIsGivenToWhatWasStoredLast) {
  EXPECT_EQ(await(io, history->create(ann, id, "early")).error().code, ErrorCode::conflict);
  keep(Plant().file("a", "1"), 1, 1);
  const auto made = await(io, history->create(ann, id, "good"));
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->kind, rest::VersionKind::named);
  EXPECT_EQ(made->name, "good");
  EXPECT_EQ(made->author, "Ann");
  EXPECT_EQ(newest().root, (*versions.find(id, "v1")).root);
  EXPECT_EQ(newest().name, "good");
  EXPECT_EQ((*versions.find(id, "v1")).name, "");
}

}  // namespace
}  // namespace berth::server
