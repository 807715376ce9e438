// SPDX-License-Identifier: GPL-3.0-or-later
// Looks whether an administrator changed something, here, at another server or by `berthd admin`, and sees to
// it that what this server serves follows: connections of disabled accounts end, workspaces that were ordered
// to stop do, settings are read again. The database tells by one number (AdministrationStore::revision),
// asked for twice a second: that is heard with SQLite too, where nothing is announced between processes.
#pragma once

#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <set>
#include <string>

#include "protocol/net/task.hpp"
#include "server/administration_store.hpp"
#include "server/clock.hpp"
#include "server/session_events.hpp"
#include "server/settings.hpp"
#include "server/workspace_uses.hpp"
#include "server/workspaces.hpp"

namespace berth::server {

class AdministrationWatch {
 public:
  struct Parts {  // all outlive it
    MetadataStore& store;
    SessionEvents& events;
    Settings& settings;
    Workspaces& workspaces;
    boost::asio::thread_pool& pool;
    Clock clock;
    /// What this server carries, for the others; none where there are no others.
    std::function<protocol::rest::ServerLoad()> load;
    WorkspaceUses& uses;
    /// Takes up what else administrators may have changed (providers, images); on the pool.
    std::function<Result<void>()> follow_more;
  };
  explicit AdministrationWatch(Parts parts) : parts_(std::move(parts)) {}

  /// Runs until it is cancelled.
  net::Task<void> run();
  /// Something was changed here just now. Any thread.
  void look_now() { asked_ = true; }

 private:
  net::Task<void> look();
  net::Task<Result<void>> follow();
  net::Task<Result<void>> follow_orders();
  net::Task<void> tell_load();
  net::Task<void> tell_uses();
  net::Task<void> shorten_audit();

  Parts parts_;
  std::atomic<bool> asked_ = true;
  std::int64_t revision_ = -1;  // followed
  std::int64_t next_look_ = 0;  // whatever the revision is
  std::int64_t next_load_ = 0;
  std::int64_t next_uses_ = 0;
  std::int64_t next_shortening_ = 0;
  std::int64_t audit_days_ = 0;  // by which the log was shortened last
  bool uses_told_ = false;       // there is a row of this server's
  bool orders_wait_ = false;
  bool told_ = false;  // that the database does not answer
};

}  // namespace berth::server
