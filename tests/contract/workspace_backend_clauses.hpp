// SPDX-License-Identifier: GPL-3.0-or-later
// The clauses that every WorkspaceBackend keeps; the files beside run them over backends and over fakes.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <utility>

#include "server/workspace_backend.hpp"

namespace berth::server {

/// A backend under test with what the interface itself can't tell.
struct Subject {
  WorkspaceBackend* backend;
  std::function<bool(const RunnerAddress&)> dialable;
  std::function<void(const std::string& workspace, const RunnerAddress&)> end_runner;
  /// What lies in a home: paths, in order.
  std::function<std::vector<std::string>(const std::string& workspace)> home_files;
};

/// home_files of a backend whose homes are folders here.
std::vector<std::string> files_in_home_folder(WorkspaceBackend& backend, const std::string& workspace);

/// A request with everything but the two taken as given.
StartRequest request_for(const std::string& workspace, const std::string& template_id = "empty");

/// "" when held, otherwise what was wrong.
using Clause = std::string (*)(Subject&);

std::string a_started_workspace_is_running_and_dialable(Subject& subject);
std::string starting_a_running_workspace_returns_the_same_runner(Subject& subject);
std::string stop_ends_it_and_keeps_the_home(Subject& subject);
std::string forget_is_refused_while_it_runs(Subject& subject);
std::string a_runner_that_ends_by_itself_is_failed_and_starts_again(Subject& subject);
std::string a_start_that_fails_leaves_nothing_running(Subject& subject);
std::string an_empty_home_has_a_project_folder_alone(Subject& subject);
std::string a_home_that_is_there_is_never_emptied(Subject& subject);

/// All of them, with their names.
std::span<const std::pair<const char*, Clause>> all_clauses();

/// Each clause is a failure of the running test when it does not hold.
void expect_all_clauses(Subject subject);

}  // namespace berth::server
