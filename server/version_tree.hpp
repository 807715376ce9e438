// SPDX-License-Identifier: GPL-3.0-or-later
// Reading versions: what a path was in one or in many, the entries of a directory, the chunks of a file. A
// version is the id of its root's tree (protocol/tree.hpp). Calls block.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/tree.hpp"
#include "server/object_store.hpp"

namespace berth::server {

class VersionTree {
 public:
  /// `objects` outlives it; `owner` is the account whose objects the versions name.
  VersionTree(ObjectStore& objects, std::string owner) : objects_(objects), owner_(std::move(owner)) {}

  /// The entries of a directory by name's bytes. `internal` when its listing is missing or damaged.
  Result<std::vector<protocol::TreeEntry>> directory(const protocol::ObjectId& tree) const;

  /// What `path` was: relative, normal (net::normal_path), "" for the root itself, a directory without a
  /// name. nullopt when there was nothing; symlinks are not followed.
  Result<std::optional<protocol::TreeEntry>> find(const protocol::ObjectId& root,
                                                  std::string_view path) const;

  /// The same in each of `roots`, in their order. Listings that several share are read once; a damaged one is
  /// an error of its own versions alone.
  using Found = Result<std::optional<protocol::TreeEntry>>;
  Result<std::vector<Found>> find_each(const std::vector<protocol::ObjectId>& roots,
                                       std::string_view path) const;

  /// The chunks of a file in order. `internal` when their list is missing or damaged.
  Result<std::vector<protocol::ObjectId>> chunks(const protocol::TreeEntry& file) const;

  ObjectStore& objects() const { return objects_; }
  const std::string& owner() const { return owner_; }

 private:
  Result<std::optional<std::string>> read_one(const protocol::ObjectId& id) const;

  ObjectStore& objects_;
  std::string owner_;
};

/// Whether two entries of one path are the same to a person: type, permissions, content; not the time.
bool same_content(const std::optional<protocol::TreeEntry>& a, const std::optional<protocol::TreeEntry>& b);

/// Names a file's bytes: equal for equal content in any version. For etags.
std::string content_tag(const protocol::TreeEntry& file);

}  // namespace berth::server
