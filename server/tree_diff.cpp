// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/tree_diff.hpp"

#include <algorithm>

namespace berth::server {

using protocol::ObjectId;
using protocol::TreeEntry;
using protocol::TreeEntryType;
using protocol::rest::VersionChangeKind;

namespace {

constexpr std::size_t most_held = 128u << 20;  // bytes of trees at a time, as they are stored
constexpr std::size_t read_together = 64;      // pairs of folders

using Folder = std::vector<TreeEntry>;

/// A folder on both sides, or on one.
struct Pair {
  std::string name;
  std::optional<ObjectId> before, after;
};

class Comparison {
 public:
  Comparison(const ReadObjects& read, const TreeDiffOptions& options) : read_(read), options_(options) {}

  /// What lies at `path` on both sides; the entries have no name, for they are the path itself.
  Result<void> compare(const std::optional<TreeEntry>& before, const std::optional<TreeEntry>& after,
                       const std::string& path) {
    path_ = path;
    std::vector<Pair> folders;
    compare_entries(before ? &*before : nullptr, after ? &*after : nullptr, folders);
    return descend(folders, 0);
  }

  TreeDifference finish() {
    std::ranges::sort(found_.changes, {}, &protocol::rest::VersionChange::path);
    return std::move(found_);
  }

 private:
  static const ObjectId* tree_of(const TreeEntry* entry) {
    return entry && entry->type == TreeEntryType::directory ? &entry->content.front() : nullptr;
  }

  void count(VersionChangeKind kind, const std::string& name, std::uint64_t size_before, std::uint64_t size) {
    auto& counter = kind == VersionChangeKind::added      ? found_.added
                    : kind == VersionChangeKind::modified ? found_.modified
                                                          : found_.deleted;
    ++counter;
    if (found_.changes.size() < options_.most_changes) {
      found_.changes.push_back({join(name), kind, size_before, size});
    } else {
      found_.truncated = options_.most_changes > 0;
    }
  }

  std::string join(const std::string& name) const {
    if (path_.empty() || name.empty()) return path_ + name;
    return path_ + "/" + name;
  }

  /// Two entries of one name, at least one of them there. Folders that differ are left to the caller.
  void compare_entries(const TreeEntry* before, const TreeEntry* after, std::vector<Pair>& folders) {
    const auto* old_tree = tree_of(before);
    const auto* new_tree = tree_of(after);
    const auto& name = (after ? after : before)->name;
    if ((old_tree || new_tree) && !(old_tree && new_tree && *old_tree == *new_tree))
      folders.push_back({name, old_tree ? std::optional(*old_tree) : std::nullopt,
                         new_tree ? std::optional(*new_tree) : std::nullopt});
    const auto* old_leaf = old_tree ? nullptr : before;
    const auto* new_leaf = new_tree ? nullptr : after;
    if (old_leaf && new_leaf && !differ(*old_leaf, *new_leaf)) return;
    weigh(old_leaf, found_.files_before, found_.bytes_before);
    weigh(new_leaf, found_.files_after, found_.bytes_after);
    if (old_leaf && new_leaf) {
      count(VersionChangeKind::modified, name, old_leaf->size, new_leaf->size);
    } else if (new_leaf) {
      count(VersionChangeKind::added, name, 0, new_leaf->size);
    } else if (old_leaf) {
      count(VersionChangeKind::deleted, name, old_leaf->size, 0);
    }
  }

  static void weigh(const TreeEntry* leaf, std::uint64_t& files, std::uint64_t& bytes) {
    if (!leaf || leaf->type != TreeEntryType::file) return;
    ++files;
    bytes += leaf->size;
  }

  /// Another time alone is no change.
  static bool differ(const TreeEntry& a, const TreeEntry& b) {
    return a.type != b.type || a.mode != b.mode || a.size != b.size || a.target != b.target ||
           a.content != b.content;
  }

  Result<void> descend(const std::vector<Pair>& folders, std::size_t depth) {
    for (std::size_t i = 0; i < folders.size(); i += read_together)
      if (auto done = descend_some(folders, i, std::min(folders.size(), i + read_together), depth); !done)
        return done;
    return {};
  }

  Result<void> descend_some(const std::vector<Pair>& folders, std::size_t begin, std::size_t end,
                            std::size_t depth) {
    if (depth >= deepest_tree) {
      found_.unreadable += end - begin;
      return {};
    }
    std::vector<ObjectId> ids;
    for (std::size_t i = begin; i < end; ++i) {
      if (folders[i].before) ids.push_back(*folders[i].before);
      if (folders[i].after) ids.push_back(*folders[i].after);
    }
    trees_ += ids.size();
    if (trees_ > options_.most_trees)
      return failure(ErrorCode::limit_exceeded, "Too many folders differ to compare these versions.");
    auto trees = read_(ids);
    if (!trees) return std::unexpected(std::move(trees.error()));
    std::size_t size = 0;
    for (const auto& tree : *trees) size += tree ? tree->size() : 0;
    held_ += size;
    if (held_ > most_held)
      return failure(ErrorCode::limit_exceeded, "The folders of these versions are too large to compare.");
    std::size_t next = 0;
    for (std::size_t i = begin; i < end; ++i) {
      const auto* before = folders[i].before ? &(*trees)[next++] : nullptr;
      const auto* after = folders[i].after ? &(*trees)[next++] : nullptr;
      if (auto done = compare_folders(folders[i].name, before, after, depth); !done) return done;
    }
    held_ -= size;
    return {};
  }

  Result<void> compare_folders(const std::string& name, const std::optional<std::string>* old_tree,
                               const std::optional<std::string>* new_tree, std::size_t depth) {
    auto before = opened(old_tree);
    auto after = opened(new_tree);
    if (!before || !after) {
      ++found_.unreadable;
      return {};
    }
    const auto length = path_.size();
    path_ = join(name);
    std::vector<Pair> folders;
    auto b = before->begin();
    auto a = after->begin();
    while (b != before->end() || a != after->end()) {  // both are in order of names
      const bool take_before = b != before->end() && (a == after->end() || b->name <= a->name);
      const bool take_after = a != after->end() && (b == before->end() || a->name <= b->name);
      compare_entries(take_before ? &*b : nullptr, take_after ? &*a : nullptr, folders);
      if (take_before) ++b;
      if (take_after) ++a;
    }
    before->clear();
    after->clear();
    auto done = descend(folders, depth + 1);
    path_.resize(length);
    return done;
  }

  /// nullopt when it should be there and can't be read; an empty folder where there is none.
  static std::optional<Folder> opened(const std::optional<std::string>* tree) {
    if (!tree) return Folder();
    if (!*tree) return std::nullopt;
    auto entries = protocol::decode_tree(**tree);
    if (!entries) return std::nullopt;
    return std::move(*entries);
  }

  const ReadObjects& read_;
  const TreeDiffOptions& options_;
  TreeDifference found_;
  std::string path_;
  std::size_t trees_ = 0;
  std::size_t held_ = 0;
};

TreeEntry folder_of(const ObjectId& root) {
  TreeEntry entry;
  entry.type = TreeEntryType::directory;
  entry.content = {root};
  return entry;
}

}  // namespace

Result<TreeDifference> diff_trees(const std::optional<ObjectId>& before, const ObjectId& after,
                                  const ReadObjects& read, TreeDiffOptions options) {
  Result<std::optional<TreeEntry>> old_entry;
  if (before) old_entry = find_in_tree(*before, options.below, read);
  if (!old_entry) return std::unexpected(std::move(old_entry.error()));
  auto new_entry = find_in_tree(after, options.below, read);
  if (!new_entry) return std::unexpected(std::move(new_entry.error()));
  if (*old_entry) (*old_entry)->name.clear();
  if (*new_entry) (*new_entry)->name.clear();
  Comparison comparison(read, options);
  if (*old_entry || *new_entry)
    if (auto done = comparison.compare(*old_entry, *new_entry, options.below); !done)
      return std::unexpected(std::move(done.error()));
  return comparison.finish();
}

Result<std::optional<TreeEntry>> find_in_tree(const ObjectId& root, const std::string& path,
                                              const ReadObjects& read) {
  auto entry = folder_of(root);
  std::size_t begin = 0;
  for (std::size_t depth = 0; begin < path.size(); ++depth) {
    if (entry.type != TreeEntryType::directory || depth >= deepest_tree) return std::nullopt;
    const auto end = std::min(path.find('/', begin), path.size());
    const auto name = path.substr(begin, end - begin);
    begin = end + 1;
    auto trees = read({entry.content.front()});
    if (!trees) return std::unexpected(std::move(trees.error()));
    if (!trees->front())
      return failure(ErrorCode::internal, "A folder of this version is damaged in the store.",
                     entry.content.front().hex());
    auto entries = protocol::decode_tree(*trees->front());
    if (!entries) return std::unexpected(std::move(entries.error()));
    const auto found = std::ranges::lower_bound(*entries, name, {}, &TreeEntry::name);
    if (found == entries->end() || found->name != name) return std::nullopt;
    entry = std::move(*found);
  }
  return entry;
}

}  // namespace berth::server
