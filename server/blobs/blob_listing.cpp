// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/blobs/blob_listing.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>

#include "server/blobs/blob_files.hpp"
#include "server/blobs/blob_key.hpp"

namespace berth::server {
namespace {

class Listing {
 public:
  Listing(const net::ConfinedDirectory& root, const std::string& prefix, const std::string& after,
          std::size_t limit)
      : root_(root), prefix_(prefix), after_(after), limit_(limit) {}

  /// `path` is "" or ends with '/'.
  Result<void> visit(const std::string& path) {
    auto children = children_of(path);
    if (!children) return std::unexpected(std::move(children.error()));
    for (const auto& child : *children) {
      if (found_.size() >= limit_) return {};
      const auto key = path + child.name;
      if (child.directory) {
        if (auto visited = visit(key); !visited) return visited;
      } else {
        found_.push_back({key, child.size});
      }
    }
    return {};
  }
  std::vector<BlobInfo> take() { return std::move(found_); }

 private:
  struct Child {
    std::string name;  // a directory's ends with '/', which sorts it as its keys sort
    bool directory = false;
    std::uint64_t size = 0;
  };

  bool wanted_directory(const std::string& path) const {
    const bool may_hold = path.starts_with(prefix_) || prefix_.starts_with(path);
    const bool all_seen = path < after_ && !after_.starts_with(path);
    return may_hold && !all_seen;
  }
  bool wanted_blob(const std::string& key) const {
    return key > after_ && key.starts_with(prefix_) && is_blob_key(key);
  }

  Result<std::vector<Child>> children_of(const std::string& path) {
    std::vector<Child> children;
    auto folder = open_in(root_, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (!folder) {
      if (folder.error().code == ErrorCode::not_found) return children;  // removed meanwhile
      return std::unexpected(std::move(folder.error()));
    }
    auto names = names_in(folder->get());
    if (!names) return std::unexpected(std::move(names.error()));
    for (auto& name : *names) {
      // What can't matter costs no system call: a later page of a full directory is as cheap as the first.
      const auto key = path + name;
      if (name.starts_with('.') || (!wanted_directory(key + '/') && !wanted_blob(key))) continue;
      struct stat status{};
      if (::fstatat(folder->get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
      if (S_ISDIR(status.st_mode) && wanted_directory(key + '/'))
        children.push_back({name + '/', true, 0});
      else if (S_ISREG(status.st_mode) && wanted_blob(key))
        children.push_back({std::move(name), false, static_cast<std::uint64_t>(status.st_size)});
    }
    std::ranges::sort(children, {}, &Child::name);
    return children;
  }

  const net::ConfinedDirectory& root_;
  const std::string& prefix_;
  const std::string& after_;
  std::size_t limit_;
  std::vector<BlobInfo> found_;
};

}  // namespace

Result<std::vector<BlobInfo>> list_blobs(const net::ConfinedDirectory& root, const std::string& prefix,
                                         const std::string& after, std::size_t limit) {
  Listing listing(root, prefix, after, limit);
  if (auto visited = listing.visit(""); !visited) return std::unexpected(std::move(visited.error()));
  return listing.take();
}

}  // namespace berth::server
