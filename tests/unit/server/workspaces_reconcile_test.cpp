// SPDX-License-Identifier: GPL-3.0-or-later
// Workspaces over a backend that sees everything at once and whose homes are no folders: what ends is started
// again, what nobody wants is ended after its last version, and nobody is polled.
#include <gmock/gmock.h>

#include "workspaces_reconcile_fixture.hpp"

namespace berth::server::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST_F(WorkspacesReconcileTest, WhatEndsByItselfIsToldAndStartedAgain) {
  const auto made = create();
  std::string why;
  const auto watch = events.subscribe({"s", "ann", made.id}, [&](const auto& reason) { why = reason; });
  backend.set(made.id, BackendState::failed, "It reached its memory limit.");
  ASSERT_TRUE(starts(2));
  ASSERT_TRUE(reaches(made.id, WorkspaceState::running));
  EXPECT_THAT(why, HasSubstr("It reached its memory limit."));
  EXPECT_THAT(get(made.id)->reason, HasSubstr("It was started again. It reached its memory limit."));
  EXPECT_EQ(versions.count("begin ann"), 2) << "with its last version";
  EXPECT_TRUE(runners.attached.contains(made.id));
}

TEST_F(WorkspacesReconcileTest, WhatWasRemovedFromOutsideIsStartedAgain) {
  const auto made = create();
  backend.set(made.id, BackendState::absent);
  ASSERT_TRUE(starts(2));
  ASSERT_TRUE(reaches(made.id, WorkspaceState::running));
  EXPECT_THAT(get(made.id)->reason, HasSubstr("removed from outside"));
}

TEST_F(WorkspacesReconcileTest, EndsInARowAreMadeSlowlyAndThenNoMore) {
  const auto made = create();
  for (int ends = 1; ends <= most_restarts; ++ends) {
    ASSERT_TRUE(reaches(made.id, WorkspaceState::running));
    backend.set(made.id, BackendState::failed, "It crashed.");
    if (ends > 1) {
      ASSERT_TRUE(reaches(made.id, WorkspaceState::starting)) << ends;
      look_a_while();
      ASSERT_EQ(backend.starts, ends) << "not before its time";
      EXPECT_TRUE(run_until(io, [&] { return stored(made.id).state == WorkspaceState::starting; }))
          << "a server started anew goes on";
      clock.advance(std::chrono::milliseconds(plan_restart(ends).delay));
    }
    ASSERT_TRUE(starts(ends + 1));
  }
  ASSERT_TRUE(reaches(made.id, WorkspaceState::running));
  backend.set(made.id, BackendState::failed, "It crashed.");
  ASSERT_TRUE(reaches(made.id, WorkspaceState::failed));
  EXPECT_THAT(get(made.id)->reason, HasSubstr("7 times in a row"));
  clock.advance(std::chrono::hours(1));
  look_a_while();
  EXPECT_EQ(backend.starts, most_restarts + 1);
  EXPECT_EQ(await(io, workspaces->start(ann, made.id))->state, WorkspaceState::running) << "by hand it may";
}

TEST_F(WorkspacesReconcileTest, OneThatRanForLongBeginsItsCountAnew) {
  const auto made = create();
  for (int ends = 1; ends <= 3; ++ends) {
    clock.advance(std::chrono::milliseconds(steady_run));
    backend.set(made.id, BackendState::failed, "It crashed.");
    ASSERT_TRUE(starts(ends + 1)) << "at once";
    ASSERT_TRUE(reaches(made.id, WorkspaceState::running));
  }
}

TEST_F(WorkspacesReconcileTest, WhoWaitsForItsNextStartCanBeStoppedOrStarted) {
  const auto made = create();
  backend.set(made.id, BackendState::failed, "It crashed.");
  ASSERT_TRUE(starts(2));
  ASSERT_TRUE(reaches(made.id, WorkspaceState::running));
  backend.set(made.id, BackendState::failed, "It crashed.");
  ASSERT_TRUE(reaches(made.id, WorkspaceState::starting));
  EXPECT_EQ(await(io, workspaces->stop(ann, made.id))->state, WorkspaceState::stopped);
  clock.advance(std::chrono::hours(1));
  look_a_while();
  EXPECT_EQ(backend.starts, 2);
  EXPECT_EQ(await(io, workspaces->start(ann, made.id))->state, WorkspaceState::running);
}

TEST_F(WorkspacesReconcileTest, AFailedStartOfItsOwnIsRepeated) {
  const auto made = create();
  backend.start_fails = true;
  backend.set(made.id, BackendState::failed, "Its node went away.");
  ASSERT_TRUE(starts(2));
  ASSERT_TRUE(reaches(made.id, WorkspaceState::starting));
  EXPECT_THAT(get(made.id)->reason, HasSubstr("The runtime refused."));
  backend.start_fails = false;
  clock.advance(std::chrono::seconds(5));
  ASSERT_TRUE(reaches(made.id, WorkspaceState::running));
}

TEST_F(WorkspacesReconcileTest, APersonsFailedStartIsNot) {
  backend.start_fails = true;
  const auto made = create();
  EXPECT_EQ(made.state, WorkspaceState::failed);
  clock.advance(std::chrono::hours(1));
  look_a_while();
  EXPECT_EQ(backend.starts, 1);
}

TEST_F(WorkspacesReconcileTest, AStartTellsWhatItWaitsFor) {
  options.start_answer = std::chrono::milliseconds(20);
  reopen();
  backend.start_gate.close();
  const auto made = create();
  backend.set(made.id, BackendState::starting, "Its image is fetched.");
  EXPECT_TRUE(run_until(io, [&] { return get(made.id)->reason == "Its image is fetched."; }));
  backend.start_gate.open();
  ASSERT_TRUE(reaches(made.id, WorkspaceState::running));
  EXPECT_EQ(get(made.id)->reason, "");
}

TEST_F(WorkspacesReconcileTest, StartsThatWaitKeepNobodyElseWaiting) {
  options.start_threads = 8;
  options.start_answer = std::chrono::milliseconds(100);
  reopen();
  const auto made = create();
  ASSERT_TRUE(reaches(made.id, WorkspaceState::running));
  backend.start_gate.close();
  for (const auto* who : {&ann, &bob, &bob}) create(true, who);
  static_cast<void>(await(io, workspaces->stop(ann, made.id)));
  EXPECT_TRUE(reaches(made.id, WorkspaceState::stopped));
}

TEST_F(WorkspacesReconcileTest, NobodyIsPolledWhileAllIsWell) {
  create();
  create(false);
  const auto before = backend.polls.load();
  look_a_while();
  EXPECT_EQ(backend.polls, before);
  reopen();
  ASSERT_TRUE(run_until(io, [&] { return !runners.attached.empty(); }));
  EXPECT_EQ(backend.polls, before) << "nor at a server's start";
}

TEST_F(WorkspacesReconcileTest, WhoSeesNothingDoesNothing) {
  const auto made = create();
  backend.blind = true;
  look_a_while(3);
  backend.set(made.id, BackendState::failed, "It crashed.");
  look_a_while(3);
  EXPECT_EQ(backend.starts, 1);
  EXPECT_EQ(state(made.id), WorkspaceState::running);
  backend.blind = false;
  EXPECT_TRUE(starts(2));
}

TEST_F(WorkspacesReconcileTest, WhatEndedWhileTheServerWasAwayIsStartedAgain) {
  const auto made = create();
  close();
  backend.set(made.id, BackendState::failed, "Its node went away.");
  open();
  ASSERT_TRUE(starts(2));
  ASSERT_TRUE(reaches(made.id, WorkspaceState::running));
  EXPECT_THAT(get(made.id)->reason, HasSubstr("Its node went away."));
}

TEST_F(WorkspacesReconcileTest, APlaceThatDoesNotAnswerAtTheServersStartHasEndedNothing) {
  const auto made = create();
  close();
  runners.attached.clear();
  backend.blind = true;
  backend.poll_fails = true;
  open();
  look_a_while(3);
  EXPECT_EQ(state(made.id), WorkspaceState::running);
  EXPECT_EQ(stored(made.id).state, WorkspaceState::running);
  backend.blind = false;
  EXPECT_TRUE(run_until(io, [&] { return runners.attached.contains(made.id); }));
  EXPECT_EQ(backend.starts, 1);
}

TEST_F(WorkspacesReconcileTest, AStopThatAServersEndBrokeOffWaitsForThePlaceToAnswer) {
  const auto made = create();
  auto record = stored(made.id);
  close();
  record.state = WorkspaceState::stopping;
  ASSERT_TRUE(store->workspaces().update_state(record));
  backend.blind = true;
  backend.poll_fails = true;
  open();
  look_a_while(3);
  EXPECT_EQ(stored(made.id).state, WorkspaceState::stopping);
  backend.poll_fails = false;
  ASSERT_TRUE(reaches(made.id, WorkspaceState::stopped));
  EXPECT_EQ(versions.count("store"), 1);
}

TEST_F(WorkspacesReconcileTest, WhatThePlaceIsEndingAtTheServersStartIsStartedAgainAndNotStopped) {
  const auto made = create();
  close();
  runners.attached.clear();
  backend.set(made.id, BackendState::stopping);
  open();
  look_a_while();
  EXPECT_EQ(backend.stops, 0);
  EXPECT_TRUE(runners.attached.empty()) << "at no address";
  backend.set(made.id, BackendState::absent);
  ASSERT_TRUE(starts(2));
  EXPECT_TRUE(reaches(made.id, WorkspaceState::running));
}

TEST_F(WorkspacesReconcileTest, AHomeThatMayBeHalfOfAVersionIsEndedUnstored) {
  const auto made = create();
  ASSERT_TRUE(await(io, workspaces->stop(ann, made.id)));
  close();
  auto record = stored(made.id);
  record.state = WorkspaceState::failed;
  record.home = HomeState::behind;
  ASSERT_TRUE(store->workspaces().update_state(record));
  backend.set(made.id, BackendState::running);
  versions.calls.clear();
  open();
  ASSERT_TRUE(run_until(io, [&] { return backend.state(made.id) == BackendState::absent; }));
  look_a_while();
  EXPECT_EQ(versions.count("store"), 0);
  EXPECT_EQ(versions.count("resume ann"), 0);
  EXPECT_EQ(stored(made.id).state, WorkspaceState::failed);
  EXPECT_EQ(stored(made.id).home, HomeState::behind);
}

TEST_F(WorkspacesReconcileTest, AnOrphanIsEndedLateAndItsHomeKept) {
  backend.set("orphanorph", BackendState::running);
  look_a_while();
  EXPECT_EQ(backend.stops, 0);
  clock.advance(std::chrono::minutes(2));
  ASSERT_TRUE(run_until(io, [&] { return backend.state("orphanorph") == BackendState::absent; }));
  EXPECT_TRUE(backend.known("orphanorph"));
}

TEST_F(WorkspacesReconcileTest, AnOrphanWhoseFilesWouldEndWithItIsLeftAlone) {
  backend.keeping = HomeKeeping::with_run;
  backend.set("orphanorph", BackendState::running);
  look_a_while();
  clock.advance(std::chrono::minutes(2));
  look_a_while();
  EXPECT_EQ(backend.stops, 0);
}

TEST_F(WorkspacesReconcileTest, OneThatAnotherServerMadeIsNoOrphan) {
  auto record = stored(create(false).id);
  record.id = "anotherone";
  ASSERT_TRUE(store->workspaces().insert(record, 10));
  backend.set("anotherone", BackendState::running);
  look_a_while();
  clock.advance(std::chrono::minutes(2));
  look_a_while();
  EXPECT_EQ(backend.stops, 0);
}

TEST_F(WorkspacesReconcileTest, WhoMayNotActDoesNot) {
  options.may_act = [](const std::string&) { return false; };
  reopen();
  const auto made = create();
  backend.set(made.id, BackendState::failed, "It crashed.");
  look_a_while();
  EXPECT_EQ(backend.starts, 1);
}

TEST_F(WorkspacesReconcileTest, AHomeThatEndsWithItsPodIsToldAtTheStartAndMissedAtTheEnd) {
  backend.keeping = HomeKeeping::with_run;
  const auto made = create();
  EXPECT_THAT(made.reason, HasSubstr("Its files end with the machine"));
  backend.set(made.id, BackendState::failed, "Its node went away.");
  ASSERT_TRUE(starts(2));
  ASSERT_TRUE(reaches(made.id, WorkspaceState::running));
  EXPECT_THAT(get(made.id)->reason,
              HasSubstr("What was changed after its last stored version ended with it."));
  ASSERT_TRUE(await(io, workspaces->stop(ann, made.id)));
  EXPECT_EQ(stored(made.id).home, HomeState::behind) << "there is none any more";
  EXPECT_FALSE(*await(io, workspaces->home_is_ahead(ann, made.id)));
}

TEST_F(WorkspacesReconcileTest, ASilentRunnerOnAVolumeCanBeStoppedOnAPodAloneItCanNot) {
  const auto made = create();
  runners.flush_now = failure(ErrorCode::timeout, "no answer");
  versions.stores = failure(ErrorCode::timeout, "no answer");
  const auto stopped = await(io, workspaces->stop(ann, made.id));
  EXPECT_EQ(stopped->state, WorkspaceState::stopped);
  EXPECT_THAT(stopped->reason, HasSubstr("are stored at its next start"));
  EXPECT_TRUE(*await(io, workspaces->home_is_ahead(ann, made.id)));
  backend.keeping = HomeKeeping::with_run;
  runners.flush_now = protocol::ControlFlush::Result{};
  ASSERT_EQ(await(io, workspaces->start(ann, made.id))->state, WorkspaceState::running);
  runners.flush_now = failure(ErrorCode::timeout, "no answer");
  EXPECT_EQ(await(io, workspaces->stop(ann, made.id))->state, WorkspaceState::running);
}

TEST_F(WorkspacesReconcileTest, ANewWorkspaceTakesOneThatIsReady) {
  backend.set("readyready", BackendState::running);
  backend.ready = {"readyready"};
  const auto made = create();
  EXPECT_EQ(made.id, "readyready");
  EXPECT_EQ(made.state, WorkspaceState::running);
  EXPECT_NE(create().id, "readyready") << "there is but one";
}

TEST_F(WorkspacesReconcileTest, WhereNoneIsKeptNoneIsAskedFor) {
  backend.keeps = false;
  backend.ready = {"readyready"};
  EXPECT_NE(create().id, "readyready");
}

TEST_F(WorkspacesReconcileTest, StopsThatTakeLongKeepNoNewWorkspaceWaiting) {
  ASSERT_TRUE(await(io, settings.update({.registration_open = {},
                                         .idle_stop_minutes = {},
                                         .maximum_life_minutes = {},
                                         .workspaces_per_account = 10,
                                         .running_per_account = 10,
                                         .storage_per_account = {}},
                                        pool)));
  options.start_answer = std::chrono::milliseconds(20);
  reopen();
  std::vector<std::string> running;
  for (int i = 0; i < 4; ++i) running.push_back(create().id);
  for (const auto& id : running) ASSERT_TRUE(reaches(id, WorkspaceState::running));
  backend.stop_gate.close();
  for (const auto& id : running) ASSERT_TRUE(await(io, workspaces->stop(ann, id)));
  ASSERT_TRUE(run_until(io, [&] { return backend.stops == 4; }));
  backend.set("readyready", BackendState::running);
  backend.ready = {"readyready"};
  EXPECT_EQ(create().id, "readyready");
  EXPECT_TRUE(reaches("readyready", WorkspaceState::running));
}

/// The answer of its row's transaction did not come.
TEST_F(WorkspacesReconcileTest, OneThatWasReadyAndMayBeSomebodysIsLeftToItsPerson) {
  reopen_heard();
  heard.insert_is = HeardStore::Insert::done_and_lost;
  backend.set("readyready", BackendState::running);
  backend.ready = {"readyready"};
  EXPECT_EQ(await(io, workspaces->create(ann, {"work", "python", true})).error().code,
            ErrorCode::unavailable);
  EXPECT_EQ(stored("readyready").name, "work");
  look_a_while();
  EXPECT_EQ(backend.state("readyready"), BackendState::running);
  reopen();
  EXPECT_EQ(await(io, workspaces->start(ann, "readyready"))->state, WorkspaceState::running);
}

TEST_F(WorkspacesReconcileTest, OneThatWasReadyAndDidNotBecomeSomebodysIsEndedBeforeItIsGivenBack) {
  options.leases = &leases;
  reopen_heard();
  heard.insert_is = HeardStore::Insert::lost;
  backend.set("readyready", BackendState::running);
  backend.ready = {"readyready"};
  ASSERT_FALSE(await(io, workspaces->create(ann, {"work", "python", true})));
  EXPECT_FALSE(backend.known("readyready"));
  EXPECT_THAT(leases.given_back, ElementsAre("readyready"));
}

TEST_F(WorkspacesReconcileTest, OneThatWasReadyAndNobodysIsEnded) {
  auto record = stored(create(false).id);
  record.account = "bob";
  for (const auto* id :
       {"anotherone", "anothertwo", "anothersix", "anotherten"}) {  // another server made them
    record.id = id;
    ASSERT_TRUE(store->workspaces().insert(record, 10));
  }
  backend.set("readyready", BackendState::running);
  backend.ready = {"readyready"};
  const auto refused = await(io, workspaces->create(bob, {"one too many", "python", true}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::limit_exceeded);
  EXPECT_TRUE(run_until(io, [&] { return !backend.known("readyready"); }));
}

}  // namespace
}  // namespace berth::server::testing
