// SPDX-License-Identifier: GPL-3.0-or-later
// What the rules of workspaces ask of versions, and what they do when storing or bringing back fails.
#include <gmock/gmock.h>

#include "fake_versions.hpp"
#include "workspaces_fixture.hpp"

namespace berth::server::testing {
namespace {

using ::testing::HasSubstr;

class WorkspacesVersionsTest : public WorkspacesFixture {
 protected:
  FakeVersions versions;
  void SetUp() override {
    options.versions = &versions;
    options.stop_retry = std::chrono::milliseconds(60'000);
    WorkspacesFixture::SetUp();
  }
  void TearDown() override {
    versions.begin_waits = false;
    WorkspacesFixture::TearDown();
  }
  Result<protocol::rest::Workspace> stop(const std::string& id) {
    return await(io, workspaces->stop(ann, id));
  }
  const std::unexpected<Error> away = failure(ErrorCode::unavailable, "The store can't be reached.");
};

TEST_F(WorkspacesVersionsTest, NobodyGetsInBeforeTheHomeIsBack) {
  options.start_answer = std::chrono::milliseconds(20);
  reopen();
  versions.begin_waits = true;
  const auto made = create();
  EXPECT_EQ(made.state, WorkspaceState::starting);
  ASSERT_TRUE(run_until(io, [&] { return versions.count("begin ann") == 1; }));
  EXPECT_EQ(await(io, workspaces->runner_target(ann, made.id)).error().code, ErrorCode::unavailable);
  versions.begin_waits = false;
  EXPECT_TRUE(reaches(made.id, WorkspaceState::running));
}

TEST_F(WorkspacesVersionsTest, AHomeThatIsBroughtBackIsNotMadeFromTheTemplate) {
  const auto made = create();
  EXPECT_FALSE(backend.empty_home);
  ASSERT_TRUE(stop(made.id));
  versions.any = true;
  ASSERT_TRUE(await(io, workspaces->start(ann, made.id)));
  EXPECT_TRUE(backend.empty_home);
}

TEST_F(WorkspacesVersionsTest, AHomeThatCannotBeBroughtBackIsNotEntered) {
  versions.begins = away;
  const auto made = create();
  EXPECT_EQ(made.state, WorkspaceState::failed);
  EXPECT_EQ(made.reason, "The store can't be reached.");
  EXPECT_EQ(backend.state(made.id), BackendState::absent) << "it runs for nobody";
  versions.begins = std::vector<protocol::PathProblem>();
  EXPECT_EQ(await(io, workspaces->start(ann, made.id))->state, WorkspaceState::running);
}

TEST_F(WorkspacesVersionsTest, WhatCouldNotBeBroughtBackIsNamed) {
  versions.begins = std::vector<protocol::PathProblem>{{"a.txt", "damaged"}, {"b.txt", "damaged"}};
  const auto made = create();
  EXPECT_EQ(made.state, WorkspaceState::running);
  EXPECT_THAT(made.reason, HasSubstr("a.txt"));
}

TEST_F(WorkspacesVersionsTest, AStopStoresFirstAndStaysWhenThatFails) {
  const auto made = create();
  versions.stores = away;
  const auto stayed = stop(made.id);
  ASSERT_TRUE(stayed);
  EXPECT_EQ(stayed->state, WorkspaceState::running);
  EXPECT_THAT(stayed->reason, HasSubstr("The store can't be reached."));
  EXPECT_EQ(backend.stops, 0);
  EXPECT_TRUE(runners.attached.contains(made.id));
  EXPECT_EQ(versions.count("end"), 0) << "storing goes on";
  versions.stores = {};
  EXPECT_EQ(stop(made.id)->state, WorkspaceState::stopped);
  EXPECT_EQ(versions.count("end"), 1);
}

TEST_F(WorkspacesVersionsTest, ARunnerThatHangsOnALastingDiskCanBeStopped) {
  const auto made = create();
  runners.flush_now = failure(ErrorCode::timeout, "It does not answer.");
  versions.stores = failure(ErrorCode::timeout, "It does not answer.");
  const auto stopped = stop(made.id);
  EXPECT_EQ(stopped->state, WorkspaceState::stopped);
  EXPECT_THAT(stopped->reason, HasSubstr("not stored yet"));
}

TEST_F(WorkspacesVersionsTest, ARunnerThatHangsWithoutALastingDiskStays) {
  const auto made = create();
  backend.homeless = true;
  runners.flush_now = failure(ErrorCode::timeout, "It does not answer.");
  versions.stores = failure(ErrorCode::timeout, "It does not answer.");
  EXPECT_EQ(stop(made.id)->state, WorkspaceState::running);
}

TEST_F(WorkspacesVersionsTest, OneThatHasEndedByItselfIsNotWaitedFor) {
  const auto made = create();
  backend.set(made.id, BackendState::failed, "killed");
  runners.flush_now = failure(ErrorCode::unavailable, "It can't be reached.");
  EXPECT_EQ(stop(made.id)->state, WorkspaceState::stopped);
  EXPECT_EQ(versions.count("store"), 0);
}

TEST_F(WorkspacesVersionsTest, AnIdleStopThatCannotStoreTriesAgainLater) {
  const auto made = create();
  versions.stores = away;
  runners.activity_now->idle = 3'600'000;
  clock.advance(std::chrono::hours(1));
  ASSERT_TRUE(run_until(io, [&] { return !runners.notices.empty(); }));
  clock.advance(std::chrono::minutes(3));
  ASSERT_TRUE(run_until(io, [&] { return versions.count("store") == 1; }));
  ASSERT_TRUE(reaches(made.id, WorkspaceState::running));
  versions.stores = {};
  clock.advance(std::chrono::minutes(2));
  EXPECT_TRUE(reaches(made.id, WorkspaceState::stopped));
}

TEST_F(WorkspacesVersionsTest, ADeletedOneTakesItsVersionsWithIt) {
  const auto made = create();
  ASSERT_TRUE(await(io, workspaces->remove(ann, made.id)));
  EXPECT_EQ(versions.count("remove"), 1);
}

TEST_F(WorkspacesVersionsTest, AServerThatComesBackGoesOnStoringWhatRuns) {
  const auto made = create();
  reopen();
  ASSERT_TRUE(run_until(io, [&] { return versions.count("resume ann") == 1; }));
  EXPECT_EQ(state(made.id), WorkspaceState::running);
}

TEST_F(WorkspacesVersionsTest, AStartThatTheServersEndBrokeOffBringsTheHomeBackAgain) {
  const auto made = create();
  auto record = stored(made.id);
  close();
  record.state = WorkspaceState::starting;
  ASSERT_TRUE(store->workspaces().update_state(record));
  open();
  ASSERT_TRUE(reaches(made.id, WorkspaceState::running));
  EXPECT_EQ(versions.count("begin ann"), 2);
  EXPECT_EQ(versions.count("resume ann"), 0);
}

}  // namespace
}  // namespace berth::server::testing
