// SPDX-License-Identifier: GPL-3.0-or-later
// Fills the empty project folder from a git URL or an archive: a program does it in a folder of its own, as
// the person, and only what is whole is moved into the project. One at a time; on the runner's thread.
#pragma once

#include <sys/types.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <optional>
#include <string>

#include "protocol/net/home_files.hpp"
#include "protocol/net/task.hpp"
#include "protocol/runner_start.hpp"
#include "protocol/sync_messages.hpp"
#include "runner/child_process.hpp"
#include "runner/import_source.hpp"

namespace berth::runner {

class ProjectImport {
 public:
  using OnProgress = std::function<void(const protocol::WorkspaceImport::Params&)>;

  ProjectImport(boost::asio::io_context& io, boost::asio::thread_pool& pool, net::TaskGroup& tasks,
                const net::HomeFiles& files, const protocol::RunnerStart& start, OnProgress on_progress);

  /// One that a runner's death interrupted: its half-made folder is removed, and the person is told.
  void clean_up();
  /// Answers when it has begun; how it goes is told by `on_progress`. conflict while one runs or the project
  /// is not empty, invalid_argument for what is no source, unavailable when no program does it.
  net::Task<Result<void>> begin(protocol::ImportBegin::Params params);
  /// What a window that opens now has to be told: of the one that runs, or that failed.
  const std::optional<protocol::WorkspaceImport::Params>& latest() const { return latest_; }
  void on_child_exit(pid_t pid, int wait_status);
  void stop();

 private:
  struct Plan {
    std::string folder;   // the new one, relative to home
    std::string archive;  // relative to home, or ""
    ImportProgram program;
    net::FileDescriptor directory;  // of the folder
  };
  Result<Plan> prepare(const protocol::ImportBegin::Params& params) const;
  Result<void> move_into_project(const Plan& plan) const;
  void discard(const std::string& folder) const;
  Result<StartedProgram> start_program(const Plan& plan) const;
  net::Task<void> run(std::shared_ptr<Plan> plan, std::shared_ptr<StartedProgram> started);
  net::Task<void> follow(net::FileDescriptor master, ImportOutput& output);
  void tell(std::string text, std::optional<double> percent, bool finished,
            std::optional<std::string> problem = {});
  std::string marker() const { return start_.state_directory + "/home.importing"; }

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
