// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/snapshot_objects.hpp"

#include <fcntl.h>

#include <unordered_map>

#include "protocol/stored_object.hpp"
#include "runner/fault_points.hpp"
#include "runner/file_chunks.hpp"
#include "runner/home_path.hpp"

namespace berth::runner {
namespace {

using protocol::ObjectId;
using protocol::TreeEntryType;

}  // namespace

std::vector<ObjectPlace> find_objects(const HomeIndex& index, const ObjectId& root,
                                      const std::vector<ObjectId>& ids) {
  std::unordered_map<ObjectId, ObjectPlace> wanted;
  for (const auto& id : ids) wanted.try_emplace(id);
  std::size_t missing = wanted.size();
  const auto note = [&](const ObjectId& id, const auto& make) {
    const auto found = wanted.find(id);
    if (found == wanted.end() || found->second.kind != ObjectPlace::nowhere) return;
    found->second = make();
    --missing;
  };
  note(root, [] { return ObjectPlace{ObjectPlace::tree, "", 0, 0}; });
  index.for_each([&](const std::string& directory, const DirectoryRecord& record) {
    for (const auto& entry : record.entries) {
      if (entry.type == TreeEntryType::directory)
        note(entry.tree, [&] { return ObjectPlace{ObjectPlace::tree, joined(directory, entry.name), 0, 0}; });
      if (is_listed(entry))
        note(ObjectId::of(chunk_list_of(entry)),
             [&] { return ObjectPlace{ObjectPlace::chunk_list, joined(directory, entry.name), 0, 0}; });
      std::uint64_t offset = 0;
      for (const auto& chunk : entry.chunks) {
        note(chunk.id, [&] {
          return ObjectPlace{ObjectPlace::chunk, joined(directory, entry.name), offset, chunk.size};
        });
        offset += chunk.size;
      }
    }
    return missing > 0;
  });
  std::vector<ObjectPlace> places;
  places.reserve(ids.size());
  for (const auto& id : ids) places.push_back(wanted.at(id));
  return places;
}

Result<std::string> SnapshotObjects::read(std::size_t limit) {
  while (rest_.empty() && next_ < ids_.size()) {
    const auto& id = ids_[next_];
    const auto& place = places_[next_++];
    fault_point("objects.read");
    const auto bytes = object(id, place);
    if (bytes.empty()) forget(place);
    protocol::StoredObject gone;
    gone.id = id;
    gone.gone = true;
    rest_ = protocol::encode_object(bytes.empty() ? gone : protocol::pack_object(id, bytes));
  }
  auto piece = rest_.substr(0, limit);
  rest_.erase(0, piece.size());
  return piece;
}

/// A record's trees are those of the records below it, always: what can't be read any more keeps its place in
/// its parent's record and is served from its own.
void SnapshotObjects::rename_trees_above(std::string path, DirectoryRecord record) {
  while (!path.empty()) {
    const auto tree = ObjectId::of(tree_of(record));
    const auto [parent, name] = split(path);
    auto above = index_.read(parent);
    const auto* entry = above ? above->find(name) : nullptr;
    if (!entry || entry->type != TreeEntryType::directory) return;
    above->entries[static_cast<std::size_t>(entry - above->entries.data())].tree = tree;
    index_.put(parent, *above);
    record = std::move(*above);
    path = parent;
  }
}

void SnapshotObjects::forget(const ObjectPlace& place) {
  if (place.kind == ObjectPlace::nowhere || place.kind == ObjectPlace::tree) return on_stale_(std::nullopt);
  const auto [directory, name] = split(place.path);
  if (auto record = index_.read(directory)) {
    std::erase_if(record->entries, [&](const RecordEntry& entry) { return entry.name == name; });
    index_.put(directory, *record);
    rename_trees_above(directory, *record);
  }
  on_stale_(directory);
}

std::string SnapshotObjects::object(const ObjectId& id, const ObjectPlace& place) {
  if (auto kept = small_.find(id); !kept.empty()) return kept;
  std::string bytes;
  switch (place.kind) {
    case ObjectPlace::nowhere:
      return {};
    case ObjectPlace::chunk:
      return chunk_of_file(id, place);
    case ObjectPlace::tree:
      if (const auto record = index_.read(place.path)) bytes = tree_of(*record);
      break;
    case ObjectPlace::chunk_list: {
      const auto [directory, name] = split(place.path);
      const auto record = index_.read(directory);
      const auto* entry = record ? record->find(name) : nullptr;
      if (entry && is_listed(*entry)) bytes = chunk_list_of(*entry);
      break;
    }
  }
  return ObjectId::of(bytes) == id ? bytes : std::string();
}

std::string SnapshotObjects::chunk_of_file(const ObjectId& id, const ObjectPlace& place) {
  if (!open_file_ || open_path_ != place.path) {
    auto fd = home_.open_at(place.path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    open_file_ = fd ? std::move(*fd) : net::FileDescriptor();
    open_path_ = place.path;
  }
  return open_file_ ? read_chunk(open_file_.get(), place.offset, {id, place.size}) : std::string();
}

}  // namespace berth::runner
