// SPDX-License-Identifier: GPL-3.0-or-later
// What one directory was when it was last read: its entries, what their files' chunks are, and by what a
// change of a file is noticed. One string of bytes each, for home_index. No I/O.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/object_id.hpp"
#include "protocol/tree.hpp"

namespace berth::runner {

struct FileChunk {
  protocol::ObjectId id;
  std::uint32_t size = 0;  // bytes
  bool operator==(const FileChunk&) const = default;
};

struct RecordEntry {
  std::string name;
  protocol::TreeEntryType type = protocol::TreeEntryType::file;
  std::uint32_t mode = 0;
  std::int64_t modified = 0;  // ns
  std::uint64_t inode = 0;    // but of a symlink
  // Of a file.
  std::uint64_t size = 0;
  std::int64_t changed = 0;  // ns; 0: not to be trusted, the file is read again
  std::vector<FileChunk> chunks;
  std::string target;  // of a symlink
  // Of a directory: its tree and what lies below it.
  protocol::ObjectId tree;
  std::uint64_t files = 0, directories = 0, bytes = 0;
  bool operator==(const RecordEntry&) const = default;
};

struct DirectoryRecord {
  std::vector<RecordEntry> entries;  // by name
  bool operator==(const DirectoryRecord&) const = default;
  const RecordEntry* find(std::string_view name) const;
};

std::string encode_record(const DirectoryRecord& record);
/// nullopt for bytes that are no record.
std::optional<DirectoryRecord> decode_record(std::string_view bytes);

/// The directory as a stored object.
std::string tree_of(const DirectoryRecord& record);
/// The list of a file's chunks as a stored object; only where the tree names it instead of the chunks.
std::string chunk_list_of(const RecordEntry& entry);
bool is_listed(const RecordEntry& entry);

std::int64_t nanoseconds(const timespec& time);
/// Whether the file is as it was when it was read.
bool is_unchanged(const RecordEntry& entry, const struct stat& status);
/// net::etag_of() for a file as it was when it was read.
std::string etag_of(const RecordEntry& entry);

}  // namespace berth::runner
