// SPDX-License-Identifier: GPL-3.0-or-later
// Workspaces that several servers divide: what a lease allows and what its loss ends, what nobody looked
// after, and what the others are told.
#include <gmock/gmock.h>

#include "workspaces_reconcile_fixture.hpp"

namespace berth::server::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(WorkspacesReconcileTest, WhoLostAWorkspaceClosesNoWindows) {
  options.leases = &leases;
  reopen();
  const auto made = create();
  bool ended = false;
  const auto window = events.subscribe({"s", "ann", made.id}, [&](const auto&) { ended = true; });
  leases.held = false;
  EXPECT_TRUE(await(io, workspaces->stop(ann, made.id)));
  EXPECT_FALSE(ended);
  EXPECT_EQ(backend.stops, 0);
  leases.held = true;
  EXPECT_EQ(await(io, workspaces->stop(ann, made.id))->state, WorkspaceState::stopped);
  EXPECT_TRUE(ended);
}

TEST_F(WorkspacesReconcileTest, WhatCouldNotBeMadeIsNobodysToLookAfter) {
  options.leases = &leases;
  reopen();
  for (int i = 0; i < 4; ++i) create(false);
  EXPECT_THAT(leases.given_back, IsEmpty());
  const auto refused = await(io, workspaces->create(ann, {"one too many", "python", false}));
  ASSERT_FALSE(refused);
  EXPECT_THAT(leases.given_back, ElementsAre(leases.taken.back()));
}

TEST_F(WorkspacesReconcileTest, OneThatIsMadeWhileItsLeaseIsLostIsWhoeversTakesIt) {
  options.leases = &leases;
  reopen();
  leases.lost_once_taken = true;
  const auto lost = await(io, workspaces->create(ann, {"work", "python", true}));
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code, ErrorCode::unavailable);
  EXPECT_EQ(backend.starts, 0);
  EXPECT_THAT(workspaces->idle(), IsEmpty()) << "nothing of it stays here";
  const auto id = leases.taken.back();
  EXPECT_EQ(stored(id).name, "work");
  leases.held = true;
  workspaces->take(stored(id));
  ASSERT_EQ(await(io, workspaces->start(ann, id))->state, WorkspaceState::running);
  EXPECT_EQ(stored(id).state, WorkspaceState::running);
}

TEST_F(WorkspacesReconcileTest, WhatIsTakenAnewIsAsItsRowAndItsPlaceSay) {
  options.leases = &leases;
  reopen();
  auto record = stored(create(false).id);
  record.state = WorkspaceState::running;  // another server's doing
  ASSERT_TRUE(store->workspaces().update_state(record));
  backend.set(record.id, BackendState::running);
  ASSERT_EQ(state(record.id), WorkspaceState::stopped);
  workspaces->take(record);
  ASSERT_TRUE(reaches(record.id, WorkspaceState::running));
  EXPECT_TRUE(run_until(io, [&] { return runners.attached.contains(record.id); }));
  EXPECT_EQ(versions.count("resume ann"), 1);
}

TEST_F(WorkspacesReconcileTest, WhatIsBeingEndedIsNotEndedAgainWithLessTime) {
  const auto made = create();
  ASSERT_TRUE(await(io, workspaces->stop(ann, made.id)));
  auto record = stored(made.id);
  record.home = HomeState::ahead;
  ASSERT_TRUE(store->workspaces().update_state(record));
  reopen_heard();
  // Between the look at everything and that at this one.
  heard.on_find = [this, id = made.id] { backend.set(id, BackendState::stopping); };
  backend.set(made.id, BackendState::running);
  look_a_while();
  clock.advance(std::chrono::minutes(2));
  ASSERT_TRUE(run_until(io, [&] { return heard.finds == 1; }));
  look_a_while();
  EXPECT_EQ(backend.stops, 1) << "its person's";
  EXPECT_EQ(backend.state(made.id), BackendState::stopping);
  EXPECT_EQ(stored(made.id).state, WorkspaceState::stopped);
}

TEST_F(WorkspacesReconcileTest, WhatIsBeingEndedWhenItIsTakenOverIsNotEndedAgain) {
  const auto made = create();
  ASSERT_TRUE(await(io, workspaces->stop(ann, made.id)));
  close();
  backend.set(made.id, BackendState::stopping);
  open();
  look_a_while();
  EXPECT_EQ(backend.stops, 1) << "its person's";
  EXPECT_EQ(state(made.id), WorkspaceState::stopped);
}

TEST_F(WorkspacesReconcileTest, WhatShouldNotRunIsStoredAndThenStopped) {
  const auto made = create();
  ASSERT_TRUE(await(io, workspaces->stop(ann, made.id)));
  auto record = stored(made.id);
  record.home = HomeState::ahead;
  ASSERT_TRUE(store->workspaces().update_state(record));
  reopen();
  versions.calls.clear();
  backend.set(made.id, BackendState::running);
  look_a_while();
  EXPECT_EQ(backend.state(made.id), BackendState::running) << "not at once";
  clock.advance(std::chrono::minutes(2));
  ASSERT_TRUE(run_until(io, [&] { return backend.state(made.id) == BackendState::absent; }));
  EXPECT_EQ(versions.count("store"), 1);
  EXPECT_TRUE(reaches(made.id, WorkspaceState::stopped));
}

/// A start or a stop that failed, and then the server that had it died: nobody would ever look.
TEST_F(WorkspacesReconcileTest, WhatRunsAndHasNobodyIsLookedAfterByWhoSeesIt) {
  options.leases = &leases;
  leases.rows = {{"leftbehind", false}, {"othersdoit", true}};
  reopen();
  for (const auto* id : {"leftbehind", "othersdoit", "orphanorph"}) backend.set(id, BackendState::running);
  look_a_while();
  EXPECT_THAT(leases.looked_after, IsEmpty()) << "not at once";
  clock.advance(std::chrono::minutes(2));
  ASSERT_TRUE(run_until(io, [&] { return !leases.looked_after.empty(); }));
  ASSERT_TRUE(run_until(io, [&] { return backend.state("orphanorph") == BackendState::absent; }));
  EXPECT_THAT(leases.looked_after, ElementsAre("leftbehind"));
  EXPECT_EQ(backend.state("leftbehind"), BackendState::running) << "who takes it decides";
  EXPECT_EQ(backend.state("othersdoit"), BackendState::running);
}

TEST_F(WorkspacesReconcileTest, WhoTakesWhatFailedAndRunsKeepsItsWork) {
  options.leases = &leases;
  reopen();
  const auto made = create();
  ASSERT_TRUE(await(io, workspaces->stop(ann, made.id)));
  auto record = stored(made.id);
  record.state = WorkspaceState::failed;
  record.home = HomeState::ahead;
  ASSERT_TRUE(store->workspaces().update_state(record));
  await(io, workspaces->drop(made.id));
  backend.set(made.id, BackendState::running);
  versions.calls.clear();
  workspaces->take(record);
  ASSERT_TRUE(reaches(made.id, WorkspaceState::running));
  EXPECT_EQ(versions.count("resume ann"), 1) << "it is stored from now on";
  EXPECT_TRUE(runners.attached.contains(made.id));
}

/// Containers of one machine, with PostgreSQL: what a server that died left there.
TEST_F(WorkspacesReconcileTest, WherePlacesAreAskedOneByOneOrphansAreEndedWithLeasesToo) {
  backend.sees_all = false;
  options.leases = &leases;
  leases.rows = {{"leftbehind", false}, {"restinghom", false}, {"othersdoit", true}};
  close();
  for (const auto* id : {"leftbehind", "othersdoit", "orphanorph"}) backend.set(id, BackendState::running);
  backend.set("restinghom", BackendState::absent);
  open();
  ASSERT_TRUE(run_until(io, [&] { return backend.state("orphanorph") == BackendState::absent; }));
  ASSERT_TRUE(run_until(io, [&] { return !leases.looked_after.empty(); }));
  EXPECT_THAT(leases.looked_after, ElementsAre("leftbehind"));
  EXPECT_TRUE(backend.known("orphanorph")) << "its home is kept";
  EXPECT_EQ(backend.stops, 1);
}

TEST_F(WorkspacesReconcileTest, WhoMayHaveNoMoreTakesNothingThatIsReady) {
  options.leases = &leases;
  reopen();
  auto record = stored(create(false).id);
  record.account = "bob";
  for (const auto* id : {"anotherone", "anothertwo", "anothersix", "anotherten"}) {  // at another server
    record.id = id;
    ASSERT_TRUE(store->workspaces().insert(record, 10));
  }
  backend.set("readyready", BackendState::running);
  backend.ready = {"readyready"};
  const auto refused = await(io, workspaces->create(bob, {"one too many", "python", true}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::limit_exceeded);
  EXPECT_EQ(backend.claims, 0);
}

TEST_F(WorkspacesReconcileTest, WhenAnotherServerWillStopItIsSeenHere) {
  options.leases = &leases;
  reopen();
  auto record = stored(create(false).id);
  record.id = "othersdoit";
  record.state = WorkspaceState::running;
  ASSERT_TRUE(store->workspaces().insert(record, 10));
  leases.held = false;
  leases.elsewhere["othersdoit"] = {.record = record, .address = {}, .stops_at = 1234567};
  EXPECT_EQ(get("othersdoit")->stops_at, 1234567);
  EXPECT_TRUE(std::ranges::any_of(
      listed(ann), [](const auto& one) { return one.id == "othersdoit" && one.stops_at == 1234567; }));
}

TEST_F(WorkspacesReconcileTest, WhenItWillBeStoppedIsToldToTheOthersAndNotAllTheTime) {
  options.leases = &leases;
  reopen();
  const auto made = create();
  const auto told = [&] {
    return std::ranges::count_if(leases.published,
                                 [](const auto& one) { return one.find(" until ") != one.npos; });
  };
  protocol::ControlActivity::Result quiet{};
  quiet.idle = 29 * 60'000;
  runners.activity_now = quiet;
  clock.advance(std::chrono::minutes(29));
  ASSERT_TRUE(run_until(io, [&] { return told() == 1; }));
  EXPECT_TRUE(get(made.id)->stops_at);
  look_a_while();
  EXPECT_EQ(told(), 1);
  runners.activity_now = protocol::ControlActivity::Result{};  // somebody types
  ASSERT_TRUE(run_until(io, [&] { return leases.published.back().find(" until ") == std::string::npos; }));
  EXPECT_FALSE(get(made.id)->stops_at);
}

}  // namespace
}  // namespace berth::server::testing
