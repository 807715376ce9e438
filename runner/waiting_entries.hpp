// SPDX-License-Identifier: GPL-3.0-or-later
// Files of a restore that are announced and lack chunks: which chunk is needed by whom. No I/O.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <unordered_map>
#include <vector>

#include "protocol/object_id.hpp"
#include "runner/restore_entry.hpp"

namespace berth::runner {

class WaitingEntries {
 public:
  using Number = std::uint64_t;

  /// `lacking`: its chunks that are not here, each once.
  Number add(WantedEntry entry, const std::vector<protocol::ObjectId>& lacking);
  WantedEntry take(Number number);
  /// A chunk is here now: those that lack nothing any more.
  std::vector<WantedEntry> take_complete(const protocol::ObjectId& arrived);
  /// All, in the order in which they were added.
  std::vector<WantedEntry> take_all();
  /// Whether one that waits has this chunk in it.
  bool uses(const protocol::ObjectId& chunk) const { return uses_.contains(chunk); }
  std::size_t size() const { return waiting_.size(); }
  /// Of all of them; one that is used twice counts twice.
  std::size_t chunks() const { return chunks_; }

 private:
  struct Waiting {
    WantedEntry entry;
    std::size_t lacking = 0;
  };
  struct Use {
    std::size_t times = 0;
    std::vector<Number> lacking;  // who waits for it to arrive
  };
  std::map<Number, Waiting> waiting_;
  std::unordered_map<protocol::ObjectId, Use> uses_;
  Number next_ = 0;
  std::size_t chunks_ = 0;
};

}  // namespace berth::runner
