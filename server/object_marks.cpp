// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/object_marks.hpp"

#include "protocol/tree.hpp"

namespace berth::server {
namespace {

using protocol::ObjectId;

constexpr std::size_t most_marked_at_once = 512;  // objects
constexpr std::size_t bytes_at_once = 64u << 20;  // of them opened, unless one is larger

}  // namespace

void ObjectMarks::add_tree(const ObjectId& id) {
  marked_.insert(id);
  const bool certain = certain_.insert(id).second, tree = trees_.insert(id).second;
  if (certain || tree) open_.push_back(id);
}

void ObjectMarks::add_list(const ObjectId& id) {
  marked_.insert(id);
  if (lists_.insert(id).second) open_.push_back(id);
}

void ObjectMarks::add_any(const ObjectId& id) {
  marked_.insert(id);
  const bool tree = trees_.insert(id).second, list = lists_.insert(id).second;
  if (tree || list) open_.push_back(id);
}

Result<void> ObjectMarks::walk(const std::function<bool()>& stopped) {
  while (!open_.empty()) {
    if (stopped()) return failure(ErrorCode::cancelled, "The collection was stopped.");
    const auto count = std::min(most_marked_at_once, open_.size());
    std::vector<ObjectId> some(open_.end() - static_cast<std::ptrdiff_t>(count), open_.end());
    open_.resize(open_.size() - count);
    if (auto done = walk_some(std::move(some)); !done) return done;
  }
  return {};
}

Result<void> ObjectMarks::walk_some(std::vector<ObjectId> ids) {
  auto places = index_.find(owner_, ids);
  if (!places) return std::unexpected(places.error());
  for (std::size_t begin = 0; begin < places->size();) {
    std::vector<ObjectId> batch;
    for (std::size_t bytes = 0; begin < places->size(); ++begin) {
      const auto& object = (*places)[begin].object;
      if (!batch.empty() && bytes + object.size > bytes_at_once) break;
      bytes += object.size;
      batch.push_back(object.id);
    }
    const auto objects = objects_.read(owner_, batch);
    if (!objects) return std::unexpected(objects.error());
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (!(*objects)[i])
        return failure(ErrorCode::internal,
                       "Stored versions are damaged, so nothing is collected; run berthd fsck.",
                       "object " + batch[i].hex() + " can't be read");
      if (auto opened = open(batch[i], *(*objects)[i]); !opened) return opened;
    }
  }
  return {};
}

Result<void> ObjectMarks::open(const ObjectId& id, const std::string& object) {
  if (lists_.contains(id))
    if (const auto chunks = protocol::decode_chunk_list(object))
      marked_.insert(chunks->begin(), chunks->end());
  if (!trees_.contains(id)) return {};
  const auto entries = protocol::decode_tree(object);
  const bool certain = certain_.contains(id);  // else it may be a file that looks like a tree
  if (!entries && certain)
    return failure(ErrorCode::internal,
                   "A stored folder can't be read, so nothing is collected; run berthd fsck.",
                   id.hex() + ": " + entries.error().message);
  if (!entries) return {};
  for (const auto& entry : *entries)
    for (const auto& content : entry.content) {
      if (entry.type == protocol::TreeEntryType::directory)
        certain ? add_tree(content) : add_any(content);
      else if (entry.listed)
        add_list(content);
      else
        marked_.insert(content);
    }
  return {};
}

}  // namespace berth::server
