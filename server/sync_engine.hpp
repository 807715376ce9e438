// SPDX-License-Identifier: GPL-3.0-or-later
// WorkspaceVersions over runners and the store: one SyncedHome for each running workspace.
#pragma once

#include <map>

#include "server/synced_home.hpp"

namespace berth::server {

class SyncEngine final : public WorkspaceVersions {
 public:
  using Options = SyncedHomeOptions;

  /// All outlive it. Its state lives on `home`.
  SyncEngine(boost::asio::any_io_executor home, RunnerAccess& runners, ObjectStore& objects,
             VersionStore& versions, Clock clock, Options options = {});
  ~SyncEngine() override;

  net::Task<Result<bool>> has_versions(std::string workspace) override;
  net::Task<Result<std::vector<protocol::PathProblem>>> begin(WorkspaceOwner workspace,
                                                              BeforeHomeChanges before_change) override;
  void resume(WorkspaceOwner workspace) override;
  net::Task<Result<void>> store_for_stop(std::string workspace) override;
  void end(const std::string& workspace) override;
  net::Task<void> settled(std::string workspace) override;
  net::Task<Result<VersionRecord>> store_now(std::string workspace, VersionRequest request) override;
  net::Task<Result<RestoredVersion>> restore(std::string workspace, std::string version, std::string path,
                                             std::string author) override;
  net::Task<Result<void>> remove(std::string workspace) override;

  /// Something of the owner's can't be read in the store: homes that run are stored again, though nothing in
  /// them changed, within a minute. Call on the home executor.
  void store_again(const std::string& owner);

  /// Ends storing everywhere and waits for it; before the runners' links are closed.
  net::Task<void> shutdown();

 private:
  using Home = std::shared_ptr<SyncedHome>;
  Home make(WorkspaceOwner workspace);
  Result<Home> find(const std::string& workspace) const;
  void run(const Home& home, bool adopted);
  net::Task<void> wait_ended(std::string workspace);

  boost::asio::any_io_executor home_;
  RunnerAccess& runners_;
  const Options options_;
  boost::asio::thread_pool threads_{4};
  std::map<std::string, Home> homes_;
  std::map<std::string, Home> ending_;  // what has ended and may still be in a call
  net::TaskGroup tasks_;
  SyncParts parts_;
};

}  // namespace berth::server
