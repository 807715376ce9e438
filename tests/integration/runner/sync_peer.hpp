// SPDX-License-Identifier: GPL-3.0-or-later
// The server's side of storing and restoring, for tests of the runner: keeps objects in memory.
#pragma once

#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "protocol/stored_object.hpp"
#include "protocol/sync_messages.hpp"
#include "protocol/tree.hpp"
#include "runner_client.hpp"

namespace berth::test {

using Objects = std::unordered_map<protocol::ObjectId, std::string>;

/// What lies below a root, by path; a path's bytes are as on disk.
struct VersionEntry {
  protocol::TreeEntry entry;
  std::vector<protocol::ObjectId> chunks;  // of a file
};
std::map<std::string, VersionEntry> entries_of(const Objects& objects, const protocol::ObjectId& root);
/// A file's bytes.
std::string bytes_of(const Objects& objects, const VersionEntry& file);
/// As restore/entries takes it.
protocol::RestoreEntry restore_entry(const std::string& path, const VersionEntry& entry);

inline protocol::ObjectId root_of(const protocol::SyncSnapshot::Result& snapshot) {
  return *protocol::ObjectId::from_hex(snapshot.root);
}
/// Bytes that no compression makes smaller.
std::string random_bytes(std::size_t size, unsigned seed);

class SyncPeer {
 public:
  explicit SyncPeer(const RunnerPlace& runner) : client(runner, protocol::Role::server) {}

  /// A snapshot whose objects are all here afterwards; `fetched` counts those that had not been.
  protocol::SyncSnapshot::Result store(Objects& objects, bool complete = false);
  void say_stored(const protocol::SyncSnapshot::Result& snapshot, const std::string& version);
  /// Waits until `change` is past `seen`.
  std::uint64_t wait_past(std::uint64_t seen);

  /// Brings back everything below `path`; chunks that `objects` lacks are not sent. The problems.
  std::vector<protocol::PathProblem> restore(const Objects& objects, const protocol::ObjectId& root,
                                             const std::string& version, const std::string& path = "",
                                             bool remove_others = true);
  /// One page: entries, their chunks. What was asked for.
  std::vector<std::string> send_page(const Objects& objects, const std::vector<protocol::RestoreEntry>& page);
  void send_chunks(const Objects& objects, const std::vector<std::string>& ids);

  RunnerClient client;
  std::size_t fetched = 0;
  std::uint64_t fetched_bytes = 0;  // as they were on the wire
  std::size_t sent = 0;             // chunks

 private:
  /// False when something is gone: a new snapshot is needed.
  bool fetch(Objects& objects, const std::vector<protocol::ObjectId>& ids);
  bool fetch_all(Objects& objects, const protocol::ObjectId& root);
};

}  // namespace berth::test
