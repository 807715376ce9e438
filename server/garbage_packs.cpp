// SPDX-License-Identifier: GPL-3.0-or-later
// The garbage collection's dealings with packs and blobs.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>
#include <set>

#include "server/blob_keys.hpp"
#include "server/fault_points.hpp"
#include "server/garbage_collection.hpp"
#include "server/packs.hpp"

namespace berth::server {
namespace {

constexpr std::size_t blob_page = 1'000, pack_versions_page = 500;

/// What an owner's rows name, asked for once as the listing comes to the owner.
struct Named {
  std::string owner;
  std::set<std::string> packs;
  std::map<std::string, std::set<std::string>> versions;  // by workspace
};

}  // namespace

GarbageCollection::Names GarbageCollection::worth_rewriting(const std::vector<PackRecord>& packs) const {
  std::vector<const PackRecord*> chosen, small;
  for (const auto& pack : packs) {
    if (pack.doomed != 0 || pack.live_objects == 0) continue;
    if (pack.size < options_.small_pack)
      small.push_back(&pack);
    else if (pack.live_bytes + pack.live_objects * pack_index_row < pack.size / 2)
      chosen.push_back(&pack);
  }
  if (small.size() > options_.most_small_packs) chosen.insert(chosen.end(), small.begin(), small.end());
  std::ranges::sort(chosen, {}, &PackRecord::created);  // what was stored together stays together
  Names names;
  for (const auto* pack : chosen) names.push_back(pack->name);
  return names;
}

Result<std::size_t> GarbageCollection::repack(const std::string& owner, const Names& packs) {
  std::map<std::string, std::vector<PackedObject>> live;
  for (const auto& name : packs) live[name];
  auto scanned = scan(owner, [&](const ObjectPlace& place) {
    if (const auto it = live.find(place.pack); it != live.end()) it->second.push_back(place.object);
  });
  if (!scanned) return std::unexpected(scanned.error());
  std::optional<PackWriter> writer;
  Names from;
  std::size_t rewritten = 0;
  for (const auto& name : packs) {
    if (auto on = going_on(); !on) return std::unexpected(on.error());
    const auto bytes = blobs_.get(pack_key(owner, name));
    if (!bytes && bytes.error().code != ErrorCode::not_found) return std::unexpected(bytes.error());
    auto& objects = live[name];
    std::ranges::sort(objects, {}, &PackedObject::offset);
    if (!writer) writer.emplace(sealing_);
    for (const auto& object : objects) {
      const auto entry = bytes && object.offset < bytes->size()
                             ? std::string_view(*bytes).substr(object.offset, object.length)
                             : std::string_view();
      auto stored = read_entry(entry, object.id, sealing_);
      if (!stored && stored.error().code == ErrorCode::internal) return std::unexpected(stored.error());
      // What is damaged stays where it is, for berthd fsck to tell.
      if (stored && protocol::open_object(*stored)) writer->add(*stored, object.refers);
    }
    from.push_back(name);
    ++rewritten;
    if (writer->size() < pack_target) continue;
    if (auto moved = move_into(owner, from, *writer); !moved) return std::unexpected(moved.error());
    writer.reset();
    from.clear();
  }
  if (writer)
    if (auto moved = move_into(owner, from, *writer); !moved) return std::unexpected(moved.error());
  return rewritten;
}

Result<void> GarbageCollection::move_into(const std::string& owner, const Names& from, PackWriter& writer) {
  if (writer.empty()) return {};
  const auto finished = std::move(writer).finish();
  const auto key = pack_key(owner, finished.pack.name);
  if (auto put = blobs_.put(key, finished.bytes); !put) return put;
  fault_point("collect.packed");
  const auto moved = store_.packs().move(owner, from, finished.pack, clock_());
  if (!moved) return std::unexpected(moved.error());
  fault_point("collect.moved");
  if (*moved) return {};
  return blobs_.remove(key);
}

Result<std::size_t> GarbageCollection::remove_doomed() {
  const std::lock_guard lock(one_at_a_time_);
  const auto doomed = store_.packs().doomed(clock_() - options_.doomed_for);
  if (!doomed) return std::unexpected(doomed.error());
  std::size_t count = 0;
  for (const auto& pack : *doomed) {
    if (auto on = going_on(); !on) return std::unexpected(on.error());
    const auto held = store_.blobs().held(clock_());
    if (!held) return std::unexpected(held.error());
    if (*held) break;
    if (auto removed = blobs_.remove(pack_key(pack.owner, pack.name)); !removed)
      return std::unexpected(removed.error());
    fault_point("collect.removed");
    if (auto forgotten = store_.packs().forget(pack.owner, pack.name); !forgotten)
      return std::unexpected(forgotten.error());
    ++count;
  }
  return count;
}

Result<GarbageCollection::Names> GarbageCollection::unnamed_blobs() {
  Names unnamed;
  Named named;
  for (std::string after;;) {
    if (auto on = going_on(); !on) return std::unexpected(on.error());
    const auto page = blobs_.list(blob_root, after, blob_page);
    if (!page) return std::unexpected(page.error());
    for (const auto& blob : *page) {
      after = blob.key;
      const auto name = parse_blob_key(blob.key);
      if (!name) continue;  // not ours
      if (name->owner != named.owner) {
        named = {name->owner, {}, {}};
        const auto packs = store_.packs().settle(name->owner, clock_());
        if (!packs) return std::unexpected(packs.error());
        for (const auto& pack : *packs) named.packs.insert(pack.name);
      }
      if (name->is_pack) {
        if (!named.packs.contains(name->pack)) unnamed.push_back(blob.key);
        continue;
      }
      if (!named.versions.contains(name->workspace)) {
        auto& ids = named.versions[name->workspace];
        for (std::int64_t before = 0;;) {
          const auto some = versions_.list(name->workspace, before, pack_versions_page);
          if (!some) return std::unexpected(some.error());
          if (some->empty()) break;
          before = some->back().created;
          for (const auto& version : *some) ids.insert(version.id);
        }
      }
      if (!named.versions[name->workspace].contains(name->version)) unnamed.push_back(blob.key);
    }
    if (page->size() < blob_page) return unnamed;
  }
}

Result<std::size_t> GarbageCollection::remove_strays() {
  const std::lock_guard lock(one_at_a_time_);
  const auto unnamed = unnamed_blobs();
  if (!unnamed) return std::unexpected(unnamed.error());
  const auto now = clock_();
  const auto old = store_.blobs().stray(*unnamed, now, now - options_.stray_for);
  if (!old) return std::unexpected(old.error());
  const auto held = store_.blobs().held(now);
  if (!held) return std::unexpected(held.error());
  if (*held) return 0u;
  std::size_t count = 0;
  for (const auto& key : *old) {
    if (auto on = going_on(); !on) return std::unexpected(on.error());
    if (auto removed = blobs_.remove(key); !removed) return std::unexpected(removed.error());
    ++count;
  }
  if (count > 0) spdlog::info("{} blobs that nothing named for a day were removed", count);
  return count;
}

}  // namespace berth::server
