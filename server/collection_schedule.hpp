// SPDX-License-Identifier: GPL-3.0-or-later
// When the garbage collection runs, and the scrub with it: on a thread of its own with the lowest priority,
// in rounds.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <thread>

#include "server/garbage_collection.hpp"
#include "server/store_scrub.hpp"

namespace berth::server {

class CollectionSchedule {
 public:
  struct Options {
    std::chrono::milliseconds first_round{60'000};   // after the start, which has better things to do
    std::chrono::milliseconds interval{600'000};     // between rounds
    std::int64_t between_collections = 3'600'000;    // ms, of one owner who stores all the time
    std::int64_t between_complete = 7 * 86'400'000;  // ms, of an owner for whom nothing seems to have changed
    std::int64_t between_listings = 6 * 3'600'000;   // ms, of all blobs in search of strays
    /// Asked before each round, where several servers share the store: one of them does the rounds.
    std::function<bool()> may_run = {};
  };

  /// Begins at once; all outlive it. `scrub` may be null.
  CollectionSchedule(GarbageCollection& collection, StoreScrub* scrub, MetadataStore& store, BlobStore& blobs,
                     Clock clock, Options options);
  /// Ends the round under way and waits for it.
  ~CollectionSchedule();

  /// Something of the owner's was removed: it is collected in the next round.
  void removed(const std::string& owner);

 private:
  struct Seen {
    std::int64_t collected = 0;
    std::uint64_t used = 0;
  };
  void run(const std::stop_token& stop);
  void round();
  void look_at(const std::string& owner);

  GarbageCollection& collection_;
  StoreScrub* const scrub_;
  MetadataStore& store_;
  BlobStore& blobs_;
  Clock clock_;
  Options options_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::set<std::string> due_;
  std::map<std::string, Seen> seen_;  // by owner; the thread's own
  std::int64_t listed_ = 0;
  std::jthread thread_;
};

}  // namespace berth::server
