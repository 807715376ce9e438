// SPDX-License-Identifier: GPL-3.0-or-later
// A tree's bytes: version (1), number of entries (u32), entries by name. An entry: kind (u8; 0 file, 1
// directory, 2 symlink, 3 file whose chunks are listed), length of the name (u8), name, mode (u16), modified
// (i64), and then
//   file       size (u64), number of chunks (u8), ids
//   listed     size (u64), id of the list
//   directory  id of its tree
//   symlink    length of the target (u16), target
// Numbers are little-endian and of fixed width, so that there is one way to write each.
#include "protocol/tree.hpp"

#include <algorithm>

#include "protocol/chunker.hpp"
#include "protocol/little_endian.hpp"

namespace berth::protocol {

namespace {

constexpr std::uint8_t tree_version = 1;
constexpr std::uint8_t listed_kind = 3;
constexpr std::size_t id_size = 32;
constexpr std::size_t smallest_entry = 16;  // bytes: a symlink with a name and a target of one
constexpr std::uint32_t all_permissions = 07777;

std::unexpected<Error> no_tree(const char* why) {
  return failure(ErrorCode::invalid_argument, std::string("This is no listing of a directory: ") + why + ".");
}

bool is_name(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == name.npos &&
         name.find('\0') == name.npos;
}

/// A file's size and the number of its chunks, as far as one says something about the other.
bool fits(std::uint64_t size, std::uint64_t chunks) {
  return chunks <= size && size <= chunks * largest_chunk;
}

Result<void> read_file(ByteReader& reader, TreeEntry& entry) {
  entry.size = reader.number<std::uint64_t>();
  if (entry.listed) {
    entry.content.push_back(reader.id());
    if (entry.size <= most_inline_chunks || entry.size > largest_object / id_size * largest_chunk)
      return no_tree("a size that its list of chunks can't have");
    return {};
  }
  const auto chunks = reader.number<std::uint8_t>();
  if (chunks > most_inline_chunks) return no_tree("too many chunks in one entry");
  if (reader.ok() && !fits(entry.size, chunks)) return no_tree("a size that its chunks can't have");
  for (std::size_t i = 0; i < chunks; ++i) entry.content.push_back(reader.id());
  return {};
}

Result<TreeEntry> read_entry(ByteReader& reader) {
  TreeEntry entry;
  const auto kind = reader.number<std::uint8_t>();
  if (kind > listed_kind) return no_tree("an unknown kind of entry");
  entry.listed = kind == listed_kind;
  entry.type = entry.listed ? TreeEntryType::file : static_cast<TreeEntryType>(kind);
  entry.name = reader.take(reader.number<std::uint8_t>());
  entry.mode = reader.number<std::uint16_t>();
  entry.modified = reader.number<std::int64_t>();
  if (entry.type == TreeEntryType::file) {
    if (auto read = read_file(reader, entry); !read) return std::unexpected(std::move(read.error()));
  } else if (entry.type == TreeEntryType::directory) {
    entry.content.push_back(reader.id());
  } else {
    entry.target = reader.take(reader.number<std::uint16_t>());
  }
  if (!reader.ok()) return no_tree("it ends too early");
  if (!is_name(entry.name)) return no_tree("a name that no file can have");
  if (entry.mode > all_permissions) return no_tree("unknown permission bits");
  if (entry.type == TreeEntryType::symlink &&
      (entry.target.empty() || entry.target.size() > longest_symlink_target ||
       entry.target.find('\0') != entry.target.npos))
    return no_tree("a target that no symbolic link can have");
  return entry;
}

}  // namespace

std::string encode_tree(std::vector<TreeEntry> entries) {
  std::ranges::sort(entries, {}, &TreeEntry::name);
  std::string out;
  put_little_endian(out, tree_version);
  put_little_endian(out, static_cast<std::uint32_t>(entries.size()));
  for (const auto& entry : entries) {
    const bool is_file = entry.type == TreeEntryType::file;
    put_little_endian(out, is_file && entry.listed ? listed_kind : static_cast<std::uint8_t>(entry.type));
    put_little_endian(out, static_cast<std::uint8_t>(entry.name.size()));
    out += entry.name;
    put_little_endian(out, static_cast<std::uint16_t>(entry.mode));
    put_little_endian(out, entry.modified);
    if (is_file) put_little_endian(out, entry.size);
    if (is_file && !entry.listed) put_little_endian(out, static_cast<std::uint8_t>(entry.content.size()));
    if (entry.type == TreeEntryType::symlink) {
      put_little_endian(out, static_cast<std::uint16_t>(entry.target.size()));
      out += entry.target;
    } else {
      for (const auto& id : entry.content) put_id(out, id);
    }
  }
  return out;
}

Result<std::vector<TreeEntry>> decode_tree(std::string_view object) {
  if (object.size() > largest_object) return no_tree("it is too large");
  ByteReader reader(object);
  if (reader.number<std::uint8_t>() != tree_version)
    return no_tree("its version is unknown; a newer Berth may have written it");
  const auto count = reader.number<std::uint32_t>();
  if (!reader.ok()) return no_tree("it ends too early");
  if (count > most_tree_entries || count > reader.left() / smallest_entry)
    return no_tree("it announces more entries than it can hold");
  std::vector<TreeEntry> entries;
  entries.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    auto entry = read_entry(reader);
    if (!entry) return std::unexpected(std::move(entry.error()));
    if (!entries.empty() && entry->name <= entries.back().name) return no_tree("its names are not in order");
    entries.push_back(std::move(*entry));
  }
  if (reader.left() != 0) return no_tree("something follows its last entry");
  return entries;
}

std::string encode_chunk_list(const std::vector<ObjectId>& chunks) {
  std::string out;
  out.reserve(chunks.size() * id_size);
  for (const auto& id : chunks) put_id(out, id);
  return out;
}

Result<std::vector<ObjectId>> decode_chunk_list(std::string_view object) {
  if (object.size() % id_size != 0 || object.size() <= most_inline_chunks * id_size ||
      object.size() > largest_object)
    return failure(ErrorCode::invalid_argument, "This is no list of a file's chunks: its length is wrong.");
  ByteReader reader(object);
  std::vector<ObjectId> chunks(object.size() / id_size);
  for (auto& id : chunks) id = reader.id();
  return chunks;
}

}  // namespace berth::protocol
