// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/store_scrub.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <sstream>
#include <unordered_set>

#include "server/blob_keys.hpp"
#include "server/clear_doubts.hpp"
#include "server/packs.hpp"
#include "server/store_check_files.hpp"

namespace berth::server {
namespace {

using protocol::ObjectId;

constexpr const char* scrub_setting = "scrub";
constexpr std::size_t scrub_rows_page = 5'000;
constexpr std::int64_t longest_credit = 3'600'000;  // ms: a server that slept does not make up for it at once
constexpr std::size_t most_damaged_told = 10'000;   // objects of an owner
constexpr std::size_t most_files_told = 20;         // of a workspace

}  // namespace

Result<void> StoreScrub::going_on() const {
  if (stopped_) return failure(ErrorCode::cancelled, "Looking at stored packs was stopped.");
  return {};
}

Result<void> StoreScrub::go_on() {
  if (auto told = report(); !told) return told;
  if (options_.period == 0) return {};
  const auto due = begin();
  if (!due) return std::unexpected(due.error());
  if (!*due) return {};
  auto budget = worth(clock_());
  if (!budget) return std::unexpected(budget.error());
  auto owners = parts_.store.packs().owners();
  if (!owners) return std::unexpected(owners.error());
  std::ranges::sort(*owners);
  for (const auto& owner : *owners) {
    if (owner < place_.owner) continue;
    if (auto looked = look_at_owner(owner, *budget); !looked) return looked;
    if (*budget == 0) return report();
  }
  place_.owner.clear();
  place_.pack.clear();
  under_way_ = false;
  parts_.figures.scrub_ended = clock_();
  spdlog::info("every stored pack was looked at since {} days", (clock_() - place_.began) / 86'400'000);
  if (auto remembered = remember(); !remembered) return remembered;
  return report();
}

/// Loads the place; false while the next round is not due.
Result<bool> StoreScrub::begin() {
  if (!loaded_) {
    const auto settings = parts_.store.settings().all();
    if (!settings) return std::unexpected(settings.error());
    place_ = {};
    if (const auto at = settings->find(scrub_setting); at != settings->end())
      std::istringstream(at->second) >> place_.began >> place_.owner >> place_.pack;
    loaded_ = true;
    under_way_ = !place_.owner.empty();
  }
  if (under_way_) return true;
  const auto now = clock_();
  if (place_.began != 0 && now >= place_.began && now - place_.began < options_.period) return false;
  place_.began = now;
  under_way_ = true;
  return true;
}

Result<void> StoreScrub::remember() {
  std::ostringstream text;
  text << place_.began << ' ' << place_.owner << ' ' << place_.pack;
  return parts_.store.settings().put({{scrub_setting, text.str()}});
}

/// Bytes to look at now; twice what the period asks for, since no server runs all the time.
Result<std::uint64_t> StoreScrub::worth(std::int64_t now) {
  const auto since = last_ == 0 ? 0 : std::clamp<std::int64_t>(now - last_, 0, longest_credit);
  last_ = now;
  const auto owners = parts_.store.packs().owners();
  if (!owners) return std::unexpected(owners.error());
  double all = 0;
  for (const auto& owner : *owners) {
    const auto used = parts_.store.objects().used(owner);
    if (!used) return std::unexpected(used.error());
    all += static_cast<double>(*used);
  }
  const auto share = 2.0 * static_cast<double>(since) / static_cast<double>(options_.period);
  return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(all * std::min(share, 1.0)));
}

Result<void> StoreScrub::look_at_owner(const std::string& owner, std::uint64_t& budget) {
  auto packs = parts_.store.packs().settle(owner, clock_());
  if (!packs) return std::unexpected(packs.error());
  std::ranges::sort(*packs, {}, &PackRecord::name);
  for (const auto& pack : *packs) {
    if (pack.doomed != 0 || (owner == place_.owner && pack.name <= place_.pack)) continue;
    if (auto on = going_on(); !on) return on;
    if (auto looked = look_at(pack); !looked) return looked;
    place_.owner = owner;
    place_.pack = pack.name;
    if (auto remembered = remember(); !remembered) return remembered;
    budget -= std::min(budget, pack.size);
    if (budget == 0) return {};
  }
  // What a passing fault cast doubt on is read once more; a tree is whole only when all below it is, so it
  // takes all packs.
  auto cleared = clear_doubts({parts_.store.objects(), parts_.store.packs(), parts_.objects}, owner, {},
                              [this] { return going_on(); });
  if (cleared || cleared.error().code == ErrorCode::cancelled) return cleared;
  if (auto good = parts_.blobs.check(); !good) return good;  // as in look_at
  spdlog::error("what is doubted of {} stays so: {} {}", owner, cleared.error().message,
                cleared.error().detail);
  return {};
}

Result<void> StoreScrub::look_at(const PackRecord& pack) {
  ++parts_.figures.scrubbed_packs;
  parts_.figures.scrubbed_bytes += pack.size;
  auto lost = lost_of(pack);
  if (lost && !lost->empty()) lost = lost_of(pack);  // what comes again is what lies there
  if (!lost && (lost.error().code == ErrorCode::unavailable || lost.error().code == ErrorCode::internal)) {
    // Where the store is well otherwise, one pack that can't be read may not end the round for ever.
    if (auto good = parts_.blobs.check(); !good) return good;
    spdlog::error("pack {} of {} can't be read: {} {}", pack.name, pack.owner, lost.error().message,
                  lost.error().detail);
    return {};
  }
  if (!lost) return std::unexpected(lost.error());
  if (lost->empty()) return {};
  const auto believed = parts_.store.objects().doubt(pack.owner, *lost);
  if (!believed) return std::unexpected(believed.error());
  if (*believed == 0) return {};
  spdlog::error(
      "pack {} of {} is damaged: {} objects in use are lost; they are stored again where a home has "
      "them",
      pack.name, pack.owner, lost->size());
  options_.doubted(pack.owner, *lost);
  return {};
}

/// What the index expects in the pack and the blob store does not have.
Result<std::vector<ObjectId>> StoreScrub::lost_of(const PackRecord& pack) {
  const auto bytes = parts_.blobs.get(pack_key(pack.owner, pack.name));
  if (!bytes && bytes.error().code != ErrorCode::not_found) return std::unexpected(bytes.error());
  if (bytes && ObjectId::of(*bytes).hex() == pack.name) return std::vector<ObjectId>{};
  const auto rows = rows_of(pack);
  if (!rows) return std::unexpected(rows.error());
  const auto lost =
      lost_rows(bytes ? std::string_view(*bytes) : std::string_view(), pack.name, *rows, parts_.sealing);
  if (!lost) return std::unexpected(lost.error());
  return lost->objects;
}

Result<std::vector<PackedObject>> StoreScrub::rows_of(const PackRecord& pack) {
  std::vector<PackedObject> rows;
  for (std::string after;;) {
    if (auto on = going_on(); !on) return std::unexpected(on.error());
    const auto page = parts_.store.packs().scan(pack.owner, after, scrub_rows_page);
    if (!page) return std::unexpected(page.error());
    if (page->empty()) return rows;
    for (const auto& place : *page)
      if (place.pack == pack.name) rows.push_back(place.object);
    after = page->back().object.id.hex();
  }
}

void StoreScrub::damaged(const std::string& owner, const std::vector<ObjectId>& ids) {
  parts_.figures.damaged_objects += ids.size();
  const std::lock_guard lock(mutex_);
  auto& known = damaged_[owner];
  for (const auto& id : ids)
    if (known.size() < most_damaged_told) known.push_back(id);
}

/// In the newest versions: older ones are for berthd fsck, which has the time.
Result<void> StoreScrub::report() {
  std::map<std::string, std::vector<ObjectId>> damaged;
  {
    const std::lock_guard lock(mutex_);
    damaged = std::exchange(damaged_, {});
  }
  for (const auto& [owner, ids] : damaged)
    if (auto told = report_owner(owner, ids); !told) return told;
  return {};
}

Result<void> StoreScrub::report_owner(const std::string& owner, const std::vector<ObjectId>& ids) {
  const auto places = parts_.store.objects().find(owner, ids);
  if (!places) return std::unexpected(places.error());
  std::unordered_set<ObjectId> lost(ids.begin(), ids.end());
  for (const auto& place : *places)
    if (place.whole) lost.erase(place.object.id);  // stored again meanwhile
  spdlog::info("of {} damaged objects of {}, {} are stored again", ids.size(), owner,
               ids.size() - lost.size());
  if (lost.empty()) return {};
  FileCheck files(parts_.objects, owner, [&](const std::vector<ObjectId>& chunks) {
    std::vector<ObjectId> lacking;
    std::ranges::copy_if(chunks, std::back_inserter(lacking),
                         [&](const auto& id) { return lost.contains(id); });
    return Result<std::vector<ObjectId>>(std::move(lacking));
  });
  const auto workspaces = parts_.versions.workspaces(owner);
  if (!workspaces) return std::unexpected(workspaces.error());
  for (const auto& workspace : *workspaces) {
    if (auto on = going_on(); !on) return on;
    if (auto told = report_workspace(workspace, files); !told) return told;
  }
  return {};
}

Result<void> StoreScrub::report_workspace(const std::string& workspace, FileCheck& files) {
  const auto newest = parts_.versions.latest(workspace);
  if (!newest) return std::unexpected(newest.error());
  if (!*newest) return {};
  const auto found = files.check((*newest)->root);
  if (!found) return std::unexpected(found.error());
  if (found->count == 0) return {};
  std::string named;
  for (std::size_t i = 0; i < std::min(found->paths.size(), most_files_told); ++i)
    named += (i == 0 ? "" : ", ") + found->paths[i];
  spdlog::error(
      "workspace {}: {} files of its newest version {} are damaged: {}; the others are named by berthd "
      "fsck",
      workspace, found->count, (*newest)->id, named);
  return {};
}

}  // namespace berth::server
