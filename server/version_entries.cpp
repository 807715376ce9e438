// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/version_entries.hpp"

#include <algorithm>

#include "protocol/chunker.hpp"
#include "protocol/connect_token.hpp"
#include "protocol/text_operation.hpp"
#include "server/tree_diff.hpp"

namespace berth::server {

using protocol::ObjectId;
using protocol::TreeEntry;
using protocol::TreeEntryType;

namespace {

constexpr std::size_t folders_at_once = 64;
// Small pages: while one is written the next is on its way.
constexpr std::size_t entries_in_page = 1'000;
constexpr std::uint64_t bytes_in_page = 4u << 20;
static_assert(entries_in_page <= protocol::restore_page_entries);
constexpr std::size_t small_tree = 1u << 20;        // bytes; larger ones are read one by one
constexpr std::size_t most_entry_problems = 1'000;  // named

std::string path_below(const std::string& parent, const std::string& name) {
  return parent.empty() ? name : parent + "/" + name;
}

/// Text as it is; bytes that are none in `encoded`, with a text for the person to read.
void set_bytes(const std::string& bytes, std::string& text, std::string& encoded) {
  text = bytes;
  if (protocol::is_valid_utf8(bytes)) return;
  encoded = protocol::encode_base64url(bytes);
  for (auto& c : text)
    if (static_cast<unsigned char>(c) >= 0x80) c = '?';
}

protocol::RestoreEntry described(const std::string& path, const TreeEntry& from) {
  protocol::RestoreEntry entry{};
  set_bytes(path, entry.path, entry.name64);
  entry.mode = from.mode;
  entry.modified = from.modified;
  switch (from.type) {
    case TreeEntryType::file:
      entry.type = "file";
      entry.size = from.size;
      break;
    case TreeEntryType::directory:
      entry.type = "directory";
      break;
    case TreeEntryType::symlink: {
      entry.type = "symlink";
      std::string encoded;
      set_bytes(from.target, entry.target, encoded);
      if (!encoded.empty()) entry.target64 = encoded;
      break;
    }
  }
  return entry;
}

}  // namespace

Result<void> VersionEntries::open(const std::string& path) {
  if (path.empty()) {
    waiting_.push_back({"", root_, 0});
    return {};
  }
  const ReadObjects read = [this](const std::vector<ObjectId>& ids) { return objects_.read(owner_, ids); };
  for (std::size_t end = 0; end != path.npos;) {
    end = path.find('/', end == 0 ? 0 : end + 1);
    const auto part = path.substr(0, end);
    auto entry = find_in_tree(root_, part, read);
    if (!entry) return std::unexpected(std::move(entry.error()));
    if (!*entry) return failure(ErrorCode::not_found, "This version has no such file or folder.");
    first_.push_back(std::move(**entry));
    first_paths_.push_back(part);
  }
  return {};
}

void VersionEntries::fail(const std::string& path, std::string reason) {
  std::string text, encoded;
  set_bytes(path, text, encoded);
  if (problems_.size() < most_entry_problems) problems_.push_back({std::move(text), std::move(reason)});
}

bool VersionEntries::is_full(const EntryPage& page) const {
  return page.entries.size() >= entries_in_page || page.file_bytes >= bytes_in_page ||
         page.chunks.size() >= protocol::restore_page_chunks || rest_.has_value();
}

Result<EntryPage> VersionEntries::next() {
  EntryPage page;
  if (rest_) {
    auto rest = std::move(*rest_);
    rest_.reset();
    emit_file(std::move(rest.entry), rest.chunks, page);
  }
  for (std::size_t i = 0; i < first_.size(); ++i) {
    const bool last = i + 1 == first_.size();
    const auto slash = first_paths_[i].rfind('/');
    const auto parent = slash == std::string::npos ? std::string() : first_paths_[i].substr(0, slash);
    if (auto emitted = emit(parent, i, first_[i], page); !emitted) return std::unexpected(emitted.error());
    if (!last) waiting_.clear();  // of the folders on the way nothing else
  }
  first_.clear();
  while (!is_full(page)) {
    if (open_next_ == open_.size()) {
      if (waiting_.empty()) break;
      if (auto read = read_folders(); !read) return std::unexpected(std::move(read.error()));
      continue;
    }
    auto& folder = open_[open_next_];
    if (folder.next == folder.entries.size()) {
      folder.entries = {};
      ++open_next_;
      continue;
    }
    auto emitted = emit(folder.path, folder.depth, folder.entries[folder.next++], page);
    if (!emitted) return std::unexpected(std::move(emitted.error()));
  }
  return page;
}

Result<void> VersionEntries::read_folders() {
  open_.clear();
  open_next_ = 0;
  const auto count = std::min(folders_at_once, waiting_.size());
  std::vector<ObjectId> ids;
  for (std::size_t i = 0; i < count; ++i) ids.push_back(waiting_[waiting_.size() - 1 - i].tree);
  auto trees = objects_.read(owner_, ids, small_tree);
  if (!trees) return std::unexpected(std::move(trees.error()));
  // A tree too large to be read with others is read alone, and the ones after it wait.
  for (std::size_t i = 0; i < count; ++i) {
    auto& tree = (*trees)[i];
    const bool alone = !tree;
    if (alone) {
      auto large = objects_.read(owner_, {ids[i]});
      if (!large) return std::unexpected(std::move(large.error()));
      tree = std::move(large->front());
    }
    auto folder = std::move(waiting_.back());
    waiting_.pop_back();
    auto entries = tree ? protocol::decode_tree(*tree) : failure(ErrorCode::internal, "");
    if (entries && folder.depth < deepest_tree) {
      open_.push_back({std::move(folder.path), folder.depth, std::move(*entries), 0});
    } else {
      fail(folder.path, "This folder is damaged in the store; what it held can't be brought back.");
    }
    if (alone && tree) break;
  }
  return {};
}

Result<void> VersionEntries::emit(const std::string& parent, std::size_t depth, const TreeEntry& entry,
                                  EntryPage& page) {
  const auto path = path_below(parent, entry.name);
  auto described_entry = described(path, entry);
  if (entry.type == TreeEntryType::file) {
    auto chunks = chunks_of(entry);
    if (!chunks) return std::unexpected(std::move(chunks.error()));
    if (!*chunks) {
      fail(path, "The list of this file's parts is damaged in the store.");
      return {};
    }
    emit_file(std::move(described_entry), **chunks, page);
    return {};
  }
  if (entry.type == TreeEntryType::directory) waiting_.push_back({path, entry.content.front(), depth + 1});
  page.entries.push_back(std::move(described_entry));
  return {};
}

Result<std::optional<std::vector<ObjectId>>> VersionEntries::chunks_of(const TreeEntry& entry) {
  if (!entry.listed) return entry.content;
  auto list = objects_.read(owner_, entry.content);
  if (!list) return std::unexpected(std::move(list.error()));
  if (!list->front()) return std::nullopt;
  auto chunks = protocol::decode_chunk_list(*list->front());
  if (!chunks) return std::nullopt;
  return std::move(*chunks);
}

void VersionEntries::emit_file(protocol::RestoreEntry entry, const std::vector<ObjectId>& chunks,
                               EntryPage& page) {
  const auto room =
      protocol::restore_page_chunks - std::min(protocol::restore_page_chunks, page.chunks.size());
  const auto count = std::min(chunks.size(), std::max<std::size_t>(room, 1));
  const std::size_t length = chunks.size() == 1 ? std::min<std::size_t>(entry.size, protocol::largest_chunk)
                                                : protocol::largest_chunk;
  entry.chunks.clear();
  for (std::size_t i = 0; i < count; ++i) {
    entry.chunks.push_back(chunks[i].hex());
    page.chunks.emplace(chunks[i], length);
  }
  entry.more.reset();
  if (count < chunks.size()) {
    rest_ = {entry, {chunks.begin() + static_cast<std::ptrdiff_t>(count), chunks.end()}};
    entry.more = true;
  }
  page.file_bytes += entry.size;
  page.entries.push_back(std::move(entry));
}

}  // namespace berth::server
