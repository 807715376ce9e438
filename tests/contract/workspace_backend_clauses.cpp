// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/contract/workspace_backend_clauses.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <mutex>
#include <vector>

#include "tests/integration/local/local_fixture.hpp"

namespace berth::server {

StartRequest request_for(const std::string& workspace, const std::string& template_id) {
  return {.workspace = workspace,
          .template_id = template_id,
          .person_name = "berth",
          .limits = {},
          .server_key = {}};
}

namespace {

bool lists(Subject& subject, const std::string& workspace) {
  auto ids = subject.backend->list();
  return ids && std::ranges::find(*ids, workspace) != ids->end();
}

BackendState state_of(Subject& subject, const std::string& workspace) {
  auto status = subject.backend->poll(workspace);
  return status ? status->state : BackendState::failed;
}

std::string unknown_workspaces_are_absent(Subject& subject) {
  const auto id = local::new_workspace_id();
  auto status = subject.backend->poll(id);
  if (!status || status->state != BackendState::absent || status->address)
    return "an unknown workspace is not absent";
  if (lists(subject, id)) return "an unknown workspace is listed";
  if (!subject.backend->stop(id, 100)) return "stopping an absent workspace is no success";
  if (!subject.backend->forget(id)) return "forgetting an absent workspace is no success";
  return {};
}

std::string a_new_start_has_a_new_runner(Subject& subject) {
  const auto id = local::new_workspace_id();
  auto first = subject.backend->start(request_for(id));
  if (!first || !subject.backend->stop(id, 2000)) return "start or stop failed";
  auto second = subject.backend->start(request_for(id));
  if (!second || !subject.dialable(*second)) return "it does not start again";
  if (first->runner_key == second->runner_key) return "a key was used twice";
  return {};
}

/// Told while start() is under way, in an order that a person can follow; the runner comes last.
std::string a_start_tells_its_phases(Subject& subject) {
  using protocol::rest::StartPhase;
  std::mutex mutex;
  std::vector<StartPhase> told;
  auto request = request_for(local::new_workspace_id());
  request.on_phase = [&](StartPhase phase) {
    const std::scoped_lock lock(mutex);
    if (told.empty() || told.back() != phase) told.push_back(phase);
  };
  if (!subject.backend->start(request) || !subject.backend->stop(request.workspace, 2000))
    return "start or stop failed";
  const std::scoped_lock lock(mutex);
  if (told.empty() || told.back() != StartPhase::runner)
    return "its start does not tell that its runner starts";
  auto once = told;
  std::ranges::sort(once);
  if (std::ranges::adjacent_find(once) != once.end()) return "its start tells a phase twice";
  return {};
}

std::string malformed_ids_are_refused(Subject& subject) {
  for (const std::string id : {"", "../../etc", "short", "UPPERCASE2", "abcdefghijk", "abc/efghij"}) {
    auto started = subject.backend->start(request_for(id));
    if (started || started.error().code != ErrorCode::invalid_argument) return "start takes \"" + id + "\"";
    if (subject.backend->poll(id) || subject.backend->stop(id, 0) || subject.backend->forget(id))
      return "it takes \"" + id + "\"";
  }
  return {};
}

std::string an_unknown_template_leaves_nothing(Subject& subject) {
  const auto id = local::new_workspace_id();
  auto started = subject.backend->start(request_for(id, "no-such-template"));
  if (started || started.error().code != ErrorCode::not_found) return "no not_found";
  if (state_of(subject, id) != BackendState::absent) return "something runs";
  return {};
}

std::string different_workspaces_start_at_the_same_time(Subject& subject) {
  std::vector<std::future<Result<RunnerAddress>>> starts;
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i) {
    ids.push_back(local::new_workspace_id());
    starts.push_back(std::async(std::launch::async,
                                [&, id = ids.back()] { return subject.backend->start(request_for(id)); }));
  }
  std::string wrong;
  for (auto& start : starts) {
    auto address = start.get();
    if (!address)
      wrong = "a start failed: " + address.error().message + " " + address.error().detail;
    else if (!subject.dialable(*address))
      wrong = "one is not dialable";
  }
  return wrong;
}

std::string it_says_what_it_is(Subject& subject) {
  return subject.backend->describe().empty() ? "describe() is empty" : "";
}

}  // namespace

std::string a_started_workspace_is_running_and_dialable(Subject& subject) {
  const auto id = local::new_workspace_id();
  auto address = subject.backend->start(request_for(id));
  if (!address) return "start failed: " + address.error().message + " " + address.error().detail;
  if (!subject.dialable(*address)) return "its runner can't be dialled";
  auto status = subject.backend->poll(id);
  if (!status || status->state != BackendState::running) return "it is not running";
  if (!status->address || status->address->runner_key != address->runner_key)
    return "poll has another address";
  if (!lists(subject, id)) return "it is not listed";
  return {};
}

std::string starting_a_running_workspace_returns_the_same_runner(Subject& subject) {
  const auto id = local::new_workspace_id();
  auto first = subject.backend->start(request_for(id));
  auto second = subject.backend->start(request_for(id));
  if (!first || !second) return "start failed";
  if (first->runner_key != second->runner_key || first->unix_path != second->unix_path)
    return "another runner";
  return {};
}

std::string stop_ends_it_and_keeps_the_home(Subject& subject) {
  const auto id = local::new_workspace_id();
  auto address = subject.backend->start(request_for(id));
  if (!address) return "start failed";
  if (!subject.backend->stop(id, 2000)) return "stop failed";
  if (state_of(subject, id) != BackendState::absent) return "it is not absent";
  if (subject.dialable(*address)) return "its runner still answers";
  if (!lists(subject, id)) return "its home is gone";
  if (!subject.backend->stop(id, 2000)) return "a second stop is no success";
  return {};
}

std::string forget_is_refused_while_it_runs(Subject& subject) {
  const auto id = local::new_workspace_id();
  if (!subject.backend->start(request_for(id))) return "start failed";
  auto forgotten = subject.backend->forget(id);
  if (forgotten || forgotten.error().code != ErrorCode::conflict) return "a running workspace was forgotten";
  if (state_of(subject, id) != BackendState::running) return "it does not run any more";
  if (!subject.backend->stop(id, 2000) || !subject.backend->forget(id)) return "a stopped one was not";
  if (lists(subject, id)) return "it is still listed";
  return {};
}

std::string a_runner_that_ends_by_itself_is_failed_and_starts_again(Subject& subject) {
  const auto id = local::new_workspace_id();
  auto address = subject.backend->start(request_for(id));
  if (!address) return "start failed";
  subject.end_runner(id, *address);
  if (!local::eventually([&] { return state_of(subject, id) == BackendState::failed; }))
    return "it is not failed";
  auto status = subject.backend->poll(id);
  if (!status || status->reason.empty()) return "nothing says why";
  if (!lists(subject, id)) return "its home is gone";
  auto again = subject.backend->start(request_for(id));
  if (!again) return "it does not start again: " + again.error().message + " " + again.error().detail;
  if (!subject.dialable(*again)) return "it is not dialable again";
  return {};
}

std::string a_start_that_fails_leaves_nothing_running(Subject& subject) {
  const auto id = local::new_workspace_id();
  if (subject.backend->start(request_for(id))) return {};
  if (state_of(subject, id) != BackendState::absent) return "it is not absent after a failed start";
  return {};
}

std::string an_empty_home_has_a_project_folder_alone(Subject& subject) {
  auto request = request_for(local::new_workspace_id(), "python");
  request.empty_home = true;
  if (!subject.backend->start(request)) return "start failed";
  if (!subject.backend->stop(request.workspace, 2000)) return "stop failed";
  if (const auto files = subject.home_files(request.workspace); files != std::vector<std::string>{"project"})
    return "it has other files: " + testing::PrintToString(files);
  // Another one, to see that there would be something.
  const auto full = request_for(local::new_workspace_id(), "python");
  if (!subject.backend->start(full) || !subject.backend->stop(full.workspace, 2000)) return "start failed";
  if (subject.home_files(full.workspace).size() < 2) return "the template has no files";
  return {};
}

std::string a_home_that_is_there_is_never_emptied(Subject& subject) {
  auto request = request_for(local::new_workspace_id(), "python");
  if (!subject.backend->start(request) || !subject.backend->stop(request.workspace, 2000))
    return "start failed";
  const auto before = subject.home_files(request.workspace);
  request.empty_home = true;
  if (!subject.backend->start(request) || !subject.backend->stop(request.workspace, 2000))
    return "start failed";
  if (const auto after = subject.home_files(request.workspace); after != before)
    return "its files are others: " + testing::PrintToString(after);
  return {};
}

std::vector<std::string> files_in_home_folder(WorkspaceBackend& backend, const std::string& workspace) {
  std::vector<std::string> files;
  const auto home = backend.home(workspace, "python");
  if (!home || !*home) return files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(**home))
    files.push_back(std::filesystem::relative(entry.path(), **home).string());
  std::ranges::sort(files);
  return files;
}

namespace {

constexpr std::pair<const char*, Clause> clauses[] = {
    {"unknown_workspaces_are_absent", unknown_workspaces_are_absent},
    {"a_started_workspace_is_running_and_dialable", a_started_workspace_is_running_and_dialable},
    {"starting_a_running_workspace_returns_the_same_runner",
     starting_a_running_workspace_returns_the_same_runner},
    {"stop_ends_it_and_keeps_the_home", stop_ends_it_and_keeps_the_home},
    {"a_new_start_has_a_new_runner", a_new_start_has_a_new_runner},
    {"a_start_tells_its_phases", a_start_tells_its_phases},
    {"forget_is_refused_while_it_runs", forget_is_refused_while_it_runs},
    {"a_runner_that_ends_by_itself_is_failed_and_starts_again",
     a_runner_that_ends_by_itself_is_failed_and_starts_again},
    {"malformed_ids_are_refused", malformed_ids_are_refused},
    {"an_unknown_template_leaves_nothing", an_unknown_template_leaves_nothing},
    {"different_workspaces_start_at_the_same_time", different_workspaces_start_at_the_same_time},
    {"a_start_that_fails_leaves_nothing_running", a_start_that_fails_leaves_nothing_running},
    {"an_empty_home_has_a_project_folder_alone", an_empty_home_has_a_project_folder_alone},
    {"a_home_that_is_there_is_never_emptied", a_home_that_is_there_is_never_emptied},
    {"it_says_what_it_is", it_says_what_it_is},
};

}  // namespace

std::span<const std::pair<const char*, Clause>> all_clauses() { return clauses; }

void expect_all_clauses(Subject subject) {
  for (const auto& [name, clause] : clauses) EXPECT_EQ(clause(subject), "") << name;
}

}  // namespace berth::server
