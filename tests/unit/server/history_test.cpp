// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of history over versions in memory.
#include "server/history.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "history_fixture.hpp"

namespace berth::server {
namespace {

namespace rest = protocol::rest;
using testing::await;
using ::testing::ElementsAre;
using testing::HandEngine;
using ::testing::HasSubstr;
using testing::MemoryObjects;
using testing::Plant;

class HistoryTest : public testing::WorkspacesFixture {
 protected:
  MemoryObjects objects;
  testing::MemoryVersions versions;
  HandEngine engine{versions};
  std::unique_ptr<History> history;
  std::string id;  // of ann's stopped workspace
  std::int64_t time = 1'000;

  void SetUp() override {
    WorkspacesFixture::SetUp();
    history = std::make_unique<History>(*workspaces, runners, engine, versions, objects, clock);
    id = create(false).id;
  }

  VersionRecord version(const Plant& home, std::string name = {}) {
    time += 1'000;
    return {.id = "v" + std::to_string(time / 1'000 - 1),
            .workspace = id,
            .owner = "ann",
            .root = home.store(objects, "ann"),
            .created = time,
            .kind = name.empty() ? rest::VersionKind::automatic : rest::VersionKind::named,
            .name = std::move(name),
            .author = {},
            .restored_from = {}};
  }
  void keep(const Plant& home, std::string name = {}) {
    ASSERT_TRUE(versions.insert(version(home, std::move(name))));
  }
  Result<rest::ListVersions::Result> list(History::ListQuery query = {}) {
    return await(io, history->list(ann, id, std::move(query)));
  }
  static std::vector<std::string> ids(const std::vector<rest::Version>& versions) {
    std::vector<std::string> out;
    for (const auto& version : versions) out.push_back(version.id);
    return out;
  }
  static std::string read_all(boost::asio::io_context& io, ByteSource& source) {
    std::string all;
    while (true) {
      auto piece = await(io, source.read());
      if (!piece) throw std::runtime_error(piece.error().message);
      if (piece->empty()) return all;
      all += *piece;
    }
  }
};

TEST_F(HistoryTest, StrangersFindNothing) {
  keep(Plant().file("a", "1"));
  EXPECT_EQ(await(io, history->list(bob, id, {})).error().code, ErrorCode::not_found);
  EXPECT_EQ(await(io, history->create(bob, id, "mine")).error().code, ErrorCode::not_found);
  EXPECT_EQ(await(io, history->rename(bob, id, "v1", "mine")).error().code, ErrorCode::not_found);
  EXPECT_EQ(await(io, history->changes(bob, id, "v1", {}, "")).error().code, ErrorCode::not_found);
  EXPECT_EQ(await(io, history->files(bob, id, "v1", {})).error().code, ErrorCode::not_found);
  EXPECT_EQ(await(io, history->file(bob, id, "v1", "a")).error().code, ErrorCode::not_found);
  EXPECT_EQ(await(io, history->restore(bob, id, "v1", "")).error().code, ErrorCode::not_found);
  EXPECT_EQ(await(io, history->archive(bob, id, ArchiveFormat::zip, "", {})).error().code,
            ErrorCode::not_found);
  EXPECT_TRUE(engine.asked.empty());
  const auto other = create(false, &bob).id;
  EXPECT_EQ(await(io, history->file(bob, other, "v1", "a")).error().code, ErrorCode::not_found)
      << "a version of somebody else's workspace by its id";
}

TEST_F(HistoryTest, ListsNewestFirstAPageAtATime) {
  for (int i = 0; i < 5; ++i) keep(Plant().file("a", std::to_string(i)));
  auto page = list({.path = {}, .cursor = {}, .limit = 2});
  ASSERT_TRUE(page);
  EXPECT_THAT(ids(page->versions), ElementsAre("v5", "v4"));
  ASSERT_TRUE(page->cursor);
  page = list({.path = {}, .cursor = page->cursor, .limit = 2});
  EXPECT_THAT(ids(page->versions), ElementsAre("v3", "v2"));
  page = list({.path = {}, .cursor = page->cursor, .limit = 2});
  EXPECT_THAT(ids(page->versions), ElementsAre("v1"));
  EXPECT_FALSE(page->cursor);
}

TEST_F(HistoryTest, ATimelineHasTheVersionsInWhichThePathChanged) {
  const auto folder = [](const char* text) { return Plant().folder("p", Plant().file("a", text)); };
  keep(Plant().file("other", "0"));      // v1
  keep(folder("1"));                     // v2 made
  keep(folder("1").file("other", "1"));  // v3
  keep(folder("2"));                     // v4 edited
  keep(Plant().folder("p", Plant()));    // v5 deleted
  keep(Plant().folder("p", Plant()));    // v6
  keep(folder("2"));                     // v7 back again
  const auto of_file = list({.path = "p/a", .cursor = {}});
  ASSERT_TRUE(of_file);
  EXPECT_THAT(ids(of_file->versions), ElementsAre("v7", "v5", "v4", "v2"));
  EXPECT_FALSE(of_file->cursor);
  EXPECT_THAT(ids(list({.path = "p//", .cursor = {}})->versions), ElementsAre("v7", "v5", "v4", "v2"));
  EXPECT_TRUE(list({.path = "never", .cursor = {}})->versions.empty());
}

TEST_F(HistoryTest, ATimelineIsPagedWithoutGapOrTwin) {
  for (int i = 0; i < 130; ++i) keep(Plant().file("a", std::to_string(i / 3)).file("b", std::to_string(i)));
  std::vector<std::string> all;
  std::optional<std::string> cursor;
  int pages = 0;
  do {
    const auto page = list({.path = "a", .cursor = cursor, .limit = 7});
    ASSERT_TRUE(page);
    for (auto& one : ids(page->versions)) all.push_back(one);
    cursor = page->cursor;
  } while (cursor && ++pages < 50);
  std::vector<std::string> expected;
  for (int i = 129; i >= 0; --i)
    if (i % 3 == 0) expected.push_back("v" + std::to_string(i + 1));
  EXPECT_EQ(all, expected);
}

TEST_F(HistoryTest, ADamagedVersionIsShownInATimeline) {
  keep(Plant().folder("p", Plant().file("a", "1")));
  keep(Plant().folder("p", Plant().file("a", "1")).file("b", ""));
  keep(Plant().folder("p", Plant().file("a", "1")));
  objects.lose("ann", (*versions.find(id, "v2")).root);
  const auto page = list({.path = "p/a", .cursor = {}});
  ASSERT_TRUE(page);
  EXPECT_THAT(ids(page->versions), ElementsAre("v3", "v2", "v1"));
}

TEST_F(HistoryTest, HostileQueriesAreRefusedByName) {
  keep(Plant().file("a", "1"));
  for (const auto* cursor : {"", "x", "-1", "0", "99999999999999999999", "1 ", "1;drop"})
    EXPECT_EQ(list({.path = {}, .cursor = cursor}).error().code, ErrorCode::invalid_argument) << cursor;
  EXPECT_EQ(list({.path = {}, .cursor = {}, .limit = 0}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(list({.path = {}, .cursor = {}, .limit = 201}).error().code, ErrorCode::invalid_argument);
  for (const auto* path : {"../etc", "/etc/passwd", "a/../../b"}) {
    EXPECT_FALSE(list({.path = path, .cursor = {}})) << path;
    EXPECT_FALSE(await(io, history->file(ann, id, "v1", path))) << path;
    EXPECT_FALSE(await(io, history->files(ann, id, "v1", {.path = path, .cursor = {}, .limit = {}}))) << path;
    EXPECT_FALSE(await(io, history->changes(ann, id, "v1", {}, path))) << path;
    EXPECT_FALSE(await(io, history->restore(ann, id, "v1", path))) << path;
    EXPECT_FALSE(await(io, history->archive(ann, id, ArchiveFormat::zip, path, "v1"))) << path;
  }
  EXPECT_TRUE(engine.asked.empty());
  for (const auto* cursor : {"x", "-1", "18446744073709551616"})
    EXPECT_EQ(
        await(io, history->files(ann, id, "v1", {.path = "", .cursor = cursor, .limit = {}})).error().code,
        ErrorCode::invalid_argument);
  const auto past = await(io, history->files(ann, id, "v1", {.path = "", .cursor = "999", .limit = {}}));
  ASSERT_TRUE(past);
  EXPECT_TRUE(past->entries.empty());
}

TEST_F(HistoryTest, ANameStoresWhatIsThereNow) {
  ASSERT_TRUE(await(io, workspaces->start(ann, id)));
  engine.next = version(Plant().file("a", "1"));
  const auto made = await(io, history->create(ann, id, "first working"));
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->name, "first working");
  EXPECT_EQ(made->kind, rest::VersionKind::named);
  EXPECT_EQ(made->author, "Ann");
  EXPECT_THAT(engine.asked, ElementsAre("store " + id + " 'first working' by 'Ann'"));
  for (const auto& wrong :
       {std::string(), std::string("  "), std::string("two\nlines"), std::string(81, 'x')})
    EXPECT_EQ(await(io, history->create(ann, id, wrong)).error().code, ErrorCode::invalid_argument) << wrong;
  EXPECT_TRUE(check_version_name(std::string(80, 'x')));
  std::string umlauts;
  for (int i = 0; i < 80; ++i) umlauts += "\xC3\xBC";
  EXPECT_TRUE(check_version_name(umlauts)) << "characters are counted, not bytes";
}

TEST_F(HistoryTest, AVersionIsNamedAndLosesItsNameAgain) {
  keep(Plant().file("a", "1"));
  auto named = await(io, history->rename(ann, id, "v1", "good"));
  ASSERT_TRUE(named);
  EXPECT_EQ(named->kind, rest::VersionKind::named);
  EXPECT_EQ(list()->versions.front().name, "good");
  named = await(io, history->rename(ann, id, "v1", ""));
  EXPECT_EQ(named->kind, rest::VersionKind::automatic);
  EXPECT_EQ(list()->versions.front().name, "");
  EXPECT_EQ(await(io, history->rename(ann, id, "v9", "x")).error().code, ErrorCode::not_found);
}

TEST_F(HistoryTest, NamedVersionsAreLimited) {
  for (std::size_t i = 0; i < most_named_versions; ++i) keep(Plant().file("a", "1"), "n");
  keep(Plant().file("a", "2"));
  const auto last = "v" + std::to_string(most_named_versions + 1);
  engine.next = version(Plant().file("a", "3"));
  EXPECT_EQ(await(io, history->create(ann, id, "more")).error().code, ErrorCode::limit_exceeded);
  EXPECT_EQ(await(io, history->rename(ann, id, last, "more")).error().code, ErrorCode::limit_exceeded);
  EXPECT_TRUE(await(io, history->rename(ann, id, "v1", "another name for one that has one")));
  EXPECT_TRUE(await(io, history->rename(ann, id, "v1", "")));
  EXPECT_TRUE(await(io, history->rename(ann, id, last, "more")));
}

TEST_F(HistoryTest, ChangesAreAgainstTheVersionBeforeOrAnother) {
  keep(Plant().file("a", "1").folder("p", Plant().file("x", "1")));
  keep(Plant().file("a", "22").folder("p", Plant().file("x", "1").file("y", "")));
  keep(Plant().folder("p", Plant().file("x", "1").file("y", "")));
  const auto against_before = await(io, history->changes(ann, id, "v2", {}, ""));
  ASSERT_TRUE(against_before);
  EXPECT_EQ(against_before->against, "v1");
  ASSERT_EQ(against_before->changes.size(), 2u);
  EXPECT_EQ(against_before->changes[0].path, "a");
  EXPECT_EQ(against_before->changes[0].kind, rest::VersionChangeKind::modified);
  EXPECT_EQ(against_before->changes[0].size_before, 1u);
  EXPECT_EQ(against_before->changes[0].size, 2u);
  EXPECT_EQ(against_before->changes[1].path, "p/y");
  const auto below = await(io, history->changes(ann, id, "v3", "v1", "p"));
  ASSERT_TRUE(below);
  ASSERT_EQ(below->changes.size(), 1u);
  EXPECT_EQ(below->changes[0].kind, rest::VersionChangeKind::added);
  const auto first = await(io, history->changes(ann, id, "v1", {}, ""));
  EXPECT_EQ(first->against, "");
  EXPECT_EQ(first->changes.size(), 2u);
  EXPECT_EQ(await(io, history->changes(ann, id, "v1", "none", "")).error().code, ErrorCode::not_found);
}

TEST_F(HistoryTest, AFolderIsListedAsPeopleSortAPageAtATime) {
  keep(Plant().file("b", "22").file("A", "1").file("C", "").folder("z", {}).folder("Y", {}).link("l", "b"));
  std::vector<std::string> names;
  std::optional<std::string> cursor;
  do {
    const auto page = await(io, history->files(ann, id, "v1", {.path = "", .cursor = cursor, .limit = 2}));
    ASSERT_TRUE(page);
    EXPECT_EQ(page->total, 6u);
    for (const auto& entry : page->entries) names.push_back(entry.name);
    cursor = page->cursor;
  } while (cursor);
  EXPECT_THAT(names, ElementsAre("Y", "z", "A", "b", "C", "l"));
  const auto page = await(io, history->files(ann, id, "v1", {.path = "", .cursor = {}, .limit = {}}));
  EXPECT_EQ(page->entries[3].size, 2u);
  EXPECT_EQ(page->entries[3].modified, Plant::time / 1'000'000);
  EXPECT_EQ(page->entries[5].target, "b");
  EXPECT_EQ(await(io, history->files(ann, id, "v1", {.path = "b", .cursor = {}, .limit = {}})).error().code,
            ErrorCode::invalid_argument);
  EXPECT_EQ(await(io, history->files(ann, id, "v1", {.path = "q", .cursor = {}, .limit = {}})).error().code,
            ErrorCode::not_found);
}

TEST_F(HistoryTest, AFileComesAsItWasWithATagOfItsBytes) {
  keep(Plant().file("a", "text").folder("p", {}).link("l", "a"));
  keep(Plant().file("moved", "text", 0755));
  const auto file = await(io, history->file(ann, id, "v1", "a"));
  ASSERT_TRUE(file);
  EXPECT_EQ(file->size, 4u);
  EXPECT_EQ(read_all(io, *file->open(0, 4)), "text");
  EXPECT_EQ(read_all(io, *file->open(1, 2)), "ex");
  EXPECT_EQ(await(io, history->file(ann, id, "v2", "moved"))->tag, file->tag);
  EXPECT_EQ(await(io, history->file(ann, id, "v1", "p")).error().code, ErrorCode::unsupported);
  EXPECT_EQ(await(io, history->file(ann, id, "v1", "l")).error().code, ErrorCode::unsupported);
  EXPECT_EQ(await(io, history->file(ann, id, "v1", "none")).error().code, ErrorCode::not_found);
}

TEST_F(HistoryTest, RestoringIsTheEnginesInThePersonsName) {
  keep(Plant().file("a", "1"));
  ASSERT_TRUE(await(io, workspaces->start(ann, id)));
  engine.next = version(Plant().file("a", "1"));
  engine.next->restored_from = "v1";
  engine.problems = {{"b", "damaged"}};
  const auto restored = await(io, history->restore(ann, id, "v1", "./p//q/"));
  ASSERT_TRUE(restored);
  EXPECT_EQ(restored->version.restored_from, "v1");
  EXPECT_EQ(restored->problems.front().path, "b");
  EXPECT_THAT(engine.asked, ElementsAre("restore " + id + " v1 'p/q' by 'Ann'"));
}

TEST_F(HistoryTest, AnArchiveOfARunningWorkspaceIsOfWhatIsThereNow) {
  keep(Plant().file("old", ""));
  ASSERT_TRUE(await(io, workspaces->start(ann, id)));
  engine.next = version(Plant().file("new", ""));
  const auto archive = await(io, history->archive(ann, id, ArchiveFormat::zip, "", {}));
  ASSERT_TRUE(archive);
  EXPECT_EQ(archive->name, "work.zip");
  EXPECT_THAT(read_all(io, *archive->bytes), HasSubstr("new"));
  EXPECT_EQ(engine.asked.size(), 1u);
  EXPECT_EQ(archive->notice, "");
  engine.next.reset();
  EXPECT_TRUE(await(io, history->archive(ann, id, ArchiveFormat::zip, "", "v1")))
      << "an old one needs no storing";
}

TEST_F(HistoryTest, AnArchiveOfWhatCannotBeStoredIsOfTheFilesThemselves) {
  keep(Plant().file("old", ""));
  ASSERT_TRUE(await(io, workspaces->start(ann, id)));
  runners.holds["from-the-runner"] = "never stored";
  auto archive = await(io, history->archive(ann, id, ArchiveFormat::tar_gz, "", {}));
  ASSERT_TRUE(archive) << archive.error().message;
  EXPECT_THAT(archive->notice, HasSubstr("could not be stored"));
  const auto file = folder.path() / "live.tgz";
  std::ofstream(file, std::ios::binary) << read_all(io, *archive->bytes);
  EXPECT_EQ(std::system(("test \"$(tar -xOf '" + file.string() +
                         "' from-the-runner)\" = 'never stored' && "
                         "! tar -tf '" +
                         file.string() + "' | grep -q old")
                            .c_str()),
            0);
}

TEST_F(HistoryTest, AnArchiveOfWhatNobodyCanReadIsOfTheLastVersionAndSaysSo) {
  ASSERT_TRUE(await(io, workspaces->start(ann, id)));
  runners.list_now = failure(ErrorCode::unavailable, "The workspace can't be reached.");
  EXPECT_EQ(await(io, history->archive(ann, id, ArchiveFormat::zip, "", {})).error().code,
            ErrorCode::unavailable)
      << "there is no version at all";
  keep(Plant().file("old", ""));
  const auto archive = await(io, history->archive(ann, id, ArchiveFormat::zip, "", {}));
  ASSERT_TRUE(archive) << archive.error().message;
  EXPECT_THAT(archive->notice, HasSubstr("last stored version"));
  EXPECT_THAT(read_all(io, *archive->bytes),
              ::testing::AllOf(HasSubstr("old"), HasSubstr("DAMAGED-FILES.txt")));
}

TEST_F(HistoryTest, AnArchiveOfAStoppedWorkspaceIsItsLastVersionOrItsHome) {
  std::filesystem::create_directories(backend.homes / id);
  std::ofstream(backend.homes / id / "only-at-home") << "x";
  auto archive = await(io, history->archive(ann, id, ArchiveFormat::zip, "", {}));
  ASSERT_TRUE(archive);
  EXPECT_THAT(read_all(io, *archive->bytes), HasSubstr("only-at-home"));
  keep(Plant().file("stored", "").folder("p", Plant().file("below", "")));
  archive = await(io, history->archive(ann, id, ArchiveFormat::zip, "", {}));
  ASSERT_TRUE(archive);
  const auto bytes = read_all(io, *archive->bytes);
  EXPECT_THAT(bytes, HasSubstr("stored"));
  EXPECT_THAT(bytes, ::testing::Not(HasSubstr("only-at-home")));
  archive = await(io, history->archive(ann, id, ArchiveFormat::tar_gz, "p", {}));
  EXPECT_EQ(archive->name, "p.tar.gz");
  EXPECT_EQ(await(io, history->archive(ann, id, ArchiveFormat::zip, "none", {})).error().code,
            ErrorCode::not_found);
}

TEST_F(HistoryTest, StorageIsTheAccountsOwn) {
  objects.used = {.bytes = 12, .limit = 100};
  const auto storage = await(io, history->storage(ann));
  ASSERT_TRUE(storage);
  EXPECT_EQ(storage->used, 12u);
  EXPECT_EQ(storage->limit, 100u);
}

}  // namespace
}  // namespace berth::server
