// SPDX-License-Identifier: GPL-3.0-or-later
// Checking what is stored; making it anew is in store_rebuild.cpp.
#include "server/store_check.hpp"

#include <algorithm>
#include <utility>

#include "server/blob_keys.hpp"
#include "server/bounded_parallel.hpp"
#include "server/clear_doubts.hpp"
#include "server/exported_versions.hpp"
#include "server/packs.hpp"

namespace berth::server {
namespace {

using protocol::ObjectId;

constexpr std::size_t checked_objects_page = 5'000, checked_versions_page = 500;
constexpr std::int64_t check_hold = 600'000, hold_again = check_hold / 10;  // ms; a look takes seconds

}  // namespace

/// Nothing that the rows name may leave the blob store while it is looked for.
Result<void> StoreCheck::hold() {
  const std::lock_guard lock(mutex_);
  const auto now = system_clock_now();
  if (held_at_ != 0 && now < held_at_ + hold_again) return {};
  if (auto held = storage_.store->blobs().hold(hold_, now + check_hold); !held) return held;
  held_at_ = now;
  return {};
}

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
  Owner owner{.name = name, .packs = {}, .there = {}, .lost = {}};
  if (auto held = hold(); !held) return held;
  if (auto read = read_rows(owner, findings); !read) return read;
  if (auto checked = check_packs(owner, findings); !checked) return checked;
  if (auto checked = check_versions(owner, repair, findings); !checked) return checked;
  const bool doubtful = owner.doubtful || !owner.lost.empty();
  if (auto settled = settle_lost(owner, repair); !settled || !doubtful) return settled;
  return clear_doubts({storage_.store->objects(), storage_.store->packs(), *storage_.objects}, name,
                      std::move(owner.lost), [this] { return hold(); });
}

Result<void> StoreCheck::settle_lost(Owner& owner, bool repair) {
  if (owner.lost.empty()) return {};
  const auto& name = owner.name;
  const auto places = storage_.store->objects().find(name, {owner.lost.begin(), owner.lost.end()});
  if (!places) return std::unexpected(places.error());
  // What was stored again meanwhile lies in a pack that was not there when the rows were read.
  std::vector<ObjectId> lost;
  for (const auto& place : *places)
    if (owner.packs.contains(place.pack)) lost.push_back(place.object.id);
  if (lost.empty()) return {};
  if (repair) return storage_.store->objects().lose(name, lost);
  const auto doubted = storage_.store->objects().doubt(name, lost);
  return doubted ? Result<void>() : std::unexpected(doubted.error());
}

Result<void> StoreCheck::read_rows(Owner& owner, StoreFindings& findings) {
  for (std::string after;;) {
    const auto page = storage_.store->packs().scan(owner.name, after, checked_objects_page);
    if (!page) return std::unexpected(page.error());
    if (page->empty()) return {};
    for (const auto& place : *page) {
      owner.packs[place.pack].push_back(place.object);
      owner.there.insert(place.object.id);
      owner.doubtful = owner.doubtful || !place.whole;
    }
    after = page->back().object.id.hex();
    findings.objects += page->size();
  }
}

Result<void> StoreCheck::check_packs(Owner& owner, StoreFindings& findings) {
  const auto packs = storage_.store->packs().settle(owner.name, system_clock_now());
  if (!packs) return std::unexpected(packs.error());
  std::vector<std::string> names;
  for (const auto& pack : *packs)
    if (owner.packs.contains(pack.name)) names.push_back(pack.name);
  std::vector<PackFindings> found(names.size());
  auto done = in_parallel(names.size(), options_.transfers, [&](std::size_t i) -> Result<void> {
    if (auto held = hold(); !held) return held;
    const auto rows = std::exchange(owner.packs.at(names[i]), {});
    auto checked = check_pack(pack_key(owner.name, names[i]), names[i], rows);
    if (!checked) return std::unexpected(std::move(checked.error()));
    found[i] = std::move(*checked);
    return {};
  });
  if (!done) return done;
  findings.packs += names.size();
  for (auto& pack : found) {
    if (!pack.problem.empty()) findings.problems.push_back(std::move(pack.problem));
    if (!pack.note.empty()) findings.notes.push_back(std::move(pack.note));
    owner.lost.insert(pack.lost.begin(), pack.lost.end());
  }
  for (const auto& id : owner.lost) owner.there.erase(id);
  findings.lost_objects += owner.lost.size();
  return {};
}

Result<StoreCheck::PackFindings> StoreCheck::check_pack(const std::string& key, const std::string& name,
                                                        const std::vector<PackedObject>& rows) {
  PackFindings found;
  const auto bytes = storage_.blobs->get(key);
  if (!bytes && bytes.error().code != ErrorCode::not_found) return std::unexpected(bytes.error());
  if (!bytes) {
    for (const auto& row : rows) found.lost.push_back(row.id);
    found.problem = "pack " + key + " is missing, with " + std::to_string(rows.size()) + " objects in use";
    return found;
  }
  auto lost = lost_rows(*bytes, name, rows, storage_.sealing);
  if (!lost) return std::unexpected(std::move(lost.error()));
  found.lost = std::move(lost->objects);
  if (!found.lost.empty())
    found.problem = "pack " + key + " is damaged: " + std::to_string(found.lost.size()) + " of " +
                    std::to_string(rows.size()) + " objects in use are lost";
  else if (lost->damaged)
    found.note = "pack " + key + " is damaged where nothing in use lies";
  return found;
}

Result<void> StoreCheck::check_versions(Owner& owner, bool repair, StoreFindings& findings) {
  FileCheck files(*storage_.objects, owner.name,
                  [&](const std::vector<ObjectId>& ids) { return lacking(owner, ids); });
  const auto workspaces = storage_.versions->workspaces(owner.name);
  if (!workspaces) return std::unexpected(workspaces.error());
  for (const auto& workspace : *workspaces) {
    for (std::int64_t before = 0;;) {
      const auto page = storage_.versions->list(workspace, before, checked_versions_page);
      if (!page) return std::unexpected(page.error());
      if (page->empty()) break;
      before = page->back().created;
      for (const auto& version : *page)
        if (auto checked = check_version(files, version, findings); !checked) return checked;
      if (auto checked = check_descriptions(*page, repair, findings); !checked) return checked;
    }
  }
  return {};
}

Result<void> StoreCheck::check_version(FileCheck& files, const VersionRecord& version,
                                       StoreFindings& findings) {
  if (auto held = hold(); !held) return held;
  ++findings.versions;
  auto damage = files.check(version.root);
  if (!damage) return std::unexpected(std::move(damage.error()));
  if (damage->count == 0) return {};
  // It may have been thinned out, and collected, since it was listed.
  const auto still = storage_.versions->find(version.workspace, version.id);
  if (!still && still.error().code == ErrorCode::not_found) return {};
  findings.damaged.push_back({version, std::move(*damage)});
  return {};
}

/// Some may have been added since the rows were read.
Result<std::vector<ObjectId>> StoreCheck::lacking(Owner& owner, const std::vector<ObjectId>& ids) {
  std::vector<ObjectId> unknown, lacking;
  for (const auto& id : ids)
    if (!owner.there.contains(id)) (owner.lost.contains(id) ? lacking : unknown).push_back(id);
  if (unknown.empty()) return lacking;
  const auto added = storage_.store->objects().find(owner.name, unknown);
  if (!added) return std::unexpected(added.error());
  for (const auto& place : *added) owner.there.insert(place.object.id);
  for (const auto& id : unknown)
    if (!owner.there.contains(id)) lacking.push_back(id);
  return lacking;
}

Result<void> StoreCheck::check_descriptions(const Versions& versions, bool repair, StoreFindings& findings) {
  std::vector<std::string> problems(versions.size());
  auto done = in_parallel(versions.size(), options_.transfers, [&](std::size_t i) -> Result<void> {
    auto problem = check_description(versions[i], repair);
    if (!problem) return std::unexpected(std::move(problem.error()));
    problems[i] = std::move(*problem);
    return {};
  });
  if (!done) return done;
  for (auto& problem : problems)
    if (!problem.empty()) findings.problems.push_back(std::move(problem));
  return {};
}

/// What is wrong with the description of a version; "" when nothing is.
Result<std::string> StoreCheck::check_description(const VersionRecord& version, bool repair) {
  const auto key = version_key(version.owner, version.workspace, version.id);
  const auto bytes = storage_.blobs->get(key);
  if (!bytes && bytes.error().code != ErrorCode::not_found) return std::unexpected(bytes.error());
  const auto described = bytes ? decode_version(*bytes, key, storage_.sealing)
                               : Result<VersionRecord>(std::unexpected(bytes.error()));
  if (described && described->root == version.root) return std::string();
  if (!described && described.error().code == ErrorCode::internal) return std::unexpected(described.error());
  if (!storage_.versions->find(version.workspace, version.id)) return std::string();
  const auto problem = "description " + key + (bytes ? " is damaged" : " is missing");
  if (!repair) return problem;
  if (auto put = storage_.blobs->put(key, encode_version(version, storage_.sealing)); !put)
    return std::unexpected(put.error());
  return problem + "; it was written again";
}

}  // namespace berth::server
