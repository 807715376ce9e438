// SPDX-License-Identifier: GPL-3.0-or-later
// Whose files a stopped workspace shows: its home's, or its newest version's where the home lacks that.
#include <gmock/gmock.h>

#include "history_fixture.hpp"
#include "server/files_of_version.hpp"

namespace berth::server {
namespace {

using protocol::rest::WorkspaceState;
using testing::await;
using ::testing::ElementsAre;
using testing::Plant;

class StoppedFilesTest : public testing::WorkspacesFixture {
 protected:
  testing::MemoryObjects objects;
  testing::MemoryVersions versions;
  testing::HandEngine engine{versions};
  FilesOfVersion stored_files{versions, objects};

  void SetUp() override {
    options.versions = &engine;
    options.stored_files = &stored_files;
    WorkspacesFixture::SetUp();
  }
  std::string stopped_with(const Plant& home) {
    const auto id = create(true).id;
    EXPECT_TRUE(versions.insert({.id = "v1",
                                 .workspace = id,
                                 .owner = "ann",
                                 .root = home.store(objects, "ann"),
                                 .created = 5,
                                 .name = {},
                                 .author = {},
                                 .restored_from = {}}));
    EXPECT_EQ(await(io, workspaces->stop(ann, id))->state, WorkspaceState::stopped);
    return id;
  }
  std::vector<std::string> names(const std::string& id, const std::string& path = {}) {
    auto files = await(io, workspaces->files(ann, id));
    if (!files) return {files.error().message};
    const auto page = await(io, (*files)->list(id, {.path = path, .cursor = {}, .limit = {}}));
    if (!page) return {page.error().message};
    std::vector<std::string> out;
    for (const auto& entry : page->entries) out.push_back(entry.name);
    return out;
  }
};

TEST_F(StoppedFilesTest, TheHomeIsShownWhileItIsThere) {
  const auto id = stopped_with(Plant().file("of the version", "v"));
  EXPECT_THAT(names(id), ElementsAre("project"));
  EXPECT_EQ(stored(id).home, HomeState::stored);
}

TEST_F(StoppedFilesTest, AHomeThatIsLostIsNotMadeFromTheTemplateToBeShown) {
  const auto id = stopped_with(Plant().folder("project", Plant().file("mine", "my text")).link("l", "x"));
  std::filesystem::remove_all(backend.homes / id);
  ASSERT_TRUE(backend.forget(id));
  EXPECT_THAT(names(id), ElementsAre("project", "l"));
  EXPECT_THAT(names(id, "project"), ElementsAre("mine"));
  EXPECT_FALSE(std::filesystem::exists(backend.homes / id))
      << "the next start would take it for the person's";
  auto* files = *await(io, workspaces->files(ann, id));
  const auto stat = await(io, files->stat(id, "project/mine"));
  ASSERT_TRUE(stat);
  EXPECT_EQ(stat->entry.size, 7u);
  const auto reading = await(io, files->read(id, "project/mine", 3, 2));
  ASSERT_TRUE(reading);
  EXPECT_EQ(*await(io, reading->bytes->read()), "te");
  EXPECT_EQ(reading->etag, stat->etag);
  EXPECT_EQ(await(io, files->read(id, "project", 0, {})).error().code, ErrorCode::unsupported);
  EXPECT_EQ(await(io, files->stat(id, "none")).error().code, ErrorCode::not_found);
  EXPECT_EQ(await(io, workspaces->files(ann, id, FileUse::change)).error().code, ErrorCode::unavailable);
}

TEST_F(StoppedFilesTest, AHomeThatLacksTheNewestVersionIsNotShown) {
  const auto id = stopped_with(Plant().file("old", "1"));
  const auto work = []() -> net::Task<Result<void>> { co_return Result<void>{}; };
  ASSERT_TRUE(await(io, workspaces->store_while_stopped(ann, id, StoppedChange::a_part, work)));
  EXPECT_THAT(names(id), ElementsAre("old"));
  EXPECT_EQ(await(io, workspaces->files(ann, id, FileUse::change)).error().code, ErrorCode::unavailable);
  reopen();
  EXPECT_THAT(names(id), ElementsAre("old")) << "another server process knows it too";
  ASSERT_TRUE(await(io, workspaces->start(ann, id)));
  ASSERT_TRUE(await(io, workspaces->stop(ann, id)));
  EXPECT_THAT(names(id), ElementsAre("project"));
}

TEST_F(StoppedFilesTest, AHalfRestoredHomeIsNeitherShownNorChanged) {
  const auto id = stopped_with(Plant().file("of the version", "v"));
  ASSERT_TRUE(await(io, workspaces->files(ann, id, FileUse::change)));
  engine.breaks_off = true;
  EXPECT_EQ(await(io, workspaces->start(ann, id))->state, WorkspaceState::failed);
  EXPECT_THAT(names(id), ElementsAre("of the version"));
  EXPECT_EQ(await(io, workspaces->files(ann, id, FileUse::change)).error().code, ErrorCode::unavailable)
      << "the next start would rename its files over this";
  reopen();
  EXPECT_THAT(names(id), ElementsAre("of the version")) << "another server process knows it too";
  engine.breaks_off = false;
  EXPECT_EQ(await(io, workspaces->start(ann, id))->state, WorkspaceState::running);
  EXPECT_EQ(stored(id).home, HomeState::ahead);
}

TEST_F(StoppedFilesTest, ARefusedVersionLeavesTheHomeShown) {
  const auto id = stopped_with(Plant().file("old", "1"));
  const auto refuses = []() -> net::Task<Result<void>> {
    co_return failure(ErrorCode::not_found, "There is no such version.");
  };
  EXPECT_FALSE(await(io, workspaces->store_while_stopped(ann, id, StoppedChange::a_part, refuses)));
  EXPECT_THAT(names(id), ElementsAre("project"));
}

TEST_F(StoppedFilesTest, AChangeOfTheHomeIsRemembered) {
  const auto id = stopped_with(Plant().file("old", "1"));
  EXPECT_FALSE(*await(io, workspaces->home_is_ahead(ann, id)));
  ASSERT_TRUE(await(io, workspaces->files(ann, id, FileUse::change)));
  EXPECT_TRUE(*await(io, workspaces->home_is_ahead(ann, id)));
  reopen();
  EXPECT_TRUE(*await(io, workspaces->home_is_ahead(ann, id)));
  EXPECT_THAT(names(id), ElementsAre("project"));
}

TEST_F(StoppedFilesTest, APlaceWithoutFoldersShowsTheNewestVersion) {
  const auto id = stopped_with(Plant().file("stored", "1"));
  backend.homeless = true;
  EXPECT_THAT(names(id), ElementsAre("stored"));
  EXPECT_EQ(await(io, workspaces->files(ann, id, FileUse::change)).error().code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace berth::server
