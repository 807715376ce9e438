// SPDX-License-Identifier: GPL-3.0-or-later
// Chunks that have arrived for a restore and are not in their files yet: one after the other in a file of the
// state directory, as they came. They survive the runner's death; each is checked when it is used. Holds at
// most what one page of entries needs. Calls block; one thread makes them.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "protocol/net/file_descriptor.hpp"
#include "protocol/stored_object.hpp"

namespace berth::runner {

class IncomingChunks {
 public:
  explicit IncomingChunks(std::string directory) : directory_(std::move(directory)) {}
  /// Finds what an earlier life of the runner left.
  Result<void> open();
  bool has(const protocol::ObjectId& id) const { return places_.contains(id); }
  /// limit_exceeded when the disk is full.
  Result<void> add(const protocol::StoredObject& object);
  /// The chunk's own bytes; "" when it is not here or damaged (then it is forgotten).
  std::string get(const protocol::ObjectId& id);
  /// They are all in their files.
  void clear();
  /// The restore is over.
  void remove();

 private:
  struct Place {
    std::uint64_t offset;
    std::uint32_t length;
  };
  void load();
  const std::string directory_;
  net::FileDescriptor fd_;
  std::uint64_t end_ = 0;
  std::unordered_map<protocol::ObjectId, Place> places_;
};

}  // namespace berth::runner
