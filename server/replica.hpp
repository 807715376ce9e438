// SPDX-License-Identifier: GPL-3.0-or-later
// One berthd among several on one database: that it lives, told to the others by heartbeats, and whether it
// may still act on what it holds. It stops believing so before the others do (by a clock that goes on while
// the process or the machine sleeps), so that two never act at once as long as clocks run at one speed; and
// whatever comes late all the same, the database refuses (MetadataStore::write_as).
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "server/metadata_store.hpp"

namespace berth::server {

class Replica {
 public:
  struct Options {
    std::string address;                      // "host:port" for the others
    std::string place;                        // of the data folder; a new one there ends the one before
    bool alone = false;                       // no other may live beside it
    std::chrono::milliseconds life{8'000};    // from a heartbeat on, in the database
    std::chrono::milliseconds beat{2'000};    // between heartbeats
    std::chrono::milliseconds margin{2'000};  // by which it gives up before the others may take over
  };

  Replica(MetadataStore& store, Options options);
  /// Ends the heartbeats; leaves, if it has not.
  ~Replica();

  /// Joins, and begins to send heartbeats. conflict when it must be alone and is not. Blocks.
  Result<void> join();
  /// Everything it held is free, and the others know at once. Blocks.
  void leave();

  /// The id it lives under, "" while it does not: then nothing may be done. Any thread. An id that changed
  /// means that all that was held under the old one is gone.
  std::string id() const;
  bool lives(const std::string& id) const { return !id.empty() && this->id() == id; }

 private:
  using Time = std::chrono::nanoseconds;  // since the machine started, sleep included
  static Time now();
  void beat(const std::stop_token& stop);
  /// One heartbeat; a new life where the one before is over.
  Result<void> renew();
  Result<void> begin_life();
  void set(const std::string& id, Time until);

  MetadataStore& store_;
  const Options options_;
  mutable std::mutex mutex_;
  std::condition_variable_any wake_;
  std::string id_;
  Time until_{0};  // it may act until then
  bool left_ = false;
  bool told_ = false;  // that heartbeats fail
  std::jthread thread_;
};

}  // namespace berth::server
