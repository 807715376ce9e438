// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/packs.hpp"

#include <sodium.h>

#include <algorithm>
#include <map>

#include "protocol/tree.hpp"

namespace berth::server {
namespace {

using protocol::object_header;
using protocol::ObjectId;
using protocol::StoredObject;

constexpr std::string_view head_magic = "BERTHPK1", end_magic = "BERTHEND";
constexpr std::size_t salt_size = 16, id_size = 32;
constexpr std::size_t head_size = 8 + salt_size;
constexpr std::size_t row_size = id_size + 8 + 4 + 4 + 1;
static_assert(row_size == pack_index_row);
constexpr std::size_t footer_size = 8 + 4 + id_size + 8;
constexpr std::size_t flags_place = 40;  // of an entry's header
constexpr unsigned char compressed_flag = 1, sealed_flag = 4;

template <class Number>
void put(std::string& out, Number value) {
  for (std::size_t i = 0; i < sizeof value; ++i) out += static_cast<char>(value >> (8 * i));
}

template <class Number>
Number take(std::string_view bytes, std::size_t offset) {
  Number value = 0;
  for (std::size_t i = 0; i < sizeof value; ++i)
    value |= static_cast<Number>(static_cast<unsigned char>(bytes[offset + i])) << (8 * i);
  return value;
}

std::string_view view(const ObjectId& id) {
  return {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()};
}

ObjectId take_id(std::string_view bytes, std::size_t offset) {
  ObjectId id;
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(offset), id_size, id.bytes.begin());
  return id;
}

std::unexpected<Error> damaged(const std::string& why) {
  return failure(ErrorCode::invalid_argument, "A pack of stored objects is damaged.", why);
}

}  // namespace

PackWriter::PackWriter(const StorageSealing& sealing) : sealing_(sealing), bytes_(head_magic) {
  bytes_.resize(head_size);
  randombytes_buf(bytes_.data() + head_magic.size(), salt_size);
}

void PackWriter::add(const StoredObject& object, bool refers) {
  const auto offset = bytes_.size();
  if (sealing_.seal) {
    StoredObject sealed = object;
    sealed.bytes.clear();
    auto header = protocol::encode_object(sealed);
    const auto length = static_cast<std::uint32_t>(object.bytes.size() + seal_overhead);
    for (std::size_t i = 0; i < 4; ++i) header[36 + i] = static_cast<char>(length >> (8 * i));
    header[flags_place] = static_cast<char>(header[flags_place] | sealed_flag);
    bytes_ += header;
    bytes_ += sealing_.key->seal(object.bytes, header);
  } else {
    bytes_ += protocol::encode_object(object);
  }
  pack_.objects.push_back(
      {object.id, offset, static_cast<std::uint32_t>(bytes_.size() - offset), object.size, refers});
}

PackWriter::Finished PackWriter::finish() && {
  const std::uint64_t index = bytes_.size();
  for (const auto& object : pack_.objects) {
    bytes_ += view(object.id);
    put(bytes_, object.offset);
    put(bytes_, object.length);
    put(bytes_, object.size);
    put(bytes_, static_cast<std::uint8_t>(object.refers ? 1 : 0));
  }
  put(bytes_, index);
  put(bytes_, static_cast<std::uint32_t>(pack_.objects.size()));
  bytes_ += view(ObjectId::of(bytes_));
  bytes_ += end_magic;
  pack_.name = ObjectId::of(bytes_).hex();
  pack_.size = bytes_.size();
  return {std::move(pack_), std::move(bytes_)};
}

bool may_refer(const StoredObject& object) {
  if (object.size % id_size == 0 && object.size > protocol::most_inline_chunks * id_size) return true;
  if (!object.compressed && (object.bytes.empty() || object.bytes[0] != 1)) return false;
  const auto opened = protocol::open_object(object);
  return opened && !opened->empty() && opened->front() == 1 && protocol::decode_tree(*opened);
}

Result<StoredObject> read_entry(std::string_view entry, const ObjectId& id, const StorageSealing& sealing) {
  if (entry.size() < object_header || take_id(entry, 0) != id)
    return damaged(id.hex() + ": not at its place");
  StoredObject object;
  object.id = id;
  object.size = take<std::uint32_t>(entry, id_size);
  const auto flags = static_cast<unsigned char>(entry[flags_place]);
  object.compressed = (flags & compressed_flag) != 0;
  const auto bytes = entry.substr(object_header);
  if ((flags & ~(compressed_flag | sealed_flag)) != 0 ||
      take<std::uint32_t>(entry, id_size + 4) != bytes.size())
    return damaged(id.hex() + ": its header is wrong");
  if ((flags & sealed_flag) == 0) {
    object.bytes = bytes;
    return object;
  }
  if (!sealing.key)
    return failure(
        ErrorCode::internal,
        "Stored versions are encrypted, and storage.key is missing from the data folder; put it back.");
  auto opened = sealing.key->open(bytes, entry.substr(0, object_header));
  if (!opened) return std::unexpected(opened.error());
  object.bytes = std::move(*opened);
  return object;
}

Result<NewPack> read_pack(std::string_view bytes) {
  if (bytes.size() < head_size + footer_size || !bytes.starts_with(head_magic) || !bytes.ends_with(end_magic))
    return damaged("not a whole pack");
  const auto footer = bytes.size() - footer_size;
  const auto sum_place = footer + 12;
  if (ObjectId::of(bytes.substr(0, sum_place)) != take_id(bytes, sum_place))
    return damaged("its checksum is wrong");
  const auto index = take<std::uint64_t>(bytes, footer);
  const auto count = take<std::uint32_t>(bytes, footer + 8);
  if (index < head_size || index > footer || footer - index != std::uint64_t{count} * row_size)
    return damaged("its index is wrong");
  NewPack pack;
  pack.name = ObjectId::of(bytes).hex();
  pack.size = bytes.size();
  pack.objects.reserve(count);
  for (auto row = index; row < footer; row += row_size) {
    PackedObject object{take_id(bytes, row), take<std::uint64_t>(bytes, row + id_size),
                        take<std::uint32_t>(bytes, row + 40), take<std::uint32_t>(bytes, row + 44),
                        bytes[row + 48] != 0};
    if (object.offset < head_size || object.length < object_header || object.offset > index ||
        object.length > index - object.offset)
      return damaged("an entry lies outside");
    pack.objects.push_back(object);
  }
  return pack;
}

Result<LostRows> lost_rows(std::string_view bytes, const std::string& name,
                           const std::vector<PackedObject>& rows, const StorageSealing& sealing) {
  const auto whole = read_pack(bytes);
  LostRows lost;
  lost.damaged = !whole || whole->name != name;
  std::map<ObjectId, const PackedObject*> index;
  if (!lost.damaged)
    for (const auto& object : whole->objects) index.emplace(object.id, &object);
  std::optional<Error> wrong_key;
  bool opens = false;  // any of them: then it is not the key that is wrong
  for (const auto& row : rows) {
    const auto at = index.find(row.id);
    if (at != index.end() && at->second->offset == row.offset && at->second->length == row.length) continue;
    const auto entry = row.offset < bytes.size() ? bytes.substr(row.offset, row.length) : std::string_view();
    const auto stored = read_entry(entry, row.id, sealing);
    if (stored && protocol::open_object(*stored)) {
      opens = true;
      continue;
    }
    if (!stored && stored.error().code == ErrorCode::internal) wrong_key = stored.error();
    lost.objects.push_back(row.id);
  }
  if (wrong_key && !opens) return std::unexpected(*wrong_key);
  return lost;
}

NewPack salvage_pack(std::string_view bytes, const StorageSealing& sealing) {
  NewPack pack;
  for (auto offset = head_size; offset + object_header <= bytes.size();) {
    const std::size_t length = object_header + take<std::uint32_t>(bytes, offset + id_size + 4);
    if (length > bytes.size() - offset) break;
    const auto id = take_id(bytes, offset);
    const auto stored = read_entry(bytes.substr(offset, length), id, sealing);
    if (stored && protocol::open_object(*stored))
      pack.objects.push_back(
          {id, offset, static_cast<std::uint32_t>(length), stored->size, may_refer(*stored)});
    offset += length;
  }
  return pack;
}

}  // namespace berth::server
