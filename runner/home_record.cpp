// SPDX-License-Identifier: GPL-3.0-or-later
// A record's bytes: number of entries, entries; numbers little-endian and of fixed width.
#include "runner/home_record.hpp"

#include <algorithm>
#include <concepts>

#include "protocol/net/home_files.hpp"

namespace berth::runner {
namespace {

using protocol::ObjectId;
using protocol::TreeEntryType;

template <std::integral Int>
void put(std::string& out, Int value) {
  for (std::size_t i = 0; i < sizeof(Int); ++i)
    out += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i));
}

void put(std::string& out, std::string_view text) {
  put(out, static_cast<std::uint16_t>(text.size()));
  out += text;
}

void put(std::string& out, const ObjectId& id) {
  out.append(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size());
}

/// Past the end every answer is empty and ok() false.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}
  std::string_view take(std::size_t count) {
    if (count > rest_.size()) ok_ = false;
    const auto taken = ok_ ? rest_.substr(0, count) : std::string_view();
    rest_.remove_prefix(taken.size());
    return taken;
  }
  template <std::integral Int>
  Int number() {
    std::uint64_t value = 0;
    const auto bytes = take(sizeof(Int));
    for (std::size_t i = 0; i < bytes.size(); ++i)
      value |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    return static_cast<Int>(value);
  }
  std::string text() { return std::string(take(number<std::uint16_t>())); }
  ObjectId id() {
    ObjectId id;
    const auto bytes = take(id.bytes.size());
    std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
    return id;
  }
  std::size_t left() const { return rest_.size(); }
  bool ok() const { return ok_; }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

void put_entry(std::string& out, const RecordEntry& entry) {
  put(out, entry.name);
  put(out, static_cast<std::uint8_t>(entry.type));
  put(out, static_cast<std::uint16_t>(entry.mode));
  put(out, entry.modified);
  if (entry.type == TreeEntryType::symlink) return put(out, entry.target);
  if (entry.type == TreeEntryType::directory) {
    put(out, entry.tree);
    for (const auto number : {entry.inode, entry.files, entry.directories, entry.bytes}) put(out, number);
    return;
  }
  put(out, entry.size);
  put(out, entry.inode);
  put(out, entry.changed);
  put(out, static_cast<std::uint32_t>(entry.chunks.size()));
  for (const auto& chunk : entry.chunks) {
    put(out, chunk.id);
    put(out, chunk.size);
  }
}

RecordEntry get_entry(Reader& reader) {
  RecordEntry entry;
  entry.name = reader.text();
  entry.type = static_cast<TreeEntryType>(reader.number<std::uint8_t>());
  entry.mode = reader.number<std::uint16_t>();
  entry.modified = reader.number<std::int64_t>();
  if (entry.type == TreeEntryType::symlink) {
    entry.target = reader.text();
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
  put(out, static_cast<std::uint32_t>(record.entries.size()));
  for (const auto& entry : record.entries) put_entry(out, entry);
  return out;
}

std::optional<DirectoryRecord> decode_record(std::string_view bytes) {
  Reader reader(bytes);
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
