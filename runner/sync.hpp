// SPDX-License-Identifier: GPL-3.0-or-later
// The runner's side of durable workspaces: notices changes of the home, makes snapshots, serves their
// objects, knows what is stored, and brings versions back. The server drives it (protocol/sync_messages.hpp).
// Lives on the runner's thread; whatever touches files runs on one thread of its own, at low priority, which
// alone uses the index.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "protocol/net/home_files.hpp"
#include "protocol/net/task.hpp"
#include "protocol/sync_messages.hpp"
#include "runner/documents.hpp"
#include "runner/file_channels.hpp"
#include "runner/home_changes.hpp"
#include "runner/home_index.hpp"
#include "runner/home_scan.hpp"
#include "runner/restore.hpp"
#include "runner/sync_marks.hpp"

namespace berth::runner {

/// What Sync needs of the rest.
struct SyncContext {
  boost::asio::io_context& io;
  net::TaskGroup& tasks;
  const net::HomeFiles& files;
  Documents& documents;
  std::string state_directory;
  std::function<void(const protocol::WorkspaceStorage::Params&)> on_storage;
  std::function<void(const protocol::SessionNotice::Params&)> on_notice;
  std::function<void(const std::string&)> log;
};

class Sync {
 public:
  static constexpr std::chrono::milliseconds longest_wait{60000};
  static constexpr std::size_t most_objects = 4096;  // a request

  explicit Sync(SyncContext context);

  protocol::SyncState::Result state() const;
  net::Task<Result<protocol::SyncWait::Result>> wait(protocol::SyncWait::Params params);
  net::Task<Result<protocol::SyncSnapshot::Result>> snapshot(bool complete);
  /// To be read on worker().
  net::Task<Result<std::unique_ptr<ByteSource>>> objects(std::vector<std::string> ids);
  net::Task<Result<void>> stored(protocol::SyncStored::Params params);
  void problem(std::string text);

  net::Task<Result<void>> restore_begin(protocol::RestoreBegin::Params params);
  net::Task<Result<protocol::RestoreEntries::Result>> restore_entries(
      protocol::RestoreEntries::Params params);
  net::Task<Result<protocol::RestoreWrite::Result>> restore_write();
  net::Task<Result<protocol::RestoreEnd::Result>> restore_end(protocol::RestoreEnd::Params params);
  bool restore_begun() const { return restore_begun_; }
  /// Chunks that came; on worker().
  void restore_add(protocol::StoredObject object) { restore_.add(std::move(object)); }

  /// A document was opened or written to disk: if all is stored, so is its file.
  void on_opened_or_written(const std::string& document);

  protocol::WorkspaceStorage::Params storage() const;
  /// What a window that opens now has to be told beside that.
  std::optional<protocol::SessionNotice::Params> notice() const;
  boost::asio::thread_pool& worker() { return worker_; }
  /// Nothing more is read or written soon after.
  void stop();

 private:
  void on_change();
  void tell_storage();
  void on_scanned(const ScanResult& result);
  void on_stored();
  void look_at_unwatched();
  net::Task<void> poll();
  net::Task<void> tell_if_stored(std::string document);
  bool all_stored() const;
  void give_way();
  net::Task<void> look_at_busy(std::set<std::string> directories);
  net::Task<void> take_turn();
  void end_turn();
  struct Turn {
    Sync& sync;
    ~Turn() { sync.end_turn(); }
  };

  SyncContext context_;
  HomeChanges changes_;
  std::set<boost::asio::steady_timer*> waiters_;
  boost::asio::steady_timer turn_, poll_timer_, busy_timer_;
  bool busy_ = false;  // a snapshot or a step of a restore is under way
  bool polling_ = false, told_of_polling_ = false, restore_begun_ = false;

  // The last snapshot.
  protocol::ObjectId root_;
  std::uint64_t snapshot_change_ = 0;
  std::map<std::string, std::uint64_t> snapshot_documents_;  // ids of documents that are in it → versions
  // What is stored.
  std::optional<StoredMark> stored_;
  std::optional<RestoringMark> restoring_;
  std::optional<OfferedMark> offered_;
  std::uint64_t stored_change_ = 0;
  std::string problem_;
  std::optional<protocol::WorkspaceStorage::Params> told_;

  // The worker's.
  std::atomic<bool> cancelled_ = false;
  SyncMarks marks_;
  HomeIndex index_;
  SmallObjects small_;
  HomeScan scan_;
  Restore restore_;
  bool loaded_ = false, gives_way_ = false;

  boost::asio::thread_pool worker_;  // last: joined before what it uses goes
};

}  // namespace berth::runner
