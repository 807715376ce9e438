// SPDX-License-Identifier: GPL-3.0-or-later
// Stored trees from one account's objects into another's, read, checked and packed anew: dedup ends at the
// account, so a workspace that changes hands, or is forked by somebody else, brings its bytes along.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "server/version_tree.hpp"

namespace berth::server {

class ObjectCopy {
 public:
  /// Whether what has this name, in any folder, is left out.
  using LeftOut = std::function<bool(std::string_view name)>;
  /// `objects` outlives it.
  ObjectCopy(ObjectStore& objects, std::string from, std::string to, LeftOut left_out = {})
      : objects_(objects), from_(std::move(from)), to_(std::move(to)), left_out_(std::move(left_out)) {}

  /// Copies a folder and all below it; the copy's id, another one where something was left out. `internal`
  /// when something is damaged, limit_exceeded over the quota of who gets it, too_large when it is deeper or
  /// has more folders than any version of ours. Blocks. What two calls have in common is copied once.
  Result<protocol::ObjectId> folder(const protocol::ObjectId& tree) { return folder(tree, 0); }

  /// Of what folder() copied so far, every file once for each place.
  std::uint64_t files() const { return files_; }
  std::uint64_t bytes() const { return bytes_; }

  /// One more object for the one who gets them, after what it names.
  Result<protocol::ObjectId> add(const std::string& object);
  /// What was added is there when this has returned; nothing is before.
  Result<void> finish();

 private:
  Result<protocol::ObjectId> folder(const protocol::ObjectId& tree, std::size_t depth);
  Result<std::vector<protocol::TreeEntry>> entries_of(const protocol::ObjectId& tree);
  /// Subfolders' listings by few questions: each alone would cost a far store a round trip.
  Result<void> read_ahead(const std::vector<protocol::TreeEntry>& entries);
  Result<void> files_of(const std::vector<protocol::TreeEntry>& entries);
  Result<void> chunks(const std::vector<protocol::ObjectId>& ids);
  Result<void> put(protocol::StoredObject object);
  struct Counted {
    protocol::ObjectId id;
    std::uint64_t files = 0, bytes = 0;
  };

  ObjectStore& objects_;
  const std::string from_, to_;
  const LeftOut left_out_;
  std::unordered_map<protocol::ObjectId, Counted> folders_;
  std::unordered_map<protocol::ObjectId, std::string> ahead_;
  std::vector<protocol::StoredObject> waiting_;  // to be packed together, in order
  std::size_t waiting_bytes_ = 0;
  std::uint64_t files_ = 0, bytes_ = 0;
};

}  // namespace berth::server
