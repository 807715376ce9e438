// SPDX-License-Identifier: GPL-3.0-or-later
// One running workspace's home and its versions: brings it to the last one when it starts, stores it as it
// changes, waits and tries again while that does not work. Everything runs on one executor.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "server/coroutine_lock.hpp"
#include "server/restore.hpp"
#include "server/sync_pace.hpp"
#include "server/sync_round.hpp"

namespace berth::server {

struct SyncedHomeOptions {
  std::chrono::milliseconds stop_patience{15'000};  // for a store that does not answer, before a stop fails
  std::chrono::milliseconds wait_timeout{50'000};   // of one sync/wait
};

class SyncedHome : public std::enable_shared_from_this<SyncedHome> {
 public:
  SyncedHome(const SyncParts& parts, RunnerControl& control, boost::asio::any_io_executor executor,
             WorkspaceOwner of, SyncedHomeOptions options);

  /// See WorkspaceVersions::begin; before run().
  net::Task<Result<std::vector<protocol::PathProblem>>> bring_back(BeforeHomeChanges before_change);
  /// Stores until end() was called. `adopted`: it has been running, so its watches have seen everything.
  net::Task<void> run(bool adopted);
  /// Nothing more is asked of the runner; returns at once, ended() waits.
  void end();
  net::Task<void> ended();

  /// The next look stores it though nothing changed: the store has lost something.
  void store_again() { again_ = true; }
  const std::string& owner() const { return of_.owner; }

  net::Task<Result<void>> store_for_stop();
  net::Task<Result<VersionRecord>> store_now(VersionRequest request);
  net::Task<Result<RestoredVersion>> restore(std::string version, std::string path, std::string author);

 private:
  // Each with the lock held.
  net::Task<Result<void>> load_newest();
  net::Task<Result<VersionRecord>> store(RoundWish wish);
  net::Task<Result<bool>> store_before_bringing_back(protocol::SyncState::Result state);
  net::Task<Result<VersionRecord>> commit_again(VersionRecord target);

  net::Task<Result<void>> begin_adopted();
  net::Task<bool> store_once(bool complete);
  net::Task<bool> wait_for_change();
  net::Task<void> wait_after_failure();
  net::Task<void> rest(std::chrono::milliseconds time);
  net::Task<void> tell_problem(std::string problem);
  std::unexpected<Error> not_running() const;

  const SyncParts& parts_;
  RunnerControl& control_;
  const WorkspaceOwner of_;
  const SyncedHomeOptions options_;
  CoroutineLock lock_;
  boost::asio::steady_timer rest_;
  boost::asio::steady_timer run_ended_;
  bool ended_ = false;
  bool running_ = false;
  bool again_ = false;

  bool loaded_ = false;  // newest_ is known
  std::optional<VersionRecord> newest_;
  bool acknowledged_ = true;  // the runner knows newest_, which came from its home
  RecentTrees recent_;
  std::uint64_t stored_change_ = 0;
  bool told_problem_ = false;
  bool full_ = false;  // the last failure was a quota's or a disk's
  SyncPace pace_;
  BackOff back_off_;
};

}  // namespace berth::server
