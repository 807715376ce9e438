// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/tree_graft.hpp"

#include <algorithm>

namespace berth::server {
namespace {

using protocol::ObjectId;
using protocol::TreeEntry;
using protocol::TreeEntryType;

/// A folder on the way down: what `into` has in it, and under which name the way goes on.
struct GraftStep {
  std::string path;  // of the name, from the root
  std::string name;
  std::vector<TreeEntry> entries;

  TreeEntry* found() {
    const auto at = std::ranges::lower_bound(entries, name, {}, &TreeEntry::name);
    return at != entries.end() && at->name == name ? &*at : nullptr;
  }
};

Result<std::vector<GraftStep>> way_down(const VersionTree& trees, const ObjectId& into,
                                        std::string_view path) {
  std::vector<GraftStep> steps;
  std::optional<ObjectId> here = into;
  for (std::size_t begin = 0; begin < path.size();) {
    const auto end = std::min(path.find('/', begin), path.size());
    GraftStep step{std::string(path.substr(0, end)), std::string(path.substr(begin, end - begin)), {}};
    if (here) {
      auto entries = trees.directory(*here);
      if (!entries) return std::unexpected(std::move(entries.error()));
      step.entries = std::move(*entries);
    }
    const auto* next = step.found();
    here =
        next && next->type == TreeEntryType::directory ? std::optional(next->content.front()) : std::nullopt;
    steps.push_back(std::move(step));
    begin = end + 1;
  }
  return steps;
}

/// Puts `entry` under the step's name and gives the folder's id.
Result<ObjectId> put_into(GraftStep& step, TreeEntry entry, Graft& graft) {
  entry.name = step.name;
  if (auto* there = step.found())
    *there = std::move(entry);
  else
    step.entries.push_back(std::move(entry));
  if (step.entries.size() > protocol::most_tree_entries)
    return failure(ErrorCode::too_large, "A folder would have more entries than a version can hold.");
  const auto known = graft.folders.empty() ? std::optional<ObjectId>() : graft.folders.back().id;
  for (const auto& one : step.entries)
    for (const auto& id : one.content)
      if (id != known) graft.named.push_back(id);
  const auto bytes = protocol::encode_tree(std::move(step.entries));
  const auto id = ObjectId::of(bytes);
  graft.folders.push_back(protocol::pack_object(id, bytes));
  return id;
}

}  // namespace

Result<Graft> graft_path(const VersionTree& trees, const ObjectId& into, const ObjectId& from,
                         std::string_view path) {
  auto wanted = trees.find(from, path);
  if (!wanted) return std::unexpected(std::move(wanted.error()));
  if (!*wanted) return failure(ErrorCode::not_found, "This version has no such file or folder.");
  auto steps = way_down(trees, into, path);
  if (!steps) return std::unexpected(std::move(steps.error()));
  Graft graft;
  TreeEntry entry = std::move(**wanted);
  for (auto i = steps->size(); i-- > 0;) {
    const auto id = put_into((*steps)[i], std::move(entry), graft);
    if (!id) return std::unexpected(id.error());
    graft.root = *id;
    if (i == 0) break;
    auto& above = (*steps)[i - 1];
    const auto* there = above.found();
    if (there && there->type == TreeEntryType::directory) {
      entry = *there;
    } else {
      auto folder = trees.find(from, above.path);
      if (!folder) return std::unexpected(std::move(folder.error()));
      entry = std::move(folder->value());  // it is on the way to what was found
    }
    entry.content = {*id};
  }
  return graft;
}

}  // namespace berth::server
