// SPDX-License-Identifier: GPL-3.0-or-later
// Bringing a version of a home back: what is here already is used, what differs is asked for, a file is put
// in place whole as soon as all its chunks are here. Goes on after a death. Calls block; one thread makes
// them.
#pragma once

#include <memory>
#include <optional>
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
#include "runner/waiting_entries.hpp"

namespace berth::runner {

class Restore {
 public:
  static constexpr std::size_t most_entries = 2000;       // a message
  static constexpr std::size_t most_chunks = 4'000'000;   // waiting: one file of 128 GiB at the most
  static constexpr std::size_t most_waiting_again = 100;  // since the last write
  static constexpr std::size_t most_waiting_entries = 2 * most_entries + most_waiting_again;

  Restore(const net::HomeFiles& files, HomeIndex& index, SyncMarks& marks, const std::string& state_directory,
          std::string own_directory);

  /// `rules`: of the home as it is now; what they leave out is never moved away.
  Result<void> begin(const protocol::RestoreBegin::Params& params, const IgnoreRules& rules);
  Result<protocol::RestoreEntries::Result> entries(const protocol::RestoreEntries::Params& params);
  /// A chunk that came; the files that lacked nothing else are put in place.
  void add(protocol::StoredObject object);
  struct Written {
    std::vector<protocol::PathProblem> problems;
    std::vector<std::string> paths;  // files that were put in place
  };
  /// Of everything announced since the last call; what still lacks a chunk is a problem.
  Result<Written> write();
  /// `rules`: of the home as it is now, with what was brought back.
  Result<protocol::RestoreEnd::Result> end(const protocol::RestoreEnd::Params& params,
                                           const IgnoreRules& rules);
  bool under_way() const { return begun_; }

 private:
  struct OpenFile {  // counted
    OpenFile(net::FileDescriptor opened, std::size_t& all) : fd(std::move(opened)), count(all) { ++count; }
    ~OpenFile() { --count; }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    net::FileDescriptor fd;
    std::size_t& count;
  };
  /// A chunk in a file of the home; the descriptor keeps it readable when the file is replaced.
  struct LocalChunk {
    std::shared_ptr<OpenFile> file;
    std::uint64_t offset;
    std::uint32_t size;
  };
  /// A file with the right content that lies at an entry's path.
  struct RightFile {
    std::vector<FileChunk> chunks;
    struct stat seen{};  // before its content was looked at
    bool fresh = false;  // a write since may not show in its times
  };
  struct Announced {
    WantedEntry entry;
    std::optional<RightFile> right = {};
  };

  void take_entry(const protocol::RestoreEntry& entry, std::vector<Announced>& announced);
  /// Compares with what lies at the path; keeps what can be used of it.
  void look_at(Announced& announced);
  void look_elsewhere(std::unordered_set<protocol::ObjectId>& missing);
  bool may_be_elsewhere(const protocol::ObjectId& id);
  const RecordEntry* known_file(const std::string& path);
  void offer(net::FileDescriptor file, const std::vector<FileChunk>& chunks);
  bool is_here(const protocol::ObjectId& id) const { return incoming_.has(id) || local_.contains(id); }
  /// Puts what lacks nothing in place; the rest waits.
  void place_or_wait(std::vector<Announced> announced);

  std::string chunk(const protocol::ObjectId& id);
  void place(const WantedEntry& entry, std::optional<RightFile> right = {});
  /// For chunks whose files in the home changed meanwhile; false when that is not what it lacks.
  bool wait_again(const WantedEntry& entry, const Error& error);
  void ask_for_lost(std::vector<std::string>& needed);
  Error why_not_placed(const WantedEntry& entry, Error error) const;
  void place_waiting(const std::vector<WantedEntry>& entries);
  Result<void> put(const WantedEntry& entry, std::optional<RightFile> right);
  void remember_to_sync(const std::string& path, net::FileDescriptor fd);
  Result<void> sync();
  void note_in_index(const WantedEntry& entry, const RestoreFiles::Placed& placed,
                     std::vector<FileChunk> chunks);
  void finish_index();

  const net::HomeFiles& files_;
  HomeIndex& index_;
  SyncMarks& marks_;
  const std::string own_directory_;
  RestoreFiles places_;
  IgnoreRules rules_;
  bool begun_ = false, unreported_ = false;
  std::string path_;

  // What was announced and is not in place.
  IncomingChunks incoming_;
  WaitingEntries waiting_;
  std::optional<WantedEntry> partial_;  // a file whose chunks go on in the next message
  std::size_t open_files_ = 0;
  std::unordered_map<protocol::ObjectId, LocalChunk> local_;
  // Were local until their file changed; whether they were asked for since. Of what came since the last
  // write.
  std::unordered_map<protocol::ObjectId, bool> lost_;
  std::size_t waiting_again_ = 0;                    // how often since the last write
  std::optional<std::vector<std::uint64_t>> known_;  // of the chunks in the home before: the ids' first bytes
  std::pair<std::string, std::optional<DirectoryRecord>> last_record_;  // that was looked into, by directory
  std::string incoming_problem_;

  Written written_;  // since the last write
  std::vector<WantedEntry> directories_;
  std::unordered_set<std::size_t> kept_;                                       // hashes of all entries' paths
  std::unordered_map<std::string, std::vector<RecordEntry>> written_records_;  // by directory
  std::size_t written_entries_ = 0;                                            // in those

  // What is not on the disk yet.
  bool sync_everything_ = false;
  std::vector<net::FileDescriptor> unsynced_;
  std::set<std::string> unsynced_directories_;
};

}  // namespace berth::runner
