// SPDX-License-Identifier: GPL-3.0-or-later
// Which objects of a snapshot a store lacks: a walk over its trees from the root down, without I/O. Whoever
// drives it (sync_intake) asks the store, fetches from the runner and hands in what came. A runner is
// hostile: depth, count and memory are bounded.
//
// A subtree is skipped only where the version before has the same one at the same path. That the store has an
// object of that id is not enough: a person's file may be, byte for byte, the listing of a folder or the list
// of another file's chunks, and storing it says nothing about what that one names.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "protocol/object_id.hpp"
#include "protocol/stored_object.hpp"
#include "protocol/tree.hpp"

namespace berth::server {

struct TreeWalkLimits {
  std::size_t deepest = 512;      // levels of folders
  std::size_t folders = 500'000;  // trees and lists of one walk
  std::size_t held = 256u << 20;  // bytes of trees and lists that wait for what they name
};

class TreeWalk {
 public:
  /// `before` is the root of the newest committed version: what both have at the same path is there already.
  TreeWalk(const protocol::ObjectId& root, const std::optional<protocol::ObjectId>& before,
           TreeWalkLimits limits = {});

  /// Ids to ask the store about, at most `most`.
  std::vector<protocol::ObjectId> next_questions(std::size_t most);
  /// Which of them the store lacks.
  void lacking(const std::vector<protocol::ObjectId>& ids);

  struct Wanted {
    protocol::ObjectId id;
    std::optional<protocol::ObjectId> before;  // the tree at this path in the version before
    bool chunk = false;                        // to be added as it comes; otherwise kept by the walk
  };
  /// Objects to fetch, trees first, at most `most`; each must arrive once or be given up with the walk.
  std::vector<Wanted> next_wanted(std::size_t most);

  /// A wanted object, opened, and the tree of `Wanted::before` where it could be had. True: a chunk, which
  /// may be added at once. invalid_argument for what was not wanted or is not what its place says;
  /// limit_exceeded over a limit.
  Result<bool> arrived(protocol::StoredObject& stored, const std::string& object,
                       const std::optional<std::string>& before);

  /// A wanted object can't be had; the snapshot can't be stored, the rest may still be fetched.
  void gave_up(const protocol::ObjectId& id);

  /// Nothing is left to ask, to fetch or on its way.
  bool done() const;

  /// When done: the trees and lists, each after what it names, so that adding them in this order after the
  /// chunks leaves no moment in which something is there without all it reaches.
  std::vector<protocol::StoredObject> take_trees();

 private:
  enum class Kind : std::uint8_t { tree, list, chunk };
  struct Node {  // a tree or list that is fetched
    Kind kind = Kind::tree;
    std::uint16_t depth = 0;
    std::optional<protocol::ObjectId> before;
    bool asked = false;  // on its way, or here
    bool here = false;
    protocol::StoredObject stored;
    std::vector<protocol::ObjectId> names;  // trees and lists among what it names
  };
  struct Known {  // a subtree that the version before has; fetched only if the store has lost it
    std::uint16_t depth = 0;
  };

  Result<void> want(const protocol::ObjectId& id, Kind kind, std::size_t depth,
                    std::optional<protocol::ObjectId> before);
  void ask_for_chunk(const protocol::ObjectId& id);
  Result<void> take_tree(Node& node, const std::string& object, const std::optional<std::string>& before);
  Result<void> take_folder(Node& node, const protocol::TreeEntry& folder,
                           const std::optional<protocol::ObjectId>& before);
  Result<void> take_list(const std::string& object);

  TreeWalkLimits limits_;
  std::unordered_map<protocol::ObjectId, Node> nodes_;
  std::unordered_map<protocol::ObjectId, Known> known_;
  std::vector<protocol::ObjectId> wanted_nodes_;
  std::vector<protocol::ObjectId> wanted_chunks_;
  std::vector<protocol::ObjectId> questions_;
  std::unordered_set<protocol::ObjectId> asked_lately_;  // so that one chunk in many files is asked for once
  std::unordered_set<protocol::ObjectId> chunks_on_the_way_;
  std::size_t nodes_on_the_way_ = 0;
  std::size_t held_ = 0;
  std::optional<Error> failed_;  // found where nothing can be returned
  protocol::ObjectId root_;
};

}  // namespace berth::server
