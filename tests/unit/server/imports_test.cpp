// SPDX-License-Identifier: GPL-3.0-or-later
// Forks, clones and uploads over fakes: what is made, what is refused, and that nothing is left behind.
#include "server/imports.hpp"

#include <gmock/gmock.h>

#include "history_fixture.hpp"

namespace berth::server {
namespace {

namespace rest = protocol::rest;
using rest::WorkspaceState;
using testing::await;
using testing::HandEngine;
using ::testing::HasSubstr;
using testing::Plant;

/// A body in pieces, that may break off.
class Pieces final : public ByteSource {
 public:
  explicit Pieces(std::vector<std::string> pieces, bool breaks = false)
      : pieces_(std::move(pieces)), breaks_(breaks) {}
  net::Task<Result<std::string>> read() override {
    if (next_ < pieces_.size()) co_return pieces_[next_++];
    if (breaks_) co_return failure(ErrorCode::invalid_argument, "The request's body was cut off.");
    co_return std::string{};
  }

 private:
  std::vector<std::string> pieces_;
  bool breaks_;
  std::size_t next_ = 0;
};

class ImportsTest : public testing::WorkspacesFixture {
 protected:
  testing::MemoryObjects objects;
  testing::MemoryVersions versions;
  HandEngine engine{versions};
  std::unique_ptr<Imports> imports;

  void SetUp() override {
    options.start_answer = std::chrono::milliseconds(1000);
    WorkspacesFixture::SetUp();
    imports = std::make_unique<Imports>(*workspaces, runners, engine, versions, objects, pool, clock,
                                        Imports::Options{std::chrono::milliseconds(3000)});
  }
  void TearDown() override {
    backend.start_gate.open();
    WorkspacesFixture::TearDown();
  }
  Result<rest::Workspace> make(rest::CreateWorkspace::Body body) {
    return await(io, imports->create(ann, std::move(body)));
  }
  static rest::CreateWorkspace::Body git(std::string url) {
    return {.name = "clone", .template_id = "python", .start = {}, .git_url = std::move(url)};
  }
  Result<rest::Workspace> upload(Imports::Upload asked, ByteSource&& body) {
    return await(io, imports->upload(ann, std::move(asked), body));
  }
  static Imports::Upload zip() {
    return {.name = "up", .template_id = "python", .format = "zip", .length = {}};
  }
  std::size_t count() { return listed(ann).size(); }
};

TEST(GitUrls, WithAKnownSchemeAndAHostAreTaken) {
  for (const auto* good : {"https://example.org/a/b.git", "http://10.0.0.1:8080/x", "git://host/x",
                           "ssh://git@example.org/a.git", "ssh://git@example.org:2222/~a/b",
                           "https://person@example.org/x", "https://[::1]/x"})
    EXPECT_TRUE(check_git_url(good)) << good;
}

TEST(GitUrls, ThatGitWouldMisunderstandAreRefused) {
  for (const std::string bad : {"",
                                "file:///etc/passwd",
                                "/etc/passwd",
                                "../x",
                                "--upload-pack=touch /tmp/x",
                                "-x",
                                "ext::sh -c id",
                                "git@example.org:a/b.git",
                                "HTTPS://example.org/x",
                                "https://",
                                "https:///x",
                                "https://-oProxy=x/y",
                                "ssh://-oProxyCommand=id/x",
                                "ssh://git@-oProxyCommand=id/x",
                                "ssh://-l@host/x",
                                "https://:80/x",
                                "https://person:secret@example.org/x",
                                "https://exa mple.org/x",
                                "https://example.org/\n--x",
                                "https://example.org/\x01",
                                "https://ex\xC3\xA4mple.org/",
                                "https://@host/x",
                                "ftp://host/x",
                                "https://a\\b/x"}) {
    const auto refused = check_git_url(bad);
    ASSERT_FALSE(refused) << bad;
    EXPECT_THAT(refused.error().message, HasSubstr("body.git_url: ")) << bad;
  }
  EXPECT_FALSE(check_git_url("https://example.org/" + std::string(2'000, 'a')));
}

TEST_F(ImportsTest, AForkBeginsWithTheSameRootAndStarts) {
  const auto from = create(false).id;
  const auto root = Plant().file("a", "1").store(objects, "ann");
  ASSERT_TRUE(versions.insert({.id = "v1",
                               .workspace = from,
                               .owner = "ann",
                               .root = root,
                               .created = 5,
                               .name = {},
                               .author = {},
                               .files = 1,
                               .restored_from = {}}));
  const auto fork = make({.name = "fork",
                          .template_id = "",
                          .start = {},
                          .git_url = {},
                          .from_workspace = from,
                          .from_version = "v1"});
  ASSERT_TRUE(fork) << fork.error().message;
  EXPECT_EQ(fork->template_id, "python");
  EXPECT_EQ(fork->state, WorkspaceState::running);
  const auto first = versions.latest(fork->id);
  ASSERT_TRUE(first && *first);
  EXPECT_EQ((*first)->root, root);
  EXPECT_EQ((*first)->owner, "ann");
  EXPECT_EQ((*first)->files, 1u);
  EXPECT_NE((*first)->id, "v1");
  EXPECT_TRUE(engine.asked.empty()) << "a fork of an old version stores nothing";
}

TEST_F(ImportsTest, AForkWithoutAVersionIsOfWhatIsThereNow) {
  const auto stopped = create(false).id;
  EXPECT_EQ(make({.name = "f", .template_id = "", .start = {}, .git_url = {}, .from_workspace = stopped})
                .error()
                .code,
            ErrorCode::conflict);
  const auto running = create(true).id;
  engine.next = VersionRecord{.id = "now",
                              .workspace = running,
                              .owner = "ann",
                              .root = Plant().store(objects, "ann"),
                              .created = 5,
                              .name = {},
                              .author = {},
                              .restored_from = {}};
  const auto fork =
      make({.name = "f", .template_id = "", .start = false, .git_url = {}, .from_workspace = running});
  ASSERT_TRUE(fork) << fork.error().message;
  EXPECT_EQ(fork->state, WorkspaceState::stopped);
  EXPECT_EQ((**versions.latest(fork->id)).root, engine.next->root);
  ASSERT_TRUE(await(io, workspaces->stop(ann, running)));  // here nothing is stored at a stop
  const auto refused =
      make({.name = "f", .template_id = "", .start = false, .git_url = {}, .from_workspace = running});
  EXPECT_EQ(refused.error().code, ErrorCode::conflict);
  EXPECT_THAT(refused.error().message, HasSubstr("not stored yet"));
  EXPECT_TRUE(make({.name = "f",
                    .template_id = "",
                    .start = false,
                    .git_url = {},
                    .from_workspace = running,
                    .from_version = "now"}))
      << "a version is what it is";
}

TEST_F(ImportsTest, AForkThatFailsLeavesNothing) {
  const auto from = create(false).id;
  ASSERT_TRUE(versions.insert({.id = "v1",
                               .workspace = from,
                               .owner = "ann",
                               .root = Plant().store(objects, "ann"),
                               .created = 5,
                               .name = {},
                               .author = {},
                               .restored_from = {}}));
  const rest::CreateWorkspace::Body body{.name = "fork",
                                         .template_id = "",
                                         .start = {},
                                         .git_url = {},
                                         .from_workspace = from,
                                         .from_version = "v1"};
  EXPECT_EQ(await(io, imports->create(bob, body)).error().code, ErrorCode::not_found);
  auto unknown = body;
  unknown.from_version = "v2";
  EXPECT_EQ(make(unknown).error().code, ErrorCode::not_found);
  versions.insert_fails = true;
  EXPECT_EQ(make(body).error().code, ErrorCode::conflict);
  versions.insert_fails = false;
  create(true), create(true);  // as many as may run
  EXPECT_EQ(make(body).error().code, ErrorCode::limit_exceeded);
  EXPECT_EQ(count(), 3u);
  EXPECT_TRUE(listed(bob).empty());
}

TEST_F(ImportsTest, WhatExcludesEachOtherIsRefused) {
  EXPECT_EQ(make({.name = "x",
                  .template_id = "python",
                  .start = {},
                  .git_url = "https://a/b",
                  .from_workspace = "w"})
                .error()
                .code,
            ErrorCode::invalid_argument);
  EXPECT_EQ(make({.name = "x",
                  .template_id = "python",
                  .start = {},
                  .git_url = {},
                  .from_workspace = {},
                  .from_version = "v"})
                .error()
                .code,
            ErrorCode::invalid_argument);
  auto asleep = git("https://example.org/a");
  asleep.start = false;
  EXPECT_EQ(make(asleep).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(make(git("file:///etc")).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(count(), 0u);
}

TEST_F(ImportsTest, ARepositoryIsClonedOnceTheWorkspaceRuns) {
  const auto made = make(git("https://example.org/a.git"));
  ASSERT_TRUE(made) << made.error().message;
  ASSERT_EQ(runners.imports.size(), 1u);
  EXPECT_EQ(runners.imports[0].first, made->id);
  EXPECT_EQ(runners.imports[0].second["git_url"], "https://example.org/a.git");
  EXPECT_TRUE(backend.started_empty.contains(made->id)) << "git clones into an empty folder only";
  EXPECT_FALSE(backend.started_empty.contains(create().id));
}

TEST_F(ImportsTest, ASlowStartIsAnsweredAndTheCloneComesLater) {
  backend.start_gate.close();
  const auto made = make(git("https://example.org/a.git"));
  ASSERT_TRUE(made);
  EXPECT_EQ(made->state, WorkspaceState::starting);
  EXPECT_TRUE(runners.imports.empty());
  runners.import_now = failure(ErrorCode::unsupported, "There is no git in this workspace.");
  backend.start_gate.open();
  ASSERT_TRUE(testing::run_until(io, [&] {
    const auto now = get(made->id);
    return now && now->reason.find("There is no git") != std::string::npos;
  })) << "why the clone failed is not shown";
  EXPECT_EQ(state(made->id), WorkspaceState::failed) << "an empty project could be taken for the repository";
  EXPECT_EQ(backend.state(made->id), BackendState::absent);
  runners.import_now = {};
  const auto again = await(io, workspaces->start(ann, made->id));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->state, WorkspaceState::running);
  EXPECT_EQ(runners.imports.size(), 2u) << "starting it again tries again";
  ASSERT_TRUE(await(io, workspaces->stop(ann, made->id)));
  ASSERT_TRUE(await(io, workspaces->start(ann, made->id)));
  EXPECT_EQ(runners.imports.size(), 2u) << "what has begun is the runner's";
}

TEST_F(ImportsTest, ACloneThatADeathCameBeforeBeginsAtTheNextStart) {
  runners.import_now = failure(ErrorCode::unavailable, "The workspace can't be reached.");
  backend.start_gate.close();
  const auto made = make(git("https://example.org/a.git"));
  ASSERT_TRUE(made);
  backend.start_gate.open();
  ASSERT_TRUE(reaches(made->id, WorkspaceState::failed));
  runners.imports.clear();
  runners.import_now = {};
  backend.started_empty.clear();
  reopen();
  EXPECT_EQ(await(io, workspaces->start(ann, made->id))->state, WorkspaceState::running);
  ASSERT_EQ(runners.imports.size(), 1u);
  EXPECT_EQ(runners.imports[0].second["git_url"], "https://example.org/a.git");
  EXPECT_TRUE(backend.started_empty.contains(made->id)) << "the template's files would pass for the clone";
}

TEST_F(ImportsTest, AnUploadThatADeathBrokeOffIsSaidToBeAndNeverEntered) {
  // What a server that died in the middle leaves behind: a record, and a workspace that runs.
  const auto made = create(false);
  auto record = stored(made.id);
  record.state = WorkspaceState::running;
  record.pending_import = R"({"git_url":"","archive":".berth-write-import-x","format":"zip"})";
  ASSERT_TRUE(store->workspaces().update_state(record));
  backend.set(made.id, BackendState::running);
  runners.import_now = failure(ErrorCode::not_found, "There is no such file.");
  reopen();
  ASSERT_TRUE(reaches(made.id, WorkspaceState::stopped));
  EXPECT_THAT(get(made.id)->reason, HasSubstr("upload of its files was interrupted"));
  const auto again = await(io, workspaces->start(ann, made.id));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->state, WorkspaceState::failed);
  EXPECT_THAT(again->reason, HasSubstr("upload them again"));
  EXPECT_TRUE(await(io, workspaces->remove(ann, made.id)));
}

TEST_F(ImportsTest, AnUploadThatCameWholeBeforeADeathGoesOn) {
  const auto made = create(false);
  auto record = stored(made.id);
  record.state = WorkspaceState::running;
  record.pending_import = R"({"git_url":"","archive":".berth-write-import-x","format":"zip"})";
  ASSERT_TRUE(store->workspaces().update_state(record));
  backend.set(made.id, BackendState::running);
  for (const bool answer_was_lost : {false, true}) {
    if (answer_was_lost) runners.import_now = failure(ErrorCode::conflict, "An import is under way.");
    ASSERT_TRUE(store->workspaces().update_state(record));
    runners.imports.clear();
    reopen();
    ASSERT_TRUE(testing::run_until(io, [&] { return stored(made.id).pending_import.empty(); }));
    EXPECT_EQ(state(made.id), WorkspaceState::running);
    ASSERT_EQ(runners.imports.size(), 1u);
    EXPECT_EQ(runners.imports[0].second["archive"], ".berth-write-import-x");
  }
}

TEST_F(ImportsTest, ACloneThatCantBeginLeavesNothing) {
  runners.import_now = failure(ErrorCode::unsupported, "There is no git in this workspace.");
  EXPECT_THAT(make(git("https://example.org/a.git")).error().message, HasSubstr("There is no git"));
  EXPECT_EQ(count(), 0u);
  backend.start_fails = true;
  const auto failed = make(git("https://example.org/a.git"));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "The runtime refused.");
  EXPECT_EQ(count(), 0u);
}

TEST_F(ImportsTest, AnUploadLiesWholeInTheHomeBeforeItIsUnpacked) {
  const auto made = upload(zip(), Pieces({"PK", "abc", std::string(100'000, 'z')}));
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->state, WorkspaceState::running);
  ASSERT_EQ(runners.written->size(), 1u);
  const auto& [path, bytes] = *runners.written->begin();
  EXPECT_EQ(bytes, "PKabc" + std::string(100'000, 'z'));
  EXPECT_TRUE(path.starts_with(".berth-write-")) << "else it would be stored as part of a version";
  ASSERT_EQ(runners.imports.size(), 1u);
  EXPECT_EQ(runners.imports[0].second["archive"], path);
  EXPECT_EQ(runners.imports[0].second["format"], "zip");
  EXPECT_EQ(runners.imports[0].second["most_bytes"], unpacked_limit);
  EXPECT_TRUE(stored(made->id).pending_import.empty());
  EXPECT_TRUE(
      upload({.name = "t", .template_id = "python", .format = "tar.xz", .length = {}}, Pieces({"x"})));
  EXPECT_EQ(runners.imports[1].second["format"], "tar");
}

TEST_F(ImportsTest, AnUploadThatBreaksOffLeavesNothing) {
  EXPECT_EQ(upload(zip(), Pieces({"PK"}, true)).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(upload(zip(), Pieces({})).error().code, ErrorCode::invalid_argument);
  runners.write_now = failure(ErrorCode::unavailable, "The disk is full.");
  EXPECT_EQ(upload(zip(), Pieces({"PK"})).error().message, "The disk is full.");
  runners.write_now = {};
  runners.import_now = failure(ErrorCode::internal, "No.");
  EXPECT_FALSE(upload(zip(), Pieces({"PK"})));
  backend.start_fails = true;
  EXPECT_EQ(upload(zip(), Pieces({"PK"})).error().message, "The runtime refused.");
  EXPECT_EQ(count(), 0u);
  EXPECT_TRUE(runners.written->size() <= 1u);
}

TEST_F(ImportsTest, AnUploadThatHasNoRoomIsRefusedBeforeAnythingIsMade) {
  auto large = zip();
  large.length = import_limit + 1;
  EXPECT_EQ(upload(large, Pieces({"x"})).error().code, ErrorCode::too_large);
  objects.used = {.bytes = 90, .limit = 100};
  large.length = 11;
  EXPECT_EQ(upload(large, Pieces({"x"})).error().code, ErrorCode::limit_exceeded);
  objects.used = {.bytes = 101, .limit = 100};
  EXPECT_EQ(upload(zip(), Pieces({"x"})).error().code, ErrorCode::limit_exceeded);
  objects.used = {.bytes = 1000, .limit = 5000};
  EXPECT_TRUE(upload(zip(), Pieces({"x"})));
  EXPECT_EQ(runners.imports.back().second["most_bytes"], 4000) << "what is left of the storage bounds it";
  const auto too_long = upload(zip(), Pieces({std::string(4000, 'z'), "z"}));
  ASSERT_FALSE(too_long) << "a body whose length nobody said is held to it as well";
  EXPECT_EQ(too_long.error().code, ErrorCode::limit_exceeded);
  EXPECT_EQ(count(), 1u) << "and leaves nothing";
  ASSERT_TRUE(await(io, workspaces->remove(ann, listed(ann).front().id)));
  backend.starts = 0;
  objects.used = {};
  auto odd = zip();
  odd.format = "rar";
  EXPECT_EQ(upload(odd, Pieces({"x"})).error().code, ErrorCode::invalid_argument);
  auto unnamed = zip();
  unnamed.name = "";
  EXPECT_EQ(upload(unnamed, Pieces({"x"})).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(backend.starts, 0);
  EXPECT_EQ(count(), 0u);
}

}  // namespace
}  // namespace berth::server
