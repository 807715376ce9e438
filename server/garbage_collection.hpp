// SPDX-License-Identifier: GPL-3.0-or-later
// What is not needed goes: versions that retention thins out, objects that no version reaches, packs without
// objects, blobs that nothing names. Safe beside everything else that stores, reads and commits, and after a
// crash between any two steps, because each step is one transaction that decides by itself:
//
//   mark     from all versions, and from what was added or asked for in the last day (pack_store.hpp)
//   sweep    first all unmarked objects that may name others, in one transaction that does nothing when one
//   of
//            them was touched since: then somebody builds on it, and it is marked from there again. Only then
//            the others, in small steps; one that was touched stays. So nothing is ever there without what it
//            names.
//   settle   packs without objects are doomed; their blobs go an hour later, when no reader has them in hand
//   repack   many small packs, and packs more than half dead, are written anew; rows move where they still
//   point
//            to the old pack
//   strays   blobs without a row go when they have been so for a day: what a crash left between upload and
//   commit
#pragma once

#include <mutex>

#include "server/blob_store.hpp"
#include "server/clock.hpp"
#include "server/metadata_store.hpp"
#include "server/object_marks.hpp"
#include "server/pack_store.hpp"

namespace berth::server {

class GarbageCollection {
 public:
  struct Options {
    std::int64_t protection = touch_protection;  // ms since an object's last touch
    std::int64_t doomed_for = 3'600'000;         // ms from a pack's doom to its removal
    std::int64_t stray_for = 24 * 3'600'000;     // ms
    std::uint64_t small_pack = 1u << 20;         // bytes
    std::size_t most_small_packs = 32;
  };
  struct Collected {
    std::size_t versions = 0, objects = 0, packs_rewritten = 0;
  };

  /// All outlive it. `versions` removes a version's blob with its row (exported_versions.hpp).
  GarbageCollection(MetadataStore& store, VersionStore& versions, ObjectStore& objects, BlobStore& blobs,
                    const StorageSealing& sealing, Clock clock, Options options);

  /// One owner's versions, objects and packs. One call at a time; others wait. cancelled after stop().
  Result<Collected> collect(const std::string& owner);
  /// Only thins out versions; gives how many went.
  Result<std::size_t> thin_out(const std::string& owner);
  /// Blobs of packs that were doomed long enough ago, unless a backup holds them; gives how many went.
  Result<std::size_t> remove_doomed();
  /// Looks at every blob; gives how many went.
  Result<std::size_t> remove_strays();
  /// What runs ends soon, with cancelled; so does everything later.
  void stop() { stopped_ = true; }

 private:
  struct Dead {
    std::vector<protocol::ObjectId> naming;  // may name others
    std::vector<protocol::ObjectId> leaves;
  };
  using Names = std::vector<std::string>;
  Result<void> mark_versions(const std::string& owner, ObjectMarks& marks);
  /// Also marks from what was touched since; nullopt when there was such, so that it must be asked again.
  Result<std::optional<Dead>> find_dead(const std::string& owner, ObjectMarks& marks, std::int64_t cutoff);
  Result<std::size_t> sweep(const std::string& owner, ObjectMarks& marks);
  Result<std::size_t> remove_leaves(const std::string& owner, const std::vector<protocol::ObjectId>& leaves,
                                    std::int64_t cutoff);
  Names worth_rewriting(const std::vector<PackRecord>& packs) const;
  Result<std::size_t> repack(const std::string& owner, const Names& packs);
  Result<void> move_into(const std::string& owner, const Names& from, class PackWriter& writer);
  /// Calls `each` with every object of the owner, page by page.
  Result<void> scan(const std::string& owner, const std::function<void(const ObjectPlace&)>& each);
  Result<Names> unnamed_blobs();
  Result<void> going_on() const;

  MetadataStore& store_;
  VersionStore& versions_;
  ObjectStore& objects_;
  BlobStore& blobs_;
  const StorageSealing& sealing_;
  Clock clock_;
  Options options_;
  std::mutex one_at_a_time_;
  std::atomic<bool> stopped_ = false;
};

}  // namespace berth::server
