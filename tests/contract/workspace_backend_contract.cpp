// SPDX-License-Identifier: GPL-3.0-or-later
// What every WorkspaceBackend keeps, run over the local one (with each runtime that works here) and over
// fakes; and that each clause notices a backend which breaks it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <iostream>
#include <memory>
#include <string>

#include "server/backends/fake_backend.hpp"
#include "tests/contract/workspace_backend_clauses.hpp"
#include "tests/integration/local/local_fixture.hpp"

namespace berth::server {

namespace {

Subject subject_of(FakeBackend& fake) {
  return {&fake, [&](const RunnerAddress& address) { return fake.dialable(address); },
          [&](const std::string& id, const RunnerAddress&) { fake.fail(id, "The runner ended."); },
          [&](const std::string& id) { return fake.home_files(id).value_or(std::vector<std::string>()); }};
}

Subject subject_of(local::LocalGround& ground) {
  return {&ground.backend(),
          [](const RunnerAddress& address) { return local::ask_probe(address, "GET /ready"); },
          [](const std::string&, const RunnerAddress& address) { local::ask_probe(address, "GET /end/1"); },
          [&](const std::string& id) { return files_in_home_folder(ground.backend(), id); }};
}

TEST(WorkspaceBackendContract, local_with_the_runtime_that_works_here) {
  local::LocalGround ground;
  expect_all_clauses(subject_of(ground));
}

// Runtimes that this machine can't run (crun wants plain cgroups, gVisor more rights) say so and are no
// backend here.
TEST(WorkspaceBackendContract, local_with_each_runtime_of_this_machine_works_or_refuses_clearly) {
  int working = 0;
  for (const char* runtime : {"crun", "runc", "runsc"}) {
    std::unique_ptr<local::LocalGround> ground;
    try {
      ground = std::make_unique<local::LocalGround>([&](auto& options) { options.runtime = runtime; });
    } catch (const std::runtime_error& refusal) {
      EXPECT_THAT(refusal.what(), testing::HasSubstr(std::string(runtime) + " does not work here"));
      EXPECT_THAT(refusal.what(), testing::HasSubstr(std::string(runtime) + ": "));
      std::cout << runtime << " refuses: " << refusal.what() << "\n";
      continue;
    }
    ++working;
    SCOPED_TRACE(runtime);
    auto subject = subject_of(*ground);
    EXPECT_EQ(a_started_workspace_is_running_and_dialable(subject), "");
    EXPECT_EQ(stop_ends_it_and_keeps_the_home(subject), "");
    EXPECT_EQ(a_runner_that_ends_by_itself_is_failed_and_starts_again(subject), "");
    EXPECT_EQ(ground->backend().describe().find("experimental") != std::string::npos,
              std::string(runtime) == "runsc");
  }
  EXPECT_GE(working, 1);
}

TEST(WorkspaceBackendContract, fake) {
  FakeBackend fake;
  expect_all_clauses(subject_of(fake));
}

TEST(WorkspaceBackendContract, slow_fake) {
  FakeBackend fake(
      {.start_takes = std::chrono::milliseconds(30), .stop_takes = std::chrono::milliseconds(30)});
  expect_all_clauses(subject_of(fake));
}

TEST(WorkspaceBackendContract, a_slow_start_is_seen_as_starting) {
  FakeBackend fake({.start_takes = std::chrono::milliseconds(300)});
  const auto id = local::new_workspace_id();
  auto start = std::async(std::launch::async, [&] { return fake.start(request_for(id)); });
  EXPECT_TRUE(local::eventually([&] { return fake.poll(id)->state == BackendState::starting; }));
  EXPECT_TRUE(start.get());
}

TEST(WorkspaceBackendContract, a_fake_that_is_never_ready_leaves_nothing) {
  FakeBackend fake({.never_ready = true});
  auto subject = subject_of(fake);
  EXPECT_EQ(a_start_that_fails_leaves_nothing_running(subject), "");
  EXPECT_EQ(fake.start(request_for(local::new_workspace_id())).error().code, ErrorCode::timeout);
}

TEST(WorkspaceBackendContract, notices_each_way_to_be_wrong) {
  const std::pair<FakeBehaviour, Clause> lies[] = {
      {{.forgets_to_list = true}, a_started_workspace_is_running_and_dialable},
      {{.calls_running_absent = true}, a_started_workspace_is_running_and_dialable},
      {{.address_changes = true}, starting_a_running_workspace_returns_the_same_runner},
      {{.stop_does_nothing = true}, stop_ends_it_and_keeps_the_home},
      {{.forgets_while_running = true}, forget_is_refused_while_it_runs},
      {{.never_ready = true, .failed_start_leaves_it = true}, a_start_that_fails_leaves_nothing_running},
      {{.fills_empty_homes = true}, an_empty_home_has_a_project_folder_alone},
      {{.empties_homes = true}, a_home_that_is_there_is_never_emptied},
  };
  for (const auto& [behaviour, clause] : lies) {
    FakeBackend fake(behaviour);
    auto subject = subject_of(fake);
    EXPECT_NE(clause(subject), "");
  }
}

}  // namespace

}  // namespace berth::server
