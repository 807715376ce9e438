// SPDX-License-Identifier: GPL-3.0-or-later
// The settings an administrator changes while the server runs: kept in memory, written through to the store.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <mutex>

#include "protocol/net/task.hpp"
#include "protocol/rest.hpp"
#include "server/metadata_store.hpp"

namespace berth::server {

/// Thread-safe.
class Settings {
 public:
  /// `defaults` hold where the store says nothing.
  Settings(SettingStore& store, protocol::rest::Settings defaults) : store_(store), current_(defaults) {}

  /// Reads the store; blocks. Once, before anything else.
  Result<void> load();

  protocol::rest::Settings current() const;

  /// invalid_argument names the field.
  net::Task<Result<protocol::rest::Settings>> update(protocol::rest::UpdateSettings::Body body,
                                                     boost::asio::thread_pool& pool);

 private:
  SettingStore& store_;
  mutable std::mutex mutex_;
  protocol::rest::Settings current_;
};

}  // namespace berth::server
