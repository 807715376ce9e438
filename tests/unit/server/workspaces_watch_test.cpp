// SPDX-License-Identifier: GPL-3.0-or-later
// What happens without anyone asking: idle stop, maximum life, ends that nobody ordered, restarts of the
// server.
#include "workspaces_fixture.hpp"

namespace berth::server::testing {
namespace {

class WorkspacesWatchTest : public WorkspacesFixture {
 protected:
  void idle_for(std::chrono::minutes time) {
    runners.activity_now->idle = std::chrono::milliseconds(time).count();
    runners.activity_now->cpu_percent = 0;
  }
  /// Lets the watch look a few times.
  void watch_a_while() {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(60);
    run_until(io, [&] { return std::chrono::steady_clock::now() > until; });
  }
};

TEST_F(WorkspacesWatchTest, AnIdleWorkspaceIsWarnedAndThenStoppedWithTheReason) {
  const auto made = create();
  clock.advance(std::chrono::minutes(28));
  idle_for(std::chrono::minutes(28));
  ASSERT_TRUE(run_until(io, [&] { return !runners.notices.empty(); }));
  EXPECT_EQ(runners.notices.front().kind, protocol::NoticeKind::idle_warning);
  EXPECT_EQ(runners.notices.front().seconds_left, 120);
  EXPECT_EQ(get(made.id)->stops_at, clock() + 120'000);
  watch_a_while();
  EXPECT_EQ(runners.notices.size(), 1u);
  EXPECT_EQ(state(made.id), WorkspaceState::running);
  clock.advance(std::chrono::minutes(2));
  idle_for(std::chrono::minutes(30));
  ASSERT_TRUE(reaches(made.id, WorkspaceState::stopped));
  EXPECT_EQ(get(made.id)->reason, "Stopped after 30 minutes without input.");
  EXPECT_EQ(stored(made.id).reason, "Stopped after 30 minutes without input.");
  EXPECT_EQ(runners.flushed.size(), 1u);
}

TEST_F(WorkspacesWatchTest, InputAfterTheWarningKeepsItRunning) {
  const auto made = create();
  clock.advance(std::chrono::minutes(29));
  idle_for(std::chrono::minutes(29));
  ASSERT_TRUE(run_until(io, [&] { return !runners.notices.empty(); }));
  clock.advance(std::chrono::minutes(1));
  idle_for(std::chrono::minutes(0));
  ASSERT_TRUE(run_until(io, [&] { return !get(made.id)->stops_at; }));
  clock.advance(std::chrono::minutes(5));
  idle_for(std::chrono::minutes(5));
  watch_a_while();
  EXPECT_EQ(state(made.id), WorkspaceState::running);
}

TEST_F(WorkspacesWatchTest, StayStartsTheTimeAnew) {
  const auto made = create();
  clock.advance(std::chrono::minutes(29));
  idle_for(std::chrono::minutes(29));
  ASSERT_TRUE(run_until(io, [&] { return !runners.notices.empty(); }));
  EXPECT_FALSE(await(io, workspaces->stay(ann, made.id))->stops_at);
  clock.advance(std::chrono::minutes(27));
  idle_for(std::chrono::minutes(56));
  watch_a_while();
  EXPECT_EQ(runners.notices.size(), 1u);
  EXPECT_EQ(state(made.id), WorkspaceState::running);
  clock.advance(std::chrono::minutes(2));
  EXPECT_TRUE(run_until(io, [&] { return runners.notices.size() == 2; }));
}

TEST_F(WorkspacesWatchTest, ABusyProgramIsActivity) {
  const auto made = create();
  clock.advance(std::chrono::minutes(100));
  runners.activity_now->idle = 100 * 60'000;
  runners.activity_now->cpu_percent = 1.0;
  watch_a_while();
  EXPECT_TRUE(runners.notices.empty());
  EXPECT_EQ(state(made.id), WorkspaceState::running);
}

TEST_F(WorkspacesWatchTest, AnOpenWindowOrAWaitingServerIsNot) {
  create();
  clock.advance(std::chrono::minutes(29));
  idle_for(std::chrono::minutes(29));
  runners.activity_now->sessions = 3;
  runners.activity_now->terminals = 2;
  runners.activity_now->cpu_percent = 0.99;
  runners.activity_now->ports.push_back({8000, "127.0.0.1", "python3"});
  EXPECT_TRUE(run_until(io, [&] { return !runners.notices.empty(); }));
}

TEST_F(WorkspacesWatchTest, WhatItTakesIsShownWhileItRuns) {
  WorkspaceUses uses([this] { return clock(); });
  close();
  options.uses = &uses;
  open();
  const auto made = create();
  runners.activity_now->memory = 300'000'000;
  runners.activity_now->cpu_percent = 12.5;
  runners.activity_now->sessions = 2;
  runners.activity_now->terminals = 3;
  ASSERT_TRUE(run_until(io, [&] { return get(made.id)->use && get(made.id)->use->memory == 300'000'000; }));
  const auto use = *get(made.id)->use;
  EXPECT_EQ(use.processor, 12.5);
  EXPECT_EQ(use.windows, 2);
  EXPECT_EQ(use.terminals, 3);
  EXPECT_EQ(listed(ann).front().use->memory, 300'000'000);
  ASSERT_TRUE(await(io, workspaces->stop(ann, made.id)));
  ASSERT_TRUE(reaches(made.id, WorkspaceState::stopped));
  EXPECT_FALSE(get(made.id)->use);
  // What was measured before the stop says nothing of the next run.
  runners.activity_now = failure(ErrorCode::timeout, "no answer");
  ASSERT_TRUE(await(io, workspaces->start(ann, made.id)));
  ASSERT_TRUE(reaches(made.id, WorkspaceState::running));
  EXPECT_FALSE(get(made.id)->use);
  close();
  options.uses = nullptr;
}

TEST_F(WorkspacesWatchTest, UsesAreTheNewestOfAllServersAndNeverOld) {
  WorkspaceUses uses([this] { return clock(); });
  const auto now = clock();
  const auto at = [&](std::int64_t time, std::int64_t memory) {
    return protocol::rest::ResourceUse{time, memory, 1, 0, 0};
  };
  uses.note("mine", at(now, 5));
  uses.note("moved", at(now - 60'000, 6));
  uses.note("old", at(now - 200'000, 7));
  const auto row = told_uses("other", {{"moved", at(now - 1'000, 8)}, {"theirs", at(now, 9)}}, now);
  const LoadRecord load{"other", now, "{\"id\": \"a server's load\"}"}, odd{"uses third", now, "[1"};
  uses.learn(read_uses({row, load, odd, told_uses("me", {{"mine", at(now, 1)}}, now)}, "me"));
  EXPECT_EQ(uses.of("mine")->memory, 5);
  EXPECT_EQ(uses.of("moved")->memory, 8) << "another server looks after it now";
  EXPECT_EQ(uses.of("theirs")->memory, 9);
  EXPECT_FALSE(uses.of("old"));
  EXPECT_FALSE(uses.own().contains("old"));
  EXPECT_EQ(read_uses({row, load, odd}).size(), 2u);
  clock.advance(std::chrono::minutes(3));
  EXPECT_FALSE(uses.of("theirs")) << "its server may be gone";
}

TEST_F(WorkspacesWatchTest, AStartIsInTheImageThatWasChosenLast) {
  const auto made = create();
  EXPECT_EQ(backend.image_of_start(made.id), "");
  ASSERT_TRUE(await(io, settings.set_image("python", "example.org/python:9", pool)));
  EXPECT_EQ(backend.image_of_start(made.id), "") << "what runs goes on";
  ASSERT_TRUE(await(io, workspaces->stop(ann, made.id)));
  ASSERT_TRUE(await(io, workspaces->start(ann, made.id)));
  ASSERT_TRUE(reaches(made.id, WorkspaceState::running));
  EXPECT_EQ(backend.image_of_start(made.id), "example.org/python:9");
  ASSERT_TRUE(settings.load());
  EXPECT_EQ(settings.image_of("python"), "example.org/python:9");
  ASSERT_TRUE(await(io, settings.set_image("python", "", pool)));
  EXPECT_EQ(settings.image_of("python"), "");
}

TEST_F(WorkspacesWatchTest, ARunnerThatDoesNotAnswerIsNotStoppedForIt) {
  const auto made = create();
  runners.activity_now = failure(ErrorCode::timeout, "no answer");
  clock.advance(std::chrono::hours(5));
  watch_a_while();
  EXPECT_EQ(state(made.id), WorkspaceState::running);
  EXPECT_TRUE(runners.notices.empty());
}

TEST_F(WorkspacesWatchTest, MaximumLifeEndsABusyWorkspaceToo) {
  ASSERT_TRUE(await(io, settings.update({.registration_open = {},
                                         .idle_stop_minutes = {},
                                         .maximum_life_minutes = 60,
                                         .workspaces_per_account = {},
                                         .running_per_account = {},
                                         .storage_per_account = {}},
                                        pool)));
  const auto made = create();
  clock.advance(std::chrono::minutes(58));
  ASSERT_TRUE(run_until(io, [&] { return !runners.notices.empty(); }));
  clock.advance(std::chrono::minutes(2));
  ASSERT_TRUE(reaches(made.id, WorkspaceState::stopped));
  EXPECT_EQ(get(made.id)->reason, "Stopped after 60 minutes, the longest a workspace may run here.");
}

TEST_F(WorkspacesWatchTest, AWorkspaceThatEndsByItselfIsNoticedWithItsReason) {
  const auto made = create();
  bool ended = false;
  const auto watch = events.subscribe({"s", "ann", made.id}, [&](const auto&) { ended = true; });
  backend.set(made.id, BackendState::failed, "It ran out of memory.");
  ASSERT_TRUE(reaches(made.id, WorkspaceState::failed));
  EXPECT_EQ(get(made.id)->reason, "It ran out of memory.");
  EXPECT_TRUE(ended);
  EXPECT_FALSE(runners.attached.contains(made.id));
}

TEST_F(WorkspacesWatchTest, ARestartedServerAdoptsWhatRuns) {
  const auto running = create();
  const auto stopped = create(false);
  const auto started = running.started;
  clock.advance(std::chrono::minutes(3));
  reopen();
  ASSERT_TRUE(run_until(io, [&] { return runners.attached.contains(running.id); }));
  EXPECT_EQ(state(running.id), WorkspaceState::running);
  EXPECT_EQ(get(running.id)->started, started);
  EXPECT_EQ(state(stopped.id), WorkspaceState::stopped);
  EXPECT_EQ(backend.starts, 1);
  EXPECT_EQ(backend.stops, 0);
}

TEST_F(WorkspacesWatchTest, WhatEndedWhileTheServerWasAwayIsShownWithAReason) {
  const auto gone = create();
  const auto died = create();
  close();
  backend.set(gone.id, BackendState::absent);
  backend.set(died.id, BackendState::failed, "It was killed.");
  open();
  ASSERT_TRUE(reaches(gone.id, WorkspaceState::stopped));
  EXPECT_EQ(get(gone.id)->reason, "It ended while the server was not running.");
  ASSERT_TRUE(reaches(died.id, WorkspaceState::failed));
  EXPECT_EQ(get(died.id)->reason, "It was killed.");
}

TEST_F(WorkspacesWatchTest, InterruptedOperationsAreTakenUpAgain) {
  const auto starting = create(false), stopping = create(), deleting = create(false);
  close();
  for (const auto& [id, state] : {std::pair{starting.id, WorkspaceState::starting},
                                  {stopping.id, WorkspaceState::stopping},
                                  {deleting.id, WorkspaceState::deleting}}) {
    auto record = stored(id);
    record.state = state;
    ASSERT_TRUE(store->workspaces().update_state(record));
  }
  backend.set(starting.id, BackendState::starting);
  open();
  EXPECT_TRUE(reaches(starting.id, WorkspaceState::running));
  EXPECT_TRUE(reaches(stopping.id, WorkspaceState::stopped));
  EXPECT_TRUE(run_until(io, [&] { return !get(deleting.id); }));
  EXPECT_FALSE(backend.known(deleting.id));
}

TEST_F(WorkspacesWatchTest, OrphansAreStoppedAndTheirHomesKept) {
  close();
  backend.set("unknownaaa", BackendState::running);
  backend.set("homeonlyaa", BackendState::absent);
  open();
  ASSERT_TRUE(run_until(io, [&] { return backend.state("unknownaaa") == BackendState::absent; }));
  EXPECT_TRUE(backend.known("unknownaaa"));
  EXPECT_TRUE(backend.known("homeonlyaa"));
  watch_a_while();
  EXPECT_EQ(backend.stops, 1);
}

TEST_F(WorkspacesWatchTest, AnAdoptedWorkspaceThatWasIdleForHoursIsWarnedFirst) {
  const auto made = create();
  close();
  clock.advance(std::chrono::hours(3));
  idle_for(std::chrono::hours(3));
  open();
  ASSERT_TRUE(reaches(made.id, WorkspaceState::running));
  watch_a_while();
  EXPECT_EQ(state(made.id), WorkspaceState::running);
}

}  // namespace
}  // namespace berth::server::testing
