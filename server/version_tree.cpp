// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/version_tree.hpp"

#include <algorithm>
#include <unordered_map>

namespace berth::server {
namespace {

using protocol::ObjectId;
using protocol::TreeEntry;
using protocol::TreeEntryType;

constexpr std::size_t most_listed_at_once = 16;    // listings read by one call
constexpr std::size_t large_listing = 512u << 10;  // bytes; larger ones are read one by one

std::unexpected<Error> damaged(const ObjectId& id, const std::string& owner) {
  return failure(
      ErrorCode::internal,
      "A stored folder listing of this version is missing or damaged; other versions may be whole.",
      "object " + id.hex() + " of account " + owner);
}

TreeEntry root_entry(const ObjectId& root) {
  TreeEntry entry;
  entry.type = TreeEntryType::directory;
  entry.mode = 0755;
  entry.content = {root};
  return entry;
}

std::optional<TreeEntry> entry_named(std::vector<TreeEntry>& entries, std::string_view name) {
  const auto at = std::ranges::lower_bound(entries, name, {}, &TreeEntry::name);
  if (at == entries.end() || at->name != name) return std::nullopt;
  return std::move(*at);
}

std::string_view take_part(std::string_view& path) {
  const auto slash = path.find('/');
  const auto part = path.substr(0, slash);
  path = slash == path.npos ? std::string_view{} : path.substr(slash + 1);
  return part;
}

}  // namespace

Result<std::optional<std::string>> VersionTree::read_one(const ObjectId& id) const {
  auto objects = objects_.read(owner_, {id});
  if (!objects) return std::unexpected(std::move(objects.error()));
  if (objects->size() != 1) return failure(ErrorCode::internal, "The store of versions gave a wrong answer.");
  return std::move(objects->front());
}

Result<std::vector<TreeEntry>> VersionTree::directory(const ObjectId& tree) const {
  auto object = read_one(tree);
  if (!object) return std::unexpected(std::move(object.error()));
  if (!*object) return damaged(tree, owner_);
  auto entries = protocol::decode_tree(**object);
  if (!entries) return damaged(tree, owner_);
  return entries;
}

Result<std::optional<TreeEntry>> VersionTree::find(const ObjectId& root, std::string_view path) const {
  auto found = find_each({root}, path);
  if (!found) return std::unexpected(std::move(found.error()));
  return std::move(found->front());
}

Result<std::vector<VersionTree::Found>> VersionTree::find_each(const std::vector<ObjectId>& roots,
                                                               std::string_view path) const {
  std::vector<Found> found;
  for (const auto& root : roots) found.emplace_back(root_entry(root));
  while (!path.empty()) {
    const auto part = take_part(path);
    // What `part` is in each listing that any of the versions has here.
    std::unordered_map<ObjectId, Found> here;
    std::vector<ObjectId> unread;
    for (auto& entry : found) {
      if (!entry || !*entry) continue;
      if ((*entry)->type != TreeEntryType::directory)
        entry = std::optional<TreeEntry>{};
      else if (here.try_emplace((*entry)->content.front(), std::nullopt).second)
        unread.push_back((*entry)->content.front());
    }
    // The first is read alone: listings of one folder have much the same size, and memory must stay bounded.
    std::size_t batch = 1;
    for (std::size_t at = 0; at < unread.size();) {
      const auto count = std::min(batch, unread.size() - at);
      const std::vector<ObjectId> ids(unread.begin() + static_cast<std::ptrdiff_t>(at),
                                      unread.begin() + static_cast<std::ptrdiff_t>(at + count));
      auto objects = objects_.read(owner_, ids);
      if (!objects) return std::unexpected(std::move(objects.error()));
      std::size_t largest = 0;
      for (std::size_t i = 0; i < count; ++i) {
        auto& object = (*objects)[i];
        largest = std::max(largest, object ? object->size() : 0);
        auto entries =
            object ? protocol::decode_tree(*object) : Result<std::vector<TreeEntry>>(damaged(ids[i], owner_));
        here[ids[i]] = entries ? Found(entry_named(*entries, part)) : Found(damaged(ids[i], owner_));
        object.reset();
      }
      at += count;
      batch = largest > large_listing ? 1 : std::min(batch * 2, most_listed_at_once);
    }
    for (auto& entry : found)
      if (entry && *entry) entry = here.at((*entry)->content.front());
  }
  return found;
}

Result<std::vector<ObjectId>> VersionTree::chunks(const TreeEntry& file) const {
  if (!file.listed) return file.content;
  const auto broken = [&] {
    return failure(ErrorCode::internal, "The stored list of this file's pieces is missing or damaged.",
                   "object " + file.content.front().hex() + " of account " + owner_);
  };
  auto object = read_one(file.content.front());
  if (!object) return std::unexpected(std::move(object.error()));
  if (!*object) return broken();
  auto list = protocol::decode_chunk_list(**object);
  if (!list) return broken();
  return list;
}

bool same_content(const std::optional<TreeEntry>& a, const std::optional<TreeEntry>& b) {
  if (!a || !b) return !a && !b;
  return a->type == b->type && a->mode == b->mode && a->size == b->size && a->target == b->target &&
         a->listed == b->listed && a->content == b->content;
}

std::string content_tag(const TreeEntry& file) {
  if (file.content.size() == 1) return (file.listed ? "list-" : "") + file.content.front().hex();
  return ObjectId::of(protocol::encode_chunk_list(file.content)).hex();
}

}  // namespace berth::server
