// SPDX-License-Identifier: GPL-3.0-or-later
// What storing and restoring a home works with.
#pragma once

#include <boost/asio/thread_pool.hpp>

#include "protocol/net/task.hpp"
#include "server/clock.hpp"
#include "server/object_store.hpp"
#include "server/runner_access.hpp"
#include "server/version_store.hpp"

namespace berth::server {

struct SyncParts {
  RunnerSync& runners;
  ObjectStore& objects;
  VersionStore& versions;
  boost::asio::thread_pool& threads;  // for what blocks and for what hashes
  net::TaskGroup& tasks;              // on the executor of everything here
  Clock clock;
};

}  // namespace berth::server
