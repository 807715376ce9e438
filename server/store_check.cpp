// SPDX-License-Identifier: GPL-3.0-or-later
// Checking what is stored; making it anew is in store_rebuild.cpp.
#include "server/store_check.hpp"

#include <algorithm>

#include "protocol/tree.hpp"
#include "server/blob_keys.hpp"
#include "server/exported_versions.hpp"
#include "server/packs.hpp"

namespace berth::server {
namespace {

using protocol::ObjectId;

constexpr std::size_t object_page = 5'000, version_page = 500;
constexpr int deepest = 2'000;  // folders
constexpr std::int64_t hold_for = 600'000;

void note(StoreFindings::Version& found, const std::string& path) {
  ++found.count;
  if (found.paths.size() < StoreFindings::most_paths) found.paths.push_back(path.empty() ? "/" : path);
}

}  // namespace

/// Nothing that the rows name may leave the blob store while it is looked for.
Result<void> StoreCheck::hold() { return storage_.store->blobs().hold(hold_, system_clock_now() + hold_for); }

Result<StoreFindings> StoreCheck::check(bool repair) {
  StoreFindings findings;
  const auto owners = storage_.store->packs().owners();
  if (!owners) return std::unexpected(owners.error());
  Result<void> done;
  for (const auto& owner : *owners)
    if (done = check_owner(owner, repair, findings); !done) break;
  const auto released = storage_.store->blobs().hold(hold_, 0);
  if (!done) return std::unexpected(done.error());
  if (!released) return std::unexpected(released.error());
  return findings;
}

Result<void> StoreCheck::check_owner(const std::string& name, bool repair, StoreFindings& findings) {
  if (auto held = hold(); !held) return held;
  Owner owner{name, {}, {}, {}, {}};
  for (std::string after;;) {
    const auto page = storage_.store->packs().scan(name, after, object_page);
    if (!page) return std::unexpected(page.error());
    if (page->empty()) break;
    for (const auto& place : *page) {
      owner.packs[place.pack].push_back(place.object);
      owner.there.insert(place.object.id);
    }
    after = page->back().object.id.hex();
    findings.objects += page->size();
  }
  const auto packs = storage_.store->packs().settle(name, system_clock_now());
  if (!packs) return std::unexpected(packs.error());
  for (const auto& pack : *packs)
    if (owner.packs.contains(pack.name))
      if (auto checked = check_pack(owner, pack, findings); !checked) return checked;
  for (const auto& id : owner.lost) owner.there.erase(id);
  findings.lost_objects += owner.lost.size();
  const auto workspaces = storage_.versions->workspaces(name);
  if (!workspaces) return std::unexpected(workspaces.error());
  for (const auto& workspace : *workspaces) {
    for (std::int64_t before = 0;;) {
      const auto page = storage_.versions->list(workspace, before, version_page);
      if (!page) return std::unexpected(page.error());
      if (page->empty()) break;
      before = page->back().created;
      for (const auto& version : *page) {
        if (auto held = hold(); !held) return held;
        if (auto checked = check_version(owner, version, findings); !checked) return checked;
        if (auto checked = check_description(version, repair, findings); !checked) return checked;
      }
    }
  }
  if (!repair || owner.lost.empty()) return {};
  return storage_.store->objects().lose(name, {owner.lost.begin(), owner.lost.end()});
}

Result<void> StoreCheck::check_pack(Owner& owner, const PackRecord& pack, StoreFindings& findings) {
  if (auto held = hold(); !held) return held;
  ++findings.packs;
  const auto key = pack_key(owner.name, pack.name);
  const auto& rows = owner.packs[pack.name];
  const auto lost_before = owner.lost.size();
  const auto bytes = storage_.blobs->get(key);
  if (!bytes) {
    if (bytes.error().code != ErrorCode::not_found) return std::unexpected(bytes.error());
    for (const auto& row : rows) owner.lost.insert(row.id);
    findings.problems.push_back("pack " + key + " is missing, with " + std::to_string(rows.size()) +
                                " objects in use");
    return {};
  }
  const auto whole = read_pack(*bytes);
  const bool good = whole && whole->name == pack.name;
  std::map<ObjectId, PackedObject> index;
  if (good)
    for (const auto& object : whole->objects) index.emplace(object.id, object);
  for (const auto& row : rows) {
    if (good) {
      const auto it = index.find(row.id);
      if (it != index.end() && it->second.offset == row.offset && it->second.length == row.length) continue;
    }
    const auto entry = row.offset < bytes->size() ? std::string_view(*bytes).substr(row.offset, row.length)
                                                  : std::string_view();
    const auto stored = read_entry(entry, row.id, storage_.sealing);
    if (!stored && stored.error().code == ErrorCode::internal) return std::unexpected(stored.error());
    if (!stored || !protocol::open_object(*stored)) owner.lost.insert(row.id);
  }
  const auto lost = owner.lost.size() - lost_before;
  if (!good && lost == 0) findings.notes.push_back("pack " + key + " is damaged where nothing in use lies");
  if (lost > 0)
    findings.problems.push_back("pack " + key + " is damaged: " + std::to_string(lost) + " of " +
                                std::to_string(rows.size()) + " objects in use are lost");
  return {};
}

Result<void> StoreCheck::check_version(Owner& owner, const VersionRecord& version, StoreFindings& findings) {
  ++findings.versions;
  StoreFindings::Version found{version, {}, 0};
  auto whole = check_tree(owner, version.root, "", 0, found);
  if (!whole) return std::unexpected(whole.error());
  if (*whole) return {};
  // It may have been thinned out, and collected, since it was listed.
  const auto still = storage_.versions->find(version.workspace, version.id);
  if (!still && still.error().code == ErrorCode::not_found) return {};
  findings.damaged.push_back(std::move(found));
  return {};
}

Result<bool> StoreCheck::check_tree(Owner& owner, const ObjectId& id, const std::string& path, int depth,
                                    StoreFindings::Version& found) {
  if (owner.whole_trees.contains(id)) return true;
  std::optional<std::string> object;
  if (!owner.lost.contains(id)) {
    auto read = storage_.objects->read(owner.name, {id});
    if (!read) return std::unexpected(read.error());
    object = std::move(read->front());
  }
  const auto entries = object ? protocol::decode_tree(*object) : failure(ErrorCode::not_found, "");
  if (!entries || depth > deepest) {
    note(found, path + "/");
    return false;
  }
  bool whole = true;
  for (const auto& entry : *entries) {
    auto good = check_entry(owner, entry, path + "/" + entry.name, depth, found);
    if (!good) return good;
    whole = whole && *good;
  }
  if (whole) owner.whole_trees.insert(id);
  return whole;
}

Result<bool> StoreCheck::check_entry(Owner& owner, const protocol::TreeEntry& entry, const std::string& path,
                                     int depth, StoreFindings::Version& found) {
  if (entry.type == protocol::TreeEntryType::symlink) return true;
  if (entry.type == protocol::TreeEntryType::directory)
    return check_tree(owner, entry.content.front(), path, depth + 1, found);
  auto chunks = entry.content;
  if (entry.listed) {
    auto list = storage_.objects->read(owner.name, chunks);
    if (!list) return std::unexpected(list.error());
    auto named = list->front() ? protocol::decode_chunk_list(*list->front())
                               : Result<std::vector<ObjectId>>(failure(ErrorCode::not_found, ""));
    if (!named) {
      note(found, path);
      return false;
    }
    chunks = std::move(*named);
  }
  for (const auto& chunk : chunks) {
    const auto there = is_there(owner, chunk);
    if (!there) return there;
    if (*there) continue;
    note(found, path);
    return false;
  }
  return true;
}

Result<bool> StoreCheck::is_there(Owner& owner, const ObjectId& id) {
  if (owner.there.contains(id)) return true;
  if (owner.lost.contains(id)) return false;
  const auto added_since = storage_.store->objects().find(owner.name, {id});
  if (!added_since) return std::unexpected(added_since.error());
  if (added_since->empty()) return false;
  owner.there.insert(id);
  return true;
}

Result<void> StoreCheck::check_description(const VersionRecord& version, bool repair,
                                           StoreFindings& findings) {
  const auto key = version_key(version.owner, version.workspace, version.id);
  const auto bytes = storage_.blobs->get(key);
  if (!bytes && bytes.error().code != ErrorCode::not_found) return std::unexpected(bytes.error());
  const auto described = bytes ? decode_version(*bytes, key, storage_.sealing)
                               : Result<VersionRecord>(std::unexpected(bytes.error()));
  if (described && described->root == version.root) return {};
  if (!described && described.error().code == ErrorCode::internal) return std::unexpected(described.error());
  const auto still = storage_.versions->find(version.workspace, version.id);
  if (!still) return {};
  findings.problems.push_back("description " + key + (bytes ? " is damaged" : " is missing") +
                              (repair ? "; it was written again" : ""));
  if (!repair) return {};
  return storage_.blobs->put(key, encode_version(version, storage_.sealing));
}

}  // namespace berth::server
