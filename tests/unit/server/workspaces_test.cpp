// SPDX-License-Identifier: GPL-3.0-or-later
// The state machine of workspaces, with backends that are slow, that fail and that lie.
#include <fstream>

#include "server/start_steps.hpp"
#include "workspaces_fixture.hpp"

namespace berth::server::testing {
namespace {

class WorkspacesTest : public WorkspacesFixture {};

TEST_F(WorkspacesTest, CreateStartsAndTellsHowToBegin) {
  const auto made = create();
  EXPECT_EQ(made.id.size(), 10u);
  EXPECT_EQ(made.state, WorkspaceState::running);
  EXPECT_EQ(made.run_command, "python3 main.py");
  EXPECT_EQ(made.port, 8000);
  EXPECT_EQ(made.started, clock());
  EXPECT_TRUE(runners.attached.contains(made.id));
  EXPECT_EQ(stored(made.id).state, WorkspaceState::running);
  const auto target = await(io, workspaces->runner_target(ann, made.id));
  ASSERT_TRUE(target);
  EXPECT_EQ(target->role, protocol::Role::owner);
}

TEST_F(WorkspacesTest, StrangersSeeNothing) {
  const auto made = create();
  EXPECT_EQ(await(io, workspaces->get(bob, made.id)).error().code, ErrorCode::not_found);
  EXPECT_EQ(await(io, workspaces->stop(bob, made.id)).error().code, ErrorCode::not_found);
  EXPECT_EQ(await(io, workspaces->remove(bob, made.id)).error().code, ErrorCode::not_found);
  EXPECT_EQ(await(io, workspaces->runner_target(bob, made.id)).error().code, ErrorCode::not_found);
  EXPECT_EQ(await(io, workspaces->files(bob, made.id)).error().code, ErrorCode::not_found);
  EXPECT_TRUE(listed(bob).empty());
  EXPECT_EQ(listed(ann).size(), 1u);
}

TEST_F(WorkspacesTest, WrongFieldsAreNamed) {
  EXPECT_EQ(await(io, workspaces->create(ann, {"", "python", {}})).error().message.substr(0, 9), "body.name");
  EXPECT_EQ(await(io, workspaces->create(ann, {"two\nlines", "python", {}})).error().code,
            ErrorCode::invalid_argument);
  EXPECT_EQ(await(io, workspaces->create(ann, {"w", "cobol", {}})).error().message.substr(0, 16),
            "body.template_id");
}

TEST_F(WorkspacesTest, ASlowStartIsAnsweredAsStartingAndGoesOn) {
  options.start_answer = std::chrono::milliseconds(30);
  reopen();
  backend.start_gate.close();
  const auto made = create();
  EXPECT_EQ(made.state, WorkspaceState::starting);
  EXPECT_EQ(await(io, workspaces->runner_target(ann, made.id)).error().code, ErrorCode::unavailable);
  EXPECT_EQ(await(io, workspaces->start(ann, made.id))->state, WorkspaceState::starting);
  backend.start_gate.open();
  EXPECT_TRUE(reaches(made.id, WorkspaceState::running));
  EXPECT_EQ(backend.starts, 1);
}

/// "place 0, image 0, runner 40…", the dots for the one under way.
std::string words_of(const protocol::rest::Workspace& workspace) {
  std::string words;
  if (!workspace.start_steps) return words;
  for (const auto& [phase, took, done] : *workspace.start_steps)
    words += (words.empty() ? "" : ", ") + std::string(boost::describe::enum_to_string(phase, "")) + " " +
             std::to_string(took) + (done ? "" : "…");
  return words;
}

TEST_F(WorkspacesTest, AStartTellsItsPhasesAndHowLongEachTook) {
  options.start_answer = std::chrono::milliseconds(30);
  reopen();
  EXPECT_EQ(words_of(create(false)), "");
  backend.start_gate.close();
  const auto made = create();
  ASSERT_EQ(made.state, WorkspaceState::starting);
  ASSERT_TRUE(run_until(io, [&] { return words_of(*get(made.id)) == "place 0, image 0, runner 0…"; }));
  clock.advance(std::chrono::milliseconds(40));
  EXPECT_EQ(words_of(*get(made.id)), "place 0, image 0, runner 40…");
  const auto all = listed(ann);
  EXPECT_TRUE(std::ranges::any_of(all, [](const auto& one) {
    return words_of(one) == "place 0, image 0, runner 40…";
  })) << "in the list as well";
  backend.start_gate.open();
  ASSERT_TRUE(reaches(made.id, WorkspaceState::running));
  clock.advance(std::chrono::milliseconds(500));
  EXPECT_EQ(words_of(*get(made.id)), "place 0, image 0, runner 40") << "what it took, and no more";
  ASSERT_TRUE(await(io, workspaces->stop(ann, made.id)));
  ASSERT_TRUE(reaches(made.id, WorkspaceState::stopped));
  EXPECT_EQ(words_of(*get(made.id)), "");
  backend.start_fails = true;
  ASSERT_TRUE(await(io, workspaces->start(ann, made.id)));
  ASSERT_TRUE(reaches(made.id, WorkspaceState::failed));
  EXPECT_EQ(words_of(*get(made.id)), "place 0, image 0, runner 0") << "where it came to nothing";
}

TEST(StartSteps, APhaseThatComesAgainGoesOnCountingAndNothingComesAfterTheEnd) {
  using protocol::rest::StartPhase;
  StartSteps steps;
  EXPECT_FALSE(steps.seen(0));
  steps.enter(StartPhase::files, 5);
  EXPECT_FALSE(steps.seen(5)) << "no start is under way";
  steps.begin(10);
  steps.enter(StartPhase::files, 20);
  steps.enter(StartPhase::files, 25);
  steps.enter(StartPhase::runner, 30);
  steps.enter(StartPhase::files, 35);
  protocol::rest::Workspace seen{};
  seen.start_steps = steps.seen(40);
  EXPECT_EQ(words_of(seen), "place 10, files 15…, runner 5");
  steps.end(50);
  steps.enter(StartPhase::image, 60);
  seen.start_steps = steps.seen(70);
  EXPECT_EQ(words_of(seen), "place 10, files 25, runner 5");
  steps.begin(100);
  seen.start_steps = steps.seen(90);
  EXPECT_EQ(words_of(seen), "place 0…") << "a clock that was set back";
}

TEST_F(WorkspacesTest, AFailedStartSaysWhyAndCanBeTriedAgain) {
  backend.start_fails = true;
  const auto made = create();
  EXPECT_EQ(made.state, WorkspaceState::failed);
  EXPECT_EQ(made.reason, "The runtime refused.");
  backend.start_fails = false;
  const auto again = await(io, workspaces->start(ann, made.id));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->state, WorkspaceState::running);
  EXPECT_EQ(again->reason, "");
}

TEST_F(WorkspacesTest, ABackendThatThrowsFailsThatWorkspaceOnly) {
  backend.start_throws = true;
  const auto broken = create();
  EXPECT_EQ(broken.state, WorkspaceState::failed);
  EXPECT_EQ(broken.reason.find("threw"), std::string::npos) << "the detail is for the log";
  backend.start_throws = false;
  EXPECT_EQ(create().state, WorkspaceState::running);
}

TEST_F(WorkspacesTest, ManyStartsAtOnceAreOne) {
  const auto made = create(false);
  EXPECT_EQ(made.state, WorkspaceState::stopped);
  std::vector<std::future<Result<protocol::rest::Workspace>>> calls;
  for (int i = 0; i < 8; ++i)
    calls.push_back(boost::asio::co_spawn(io, workspaces->start(ann, made.id), boost::asio::use_future));
  ASSERT_TRUE(run_until(io, [&] {
    return std::ranges::all_of(calls, [](auto& call) {
      return call.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    });
  }));
  for (auto& call : calls) EXPECT_EQ(call.get()->state, WorkspaceState::running);
  EXPECT_EQ(backend.starts, 1);
}

TEST_F(WorkspacesTest, StopFlushesEndsConnectionsAndKeepsTheHome) {
  const auto made = create();
  std::string ended;
  const auto watch = events.subscribe({"s", "ann", made.id}, [&](const auto& reason) { ended = reason; });
  const auto stopped = await(io, workspaces->stop(ann, made.id));
  ASSERT_TRUE(stopped);
  EXPECT_EQ(stopped->state, WorkspaceState::stopped);
  EXPECT_FALSE(stopped->started);
  EXPECT_EQ(runners.flushed, std::vector<std::string>{made.id});
  EXPECT_EQ(ended, "The workspace was stopped.");
  EXPECT_FALSE(runners.attached.contains(made.id));
  EXPECT_TRUE(backend.known(made.id));
  EXPECT_EQ(stored(made.id).state, WorkspaceState::stopped);
}

TEST_F(WorkspacesTest, AStopTellsWhatCouldNotBeWritten) {
  const auto made = create();
  runners.flush_now->problems = {"project/main.py: the disk is full"};
  EXPECT_NE(await(io, workspaces->stop(ann, made.id))->reason.find("the disk is full"), std::string::npos);
}

TEST_F(WorkspacesTest, AStopThatFailsLeavesTheTruth) {
  const auto made = create();
  backend.stop_fails = true;
  const auto stopped = await(io, workspaces->stop(ann, made.id));
  ASSERT_TRUE(stopped);
  EXPECT_EQ(stopped->state, WorkspaceState::running) << "it still runs, so it must not be shown as stopped";
  EXPECT_NE(stopped->reason.find("could not be stopped"), std::string::npos);
  EXPECT_TRUE(runners.attached.contains(made.id));
  backend.stop_fails = false;
  EXPECT_EQ(await(io, workspaces->stop(ann, made.id))->state, WorkspaceState::stopped);
}

TEST_F(WorkspacesTest, StopDuringAStartWaitsForIt) {
  const auto made = create(false);
  backend.start_gate.close();
  auto start = boost::asio::co_spawn(io, workspaces->start(ann, made.id), boost::asio::use_future);
  ASSERT_TRUE(run_until(io, [&] { return backend.starts == 1; }));
  auto stop = boost::asio::co_spawn(io, workspaces->stop(ann, made.id), boost::asio::use_future);
  backend.start_gate.open();
  ASSERT_TRUE(
      run_until(io, [&] { return stop.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }));
  EXPECT_EQ(stop.get()->state, WorkspaceState::stopped);
  EXPECT_TRUE(start.get());
}

TEST_F(WorkspacesTest, DeleteRemovesEverything) {
  const auto made = create();
  ASSERT_TRUE(await(io, workspaces->remove(ann, made.id)));
  EXPECT_EQ(get(made.id).error().code, ErrorCode::not_found);
  EXPECT_FALSE(backend.known(made.id));
  EXPECT_TRUE(store->workspaces().list()->empty());
}

TEST_F(WorkspacesTest, ADeleteThatFailsStaysInTheListAndCanBeRepeated) {
  const auto made = create();
  backend.forget_fails = true;
  EXPECT_FALSE(await(io, workspaces->remove(ann, made.id)));
  EXPECT_EQ(state(made.id), WorkspaceState::failed);
  backend.forget_fails = false;
  EXPECT_TRUE(await(io, workspaces->remove(ann, made.id)));
}

TEST_F(WorkspacesTest, QuotasHold) {
  create();
  const auto second = create();
  EXPECT_EQ(await(io, workspaces->create(ann, {"third", "python", true})).error().code,
            ErrorCode::limit_exceeded);
  const auto third = create(false);
  EXPECT_EQ(await(io, workspaces->start(ann, third.id)).error().code, ErrorCode::limit_exceeded);
  EXPECT_EQ(state(third.id), WorkspaceState::stopped);
  ASSERT_TRUE(await(io, workspaces->stop(ann, second.id)));
  EXPECT_TRUE(await(io, workspaces->start(ann, third.id)));
  create(false);
  EXPECT_EQ(await(io, workspaces->create(ann, {"fifth", "python", false})).error().code,
            ErrorCode::limit_exceeded);
  EXPECT_TRUE(await(io, workspaces->create(bob, {"first", "python", true})));
}

TEST_F(WorkspacesTest, ParallelStartsDoNotSlipPastTheQuota) {
  std::vector<std::string> ids;
  for (int i = 0; i < 4; ++i) ids.push_back(create(false).id);
  backend.start_gate.close();
  std::vector<std::future<Result<protocol::rest::Workspace>>> calls;
  for (const auto& id : ids)
    calls.push_back(boost::asio::co_spawn(io, workspaces->start(ann, id), boost::asio::use_future));
  run_until(io, [&] { return backend.starts == 2; });
  backend.start_gate.open();
  ASSERT_TRUE(run_until(io, [&] {
    return std::ranges::all_of(calls, [](auto& call) {
      return call.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    });
  }));
  EXPECT_EQ(std::ranges::count_if(calls, [](auto& call) { return call.get().has_value(); }), 2);
}

TEST_F(WorkspacesTest, RenameChangesTheNameOnly) {
  const auto made = create();
  EXPECT_EQ(await(io, workspaces->update(ann, made.id, {"better"}))->name, "better");
  EXPECT_EQ(stored(made.id).name, "better");
  EXPECT_EQ(await(io, workspaces->update(ann, made.id, {""})).error().code, ErrorCode::invalid_argument);
}

TEST_F(WorkspacesTest, FilesComeFromTheRunnerWhileItRunsAndFromTheHomeAfterwards) {
  const auto made = create();
  auto files = await(io, workspaces->files(ann, made.id));
  ASSERT_TRUE(files);
  EXPECT_EQ(await(io, (*files)->list(made.id, {}))->entries.front().name, "from-the-runner");
  ASSERT_TRUE(await(io, workspaces->stop(ann, made.id)));
  files = await(io, workspaces->files(ann, made.id));
  ASSERT_TRUE(files);
  EXPECT_EQ(await(io, (*files)->list(made.id, {}))->entries.front().name, "project");
}

TEST_F(WorkspacesTest, FilesOfAStoppedWorkspaceAreWrittenReadAndConfined) {
  const auto made = create(false);
  auto* files = *await(io, workspaces->files(ann, made.id));
  auto writing = await(io, files->write(made.id, {.path = "project/a.txt", .expected_etag = "", .mode = {}}));
  ASSERT_TRUE(writing) << writing.error().message;
  ASSERT_TRUE(await(io, (*writing)->write("hello")));
  const auto committed = await(io, (*writing)->commit());
  ASSERT_TRUE(committed);
  const auto reading = await(io, files->read(made.id, "project/a.txt", 1, 3));
  ASSERT_TRUE(reading);
  EXPECT_EQ(*await(io, reading->bytes->read()), "ell");
  EXPECT_EQ(*await(io, reading->bytes->read()), "");
  EXPECT_EQ(reading->etag, committed->etag);
  EXPECT_FALSE(await(io, files->write(made.id, {.path = "project/a.txt", .expected_etag = "", .mode = {}})));
  EXPECT_FALSE(await(io, files->stat(made.id, "../../berth.sqlite")));
  std::filesystem::create_symlink(folder.path() / "berth.sqlite", backend.homes / made.id / "link");
  EXPECT_FALSE(await(io, files->read(made.id, "link", 0, {})));
  EXPECT_TRUE(await(io, files->remove(made.id, {.path = "project/a.txt", .permanently = {}})));
  EXPECT_EQ(await(io, files->stat(made.id, "project/a.txt")).error().code, ErrorCode::not_found);
}

TEST_F(WorkspacesTest, APlaceWithoutHomesSaysSo) {
  const auto made = create(false);
  backend.homeless = true;
  EXPECT_EQ(await(io, workspaces->files(ann, made.id)).error().code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace berth::server::testing
