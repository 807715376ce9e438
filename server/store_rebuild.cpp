// SPDX-License-Identifier: GPL-3.0-or-later
// Index and versions made anew from what lies in the blob store.
#include <algorithm>
#include <set>

#include "server/blob_keys.hpp"
#include "server/bounded_parallel.hpp"
#include "server/exported_versions.hpp"
#include "server/packs.hpp"
#include "server/store_check.hpp"

namespace berth::server {

Result<std::vector<BlobInfo>> StoreCheck::list_all() {
  std::vector<BlobInfo> all;
  for (std::string after;;) {
    auto page = storage_.blobs->list(blob_root, after, options_.list_page);
    if (!page) return std::unexpected(page.error());
    all.insert(all.end(), page->begin(), page->end());
    if (page->size() < options_.list_page) return all;
    after = page->back().key;
  }
}

Result<RebuiltStore> StoreCheck::rebuild() {
  RebuiltStore rebuilt;
  const auto all = list_all();
  if (!all) return std::unexpected(all.error());
  if (auto forgotten = storage_.store->blobs().forget_all(); !forgotten)
    return std::unexpected(forgotten.error());
  Versions versions;
  auto done = in_parallel(all->size(), options_.transfers, [&](std::size_t i) -> Result<void> {
    const auto& key = (*all)[i].key;
    const auto name = parse_blob_key(key);
    if (!name) return {};
    if (name->is_pack) return rebuild_pack(key, name->owner, name->pack, rebuilt);
    const auto bytes = storage_.blobs->get(key);
    if (!bytes) return std::unexpected(bytes.error());
    auto version = decode_version(*bytes, key, storage_.sealing);
    if (!version && version.error().code == ErrorCode::internal) return std::unexpected(version.error());
    const std::lock_guard lock(mutex_);
    if (version)
      versions.push_back(std::move(*version));
    else
      rebuilt.problems.push_back("description " + key + " is damaged; its version is lost");
    return {};
  });
  if (!done) return std::unexpected(done.error());
  if (done = rebuild_versions(std::move(versions), rebuilt); !done) return std::unexpected(done.error());
  std::ranges::sort(rebuilt.problems);
  return rebuilt;
}

Result<void> StoreCheck::rebuild_pack(const std::string& key, const std::string& owner,
                                      const std::string& name, RebuiltStore& rebuilt) {
  const auto bytes = storage_.blobs->get(key);
  if (!bytes) return std::unexpected(bytes.error());
  auto pack = read_pack(*bytes);
  const bool damaged = !pack || pack->name != name;
  if (damaged) pack = salvage_pack(*bytes, storage_.sealing);
  pack->name = name;
  pack->size = bytes->size();
  const auto superfluous = storage_.store->objects().insert(owner, {*pack}, system_clock_now(), 0);
  if (!superfluous) return std::unexpected(superfluous.error());
  const std::lock_guard lock(mutex_);
  if (damaged)
    rebuilt.problems.push_back("pack " + key + " is damaged: " + std::to_string(pack->objects.size()) +
                               " objects were saved from it");
  if (!superfluous->empty()) return {};
  ++rebuilt.packs;
  rebuilt.objects += pack->objects.size();
  return {};
}

Result<void> StoreCheck::rebuild_versions(std::vector<VersionRecord> versions, RebuiltStore& rebuilt) {
  std::ranges::sort(versions, {}, &VersionRecord::created);
  std::map<std::string, VersionRecord> newest;
  for (const auto& version : versions) {
    const auto inserted = storage_.store->versions().insert(version);
    if (!inserted && inserted.error().code == ErrorCode::internal) return inserted;
    if (!inserted) {
      rebuilt.problems.push_back("version " + version.id + " of workspace " + version.workspace + " from " +
                                 readable_time(version.created) + " is lost: its root is not stored");
      continue;
    }
    ++rebuilt.versions;
    newest[version.workspace] = version;
  }
  const auto known = storage_.store->workspaces().list();
  if (!known) return std::unexpected(known.error());
  for (const auto& record : *known) newest.erase(record.id);
  for (const auto& [workspace, version] : newest)
    if (auto done = rebuild_workspace(version, rebuilt); !done) return done;
  return {};
}

/// Its row is lost, its files are not: they come back under a name that says so.
Result<void> StoreCheck::rebuild_workspace(const VersionRecord& newest, RebuiltStore& rebuilt) {
  if (!storage_.store->accounts().by_id(newest.owner)) {
    rebuilt.problems.push_back("workspace " + newest.workspace + " belongs to the account " + newest.owner +
                               ", which the database does not know; restore a backup of the database first");
    return {};
  }
  WorkspaceRecord record;
  record.id = newest.workspace;
  record.account = newest.owner;
  record.name = "Recovered " + newest.workspace;
  record.template_id = "empty";
  record.created = record.last_used = newest.created;
  ++rebuilt.workspaces;
  return storage_.store->workspaces().insert(record, std::numeric_limits<std::int64_t>::max());
}

}  // namespace berth::server
