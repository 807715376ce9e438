// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/object_copy.hpp"

#include <algorithm>
#include <utility>

namespace berth::server {
namespace {

using protocol::ObjectId;
using protocol::StoredObject;
using protocol::TreeEntry;
using protocol::TreeEntryType;

constexpr std::size_t deepest_copy = 512;
constexpr std::size_t most_copied_folders = 500'000;
constexpr std::size_t packed_at_once = 8u << 20;  // bytes
constexpr std::size_t most_packed_at_once = 512;
constexpr std::size_t most_read_ahead = 256;
constexpr std::size_t largest_read_ahead = 1u << 20;  // bytes of one listing
constexpr std::size_t most_held_ahead = 4'096;

std::unexpected<Error> damaged_source() {
  return failure(
      ErrorCode::internal,
      "Parts of the stored versions are damaged, so they can't be copied. Start the workspace once: "
      "what it still has is stored again.");
}

}  // namespace

Result<void> ObjectCopy::finish() {
  if (waiting_.empty()) return {};
  waiting_bytes_ = 0;
  return objects_.add(to_, std::exchange(waiting_, {}));
}

Result<void> ObjectCopy::put(StoredObject object) {
  waiting_bytes_ += object.bytes.size();
  waiting_.push_back(std::move(object));
  if (waiting_bytes_ < packed_at_once && waiting_.size() < most_packed_at_once) return {};
  return finish();
}

Result<ObjectId> ObjectCopy::add(const std::string& object) {
  const auto id = ObjectId::of(object);
  if (auto added = put(protocol::pack_object(id, object)); !added)
    return std::unexpected(std::move(added.error()));
  return id;
}

Result<void> ObjectCopy::chunks(const std::vector<ObjectId>& ids) {
  // A chunk names nothing, so to have it is enough.
  const auto lacking = objects_.missing(to_, ids);
  if (!lacking) return std::unexpected(lacking.error());
  const auto sizes = objects_.sizes(from_, *lacking);
  if (!sizes) return std::unexpected(sizes.error());
  for (std::size_t begin = 0; begin < lacking->size();) {
    std::vector<ObjectId> some;
    for (std::uint64_t bytes = 0; begin < lacking->size() && some.size() < most_packed_at_once; ++begin) {
      bytes += (*sizes)[begin].value_or(0);
      if (!some.empty() && bytes > packed_at_once) break;
      some.push_back((*lacking)[begin]);
    }
    const auto read = objects_.read(from_, some);
    if (!read) return std::unexpected(read.error());
    for (std::size_t i = 0; i < some.size(); ++i) {
      if (!(*read)[i]) return damaged_source();
      if (auto added = put(protocol::pack_object(some[i], *(*read)[i])); !added) return added;
    }
  }
  return {};
}

Result<void> ObjectCopy::files_of(const std::vector<TreeEntry>& entries) {
  const VersionTree tree(objects_, from_);
  std::vector<ObjectId> small;
  for (const auto& entry : entries) {
    if (entry.type != TreeEntryType::file) continue;
    ++files_;
    bytes_ += entry.size;
    if (!entry.listed) {
      small.insert(small.end(), entry.content.begin(), entry.content.end());
      continue;
    }
    const auto all = tree.chunks(entry);
    if (!all) return std::unexpected(all.error());
    if (auto copied = chunks(*all); !copied) return copied;
    const auto list = add(protocol::encode_chunk_list(*all));
    if (!list) return std::unexpected(list.error());
    if (*list != entry.content.front()) return damaged_source();
  }
  return chunks(small);
}

Result<void> ObjectCopy::read_ahead(const std::vector<TreeEntry>& entries) {
  std::vector<ObjectId> below;
  for (const auto& entry : entries)
    if (entry.type == TreeEntryType::directory && !folders_.contains(entry.content.front()) &&
        below.size() < most_read_ahead)
      below.push_back(entry.content.front());
  if (below.size() < 2 || ahead_.size() > most_held_ahead) return {};
  auto read = objects_.read(from_, below, largest_read_ahead);
  if (!read) return std::unexpected(std::move(read.error()));
  for (std::size_t i = 0; i < below.size(); ++i)
    if ((*read)[i]) ahead_[below[i]] = std::move(*(*read)[i]);
  return {};
}

Result<std::vector<TreeEntry>> ObjectCopy::entries_of(const ObjectId& tree) {
  const auto held = ahead_.find(tree);
  if (held == ahead_.end()) return VersionTree(objects_, from_).directory(tree);
  auto entries = protocol::decode_tree(held->second);
  ahead_.erase(held);
  if (!entries) return damaged_source();
  return entries;
}

// That the receiver has an object of a folder's id is not enough to pass the folder over: it may be a file
// with the same bytes, whose chunks' names lead nowhere (tree_walk.hpp).
Result<ObjectId> ObjectCopy::folder(const ObjectId& tree, std::size_t depth) {
  if (const auto known = folders_.find(tree); known != folders_.end()) {
    files_ += known->second.files;
    bytes_ += known->second.bytes;
    return known->second.id;
  }
  if (depth > deepest_copy || folders_.size() >= most_copied_folders)
    return failure(ErrorCode::too_large, "The stored folders are too many, or too deep, to be copied.");
  auto entries = entries_of(tree);
  if (!entries) return std::unexpected(std::move(entries.error()));
  const auto files_before = files_, bytes_before = bytes_;
  if (left_out_) std::erase_if(*entries, [&](const auto& entry) { return left_out_(entry.name); });
  if (auto copied = files_of(*entries); !copied) return std::unexpected(std::move(copied.error()));
  if (auto read = read_ahead(*entries); !read) return std::unexpected(std::move(read.error()));
  for (auto& entry : *entries) {
    if (entry.type != TreeEntryType::directory) continue;
    const auto below = folder(entry.content.front(), depth + 1);
    if (!below) return below;
    entry.content = {*below};
  }
  const auto id = add(protocol::encode_tree(std::move(*entries)));
  if (!id) return id;
  folders_[tree] = {*id, files_ - files_before, bytes_ - bytes_before};
  return *id;
}

}  // namespace berth::server
