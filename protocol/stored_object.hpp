// SPDX-License-Identifier: GPL-3.0-or-later
// One object on its way between runner and server, and inside a pack: compressed where that helps, checked by
// its id when it is opened. Nothing that comes out of open_object() is other bytes than its id says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/object_id.hpp"

namespace berth::protocol {

struct StoredObject {
  ObjectId id;
  std::uint32_t size = 0;   // of the object itself
  bool compressed = false;  // by zstd
  bool gone = false;        // sent in an object's place: it can't be read as it was any more; no bytes
  std::string bytes;
};

/// Compresses with zstd (level 3) unless that saves less than a sixteenth.
StoredObject pack_object(const ObjectId& id, std::string_view object);
/// The object's own bytes; invalid_argument when they don't decompress to `size` bytes (at most
/// largest_object) or are not what the id says.
Result<std::string> open_object(const StoredObject& stored);

/// On the wire: id (32 bytes), size (4, little-endian), length of the bytes (4), flags (1: 1 compressed, 2
/// gone), bytes.
inline constexpr std::size_t object_header = 41;
/// By how much the bytes may be longer than the object: a pack may hold them sealed.
inline constexpr std::size_t largest_seal = 64;
std::string encode_object(const StoredObject& stored);

/// Takes a stream of encoded objects in pieces of any size.
class ObjectReader {
 public:
  void append(std::string_view piece) { buffer_.append(piece); }
  /// The next whole object, not opened yet; nullopt when more bytes are needed; invalid_argument when the
  /// stream is no such stream.
  Result<std::optional<StoredObject>> next();
  bool empty() const { return buffer_.size() == taken_; }

 private:
  std::string buffer_;
  std::size_t taken_ = 0;
};

}  // namespace berth::protocol
