// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/pack_store.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "server/blob_keys.hpp"
#include "server/bounded_parallel.hpp"
#include "server/fault_points.hpp"
#include "server/packs.hpp"

namespace berth::server {
namespace {

using protocol::ObjectId;
using protocol::StoredObject;

constexpr std::uint64_t largest_gap = 32u << 10;    // bytes read in vain rather than asked around
constexpr std::uint64_t largest_get = pack_target;  // bytes in one get, unless one entry is larger

/// Entries of one pack that are read by one get.
struct Extent {
  std::string pack;
  std::uint64_t begin = 0, end = 0;
  std::vector<PackedObject> objects;
};

std::vector<Extent> plan_reads(std::vector<ObjectPlace> places) {
  std::ranges::sort(places, [](const auto& a, const auto& b) {
    return std::tie(a.pack, a.object.offset) < std::tie(b.pack, b.object.offset);
  });
  std::vector<Extent> extents;
  for (auto& place : places) {
    const auto begin = place.object.offset, end = begin + place.object.length;
    const bool joins = !extents.empty() && extents.back().pack == place.pack &&
                       begin <= extents.back().end + largest_gap && end - extents.back().begin <= largest_get;
    if (!joins) extents.push_back({place.pack, begin, end, {}});
    extents.back().end = std::max(extents.back().end, end);
    extents.back().objects.push_back(place.object);
  }
  return extents;
}

/// What a read has found so far, filled in by several threads.
struct Findings {
  std::mutex mutex;
  std::unordered_map<ObjectId, std::string> opened;
  std::optional<Error> wrong_key;  // of an entry that another key sealed
  std::vector<ObjectId> foreign;   // those entries
  std::vector<ObjectId> lost;      // damaged, or their pack is missing

  void lose(const Extent& extent) {
    const std::lock_guard lock(mutex);
    for (const auto& object : extent.objects) lost.push_back(object.id);
  }
};

class PackStore final : public ObjectStore {
 public:
  PackStore(BlobStore& blobs, ObjectIndex& index, const StorageSealing& sealing, Clock clock,
            PackStoreOptions options)
      : blobs_(blobs),
        index_(index),
        sealing_(sealing),
        clock_(std::move(clock)),
        options_(std::move(options)) {}

  Result<std::vector<ObjectId>> missing(const std::string& owner, const std::vector<ObjectId>& ids) override;
  Result<void> add(const std::string& owner, std::vector<StoredObject> objects) override;
  Result<std::vector<std::optional<std::string>>> read(const std::string& owner,
                                                       const std::vector<ObjectId>& ids,
                                                       std::size_t largest) override;
  Result<std::vector<std::optional<std::uint32_t>>> sizes(const std::string& owner,
                                                          const std::vector<ObjectId>& ids) override;
  Result<void> verify(const std::string& owner, const std::vector<ObjectId>& ids) override;
  Result<Usage> usage(const std::string& owner) override;

 private:
  using Built = std::vector<PackWriter::Finished>;
  Result<Built> build(std::vector<StoredObject> objects);
  Result<void> store(const std::string& owner, const Built& packs);
  Result<void> refuse_over_quota(const std::string& owner, const Built& packs);
  void discard(const std::string& owner, const std::vector<std::string>& packs);
  Result<void> read_extent(const std::string& owner, Extent extent, Findings& findings);
  std::vector<PackedObject> open_entries(const Extent& extent, std::string_view bytes, Findings& findings);
  Result<void> doubt(const std::string& owner, const std::vector<ObjectId>& lost);
  void trust(const std::string& owner, const std::vector<ObjectId>& read);
  std::uint64_t quota(const std::string& owner) const { return options_.quota ? options_.quota(owner) : 0; }

  BlobStore& blobs_;
  ObjectIndex& index_;
  const StorageSealing& sealing_;
  Clock clock_;
  PackStoreOptions options_;
};

Result<std::vector<ObjectId>> PackStore::missing(const std::string& owner, const std::vector<ObjectId>& ids) {
  auto places = index_.find(owner, ids);
  if (!places) return std::unexpected(places.error());
  const auto now = clock_();
  std::unordered_set<ObjectId> there;
  std::vector<ObjectId> stale;  // touched so long ago that the promise of a day needs a new one
  for (const auto& place : *places) {
    if (!place.whole) continue;
    there.insert(place.object.id);
    if (place.touched < now - touch_slack) stale.push_back(place.object.id);
  }
  if (!stale.empty()) {
    auto gone = index_.touch(owner, stale, now);  // collected between the look and the touch
    if (!gone) return std::unexpected(gone.error());
    for (const auto& id : *gone) there.erase(id);
  }
  std::vector<ObjectId> missing;
  for (const auto& id : ids)
    if (there.insert(id).second) missing.push_back(id);
  return missing;
}

Result<void> PackStore::add(const std::string& owner, std::vector<StoredObject> objects) {
  std::vector<ObjectId> ids;
  ids.reserve(objects.size());
  for (const auto& object : objects) ids.push_back(object.id);
  auto lacking = missing(owner, ids);
  if (!lacking) return std::unexpected(lacking.error());
  std::unordered_set<ObjectId> wanted(lacking->begin(), lacking->end());
  std::erase_if(objects, [&](const auto& object) { return wanted.erase(object.id) == 0; });
  if (objects.empty()) return {};
  auto packs = build(std::move(objects));
  if (!packs) return std::unexpected(packs.error());
  if (auto room = refuse_over_quota(owner, *packs); !room) return room;
  return store(owner, *packs);
}

Result<PackStore::Built> PackStore::build(std::vector<StoredObject> objects) {
  Built packs;
  std::optional<PackWriter> open;
  for (auto& object : objects) {
    if (object.gone || object.size > protocol::largest_object)
      return failure(ErrorCode::invalid_argument, "An object to store is no such object.", object.id.hex());
    if (open && open->size() + object.bytes.size() > pack_target) {
      packs.push_back(std::move(*open).finish());
      open.reset();
    }
    if (!open) open.emplace(sealing_);
    open->add(object, may_refer(object));
    std::string().swap(object.bytes);  // it lies in the pack now
  }
  if (open) packs.push_back(std::move(*open).finish());
  return packs;
}

Result<void> PackStore::refuse_over_quota(const std::string& owner, const Built& packs) {
  const auto limit = quota(owner);
  if (limit == 0) return {};
  const auto used = index_.used(owner);
  if (!used) return std::unexpected(used.error());
  std::uint64_t more = 0;
  for (const auto& pack : packs) more += pack.pack.size;
  if (*used + more <= limit) return {};
  Error error{ErrorCode::limit_exceeded,
              "Your stored versions take " + readable_bytes(*used) + " of " + readable_bytes(limit) +
                  ", and " + readable_bytes(more) +
                  " more do not fit. Delete workspaces that you no longer need, or ask the administrator for "
                  "more.",
              {},
              {{"used", std::to_string(*used)}, {"limit", std::to_string(limit)}}};
  return std::unexpected(std::move(error));
}

Result<void> PackStore::store(const std::string& owner, const Built& packs) {
  const auto begun = std::chrono::steady_clock::now();
  std::vector<std::string> names;
  std::vector<NewPack> rows;
  for (const auto& pack : packs) {
    names.push_back(pack.pack.name);
    rows.push_back(pack.pack);
  }
  std::vector<char> arrived(packs.size());  // each is one thread's own
  auto put = in_parallel(packs.size(), options_.transfers, [&](std::size_t i) {
    fault_point("pack.built");
    auto done = blobs_.put(pack_key(owner, packs[i].pack.name), packs[i].bytes);
    if (done) fault_point("pack.put");
    arrived[i] = done.has_value();
    return done;
  });
  if (put && std::chrono::steady_clock::now() - begun > options_.longest_add)
    put = failure(ErrorCode::unavailable, "Storing took too long; it begins again.");
  if (!put) {
    // Only those that arrived: a store that is away would be waited for once more for each of the others,
    // before anybody is told.
    std::vector<std::string> leftovers;
    for (std::size_t i = 0; i < packs.size(); ++i)
      if (arrived[i]) leftovers.push_back(names[i]);
    discard(owner, leftovers);
    return put;
  }
  auto superfluous = index_.insert(owner, rows, clock_(), quota(owner));
  if (!superfluous) {
    // A commit that failed may still have happened (the disk's answer was lost): then the blobs are needed.
    if (superfluous.error().code != ErrorCode::limit_exceeded) return std::unexpected(superfluous.error());
    discard(owner, names);
    auto told = refuse_over_quota(owner, packs);
    return told ? std::unexpected(superfluous.error()) : told;
  }
  fault_point("index.committed");
  discard(owner, *superfluous);
  return {};
}

/// What fails here is found by the collection later: a blob that no row names.
void PackStore::discard(const std::string& owner, const std::vector<std::string>& packs) {
  for (const auto& name : packs)
    if (auto removed = blobs_.remove(pack_key(owner, name)); !removed)
      spdlog::warn("pack {} of {} is left over: {}", name, owner, removed.error().message);
}

Result<std::vector<std::optional<std::string>>> PackStore::read(const std::string& owner,
                                                                const std::vector<ObjectId>& ids,
                                                                std::size_t largest) {
  auto places = index_.find(owner, ids);
  if (!places) return std::unexpected(places.error());
  std::erase_if(*places, [&](const auto& place) { return place.object.size > largest; });
  std::vector<ObjectId> doubted;  // and naming nothing, so that reading them is all there is to find out
  for (const auto& place : *places)
    if (!place.whole && !place.object.refers) doubted.push_back(place.object.id);
  const auto extents = plan_reads(std::move(*places));
  Findings findings;
  auto done = in_parallel(extents.size(), options_.transfers,
                          [&](std::size_t i) { return read_extent(owner, extents[i], findings); });
  if (!done) return std::unexpected(done.error());
  // One entry with another key's name is damage; when nothing opens, it is the key that is wrong.
  if (findings.wrong_key && findings.opened.empty()) return std::unexpected(*findings.wrong_key);
  findings.lost.insert(findings.lost.end(), findings.foreign.begin(), findings.foreign.end());
  if (!findings.lost.empty())
    if (auto doubted = doubt(owner, findings.lost); !doubted)
      spdlog::error("what is damaged of {} is still taken for whole: {} {}", owner, doubted.error().message,
                    doubted.error().detail);
  std::erase_if(doubted, [&](const auto& id) { return !findings.opened.contains(id); });
  if (!doubted.empty()) trust(owner, doubted);
  std::unordered_map<ObjectId, std::size_t> uses;
  for (const auto& id : ids) ++uses[id];
  std::vector<std::optional<std::string>> objects;
  objects.reserve(ids.size());
  for (const auto& id : ids) {
    const auto it = findings.opened.find(id);
    if (it == findings.opened.end())
      objects.emplace_back();
    else if (--uses[id] == 0)
      objects.emplace_back(std::move(it->second));
    else
      objects.emplace_back(it->second);
  }
  return objects;
}

/// What does not open is read once more, since parts of blobs come without a checksum of their own; what
/// comes again is what lies there.
Result<void> PackStore::read_extent(const std::string& owner, Extent extent, Findings& findings) {
  for (bool again = false;; again = true) {
    auto bytes = blobs_.get(pack_key(owner, extent.pack), extent.begin, extent.end - extent.begin);
    if (!bytes && bytes.error().code == ErrorCode::not_found) {
      spdlog::error("pack {} of {} is missing from the blob store; run berthd fsck", extent.pack, owner);
      findings.lose(extent);
      return {};
    }
    if (!bytes) return std::unexpected(bytes.error());
    extent.objects = open_entries(extent, *bytes, findings);
    if (extent.objects.empty()) return {};
    if (!again) continue;
    for (const auto& object : extent.objects)
      spdlog::error("object {} in pack {} of {} is damaged; run berthd fsck", object.id.hex(), extent.pack,
                    owner);
    findings.lose(extent);
    return {};
  }
}

/// Gives those that are damaged.
std::vector<PackedObject> PackStore::open_entries(const Extent& extent, std::string_view bytes,
                                                  Findings& findings) {
  std::vector<PackedObject> damaged;
  for (const auto& object : extent.objects) {
    const auto at = object.offset - extent.begin;
    auto stored = read_entry(at < bytes.size() ? bytes.substr(at, object.length) : std::string_view(),
                             object.id, sealing_);
    auto opened =
        stored ? protocol::open_object(*stored) : Result<std::string>(std::unexpected(stored.error()));
    const std::lock_guard lock(findings.mutex);
    if (opened)
      findings.opened.emplace(object.id, std::move(*opened));
    else if (opened.error().code == ErrorCode::internal)
      findings.wrong_key = opened.error(), findings.foreign.push_back(object.id);
    else
      damaged.push_back(object);
  }
  return damaged;
}

Result<void> PackStore::doubt(const std::string& owner, const std::vector<ObjectId>& lost) {
  const auto believed = index_.doubt(owner, lost);
  if (!believed) return std::unexpected(believed.error());
  if (*believed == 0) return {};
  spdlog::error("{} stored objects of {} are missing or damaged; they are stored again where a home has them",
                *believed, owner);
  if (options_.doubted) options_.doubted(owner, lost);
  return {};
}

/// A fault that has passed: these need not be stored again. What fails here is only a doubt that stays.
void PackStore::trust(const std::string& owner, const std::vector<ObjectId>& read) {
  std::vector<ReadObject> well;
  for (const auto& id : read) well.push_back({id, {}});
  if (auto trusted = index_.trust(owner, well); !trusted)
    spdlog::warn("what can be read again of {} is still doubted: {} {}", owner, trusted.error().message,
                 trusted.error().detail);
}

Result<std::vector<std::optional<std::uint32_t>>> PackStore::sizes(const std::string& owner,
                                                                   const std::vector<ObjectId>& ids) {
  const auto places = index_.find(owner, ids);
  if (!places) return std::unexpected(places.error());
  std::unordered_map<ObjectId, std::uint32_t> known;
  for (const auto& place : *places) known.emplace(place.object.id, place.object.size);
  std::vector<std::optional<std::uint32_t>> sizes;
  sizes.reserve(ids.size());
  for (const auto& id : ids) {
    const auto at = known.find(id);
    sizes.push_back(at == known.end() ? std::nullopt : std::optional(at->second));
  }
  return sizes;
}

Result<void> PackStore::verify(const std::string& owner, const std::vector<ObjectId>& ids) {
  auto places = index_.find(owner, ids);
  if (!places) return std::unexpected(places.error());
  const std::unordered_set<ObjectId> asked(ids.begin(), ids.end());
  if (places->size() != asked.size())
    return failure(ErrorCode::unavailable, "Some files are not stored any more; they are stored again.",
                   std::to_string(asked.size() - places->size()) + " objects are not in the index");
  std::map<std::string, std::vector<PackedObject>> packs;
  for (const auto& place : *places) packs[place.pack].push_back(place.object);
  std::vector<std::string> names;
  for (const auto& [name, objects] : packs) names.push_back(name);
  std::mutex mutex;
  std::vector<ObjectId> lost;
  auto looked = in_parallel(names.size(), options_.transfers, [&](std::size_t i) -> Result<void> {
    const auto info = blobs_.stat(pack_key(owner, names[i]));
    if (!info) return std::unexpected(info.error());
    const std::lock_guard lock(mutex);
    for (const auto& object : packs[names[i]])
      if (!*info || (*info)->size < object.offset + object.length) lost.push_back(object.id);
    return {};
  });
  if (!looked || lost.empty()) return looked;
  if (auto doubted = doubt(owner, lost); !doubted) return doubted;
  return failure(ErrorCode::unavailable,
                 "Some stored files are missing from the store; they are stored again.");
}

Result<ObjectStore::Usage> PackStore::usage(const std::string& owner) {
  const auto used = index_.used(owner);
  if (!used) return std::unexpected(used.error());
  return Usage{*used, quota(owner)};
}

}  // namespace

std::string readable_bytes(std::uint64_t bytes) {
  static constexpr const char* units[] = {"bytes", "KB", "MB", "GB", "TB", "PB"};
  double amount = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; amount >= 999.5 && unit + 1 < std::size(units); ++unit) amount /= 1000;
  const int digits = unit == 0 || amount >= 99.95 ? 0 : 1;
  return fmt::format("{:.{}f} {}", amount, digits, units[unit]);
}

std::unique_ptr<ObjectStore> make_pack_store(BlobStore& blobs, ObjectIndex& index,
                                             const StorageSealing& sealing, Clock clock,
                                             PackStoreOptions options) {
  return std::make_unique<PackStore>(blobs, index, sealing, std::move(clock), std::move(options));
}

}  // namespace berth::server
