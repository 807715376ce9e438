// SPDX-License-Identifier: GPL-3.0-or-later
// A version's entries in the order in which they are brought back, a page at a time: parents before children,
// folders read from the store a few at a time. What can't be read is named and left out.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "protocol/sync_messages.hpp"
#include "protocol/tree.hpp"
#include "server/object_store.hpp"

namespace berth::server {

/// Chunks and about how long each is, bytes.
using ChunkSizes = std::unordered_map<protocol::ObjectId, std::size_t>;

struct EntryPage {
  /// At most restore_page_entries with restore_page_chunks; the last one's chunks may go on in the next page.
  std::vector<protocol::RestoreEntry> entries;
  ChunkSizes chunks;  // of the entries
  std::uint64_t file_bytes = 0;
};

/// Calls block; one at a time.
class VersionEntries {
 public:
  VersionEntries(ObjectStore& objects, std::string owner, protocol::ObjectId root)
      : objects_(objects), owner_(std::move(owner)), root_(root) {}

  /// Begins at `path` ("" everything), with the folders on the way to it. not_found when the version has no
  /// such path; an error when a folder on the way is damaged or the store can't be reached.
  Result<void> open(const std::string& path);
  /// The next page; empty at the end. An error when the store can't be reached.
  Result<EntryPage> next();

  /// Folders and files of which something is missing in the store.
  const std::vector<protocol::PathProblem>& problems() const { return problems_; }

 private:
  struct Folder {
    std::string path;
    protocol::ObjectId tree;
    std::size_t depth = 0;
  };
  struct Open {  // a folder that has been read
    std::string path;
    std::size_t depth = 0;
    std::vector<protocol::TreeEntry> entries;
    std::size_t next = 0;
  };

  Result<void> read_folders();
  Result<void> emit(const std::string& parent, std::size_t depth, const protocol::TreeEntry& entry,
                    EntryPage& page);
  Result<std::optional<std::vector<protocol::ObjectId>>> chunks_of(const protocol::TreeEntry& entry);
  void emit_file(protocol::RestoreEntry entry, const std::vector<protocol::ObjectId>& chunks,
                 EntryPage& page);
  bool is_full(const EntryPage& page) const;
  void fail(const std::string& path, std::string reason);

  ObjectStore& objects_;
  const std::string owner_;
  const protocol::ObjectId root_;
  std::vector<Folder> waiting_;  // from the back
  std::vector<Open> open_;       // from the front
  std::size_t open_next_ = 0;
  std::vector<protocol::TreeEntry> first_;  // entries on the way to the path, and it
  std::vector<std::string> first_paths_;
  /// A file whose chunks go on in the next page.
  struct Rest {
    protocol::RestoreEntry entry;
    std::vector<protocol::ObjectId> chunks;
  };
  std::optional<Rest> rest_;
  std::vector<protocol::PathProblem> problems_;
};

}  // namespace berth::server
