// SPDX-License-Identifier: GPL-3.0-or-later
// Fills the empty project folder from a git URL or an archive: a program does it in a folder of its own, as
// the person, and only what is whole is moved into the project. What has begun ends: a file in the state
// directory says how far it is. One at a time; on the runner's thread.
#pragma once

#include <sys/types.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "protocol/net/home_files.hpp"
#include "protocol/net/task.hpp"
#include "protocol/runner_start.hpp"
#include "protocol/sync_messages.hpp"
#include "runner/child_process.hpp"
#include "runner/import_marker.hpp"
#include "runner/import_source.hpp"

namespace berth::runner {

class ProjectImport {
 public:
  using OnProgress = std::function<void(const protocol::WorkspaceImport::Params&)>;

  ProjectImport(boost::asio::io_context& io, boost::asio::thread_pool& pool, net::TaskGroup& tasks,
                const net::HomeFiles& files, const protocol::RunnerStart& start, OnProgress on_progress);

  /// One that a stop or a death interrupted begins again, the last step of all goes on; after three attempts,
  /// and for one that failed before, people are told as long as the project is empty. Once, before begin().
  void resume();
  /// Answers when it has begun; how it goes is told by `on_progress`. conflict while one runs or the project
  /// is not empty, invalid_argument for what is no source, unavailable when no program does it. An upload
  /// that finds the project no longer empty is removed, and people are told.
  net::Task<Result<void>> begin(protocol::ImportBegin::Params params);
  /// What a window that opens now has to be told: of the one that runs, or that failed.
  const std::optional<protocol::WorkspaceImport::Params>& latest() const { return latest_; }
  void on_child_exit(pid_t pid, int wait_status);
  void stop();

 private:
  using Deadline = std::chrono::steady_clock::time_point;
  struct Plan {
    ImportMarker marker;
    ImportProgram program;
    net::FileDescriptor directory;  // of the folder
  };
  Result<Plan> prepare(const protocol::ImportBegin::Params& params) const;
  Result<ImportProgram> program_for(const protocol::ImportBegin::Params& params, Plan& plan) const;
  Result<bool> project_is_empty(const std::string& but_for) const;
  Result<void> move_into_project(const std::string& folder, bool goes_on) const;
  /// What is in the folder is on the disk.
  Result<void> sync(const std::string& folder) const;
  void discard(const std::string& folder) const;
  Result<StartedProgram> start_program(const Plan& plan) const;
  net::Task<Result<void>> begin_attempt(protocol::ImportBegin::Params params, int attempt);
  net::Task<void> run(std::shared_ptr<Plan> plan, std::shared_ptr<StartedProgram> started);
  /// Moves what was made into the project, or removes it; gives why it failed.
  std::optional<std::string> finish(ImportMarker marker, std::optional<std::string> why) const;
  net::Task<void> go_on(ImportMarker marker);
  /// Removes the upload that can't be put into the project any more; false when it is not there: it was
  /// imported before.
  bool drop_upload(const std::string& archive) const;
  /// Until nobody writes to the PTY any more, or the deadline.
  net::Task<void> follow(net::FileDescriptor master, ImportOutput& output, Deadline deadline);
  /// Until the program has ended, or the deadline.
  net::Task<void> wait_for_exit(Deadline deadline);
  void tell(std::string text, std::optional<double> percent, bool finished,
            std::optional<std::string> problem = {});
  std::string marker() const { return start_.state_directory + "/home.importing"; }
  Result<void> remember(const ImportMarker& marker) const {
    return write_import_marker(this->marker(), marker);
  }

  boost::asio::io_context& io_;
  boost::asio::thread_pool& pool_;
  net::TaskGroup& tasks_;
  const net::HomeFiles& files_;
  const protocol::RunnerStart& start_;
  OnProgress on_progress_;
  boost::asio::steady_timer exited_;
  bool running_ = false, stopping_ = false;
  pid_t pid_ = -1;
  std::optional<int> status_;
  std::optional<protocol::WorkspaceImport::Params> latest_;
};

}  // namespace berth::runner
