// SPDX-License-Identifier: GPL-3.0-or-later
// Looking at everything that is stored: is every pack whole, does every row of the index lead to its object,
// is every file of every version there? And mending what can be mended. For `berthd fsck`.
#pragma once

#include <map>
#include <mutex>
#include <unordered_set>

#include "server/clock.hpp"
#include "server/opened_storage.hpp"
#include "server/random_id.hpp"
#include "server/store_check_files.hpp"

namespace berth::server {

struct StoreFindings {
  struct Version {  // one that is damaged
    VersionRecord record;
    DamagedPaths damage;
  };

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

struct StoreCheckOptions {
  std::size_t transfers = 4;      // blobs in hand at once: some 9 MiB each, 72 where an object is that large
  std::size_t list_page = 1'000;  // blobs
};

class StoreCheck {
 public:
  explicit StoreCheck(OpenedStorage& storage, StoreCheckOptions options = {})
      : storage_(storage), options_(options) {}

  /// Looks at everything; berthd may run meanwhile unless `repair` is set. What is lost is doubted in the
  /// index (object_index.hpp), so that it is stored again where a home still has it; what was doubted and can
  /// be read again is trusted. Repairing drops what is lost, so that the garbage collection goes on without
  /// it, and writes missing descriptions of versions.
  Result<StoreFindings> check(bool repair);
  /// Makes index and versions anew from the packs and descriptions in the blob store. berthd must not run.
  Result<RebuiltStore> rebuild();

 private:
  struct Owner {
    std::string name;
    std::map<std::string, std::vector<PackedObject>> packs;  // as the rows say; those yet to be looked at
    std::unordered_set<protocol::ObjectId> there;
    std::unordered_set<protocol::ObjectId> lost;
    bool doubtful = false;  // something was doubted before
  };
  struct PackFindings {
    std::string problem, note;  // or empty
    std::vector<protocol::ObjectId> lost;
  };
  using Versions = std::vector<VersionRecord>;
  Result<void> check_owner(const std::string& name, bool repair, StoreFindings& findings);
  Result<void> settle_lost(Owner& owner, bool repair);
  Result<void> read_rows(Owner& owner, StoreFindings& findings);
  Result<void> check_packs(Owner& owner, StoreFindings& findings);
  Result<PackFindings> check_pack(const std::string& key, const std::string& name,
                                  const std::vector<PackedObject>& rows);
  Result<void> check_versions(Owner& owner, bool repair, StoreFindings& findings);
  Result<void> check_version(FileCheck& files, const VersionRecord& version, StoreFindings& findings);
  Result<void> check_descriptions(const Versions& versions, bool repair, StoreFindings& findings);
  Result<std::string> check_description(const VersionRecord& version, bool repair);
  Result<std::vector<protocol::ObjectId>> lacking(Owner& owner, const std::vector<protocol::ObjectId>& ids);
  Result<std::vector<BlobInfo>> list_all();
  Result<void> rebuild_pack(const std::string& key, const std::string& owner, const std::string& name,
                            RebuiltStore& rebuilt);
  Result<void> rebuild_versions(Versions versions, RebuiltStore& rebuilt);
  Result<void> rebuild_workspace(const VersionRecord& newest, RebuiltStore& rebuilt);
  Result<void> hold();

  OpenedStorage& storage_;
  const StoreCheckOptions options_;
  const std::string hold_ = "fsck " + random_id(8);
  std::mutex mutex_;          // of what several transfers find or do at once
  std::int64_t held_at_ = 0;  // Unix ms
};

}  // namespace berth::server
