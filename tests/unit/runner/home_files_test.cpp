// SPDX-License-Identifier: GPL-3.0-or-later
// Files of a real home directory: confinement against every way out, and what each operation promises.
#include "protocol/net/home_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace berth::net {
namespace {

namespace fs = std::filesystem;

struct HomeFilesTest : testing::Test {
  fs::path folder, home;
  void SetUp() override {
    char name[] = "/tmp/berth-home-XXXXXX";
    folder = ::mkdtemp(name);
    home = folder / "home";
    fs::create_directories(home / "project");
    fs::create_directories(folder / "outside");
    std::ofstream(folder / "outside/secret") << "secret";
    fs::create_symlink("../outside", home / "relative");
    fs::create_symlink(folder / "outside", home / "absolute");
    fs::create_symlink(folder / "outside/secret", home / "file");
    fs::create_symlink("/proc/self/root", home / "magic");
  }
  void TearDown() override { fs::remove_all(folder); }
  HomeFiles files() const { return HomeFiles(*ConfinedDirectory::open(home)); }
  void put(const std::string& name, const std::string& text) const {
    fs::create_directories((home / name).parent_path());
    std::ofstream(home / name) << text;
  }
  std::string get(const fs::path& path) const {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  Result<std::string> write(const std::string& path, const std::string& text,
                            std::optional<std::string> etag = {}) const {
    auto begun = files().begin_write(path, std::move(etag), std::nullopt);
    if (!begun) return std::unexpected(begun.error());
    if (auto done = begun->append(text); !done) return std::unexpected(done.error());
    return begun->commit();
  }
};

TEST_F(HomeFilesTest, NoWayLeadsOut) {
  const auto home_files = files();
  for (const std::string path :
       {"..", "../outside/secret", "project/../../outside/secret", "/etc/passwd", "relative/secret",
        "absolute/secret", "file", "magic/etc/passwd", "relative/../../outside/secret"}) {
    EXPECT_FALSE(home_files.open_for_reading(path)) << path;
    EXPECT_FALSE(home_files.directory().open_at(path, O_PATH)) << path;
    EXPECT_FALSE(write(path, "taken over")) << path;
  }
  for (const std::string path : {"relative/new", "absolute/new", "../new", "relative/deep/new"}) {
    EXPECT_FALSE(write(path, "x")) << path;
    EXPECT_FALSE(home_files.create_directory(path)) << path;
    EXPECT_FALSE(home_files.rename("project", path, true)) << path;
    EXPECT_FALSE(home_files.copy("project", path)) << path;
    EXPECT_FALSE(home_files.remove(path)) << path;
    EXPECT_FALSE(home_files.trash(path)) << path;
    EXPECT_FALSE(home_files.list({path, std::nullopt, std::nullopt})) << path;
  }
  EXPECT_FALSE(home_files.copy("relative/secret", "stolen"));
  EXPECT_FALSE(home_files.rename("absolute/secret", "stolen", false));
  EXPECT_FALSE(home_files.open_for_reading(std::string("a\0b", 3)));
  EXPECT_FALSE(home_files.open_for_reading(std::string(5000, 'a')));
  EXPECT_EQ(get(folder / "outside/secret"), "secret");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder / "outside"), {}), 1);
}

TEST_F(HomeFilesTest, LinksInsideOfHomeAreFollowedAlsoAbsoluteOnes) {
  put("project/real.txt", "one");
  fs::create_symlink("project/real.txt", home / "link");
  fs::create_symlink(home / "project/real.txt", home / "absolute_link");
  EXPECT_EQ(files().directory().canonical("link"), "project/real.txt");
  EXPECT_EQ(files().directory().canonical("absolute_link"), "project/real.txt");
  ASSERT_TRUE(write("absolute_link", "two"));
  EXPECT_EQ(get(home / "project/real.txt"), "two");
  EXPECT_TRUE(fs::is_symlink(home / "absolute_link"));
}

TEST_F(HomeFilesTest, DeletingALinkLeavesItsTarget) {
  put("tree/inside", "x");
  fs::create_directory_symlink(folder / "outside", home / "tree/link");
  ASSERT_TRUE(files().remove("tree"));
  EXPECT_FALSE(fs::exists(home / "tree"));
  EXPECT_EQ(get(folder / "outside/secret"), "secret");
}

TEST_F(HomeFilesTest, AWriteIsWholeOrNotAtAll) {
  put("a.txt", "old");
  {
    auto begun = files().begin_write("a.txt", std::nullopt, std::nullopt);
    ASSERT_TRUE(begun);
    ASSERT_TRUE(begun->append("half of the n"));
    EXPECT_EQ(get(home / "a.txt"), "old");
  }
  EXPECT_EQ(get(home / "a.txt"), "old");
  ASSERT_TRUE(write("a.txt", "new"));
  EXPECT_EQ(get(home / "a.txt"), "new");
  EXPECT_EQ(std::distance(fs::directory_iterator(home), {}), 6);  // nothing is left beside it
}

TEST_F(HomeFilesTest, AWriteKeepsTheMode) {
  put("run.sh", "#!/bin/sh\n");
  ::chmod((home / "run.sh").c_str(), 0755);
  ASSERT_TRUE(write("run.sh", "#!/bin/sh\ntrue\n"));
  EXPECT_EQ(fs::status(home / "run.sh").permissions(), fs::perms(0755));
}

TEST_F(HomeFilesTest, AStaleEtagIsAConflictThatNamesBoth) {
  const auto first = write("a.txt", "one", "");
  ASSERT_TRUE(first);
  EXPECT_EQ(write("a.txt", "two", "").error().code, ErrorCode::conflict);
  const auto second = write("a.txt", "two", *first);
  ASSERT_TRUE(second);
  const auto refused = write("a.txt", "three", *first);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().data.at("expected_etag"), *first);
  EXPECT_EQ(refused.error().data.at("etag"), *second);
  EXPECT_EQ(get(home / "a.txt"), "two");
}

TEST_F(HomeFilesTest, AChangeDuringAWriteIsNoticedAtItsEnd) {
  const auto etag = write("a.txt", "one");
  auto begun = files().begin_write("a.txt", *etag, std::nullopt);
  ASSERT_TRUE(begun);
  ASSERT_TRUE(begun->append("mine"));
  ASSERT_TRUE(write("a.txt", "theirs"));
  EXPECT_EQ(begun->commit().error().code, ErrorCode::conflict);
  EXPECT_EQ(get(home / "a.txt"), "theirs");
}

TEST_F(HomeFilesTest, ListsPagesInOrderWithoutGaps) {
  for (int i = 0; i < 250; ++i) put("many/file" + std::to_string(i), "");
  for (const auto* name : {"Zoo", "apple", "Banana"}) fs::create_directory(home / "many" / name);
  std::vector<std::string> names;
  std::optional<std::string> cursor;
  do {
    const auto page = files().list({"many", cursor, 100});
    ASSERT_TRUE(page);
    EXPECT_EQ(page->total, 253u);
    for (const auto& entry : page->entries) names.push_back(entry.name);
    cursor = page->cursor;
  } while (cursor);
  ASSERT_EQ(names.size(), 253u);
  EXPECT_EQ((std::vector<std::string>(names.begin(), names.begin() + 4)),
            (std::vector<std::string>{"apple", "Banana", "Zoo", "file0"}));
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), 253u);
  EXPECT_EQ(files().list({"many", "garbage", 100}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(files().list({"many", std::nullopt, 0}).error().code, ErrorCode::invalid_argument);
}

TEST_F(HomeFilesTest, EntriesTellLinksAndWhetherTheyLeadInside) {
  put("project/a", "x");
  fs::create_symlink("project/a", home / "inside");
  const auto inside = files().stat("inside");
  ASSERT_TRUE(inside);
  EXPECT_EQ(inside->entry.type, protocol::EntryType::symlink);
  EXPECT_EQ(inside->entry.target_type, protocol::EntryType::file);
  const auto outside = files().stat("file");
  ASSERT_TRUE(outside);
  EXPECT_FALSE(outside->entry.target_type);
}

TEST_F(HomeFilesTest, RenameDoesNotOverwriteUnlessAsked) {
  put("a", "a");
  put("b", "b");
  EXPECT_EQ(files().rename("a", "b", false).error().code, ErrorCode::already_exists);
  EXPECT_EQ(get(home / "b"), "b");
  ASSERT_TRUE(files().rename("a", "b", true));
  EXPECT_EQ(get(home / "b"), "a");
  EXPECT_EQ(files().rename("gone", "c", false).error().code, ErrorCode::not_found);
  EXPECT_FALSE(files().rename("project", "project/inner", false));
  EXPECT_FALSE(files().rename("", "c", false));
}

TEST_F(HomeFilesTest, CopiesTreesAndNeverIntoThemselves) {
  put("tree/sub/a", "a");
  ::chmod((home / "tree/sub/a").c_str(), 0750);
  fs::create_symlink("sub/a", home / "tree/link");
  ASSERT_TRUE(files().copy("tree", "copy"));
  EXPECT_EQ(get(home / "copy/sub/a"), "a");
  EXPECT_EQ(fs::status(home / "copy/sub/a").permissions(), fs::perms(0750));
  EXPECT_EQ(fs::read_symlink(home / "copy/link"), "sub/a");
  EXPECT_EQ(files().copy("tree", "tree/sub/again").error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(files().copy("tree", "copy").error().code, ErrorCode::already_exists);
}

TEST_F(HomeFilesTest, TheTrashGivesBackWhatItTook) {
  put("project/a b%.txt", "precious");
  const auto name = files().trash("project/a b%.txt");
  ASSERT_TRUE(name);
  EXPECT_FALSE(fs::exists(home / "project/a b%.txt"));
  EXPECT_THAT(get(home / (".local/share/Trash/info/" + *name + ".trashinfo")),
              testing::HasSubstr("a%20b%25.txt"));
  put("project/a b%.txt", "in its place");
  EXPECT_EQ(files().undelete(*name).error().code, ErrorCode::already_exists);
  ASSERT_TRUE(files().remove("project/a b%.txt"));
  EXPECT_EQ(files().undelete(*name), "project/a b%.txt");
  EXPECT_EQ(get(home / "project/a b%.txt"), "precious");
  EXPECT_EQ(files().undelete(*name).error().code, ErrorCode::not_found);
  EXPECT_FALSE(files().undelete("../files/x"));
}

TEST_F(HomeFilesTest, TheTrashTakesTheSameNameTwice) {
  put("a", "1");
  const auto first = files().trash("a");
  put("a", "2");
  const auto second = files().trash("a");
  ASSERT_TRUE(first && second);
  EXPECT_NE(*first, *second);
  EXPECT_FALSE(files().trash(".local"));
  EXPECT_FALSE(files().trash(".local/share/Trash/files/" + *first));
}

TEST_F(HomeFilesTest, PipesAndDirectoriesAreNoFiles) {
  ::mkfifo((home / "pipe").c_str(), 0600);
  EXPECT_EQ(files().open_for_reading("pipe").error().code, ErrorCode::unsupported);
  EXPECT_EQ(files().open_for_reading("project").error().code, ErrorCode::invalid_argument);
  EXPECT_FALSE(write("pipe", "x"));
  EXPECT_FALSE(write("project", "x"));
}

TEST_F(HomeFilesTest, MakesParentsOnTheWay) {
  ASSERT_TRUE(write("a/b/c.txt", "x"));
  EXPECT_EQ(get(home / "a/b/c.txt"), "x");
  ASSERT_TRUE(files().create_directory("d/e/f"));
  EXPECT_EQ(files().create_directory("d/e/f").error().code, ErrorCode::already_exists);
}

}  // namespace
}  // namespace berth::net
