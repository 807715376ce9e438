// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/store_check_files.hpp"

#include <algorithm>

namespace berth::server {
namespace {

using protocol::ObjectId;
using protocol::TreeEntry;
using protocol::TreeEntryType;

constexpr std::size_t most_nodes_at_once = 256;
constexpr std::size_t node_bytes_at_once = 16u << 20;  // of trees and lists, unless one is larger
constexpr int deepest_folder = 2'000;

}  // namespace

Result<DamagedPaths> FileCheck::check(const ObjectId& root) {
  if (whole_trees_.contains(root)) return DamagedPaths{};
  nodes_.clear();
  folders_.clear();
  lists_.clear();
  twins_.clear();
  found_ = {};
  nodes_.push_back({.id = root, .name = {}});
  folders_.emplace(root, 0);
  open_ = {0};
  while (!open_.empty()) {
    auto batch = next_batch();
    if (!batch) return std::unexpected(batch.error());
    if (auto done = read(*batch); !done) return std::unexpected(done.error());
    if (auto done = look_for_chunks(*batch); !done) return std::unexpected(done.error());
  }
  spread_to_twins();
  for (const auto& node : nodes_)
    if (!node.damaged) (node.list ? whole_lists_ : whole_trees_).insert(node.id);
  std::ranges::sort(found_.paths);
  return std::move(found_);
}

/// So many of the open nodes as memory is given for; what is not even in the index is noted at once.
Result<FileCheck::Batch> FileCheck::next_batch() {
  const auto count = std::min(most_nodes_at_once, open_.size());
  const std::vector<std::size_t> some(open_.end() - static_cast<std::ptrdiff_t>(count), open_.end());
  open_.resize(open_.size() - count);
  std::vector<ObjectId> ids;
  for (const auto node : some) ids.push_back(nodes_[node].id);
  const auto sizes = objects_.sizes(owner_, ids);
  if (!sizes) return std::unexpected(sizes.error());
  Batch batch;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < some.size(); ++i) {
    const auto size = (*sizes)[i];
    if (!size) {
      note_node(some[i]);
    } else if (batch.nodes.empty() || bytes + *size <= node_bytes_at_once) {
      bytes += *size;
      batch.nodes.push_back(some[i]);
    } else {
      open_.push_back(some[i]);
    }
  }
  return batch;
}

Result<void> FileCheck::read(Batch& batch) {
  if (batch.nodes.empty()) return {};
  std::vector<ObjectId> ids;
  for (const auto node : batch.nodes) ids.push_back(nodes_[node].id);
  const auto objects = objects_.read(owner_, ids);
  if (!objects) return std::unexpected(objects.error());
  for (std::size_t i = 0; i < ids.size(); ++i) open(batch.nodes[i], (*objects)[i], batch);
  return {};
}

void FileCheck::open(std::size_t node, const std::optional<std::string>& object, Batch& batch) {
  if (!object || nodes_[node].depth > deepest_folder) return note_node(node);
  if (nodes_[node].list) {
    const auto chunks = protocol::decode_chunk_list(*object);
    if (!chunks) return note_node(node);
    const auto begin = batch.chunks.size();
    batch.chunks.insert(batch.chunks.end(), chunks->begin(), chunks->end());
    batch.files.push_back({node, {}, begin, batch.chunks.size()});
    return;
  }
  const auto entries = protocol::decode_tree(*object);
  if (!entries) return note_node(node);
  open_tree(node, *entries, batch);
}

void FileCheck::open_tree(std::size_t node, const std::vector<TreeEntry>& entries, Batch& batch) {
  for (const auto& entry : entries) {
    if (entry.type == TreeEntryType::symlink || entry.content.empty()) continue;
    if (entry.type == TreeEntryType::file && !entry.listed) {
      const auto begin = batch.chunks.size();
      batch.chunks.insert(batch.chunks.end(), entry.content.begin(), entry.content.end());
      batch.files.push_back({node, entry.name, begin, batch.chunks.size()});
      continue;
    }
    const auto& id = entry.content.front();
    if ((entry.listed ? whole_lists_ : whole_trees_).contains(id)) continue;
    const auto [first, is_new] = (entry.listed ? lists_ : folders_).try_emplace(id, nodes_.size());
    if (!is_new) {
      twins_.push_back({node, entry.name + (entry.listed ? "" : "/"), first->second});
      continue;
    }
    open_.push_back(nodes_.size());
    nodes_.push_back({id, node, entry.name, nodes_[node].depth + 1, entry.listed});
  }
}

Result<void> FileCheck::look_for_chunks(const Batch& batch) {
  if (batch.chunks.empty()) return {};
  const auto lacking = lacking_(batch.chunks);
  if (!lacking) return std::unexpected(lacking.error());
  if (lacking->empty()) return {};
  const std::unordered_set<ObjectId> lost(lacking->begin(), lacking->end());
  for (const auto& file : batch.files) {
    const auto begin = batch.chunks.begin() + static_cast<std::ptrdiff_t>(file.begin);
    const auto end = batch.chunks.begin() + static_cast<std::ptrdiff_t>(file.end);
    if (std::none_of(begin, end, [&](const auto& id) { return lost.contains(id); })) continue;
    if (nodes_[file.parent].list)
      note_node(file.parent);
    else
      note(file.parent, file.name);
  }
  return {};
}

void FileCheck::note_node(std::size_t node) {
  auto& one = nodes_[node];
  one.damaged = true;
  if (one.list) return note(one.parent, one.name);
  if (node == 0)
    note(0, {});
  else
    note(one.parent, one.name + "/");
}

/// `parent` is a folder, which is damaged from now on with all above it.
void FileCheck::note(std::size_t parent, const std::string& name) {
  ++found_.count;
  if (found_.paths.size() < DamagedPaths::most) found_.paths.push_back(path_of(parent) + name);
  for (auto folder = parent;; folder = nodes_[folder].parent) {
    nodes_[folder].damaged = true;
    if (folder == nodes_[folder].parent) return;
  }
}

/// What is in two places is read once; where it is damaged, the other place is named as a whole.
void FileCheck::spread_to_twins() {
  const auto spreads = [this](const Twin& twin) {
    if (!nodes_[twin.like].damaged) return false;
    note(twin.parent, twin.name);
    return true;
  };
  while (std::erase_if(twins_, spreads) > 0) {
  }
}

/// With a slash at its end.
std::string FileCheck::path_of(std::size_t folder) const {
  std::vector<const std::string*> names;
  for (; folder != 0; folder = nodes_[folder].parent) names.push_back(&nodes_[folder].name);
  std::string path = "/";
  for (auto name = names.rbegin(); name != names.rend(); ++name) path += **name + "/";
  return path;
}

}  // namespace berth::server
