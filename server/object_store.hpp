// SPDX-License-Identifier: GPL-3.0-or-later
// Objects (chunks and trees) of one owner, in packs in the blob store, found by an index in the metadata
// store. Deduplicated per owner: two owners' equal objects are stored twice, so that nobody learns what
// another has. Calls block and may be made from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "protocol/object_id.hpp"
#include "protocol/stored_object.hpp"
#include "protocol/tree.hpp"

namespace berth::server {

class ObjectStore {
 public:
  virtual ~ObjectStore() = default;

  /// Those of `ids` that the owner does not have, each once, in order. The others, and all they reach, are
  /// safe from the garbage collection for the next day at least.
  virtual Result<std::vector<protocol::ObjectId>> missing(const std::string& owner,
                                                          const std::vector<protocol::ObjectId>& ids) = 0;

  /// Packs, writes and indexes these; all are durable, and `missing` no longer names them, when it returns.
  /// limit_exceeded when the owner's quota or the store is full; unavailable when the store can't be reached.
  /// On an error nothing half-written is ever found. Objects are checked against their ids by the caller, and
  /// come in an order in which each follows what it names; they become findable in that order, so that
  /// whoever has a tree has all it reaches. Those the owner has already are dropped.
  virtual Result<void> add(const std::string& owner, std::vector<protocol::StoredObject> objects) = 0;

  /// The objects themselves, opened and checked, in order of `ids`; nullopt for each that is missing, damaged
  /// or longer than `largest` bytes (whose bytes are not read: what names a tree as a chunk may not cost
  /// memory). An error when the store can't be reached. `missing` names from then on what was there and could
  /// not be read, so that it is stored again by whoever still has it.
  virtual Result<std::vector<std::optional<std::string>>> read(
      const std::string& owner, const std::vector<protocol::ObjectId>& ids,
      std::size_t largest = protocol::largest_object) = 0;

  /// The length of each in bytes, in order of `ids`, without reading it; nullopt for what is not there.
  virtual Result<std::vector<std::optional<std::uint32_t>>> sizes(
      const std::string& owner, const std::vector<protocol::ObjectId>& ids) = 0;

  /// Success when every pack that holds one of these is in the blob store with its right size; otherwise
  /// `missing` names what lacks.
  virtual Result<void> verify(const std::string& owner, const std::vector<protocol::ObjectId>& ids) = 0;

  struct Usage {
    std::uint64_t bytes = 0;  // stored, of all the owner's packs
    std::uint64_t limit = 0;  // 0: none
  };
  virtual Result<Usage> usage(const std::string& owner) = 0;
};

}  // namespace berth::server
