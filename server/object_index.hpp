// SPDX-License-Identifier: GPL-3.0-or-later
// What the metadata store knows about packs and the objects in them. Narrow interfaces, so that nobody
// sees more than it needs: ObjectIndex for whoever stores and reads objects, PackLedger and BlobLedger for
// the garbage collection and the checks. Same rules as metadata_store.hpp: every call blocks, is one
// transaction, and is durable when it returns. Times are Unix milliseconds.
//
// An object is in the index once for each owner. `refers` says that it may name other objects (a tree, a list
// of chunks); `whole` that it and all it names is there as well, which its writer says by adding children
// before parents and the collection keeps true. What is not whole is stored again when somebody brings it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocol/error.hpp"
#include "protocol/object_id.hpp"

namespace berth::server {

/// One object inside a pack: an entry as packs.hpp writes it.
struct PackedObject {
  protocol::ObjectId id;
  std::uint64_t offset = 0;  // of the entry in its pack
  std::uint32_t length = 0;  // of the whole entry, bytes
  std::uint32_t size = 0;    // of the object itself, bytes
  bool refers = false;
};

/// A pack that lies in the blob store already.
struct NewPack {
  std::string name;  // 64 hexadecimal digits
  std::uint64_t size = 0;
  std::vector<PackedObject> objects;
};

struct ObjectPlace {
  PackedObject object;
  std::string pack;  // name
  std::int64_t touched = 0;
  bool whole = true;
};

struct PackRecord {
  std::string owner;
  std::string name;
  std::uint64_t size = 0;
  std::int64_t created = 0;
  std::int64_t doomed = 0;       // when the last object left it; 0: in use
  std::uint64_t live_bytes = 0;  // of entries that objects still use
  std::uint64_t live_objects = 0;
};

/// An object that was read, and is what its id says.
struct ReadObject {
  protocol::ObjectId id;
  std::vector<protocol::ObjectId> names;  // all that it may name
};

class ObjectIndex {
 public:
  virtual ~ObjectIndex() = default;
  /// Those of `ids` that are there, each once, in no order.
  virtual Result<std::vector<ObjectPlace>> find(const std::string& owner,
                                                const std::vector<protocol::ObjectId>& ids) = 0;
  /// Safe from the collection from `now` on; gives those that are not there any more.
  virtual Result<std::vector<protocol::ObjectId>> touch(const std::string& owner,
                                                        const std::vector<protocol::ObjectId>& ids,
                                                        std::int64_t now) = 0;
  /// All packs or none. A whole object that is there already stays where it is and is touched; one that was
  /// not whole lies in the new pack from now on and is whole again. Gives the names of packs that nothing
  /// needs because all their objects were there: they are not in the index.
  /// limit_exceeded when the owner's packs would take more than `limit` bytes (0: no limit).
  virtual Result<std::vector<std::string>> insert(const std::string& owner, const std::vector<NewPack>& packs,
                                                  std::int64_t now, std::uint64_t limit) = 0;
  /// These are lost or damaged: they are gone from the index, and nothing of the owner's that may name others
  /// counts as whole until it is added again.
  virtual Result<void> lose(const std::string& owner, const std::vector<protocol::ObjectId>& ids) = 0;
  /// These could not be read in their packs: they stay in the index, so that nothing they name is collected
  /// and nothing is lost by a fault that passes, but neither they nor what of the owner's may name others
  /// counts as whole until it is added again. Gives how many of them had been whole.
  virtual Result<std::size_t> doubt(const std::string& owner, const std::vector<protocol::ObjectId>& ids) = 0;
  /// These were read after all: those that are not whole are so again where all that they name is there and
  /// whole, be it by this call. Others stay as they are. Gives how many became whole.
  virtual Result<std::size_t> trust(const std::string& owner, const std::vector<ReadObject>& objects) = 0;
  /// Bytes of all the owner's packs in use.
  virtual Result<std::uint64_t> used(const std::string& owner) = 0;
};

class PackLedger {
 public:
  virtual ~PackLedger() = default;
  virtual Result<std::vector<std::string>> owners() = 0;
  /// A page of the owner's objects in order of ids, after `after` ("" for the first page), at most `limit`.
  virtual Result<std::vector<ObjectPlace>> scan(const std::string& owner, const std::string& after_hex,
                                                std::size_t limit) = 0;
  /// Removes these where they were touched before `cutoff`. With `all_or_none` nothing is removed when one of
  /// them was touched since. Gives how many it removed.
  virtual Result<std::size_t> remove(const std::string& owner, const std::vector<protocol::ObjectId>& ids,
                                     std::int64_t cutoff, bool all_or_none) = 0;
  /// Objects that still lie in `from` lie in `to` from now on; objects that `to` brings and that are gone or
  /// elsewhere by now stay so. False when nothing moved: `to` is not in the index then.
  virtual Result<bool> move(const std::string& owner, const std::vector<std::string>& from, const NewPack& to,
                            std::int64_t now) = 0;
  /// The owner's packs with what is alive in them; those without anything alive are doomed at `now` first.
  virtual Result<std::vector<PackRecord>> settle(const std::string& owner, std::int64_t now) = 0;
  /// Every pack of everybody that was doomed before `cutoff`.
  virtual Result<std::vector<PackRecord>> doomed(std::int64_t cutoff) = 0;
  /// Of a doomed pack whose blob is gone; nothing else is forgotten.
  virtual Result<void> forget(const std::string& owner, const std::string& pack) = 0;
};

/// Blobs as they lie in the blob store, whoever's they are.
class BlobLedger {
 public:
  virtual ~BlobLedger() = default;
  /// `keys` are all the blobs that nothing names at `now`. Remembers when each was first seen so, forgets all
  /// others, and gives those seen before `cutoff`.
  virtual Result<std::vector<std::string>> stray(const std::vector<std::string>& keys, std::int64_t now,
                                                 std::int64_t cutoff) = 0;
  /// Until `until` no blob may be removed, for the sake of `id` (a backup under way); 0 ends that.
  virtual Result<void> hold(const std::string& id, std::int64_t until) = 0;
  virtual Result<bool> held(std::int64_t now) = 0;
  /// Packs, objects and versions, of everybody: they are about to be made anew from the blobs.
  virtual Result<void> forget_all() = 0;
};

}  // namespace berth::server
