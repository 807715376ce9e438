// SPDX-License-Identifier: GPL-3.0-or-later
// Objects of the last snapshot on their way to the server: found in the index, made or read again, checked
// against their ids. What is no longer as it was goes as "gone".
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "protocol/net/confined_directory.hpp"
#include "runner/file_channels.hpp"
#include "runner/home_index.hpp"
#include "runner/home_scan.hpp"

namespace berth::runner {

/// Where an object of a snapshot is to be had.
struct ObjectPlace {
  enum Kind { nowhere, tree, chunk_list, chunk } kind = nowhere;
  std::string path;          // of the directory or file
  std::uint64_t offset = 0;  // of a chunk in its file
  std::uint32_t size = 0;    // of a chunk
};

/// Looks for all at once, since ids are not kept in memory. `root` is the snapshot's. Blocks.
std::vector<ObjectPlace> find_objects(const HomeIndex& index, const protocol::ObjectId& root,
                                      const std::vector<protocol::ObjectId>& ids);

/// The stream of a sync/objects channel. Read on the thread that owns the index.
class SnapshotObjects : public ByteSource {
 public:
  /// Something is no longer as the index has it: the index has forgotten it, and the directory (nullopt: the
  /// whole home) has to be looked at again, or it would be asked for and gone for ever.
  using OnStale = std::function<void(std::optional<std::string> directory)>;

  SnapshotObjects(const net::ConfinedDirectory& home, HomeIndex& index, const SmallObjects& small,
                  std::vector<protocol::ObjectId> ids, std::vector<ObjectPlace> places, OnStale on_stale)
      : home_(home),
        index_(index),
        small_(small),
        ids_(std::move(ids)),
        places_(std::move(places)),
        on_stale_(std::move(on_stale)) {}
  Result<std::string> read(std::size_t limit) override;

 private:
  std::string object(const protocol::ObjectId& id, const ObjectPlace& place);
  std::string chunk_of_file(const protocol::ObjectId& id, const ObjectPlace& place);

  void forget(const ObjectPlace& place);
  void rename_trees_above(std::string path, DirectoryRecord record);

  const net::ConfinedDirectory& home_;
  HomeIndex& index_;
  const SmallObjects& small_;
  const std::vector<protocol::ObjectId> ids_;
  const std::vector<ObjectPlace> places_;
  const OnStale on_stale_;
  std::size_t next_ = 0;
  std::string rest_;
  std::string open_path_;
  net::FileDescriptor open_file_;
};

}  // namespace berth::runner
