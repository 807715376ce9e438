// SPDX-License-Identifier: GPL-3.0-or-later
// The versions of workspaces in the metadata store. Same rules as metadata_store.hpp: every call blocks, is
// one transaction, and is durable when it returns.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/object_id.hpp"
#include "protocol/rest_history.hpp"

namespace berth::server {

struct VersionRecord {
  std::string id;
  std::string workspace;
  std::string owner;  // account whose objects it names
  protocol::ObjectId root;
  std::int64_t created = 0;  // ms; strictly rising within a workspace
  protocol::rest::VersionKind kind = protocol::rest::VersionKind::automatic;
  std::string name;
  std::string author;
  std::uint64_t files = 0, bytes = 0;
  std::uint64_t added = 0, modified = 0, deleted = 0;
  std::uint64_t problems = 0;
  std::string restored_from;
};

class VersionStore {
 public:
  virtual ~VersionStore() = default;
  /// Commits a version; its root is safe from the collection from now on. conflict when the owner's objects
  /// no longer hold its root: then nothing is committed, store the home again. invalid_argument when
  /// `created` is not later than the workspace's newest. A call that failed with unavailable may be made
  /// again.
  virtual Result<void> insert(const VersionRecord& version) = 0;
  virtual Result<VersionRecord> find(const std::string& workspace, const std::string& id) = 0;  // not_found
  /// The newest; nullopt when there is none.
  virtual Result<std::optional<VersionRecord>> latest(const std::string& workspace) = 0;
  /// Newest first, older than `before` (0: from the newest).
  virtual Result<std::vector<VersionRecord>> list(const std::string& workspace, std::int64_t before,
                                                  std::size_t limit) = 0;
  virtual Result<void> rename(const std::string& workspace, const std::string& id,
                              const std::string& name) = 0;
  /// Of versions that retention no longer keeps. Unknown ids are a success. Their objects go with the next
  /// collection.
  virtual Result<void> remove(const std::string& workspace, const std::vector<std::string>& ids) = 0;
  /// Every version of a deleted workspace.
  virtual Result<void> remove_all(const std::string& workspace) = 0;
  /// Those that have versions of the owner's objects.
  virtual Result<std::vector<std::string>> workspaces(const std::string& owner) = 0;
};

}  // namespace berth::server
