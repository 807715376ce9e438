// SPDX-License-Identifier: GPL-3.0-or-later
// Chunks that have arrived for a restore and are not in their files yet: a few in memory, as they came; more
// of them one after the other in a file of the state directory, where they survive the runner's death. Each
// is checked when it is used. Calls block; one thread makes them.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "protocol/net/file_descriptor.hpp"
#include "protocol/stored_object.hpp"

namespace berth::runner {

class IncomingChunks {
 public:
  static constexpr std::size_t most_in_memory = 4u << 20;  // bytes

  explicit IncomingChunks(std::string directory) : directory_(std::move(directory)) {}
  /// Finds what an earlier life of the runner left.
  Result<void> open();
  bool has(const protocol::ObjectId& id) const { return held_.contains(id) || places_.contains(id); }
  /// limit_exceeded when the disk is full.
  Result<void> add(protocol::StoredObject object);
  /// The chunk's own bytes; "" when it is not here or damaged (then it is forgotten).
  std::string get(const protocol::ObjectId& id);
  /// It is in all its files.
  void forget(const protocol::ObjectId& id);
  /// They all are.
  void clear();
  /// The restore is over.
  void remove();

 private:
  struct Place {
    std::uint64_t offset;
    std::uint32_t length;
  };
  void load();
  void empty_file();
  Result<void> add_to_file(const protocol::StoredObject& object);
  Result<std::string> read_place(const protocol::ObjectId& id, const Place& place) const;

  const std::string directory_;
  net::FileDescriptor fd_;
  std::uint64_t end_ = 0;
  std::unordered_map<protocol::ObjectId, Place> places_;  // in the file
  std::unordered_map<protocol::ObjectId, protocol::StoredObject> held_;
  std::size_t held_bytes_ = 0;
};

}  // namespace berth::runner
