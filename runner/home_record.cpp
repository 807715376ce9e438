// SPDX-License-Identifier: GPL-3.0-or-later
// A record's bytes: number of entries, entries; numbers little-endian and of fixed width.
#include "runner/home_record.hpp"

#include <algorithm>

#include "protocol/little_endian.hpp"
#include "protocol/net/home_files.hpp"

namespace berth::runner {
namespace {

using protocol::ByteReader;
using protocol::ObjectId;
using protocol::put_id;
using protocol::put_little_endian;
using protocol::TreeEntryType;

void put_text(std::string& out, std::string_view text) {
  put_little_endian(out, static_cast<std::uint16_t>(text.size()));
  out += text;
}

std::string take_text(ByteReader& reader) { return std::string(reader.take(reader.number<std::uint16_t>())); }

void put_entry(std::string& out, const RecordEntry& entry) {
  put_text(out, entry.name);
  put_little_endian(out, static_cast<std::uint8_t>(entry.type));
  put_little_endian(out, static_cast<std::uint16_t>(entry.mode));
  put_little_endian(out, entry.modified);
  if (entry.type == TreeEntryType::symlink) return put_text(out, entry.target);
  if (entry.type == TreeEntryType::directory) {
    put_id(out, entry.tree);
    for (const auto number : {entry.inode, entry.files, entry.directories, entry.bytes})
      put_little_endian(out, number);
    return;
  }
  put_little_endian(out, entry.size);
  put_little_endian(out, entry.inode);
  put_little_endian(out, entry.changed);
  put_little_endian(out, static_cast<std::uint32_t>(entry.chunks.size()));
  for (const auto& chunk : entry.chunks) {
    put_id(out, chunk.id);
    put_little_endian(out, chunk.size);
  }
}

RecordEntry get_entry(ByteReader& reader) {
  RecordEntry entry;
  entry.name = take_text(reader);
  entry.type = static_cast<TreeEntryType>(reader.number<std::uint8_t>());
  entry.mode = reader.number<std::uint16_t>();
  entry.modified = reader.number<std::int64_t>();
  if (entry.type == TreeEntryType::symlink) {
    entry.target = take_text(reader);
    return entry;
  }
  if (entry.type == TreeEntryType::directory) {
    entry.tree = reader.id();
    for (auto* number : {&entry.inode, &entry.files, &entry.directories, &entry.bytes})
      *number = reader.number<std::uint64_t>();
    return entry;
  }
  entry.size = reader.number<std::uint64_t>();
  entry.inode = reader.number<std::uint64_t>();
  entry.changed = reader.number<std::int64_t>();
  const std::size_t chunks = reader.number<std::uint32_t>();
  if (chunks > reader.left() / (sizeof(ObjectId::bytes) + 4)) {
    (void)reader.take(reader.left() + 1);
    return entry;
  }
  entry.chunks.resize(chunks);
  for (auto& chunk : entry.chunks) {
    chunk.id = reader.id();
    chunk.size = reader.number<std::uint32_t>();
  }
  return entry;
}

}  // namespace

const RecordEntry* DirectoryRecord::find(std::string_view name) const {
  const auto found = std::ranges::lower_bound(entries, name, {}, &RecordEntry::name);
  return found != entries.end() && found->name == name ? &*found : nullptr;
}

std::string encode_record(const DirectoryRecord& record) {
  std::string out;
  put_little_endian(out, static_cast<std::uint32_t>(record.entries.size()));
  for (const auto& entry : record.entries) put_entry(out, entry);
  return out;
}

std::optional<DirectoryRecord> decode_record(std::string_view bytes) {
  ByteReader reader(bytes);
  DirectoryRecord record;
  const auto count = reader.number<std::uint32_t>();
  if (count > bytes.size()) return std::nullopt;
  record.entries.reserve(count);
  for (std::uint32_t i = 0; i < count && reader.ok(); ++i) record.entries.push_back(get_entry(reader));
  if (!reader.ok() || reader.left() != 0) return std::nullopt;
  return record;
}

bool is_listed(const RecordEntry& entry) { return entry.chunks.size() > protocol::most_inline_chunks; }

std::string chunk_list_of(const RecordEntry& entry) {
  std::vector<ObjectId> ids;
  ids.reserve(entry.chunks.size());
  for (const auto& chunk : entry.chunks) ids.push_back(chunk.id);
  return protocol::encode_chunk_list(ids);
}

std::string tree_of(const DirectoryRecord& record) {
  std::vector<protocol::TreeEntry> entries;
  entries.reserve(record.entries.size());
  for (const auto& from : record.entries) {
    protocol::TreeEntry entry{from.name, from.type,   from.mode, from.modified,
                              from.size, from.target, {},        false};
    if (from.type == TreeEntryType::directory) {
      entry.content.push_back(from.tree);
    } else if (is_listed(from)) {
      entry.listed = true;
      entry.content.push_back(ObjectId::of(chunk_list_of(from)));
    } else {
      for (const auto& chunk : from.chunks) entry.content.push_back(chunk.id);
    }
    entries.push_back(std::move(entry));
  }
  return protocol::encode_tree(std::move(entries));
}

std::int64_t nanoseconds(const timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

bool is_unchanged(const RecordEntry& entry, const struct stat& status) {
  return entry.changed != 0 && entry.changed == nanoseconds(status.st_ctim) &&
         entry.modified == nanoseconds(status.st_mtim) &&
         entry.size == static_cast<std::uint64_t>(status.st_size) && entry.inode == status.st_ino;
}

std::string etag_of(const RecordEntry& entry) {
  struct stat status{};
  status.st_ino = entry.inode;
  status.st_size = static_cast<off_t>(entry.size);
  status.st_mtim.tv_sec = entry.modified / 1'000'000'000;
  status.st_mtim.tv_nsec = entry.modified % 1'000'000'000;
  return net::etag_of(status);
}

}  // namespace berth::runner
