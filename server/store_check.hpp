// SPDX-License-Identifier: GPL-3.0-or-later
// Looking at everything that is stored: is every pack whole, does every row of the index lead to its object,
// is every file of every version there? And mending what can be mended. For `berthd fsck`.
#pragma once

#include <functional>
#include <map>
#include <unordered_set>

#include "server/clock.hpp"
#include "server/opened_storage.hpp"
#include "server/random_id.hpp"

namespace berth::server {

struct StoreFindings {
  struct Version {  // one that is damaged
    VersionRecord record;
    std::vector<std::string> paths;  // damaged files, and folders whose listing is; at most most_paths
    std::size_t count = 0;           // of them all
  };
  static constexpr std::size_t most_paths = 1'000;

  std::size_t packs = 0, objects = 0, versions = 0;
  std::vector<std::string> problems;  // a line each: packs, rows, descriptions of versions
  std::vector<std::string> notes;     // damage that nothing in use suffers from
  std::vector<Version> damaged;
  std::size_t lost_objects = 0;
  bool clean() const { return problems.empty() && damaged.empty(); }
};

struct RebuiltStore {
  std::size_t packs = 0, objects = 0, versions = 0,
              workspaces = 0;  // found; workspaces: whose row was missing
  std::vector<std::string> problems;
};

class StoreCheck {
 public:
  explicit StoreCheck(OpenedStorage& storage) : storage_(storage) {}

  /// Looks at everything; berthd may run meanwhile unless `repair` is set. Repairing drops lost objects from
  /// the index, so that they are stored again when a home still has them, and writes missing descriptions of
  /// versions.
  Result<StoreFindings> check(bool repair);
  /// Makes index and versions anew from the packs and descriptions in the blob store. berthd must not run.
  Result<RebuiltStore> rebuild();

 private:
  struct Owner {
    std::string name;
    std::map<std::string, std::vector<PackedObject>> packs;  // as the rows say
    std::unordered_set<protocol::ObjectId> there;
    std::unordered_set<protocol::ObjectId> lost;
    std::unordered_set<protocol::ObjectId> whole_trees;
  };
  Result<void> check_owner(const std::string& name, bool repair, StoreFindings& findings);
  Result<void> check_pack(Owner& owner, const PackRecord& pack, StoreFindings& findings);
  Result<void> check_version(Owner& owner, const VersionRecord& version, StoreFindings& findings);
  Result<bool> check_tree(Owner& owner, const protocol::ObjectId& id, const std::string& path, int depth,
                          StoreFindings::Version& found);
  Result<bool> check_entry(Owner& owner, const protocol::TreeEntry& entry, const std::string& path, int depth,
                           StoreFindings::Version& found);
  Result<void> check_description(const VersionRecord& version, bool repair, StoreFindings& findings);
  Result<bool> is_there(Owner& owner, const protocol::ObjectId& id);
  Result<void> rebuild_pack(const std::string& key, const std::string& owner, const std::string& name,
                            RebuiltStore& rebuilt);
  Result<void> rebuild_versions(std::vector<VersionRecord> versions, RebuiltStore& rebuilt);
  Result<void> rebuild_workspace(const VersionRecord& newest, RebuiltStore& rebuilt);
  Result<void> hold();

  OpenedStorage& storage_;
  const std::string hold_ = "fsck " + random_id(8);
};

}  // namespace berth::server
