// SPDX-License-Identifier: GPL-3.0-or-later
// The order of a collection, marking and sweeping; packs and blobs are in garbage_packs.cpp.
#include "server/garbage_collection.hpp"

#include <spdlog/spdlog.h>

#include "server/fault_points.hpp"
#include "server/retention.hpp"

namespace berth::server {
namespace {

using protocol::ObjectId;

constexpr std::size_t version_page = 500, object_page = 5'000, leaves_at_once = 2'000;
constexpr int most_tries = 8;  // of a sweep that others keep touching; the next collection tries again

}  // namespace

GarbageCollection::GarbageCollection(MetadataStore& store, VersionStore& versions, ObjectStore& objects,
                                     BlobStore& blobs, const StorageSealing& sealing, Clock clock,
                                     Options options)
    : store_(store),
      versions_(versions),
      objects_(objects),
      blobs_(blobs),
      sealing_(sealing),
      clock_(std::move(clock)),
      options_(options) {}

Result<void> GarbageCollection::going_on() const {
  if (stopped_) return failure(ErrorCode::cancelled, "The collection was stopped.");
  return {};
}

Result<GarbageCollection::Collected> GarbageCollection::collect(const std::string& owner) {
  const std::lock_guard lock(one_at_a_time_);
  Collected collected;
  auto thinned = thin_out(owner);
  if (!thinned) return std::unexpected(thinned.error());
  collected.versions = *thinned;
  ObjectMarks marks(owner, store_.objects(), objects_);
  if (auto marked = mark_versions(owner, marks); !marked) return std::unexpected(marked.error());
  fault_point("collect.marked");
  auto swept = sweep(owner, marks);
  if (!swept) return std::unexpected(swept.error());
  collected.objects = *swept;
  fault_point("collect.swept");
  auto packs = store_.packs().settle(owner, clock_());
  if (!packs) return std::unexpected(packs.error());
  fault_point("collect.settled");
  if (const auto old = worth_rewriting(*packs); !old.empty()) {
    auto rewritten = repack(owner, old);
    if (!rewritten) return std::unexpected(rewritten.error());
    collected.packs_rewritten = *rewritten;
    if (auto settled = store_.packs().settle(owner, clock_()); !settled)
      return std::unexpected(settled.error());
  }
  return collected;
}

Result<std::size_t> GarbageCollection::thin_out(const std::string& owner) {
  const auto workspaces = versions_.workspaces(owner);
  if (!workspaces) return std::unexpected(workspaces.error());
  std::size_t count = 0;
  for (const auto& workspace : *workspaces) {
    if (auto on = going_on(); !on) return std::unexpected(on.error());
    std::vector<VersionRecord> all;
    for (std::int64_t before = 0;;) {
      auto some = versions_.list(workspace, before, version_page);
      if (!some) return std::unexpected(some.error());
      if (some->empty()) break;
      before = some->back().created;
      all.insert(all.end(), std::make_move_iterator(some->begin()), std::make_move_iterator(some->end()));
    }
    const auto gone = thinned_out(all, clock_());
    if (gone.empty()) continue;
    if (auto removed = versions_.remove(workspace, gone); !removed) return std::unexpected(removed.error());
    count += gone.size();
  }
  return count;
}

Result<void> GarbageCollection::mark_versions(const std::string& owner, ObjectMarks& marks) {
  const auto workspaces = versions_.workspaces(owner);
  if (!workspaces) return std::unexpected(workspaces.error());
  for (const auto& workspace : *workspaces) {
    for (std::int64_t before = 0;;) {
      const auto some = versions_.list(workspace, before, version_page);
      if (!some) return std::unexpected(some.error());
      if (some->empty()) break;
      before = some->back().created;
      for (const auto& version : *some) marks.add_tree(version.root);
    }
  }
  return marks.walk([this] { return stopped_.load(); });
}

Result<void> GarbageCollection::scan(const std::string& owner,
                                     const std::function<void(const ObjectPlace&)>& each) {
  for (std::string after;;) {
    if (auto on = going_on(); !on) return on;
    const auto page = store_.packs().scan(owner, after, object_page);
    if (!page) return std::unexpected(page.error());
    if (page->empty()) return {};
    for (const auto& place : *page) each(place);
    after = page->back().object.id.hex();
  }
}

Result<std::optional<GarbageCollection::Dead>> GarbageCollection::find_dead(const std::string& owner,
                                                                            ObjectMarks& marks,
                                                                            std::int64_t cutoff) {
  Dead dead;
  bool touched = false;
  auto scanned = scan(owner, [&](const ObjectPlace& place) {
    const auto& object = place.object;
    if (place.touched >= cutoff) {
      if (!object.refers || marks.walked(object.id)) return;
      marks.add_any(object.id);
      touched = true;
    } else if (!marks.marked(object.id)) {
      (object.refers ? dead.naming : dead.leaves).push_back(object.id);
    }
  });
  if (!scanned) return std::unexpected(scanned.error());
  if (!touched) return dead;
  if (auto walked = marks.walk([this] { return stopped_.load(); }); !walked)
    return std::unexpected(walked.error());
  return std::nullopt;
}

Result<std::size_t> GarbageCollection::sweep(const std::string& owner, ObjectMarks& marks) {
  const auto cutoff = clock_() - options_.protection;
  for (int tries = 0; tries < most_tries; ++tries) {
    auto dead = find_dead(owner, marks, cutoff);
    if (!dead) return std::unexpected(dead.error());
    if (!*dead) continue;
    const auto& naming = (*dead)->naming;
    if (!naming.empty()) {
      auto removed = store_.packs().remove(owner, naming, cutoff, true);
      if (!removed) return std::unexpected(removed.error());
      if (*removed == 0) continue;
      fault_point("collect.swept_naming");
    }
    auto leaves = remove_leaves(owner, (*dead)->leaves, cutoff);
    if (!leaves) return leaves;
    return naming.size() + *leaves;
  }
  spdlog::info("the collection for {} gave way to others; it is tried again later", owner);
  return 0u;
}

Result<std::size_t> GarbageCollection::remove_leaves(const std::string& owner,
                                                     const std::vector<ObjectId>& leaves,
                                                     std::int64_t cutoff) {
  std::size_t count = 0;
  for (std::size_t begin = 0; begin < leaves.size(); begin += leaves_at_once) {
    if (auto on = going_on(); !on) return std::unexpected(on.error());
    const auto end = std::min(begin + leaves_at_once, leaves.size());
    const std::vector<ObjectId> some(leaves.begin() + static_cast<std::ptrdiff_t>(begin),
                                     leaves.begin() + static_cast<std::ptrdiff_t>(end));
    auto removed = store_.packs().remove(owner, some, cutoff, false);
    if (!removed) return removed;
    count += *removed;
    fault_point("collect.swept_some");
  }
  return count;
}

}  // namespace berth::server
