// SPDX-License-Identifier: GPL-3.0-or-later
// What of a version's files lies in the home already: at the same path, or somewhere else.
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>

#include "runner/file_chunks.hpp"
#include "runner/home_path.hpp"
#include "runner/restore.hpp"

namespace berth::runner {
namespace {

using protocol::ObjectId;
using protocol::TreeEntryType;

constexpr std::size_t most_open_files = 1000;  // that are read from
constexpr std::size_t most_known = 4'000'000;  // chunks; in a home of more of them all may be known

bool same_chunks(const std::vector<FileChunk>& have, const WantedEntry& wanted) {
  return std::ranges::equal(have, wanted.chunks, {}, &FileChunk::id);
}

std::uint64_t first_bytes(const ObjectId& id) {
  std::uint64_t number = 0;
  std::memcpy(&number, id.bytes.data(), sizeof number);
  return number;
}

}  // namespace

void Restore::look_at(Announced& announced) {
  const auto& entry = announced.entry;
  if (entry.type != TreeEntryType::file || entry.chunks.empty()) return;
  if (places_.made(split(entry.path).first)) return;
  auto file = places_.open_file(entry.path);
  struct stat status{};
  if (!file || ::fstat(file->get(), &status) != 0 || status.st_size == 0) return;
  // A program may write it any time from here on.
  bool fresh = false;
  std::vector<FileChunk> chunks;
  if (const auto* known = known_file(entry.path); known && is_unchanged(*known, status)) {
    chunks = known->chunks;
  } else {
    fresh = is_fresh(nanoseconds(status.st_mtim), file_clock_now());
    auto cut = cut_file(file->get());
    if (!cut) return;
    chunks = std::move(*cut);
  }
  if (same_chunks(chunks, entry))
    announced.right = RightFile{std::move(chunks), status, fresh};
  else
    offer(std::move(*file), chunks);
}

/// A directory's files come one after the other.
const RecordEntry* Restore::known_file(const std::string& path) {
  auto [directory, name] = split(path);
  auto& [last, record] = last_record_;
  if (!record || last != directory) {
    record = index_.read(directory).value_or(DirectoryRecord{});
    last = std::move(directory);
  }
  const auto* known = record->find(name);
  return known && known->type == TreeEntryType::file ? known : nullptr;
}

void Restore::offer(net::FileDescriptor file, const std::vector<FileChunk>& chunks) {
  if (open_files_ >= most_open_files) return;
  const auto open = std::make_shared<OpenFile>(std::move(file), open_files_);
  std::uint64_t offset = 0;
  for (const auto& chunk : chunks) {
    local_.try_emplace(chunk.id, LocalChunk{open, offset, chunk.size});
    offset += chunk.size;
  }
}

/// Few homes hold what is missing: going through the whole index for each page would cost more than asking.
bool Restore::may_be_elsewhere(const ObjectId& id) {
  if (!known_) {
    known_.emplace();
    index_.for_each([&](const std::string&, const DirectoryRecord& record) {
      for (const auto& entry : record.entries)
        for (const auto& chunk : entry.chunks) known_->push_back(first_bytes(chunk.id));
      return known_->size() <= most_known;
    });
    std::ranges::sort(*known_);
  }
  return known_->size() > most_known || std::ranges::binary_search(*known_, first_bytes(id));
}

/// Moved and copied files: whatever the index knew to hold a chunk when the restore began.
void Restore::look_elsewhere(std::unordered_set<ObjectId>& missing) {
  std::unordered_set<ObjectId> wanted;
  for (const auto& id : missing)
    if (may_be_elsewhere(id)) wanted.insert(id);
  if (wanted.empty()) return;
  index_.for_each([&](const std::string& directory, const DirectoryRecord& record) {
    for (const auto& entry : record.entries) {
      if (std::ranges::none_of(entry.chunks, [&](const auto& chunk) { return wanted.contains(chunk.id); }))
        continue;
      auto file =
          files_.directory().open_at(joined(directory, entry.name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
      struct stat status{};
      if (!file || ::fstat(file->get(), &status) != 0 || !is_unchanged(entry, status)) continue;
      offer(std::move(*file), entry.chunks);
      for (const auto& chunk : entry.chunks)
        if (local_.contains(chunk.id)) wanted.erase(chunk.id), missing.erase(chunk.id);
    }
    return !wanted.empty() && open_files_ < most_open_files;
  });
}

}  // namespace berth::runner
