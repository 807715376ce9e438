// SPDX-License-Identifier: GPL-3.0-or-later
// What several servers on one database agree by: which of them live, who of them holds what, and what any of
// them counts for all. Same rules as metadata_store.hpp. Time in here is the database's own clock, since
// those of machines differ; times are Unix milliseconds.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "protocol/error.hpp"

namespace berth::server {

/// One life of one berthd. An id is never used twice: what was held under it can't come back.
struct ReplicaRecord {
  std::string id;
  std::string address;  // "host:port", by which the others reach it
  std::string place;    // of its data folder: a new berthd there knows that the one before has ended
  std::string release;
  std::int64_t since = 0;
  std::int64_t until = 0;  // when it counts as dead, unless it renews
};

class ReplicaStore {
 public:
  virtual ~ReplicaStore() = default;
  /// Lives for `life` ms from now; the one of the same place is dead from now on. With `alone`: conflict
  /// while another one lives.
  virtual Result<void> join(const ReplicaRecord& replica, std::int64_t life, bool alone) = 0;
  /// For another `life` ms. False when its time was over: all it held is free, and the id is of no more use.
  virtual Result<bool> renew(const std::string& id, std::int64_t life) = 0;
  /// All that it held is free at once.
  virtual Result<void> leave(const std::string& id) = 0;
  /// Those that live now, the oldest first.
  virtual Result<std::vector<ReplicaRecord>> living() = 0;
};

/// Something that one replica at a time looks after. It is held for as long as its holder lives.
struct LeaseRecord {
  std::string name;
  std::string holder;       // replica; "" when nobody has it, or who had it is dead
  std::string address;      // of the holder
  std::int64_t number = 0;  // how many have had it: of two who believe that they hold it, the higher is right
  std::string data;         // what its holder has the others know; stays when it changes hands
};

/// The lease of a workspace; only who holds it changes the workspace's row and adds versions.
inline std::string workspace_lease(const std::string& workspace) { return "workspace/" + workspace; }

class LeaseStore {
 public:
  virtual ~LeaseStore() = default;
  /// Takes it where nobody living holds it; gives how it stands then, so look at `holder`.
  virtual Result<LeaseRecord> take(const std::string& name, const std::string& replica) = 0;
  /// As take(), of the leases of several workspaces at once; gives those that are the replica's then. Where
  /// there is no such workspace nothing is taken.
  virtual Result<std::vector<LeaseRecord>> take_workspaces(const std::vector<std::string>& workspaces,
                                                           const std::string& replica) = 0;
  /// Success also for what was another's.
  virtual Result<void> give_back(const std::vector<std::string>& names, const std::string& replica) = 0;
  /// conflict when it is another's.
  virtual Result<void> put_data(const std::string& name, const std::string& replica,
                                const std::string& data) = 0;
  /// Nothing when nobody ever had it.
  virtual Result<std::optional<LeaseRecord>> find(const std::string& name) = 0;
  virtual Result<std::vector<std::string>> held_by(const std::string& replica) = 0;
  /// Workspaces that run, or are between two states, and that nobody living looks after; at most `limit`.
  virtual Result<std::vector<std::string>> untended_workspaces(std::size_t limit) = 0;
  /// Of these workspaces those that there are; true for one that somebody living looks after.
  virtual Result<std::map<std::string, bool>> tended(const std::vector<std::string>& workspaces) = 0;
};

/// Counters that slow down guessing, and things that are good for one use.
class SharedCounts {
 public:
  virtual ~SharedCounts() = default;
  struct Count {
    std::int64_t failures = 0;
    std::int64_t last = 0;
  };
  using Counts = std::map<std::string, Count>;
  /// Has `change` look at these and change them (a name without a count is a zero, and a zero is forgotten),
  /// as if nobody else did so meanwhile. It may be called several times.
  virtual Result<void> change(const std::vector<std::string>& names,
                              const std::function<void(Counts&)>& change) = 0;
  /// Forgets what was last changed before `cutoff`, but for names that begin with `but` ("": for none).
  virtual Result<void> forget(std::int64_t cutoff, const std::string& but) = 0;
  /// True for the first one who asks for this name; it is remembered until `until` at least.
  virtual Result<bool> first_use(const std::string& name, std::int64_t until, std::int64_t now) = 0;
};

}  // namespace berth::server
