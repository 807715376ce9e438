// SPDX-License-Identifier: GPL-3.0-or-later
// Bringing a version of a home back, a page of entries at a time: what is here already is used, what differs
// is asked for, files are put in place whole. Goes on after a death. Calls block; one thread makes them.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "protocol/stored_object.hpp"
#include "protocol/sync_messages.hpp"
#include "runner/home_index.hpp"
#include "runner/ignore_rules.hpp"
#include "runner/incoming_chunks.hpp"
#include "runner/restore_files.hpp"
#include "runner/sync_marks.hpp"

namespace berth::runner {

class Restore {
 public:
  static constexpr std::size_t most_entries = 2000;      // a page
  static constexpr std::size_t most_chunks = 4'000'000;  // a page: one file of 128 GiB at the most
  static constexpr std::size_t most_waiting_entries = 2 * most_entries;

  Restore(const net::HomeFiles& files, HomeIndex& index, SyncMarks& marks, const std::string& state_directory,
          std::string own_directory);

  /// `rules`: of the home as it is now; what they leave out is never moved away.
  Result<void> begin(const protocol::RestoreBegin::Params& params, const IgnoreRules& rules);
  Result<protocol::RestoreEntries::Result> entries(const protocol::RestoreEntries::Params& params);
  /// A chunk that came.
  void add(const protocol::StoredObject& object);
  struct Written {
    std::vector<protocol::PathProblem> problems;
    std::vector<std::string> paths;  // files that were put in place
  };
  Result<Written> write();
  /// `rules`: of the home as it is now, with what was brought back.
  Result<protocol::RestoreEnd::Result> end(const protocol::RestoreEnd::Params& params,
                                           const IgnoreRules& rules);
  bool under_way() const { return begun_; }

 private:
  /// A chunk in a file of the home; the descriptor keeps it readable when the file is replaced.
  struct LocalChunk {
    std::shared_ptr<net::FileDescriptor> file;
    std::uint64_t offset;
    std::uint32_t size;
  };
  struct Page {
    std::vector<WantedEntry> entries;
    std::set<std::string> right;  // paths of files whose content is right already
    std::vector<protocol::PathProblem> problems;
    std::size_t chunks = 0;
  };
  bool take_entry(const protocol::RestoreEntry& entry);
  /// Compares with what lies at the path; keeps what can be used of it.
  void look_at(const WantedEntry& entry);
  void look_elsewhere(std::unordered_set<protocol::ObjectId>& missing);
  void offer(const std::shared_ptr<net::FileDescriptor>& file, const std::vector<FileChunk>& chunks);
  std::string chunk(const protocol::ObjectId& id);
  Result<void> put(const WantedEntry& entry, Written& written);
  void note_in_index(const WantedEntry& entry, const struct stat& status);
  void finish_index();

  const net::HomeFiles& files_;
  HomeIndex& index_;
  SyncMarks& marks_;
  const std::string own_directory_;
  IncomingChunks incoming_;
  RestoreFiles places_;
  IgnoreRules rules_;
  bool begun_ = false;
  std::string path_;
  Page page_;
  std::size_t looked_at_ = 0;  // entries of the page
  std::unordered_map<protocol::ObjectId, LocalChunk> local_;
  std::size_t open_files_ = 0;
  std::string incoming_problem_;
  std::size_t files_put_ = 0;
  std::vector<WantedEntry> directories_;
  std::unordered_set<std::size_t> kept_;                                       // hashes of all entries' paths
  std::unordered_map<std::string, std::vector<RecordEntry>> written_records_;  // by directory
  std::unordered_map<protocol::ObjectId, std::uint32_t> sizes_;  // of chunks that were used for this page
};

}  // namespace berth::runner
