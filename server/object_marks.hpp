// SPDX-License-Identifier: GPL-3.0-or-later
// Which of an owner's objects are needed: all that can be reached from some roots, found by reading trees and
// lists of chunks. The mark phase of the garbage collection.
#pragma once

#include <functional>
#include <unordered_set>
#include <vector>

#include "server/object_index.hpp"
#include "server/object_store.hpp"

namespace berth::server {

class ObjectMarks {
 public:
  /// Both outlive it.
  ObjectMarks(const std::string& owner, ObjectIndex& index, ObjectStore& objects)
      : owner_(owner), index_(index), objects_(objects) {}

  /// The root of a version.
  void add_tree(const protocol::ObjectId& id);
  /// Something that may name others, nobody knows as what: it is taken for a tree and for a list, which may
  /// keep too much and never too little.
  void add_any(const protocol::ObjectId& id);

  /// Marks all that the roots added so far reach. Objects that are gone from the index are gone for good and
  /// passed over; one that is there and can't be read, or a tree that is none (a newer release's?), is an
  /// error, since what it names would be taken for garbage. cancelled when `stopped` says so.
  Result<void> walk(const std::function<bool()>& stopped);

  bool marked(const protocol::ObjectId& id) const { return marked_.contains(id); }
  /// Marked together with all it may name.
  bool walked(const protocol::ObjectId& id) const { return trees_.contains(id) && lists_.contains(id); }

 private:
  void add_list(const protocol::ObjectId& id);
  Result<void> walk_some(std::vector<protocol::ObjectId> ids);
  Result<void> open(const protocol::ObjectId& id, const std::string& object);

  const std::string& owner_;
  ObjectIndex& index_;
  ObjectStore& objects_;
  std::unordered_set<protocol::ObjectId> marked_;
  std::unordered_set<protocol::ObjectId> trees_, lists_;  // to be taken for that, or taken already
  std::unordered_set<protocol::ObjectId> certain_;        // of them, those that are nothing else
  std::vector<protocol::ObjectId> open_;
};

}  // namespace berth::server
