// SPDX-License-Identifier: GPL-3.0-or-later
// Which files of versions lack something in the store: the walk over their trees, for StoreCheck and the
// scrub.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "protocol/tree.hpp"
#include "server/object_store.hpp"

namespace berth::server {

struct DamagedPaths {
  static constexpr std::size_t most = 1'000;
  std::vector<std::string> paths;  // files, and folders ("…/") whose listing is; sorted, at most `most`
  std::size_t count = 0;           // of them all
};

/// Looks at versions of one owner, one after the other. Trees are read many at once, in bounded memory; what
/// was found whole is not read again.
class FileCheck {
 public:
  /// Gives those of some chunks that can't be had.
  using Lacking =
      std::function<Result<std::vector<protocol::ObjectId>>(const std::vector<protocol::ObjectId>&)>;

  /// `objects` outlives it.
  FileCheck(ObjectStore& objects, std::string owner, Lacking lacking)
      : objects_(objects), owner_(std::move(owner)), lacking_(std::move(lacking)) {}

  /// What is damaged of the version with this root. An error when the store can't be reached.
  Result<DamagedPaths> check(const protocol::ObjectId& root);

 private:
  struct Node {  // a folder, or the list of a file's chunks
    protocol::ObjectId id;
    std::size_t parent = 0;  // its folder; the root is its own
    std::string name;
    int depth = 0;
    bool list = false;
    bool damaged = false;  // it, or something below
  };
  struct Twin {  // has the same content as another folder or large file of this version
    std::size_t parent = 0;
    std::string name;
    std::size_t like = 0;
  };
  struct File {  // whose chunks are yet to be looked for
    std::size_t parent = 0;
    std::string name;
    std::size_t begin = 0, end = 0;  // in `chunks`
  };
  struct Batch {
    std::vector<std::size_t> nodes;
    std::vector<File> files;
    std::vector<protocol::ObjectId> chunks;
  };

  Result<Batch> next_batch();
  Result<void> read(Batch& batch);
  void open(std::size_t node, const std::optional<std::string>& object, Batch& batch);
  void open_tree(std::size_t node, const std::vector<protocol::TreeEntry>& entries, Batch& batch);
  Result<void> look_for_chunks(const Batch& batch);
  void note(std::size_t parent, const std::string& name);
  void note_node(std::size_t node);
  void spread_to_twins();
  std::string path_of(std::size_t folder) const;

  ObjectStore& objects_;
  const std::string owner_;
  Lacking lacking_;
  std::unordered_set<protocol::ObjectId> whole_trees_, whole_lists_;
  // Of the version under way.
  std::vector<Node> nodes_;
  std::vector<std::size_t> open_;
  std::unordered_map<protocol::ObjectId, std::size_t> folders_, lists_;  // where each was met first
  std::vector<Twin> twins_;
  DamagedPaths found_;
};

}  // namespace berth::server
