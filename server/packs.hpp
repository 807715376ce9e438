// SPDX-License-Identifier: GPL-3.0-or-later
// The format of packs: many objects in one blob, readable one by one with the index in the metadata store and
// as a whole without it. Pure: bytes in, bytes out.
//
//   header   "BERTHPK1", salt (16 random bytes: no two packs have the same name, so a new pack never meets an
//            old one's removal)
//   entries  as protocol::encode_object writes them; a sealed one has bit 4 in its flags and its bytes are
//            sealed by the server's storage key with its header as context
//   index    for each entry: id (32), offset (8), length (4), size (4), refers (1)
//   footer   offset of the index (8), number of entries (4), BLAKE2b-256 of all before (32), "BERTHEND"
//
// Numbers are little-endian. A pack's name is the BLAKE2b-256 of all its bytes. Ids are in the clear: sealing
// hides contents and names, not whether a file that the reader has already is among them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocol/stored_object.hpp"
#include "server/object_index.hpp"
#include "server/storage_key.hpp"

namespace berth::server {

inline constexpr std::size_t pack_target = 8u << 20;  // bytes; a pack is closed when it reaches it
inline constexpr std::size_t pack_index_row = 49;     // bytes that an entry takes in the index

class PackWriter {
 public:
  /// `sealing` outlives the writer.
  explicit PackWriter(const StorageSealing& sealing);
  void add(const protocol::StoredObject& object, bool refers);
  std::size_t size() const { return bytes_.size(); }
  bool empty() const { return pack_.objects.empty(); }

  struct Finished {
    NewPack pack;
    std::string bytes;
  };
  Finished finish() &&;

 private:
  const StorageSealing& sealing_;
  std::string bytes_;
  NewPack pack_;
};

/// Whether `object` may name other objects: a tree, or as long as a list of chunks.
bool may_refer(const protocol::StoredObject& object);

/// One entry, unsealed but still compressed. invalid_argument when it is not the entry of `id` or is damaged;
/// internal when it is sealed and the key is missing or another.
Result<protocol::StoredObject> read_entry(std::string_view entry, const protocol::ObjectId& id,
                                          const StorageSealing& sealing);

/// The index of a whole pack, whose checksum and bounds have been checked. invalid_argument says what is
/// wrong.
Result<NewPack> read_pack(std::string_view bytes);

/// What the rows of an index say lies in a pack, and does not.
struct LostRows {
  std::vector<protocol::ObjectId> objects;
  bool damaged = false;  // the pack, be it where nothing of these lies
};
/// `bytes` are the whole pack's, as they were found. internal when it is sealed and the key is missing or
/// another.
Result<LostRows> lost_rows(std::string_view bytes, const std::string& name,
                           const std::vector<PackedObject>& rows, const StorageSealing& sealing);

/// What is left of a damaged pack: the entries from its beginning that open and are what their ids say.
/// Without name and size.
NewPack salvage_pack(std::string_view bytes, const StorageSealing& sealing);

}  // namespace berth::server
