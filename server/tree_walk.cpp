// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/tree_walk.hpp"

#include <algorithm>

#include "protocol/chunker.hpp"

namespace berth::server {

using protocol::ObjectId;
using protocol::TreeEntryType;

namespace {

constexpr std::size_t most_asked_lately = 65'536;

std::unexpected<Error> nonsense(const char* why) {
  return failure(ErrorCode::invalid_argument,
                 "The workspace's runner describes its files in a way that makes no sense. Restart the "
                 "workspace.",
                 why);
}

/// Tree ids of the folders of a tree, by name, so that equal ones at the same path are found.
std::unordered_map<std::string, ObjectId> folders_of(const std::optional<std::string>& tree) {
  std::unordered_map<std::string, ObjectId> folders;
  if (!tree) return folders;
  auto entries = protocol::decode_tree(*tree);
  if (!entries) return folders;  // as if there were none: then everything is fetched
  for (auto& entry : *entries)
    if (entry.type == TreeEntryType::directory) folders.emplace(std::move(entry.name), entry.content.front());
  return folders;
}

}  // namespace

TreeWalk::TreeWalk(const ObjectId& root, const std::optional<ObjectId>& before, TreeWalkLimits limits)
    : limits_(limits), root_(root) {
  if (before == root) {
    known_[root] = {};
    questions_.push_back(root);
  } else if (auto wanted = want(root, Kind::tree, 0, before); !wanted) {
    failed_ = wanted.error();
  }
}

Result<void> TreeWalk::want(const ObjectId& id, Kind kind, std::size_t depth,
                            std::optional<ObjectId> before) {
  if (nodes_.contains(id)) return {};
  if (depth > limits_.deepest)
    return failure(ErrorCode::limit_exceeded, "Folders lie deeper in each other than can be stored (" +
                                                  std::to_string(limits_.deepest) +
                                                  " levels). Move or exclude the deepest.");
  if (nodes_.size() >= limits_.folders)
    return failure(ErrorCode::limit_exceeded, "There are more folders than can be stored (" +
                                                  std::to_string(limits_.folders) +
                                                  "). Exclude some in .berthignore.");
  nodes_[id] = {.kind = kind,
                .depth = static_cast<std::uint16_t>(depth),
                .before = before,
                .asked = false,
                .here = false,
                .stored = {},
                .names = {}};
  wanted_nodes_.push_back(id);
  return {};
}

void TreeWalk::ask_for_chunk(const ObjectId& id) {
  if (nodes_.contains(id)) return;  // the same bytes are stored as a listing
  if (asked_lately_.size() >= most_asked_lately) asked_lately_.clear();
  if (asked_lately_.insert(id).second) questions_.push_back(id);
}

std::vector<ObjectId> TreeWalk::next_questions(std::size_t most) {
  const auto count = std::min(most, questions_.size());
  std::vector<ObjectId> ids(questions_.end() - static_cast<std::ptrdiff_t>(count), questions_.end());
  questions_.resize(questions_.size() - count);
  return ids;
}

void TreeWalk::lacking(const std::vector<ObjectId>& ids) {
  for (const auto& id : ids) {
    if (const auto found = known_.find(id); found != known_.end()) {
      const auto depth = found->second.depth;
      known_.erase(found);
      if (auto wanted = want(id, Kind::tree, depth, std::nullopt); !wanted) failed_ = wanted.error();
    } else if (!nodes_.contains(id)) {
      wanted_chunks_.push_back(id);
    }
  }
}

std::vector<TreeWalk::Wanted> TreeWalk::next_wanted(std::size_t most) {
  std::vector<Wanted> wanted;
  while (!wanted_nodes_.empty() && wanted.size() < most) {
    auto& node = nodes_.at(wanted_nodes_.back());
    wanted.push_back({wanted_nodes_.back(), node.before, false});
    node.asked = true;
    wanted_nodes_.pop_back();
    ++nodes_on_the_way_;
  }
  while (!wanted_chunks_.empty() && wanted.size() < most) {
    if (chunks_on_the_way_.insert(wanted_chunks_.back()).second)
      wanted.push_back({wanted_chunks_.back(), std::nullopt, true});
    wanted_chunks_.pop_back();
  }
  return wanted;
}

Result<bool> TreeWalk::arrived(protocol::StoredObject& stored, const std::string& object,
                               const std::optional<std::string>& before) {
  if (failed_) return std::unexpected(*failed_);
  const auto found = nodes_.find(stored.id);
  if (found == nodes_.end() || !found->second.asked || found->second.here) {
    if (chunks_on_the_way_.erase(stored.id) == 0) return nonsense("an object came that nobody asked for");
    if (object.size() > protocol::largest_chunk) return nonsense("a chunk is longer than chunks are");
    return true;
  }
  auto& node = found->second;  // stays where it is when others are added
  --nodes_on_the_way_;
  node.here = true;
  held_ += stored.bytes.size() + sizeof(Node);
  if (held_ > limits_.held)
    return failure(ErrorCode::limit_exceeded,
                   "There are more files than can be stored. Exclude some in .berthignore.");
  auto taken = node.kind == Kind::tree ? take_tree(node, object, before) : take_list(object);
  if (!taken) return std::unexpected(taken.error());
  node.stored = std::move(stored);
  return false;
}

Result<void> TreeWalk::take_tree(Node& node, const std::string& object,
                                 const std::optional<std::string>& before) {
  auto entries = protocol::decode_tree(object);
  if (!entries) return nonsense("a tree is malformed");
  const auto folders = folders_of(before);
  for (const auto& entry : *entries) {
    Result<void> taken;
    if (entry.type == TreeEntryType::directory) {
      const auto same = folders.find(entry.name);
      taken = take_folder(node, entry, same == folders.end() ? std::nullopt : std::optional(same->second));
    } else if (entry.type == TreeEntryType::file && entry.listed) {
      node.names.push_back(entry.content.front());
      taken = want(entry.content.front(), Kind::list, node.depth + 1u, std::nullopt);
    } else {
      for (const auto& id : entry.content) ask_for_chunk(id);
    }
    if (!taken) return taken;
  }
  return {};
}

Result<void> TreeWalk::take_folder(Node& node, const protocol::TreeEntry& folder,
                                   const std::optional<ObjectId>& before) {
  const auto& id = folder.content.front();
  const std::size_t depth = node.depth + 1u;
  node.names.push_back(id);
  if (before != id) return known_.contains(id) ? Result<void>() : want(id, Kind::tree, depth, before);
  if (!nodes_.contains(id) && known_.emplace(id, Known{static_cast<std::uint16_t>(depth)}).second)
    questions_.push_back(id);
  return {};
}

Result<void> TreeWalk::take_list(const std::string& object) {
  auto chunks = protocol::decode_chunk_list(object);
  if (!chunks) return nonsense("a list of chunks is malformed");
  for (const auto& id : *chunks) ask_for_chunk(id);
  return {};
}

void TreeWalk::gave_up(const ObjectId& id) {
  const auto found = nodes_.find(id);
  if (found == nodes_.end() || !found->second.asked || found->second.here) {
    chunks_on_the_way_.erase(id);
  } else {
    found->second.here = true;
    --nodes_on_the_way_;
  }
}

bool TreeWalk::done() const {
  return questions_.empty() && wanted_nodes_.empty() && wanted_chunks_.empty() && nodes_on_the_way_ == 0 &&
         chunks_on_the_way_.empty();
}

std::vector<protocol::StoredObject> TreeWalk::take_trees() {
  std::vector<protocol::StoredObject> ordered;
  struct Step {
    ObjectId id;
    std::size_t next = 0;  // of its names
  };
  std::vector<Step> path;
  const auto enter = [&](const ObjectId& id) {
    const auto found = nodes_.find(id);
    if (found == nodes_.end() || !found->second.here) return;
    found->second.here = false;  // entered: taken once
    path.push_back({id});
  };
  enter(root_);
  while (!path.empty()) {
    auto& step = path.back();
    auto& node = nodes_.at(step.id);
    if (step.next < node.names.size()) {
      enter(node.names[step.next++]);
    } else {
      ordered.push_back(std::move(node.stored));
      path.pop_back();
    }
  }
  nodes_.clear();
  held_ = 0;
  return ordered;
}

}  // namespace berth::server
