// SPDX-License-Identifier: GPL-3.0-or-later
// What the server's control link says to a runner to store a home (sync/*) and to bring one back (restore/*).
// Apart from messages.hpp because no client sends these. Ids of objects are object_id.hpp's, in hex; what
// they name is a chunk of a file (chunker.hpp) or the listing of a directory (tree.hpp).
#pragma once

#include "protocol/messages.hpp"

namespace berth::protocol {

/// A path that could not be stored or restored, and why, for the person.
struct PathProblem {
  std::string path;  // relative to home; bytes that are no UTF-8 are replaced
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(PathProblem, (), (path, reason))

struct SyncState {
  static constexpr std::string_view method = "sync/state";
  static constexpr std::string_view summary = "What this home was last stored as or restored from.";
  static constexpr Role role = Role::server;
  using Params = Empty;
  struct Result {
    std::optional<std::string> version;    // absent: never stored, or the home is new
    std::optional<std::string> root;       // of that version
    std::optional<std::string> restoring;  // the version of a restore of the whole home that did not end
    std::uint64_t change;                  // counts what happened to the home since the runner started
    /// Root of the newest snapshot that this home was asked for, kept beside `version` and written before the
    /// snapshot is answered (no fsync needed): when the newest version has this root, it came from here and
    /// only its sync/stored was lost, so the home is the newer one of the two.
    std::optional<std::string> offered;
  };
};
BOOST_DESCRIBE_STRUCT(SyncState::Result, (), (version, root, restoring, change, offered))

struct SyncWait {
  static constexpr std::string_view method = "sync/wait";
  static constexpr std::string_view summary =
      "Answers as soon as the home has changed since `seen` and has been still for a moment, or after "
      "`timeout`.";
  static constexpr Role role = Role::server;
  struct Params {
    std::uint64_t seen;
    std::int64_t timeout;  // ms, at most 60,000
  };
  struct Result {
    std::uint64_t change;
  };
};
BOOST_DESCRIBE_STRUCT(SyncWait::Params, (), (seen, timeout))
BOOST_DESCRIBE_STRUCT(SyncWait::Result, (), (change))

struct SyncSnapshot {
  static constexpr std::string_view method = "sync/snapshot";
  static constexpr std::string_view summary =
      "Reads what changed in the home and names its root; the objects stay readable until the next snapshot.";
  static constexpr Role role = Role::server;
  struct Params {
    std::optional<bool> complete;  // look at every file again instead of trusting the watches
  };
  struct Result {
    std::string root;
    std::uint64_t change;  // everything up to here is in it
    std::uint64_t files;
    std::uint64_t directories;
    std::uint64_t bytes;                // of all files
    std::vector<PathProblem> problems;  // left out or kept as they were, at most 100 named
    std::uint64_t problem_count;
  };
};
BOOST_DESCRIBE_STRUCT(SyncSnapshot::Params, (), (complete))
BOOST_DESCRIBE_STRUCT(SyncSnapshot::Result, (),
                      (root, change, files, directories, bytes, problems, problem_count))

struct SyncObjects {
  static constexpr std::string_view method = "sync/objects";
  static constexpr std::string_view summary =
      "Opens a channel with these objects of the last snapshot, in this order, as stored_object.hpp frames "
      "them.";
  static constexpr Role role = Role::server;
  struct Params {
    std::vector<std::string> ids;  // at most 4,096
    std::uint64_t credit;
  };
  struct Result {
    std::uint32_t channel;
  };
};
BOOST_DESCRIBE_STRUCT(SyncObjects::Params, (), (ids, credit))
BOOST_DESCRIBE_STRUCT(SyncObjects::Result, (), (channel))

struct SyncStored {
  static constexpr std::string_view method = "sync/stored";
  static constexpr std::string_view summary =
      "The snapshot with this root is stored and committed as a version; documents it holds are stored now.";
  static constexpr Role role = Role::server;
  struct Params {
    std::string root;
    std::string version;
    std::uint64_t change;  // the snapshot's
    std::int64_t at;
  };
  using Result = Empty;
};
BOOST_DESCRIBE_STRUCT(SyncStored::Params, (), (root, version, change, at))

struct SyncProblem {
  static constexpr std::string_view method = "sync/problem";
  static constexpr std::string_view summary =
      "Storing does not work at the moment, and why; \"\" when it works again. Passed on to every session.";
  static constexpr Role role = Role::server;
  struct Params {
    std::string problem;
  };
  using Result = Empty;
};
BOOST_DESCRIBE_STRUCT(SyncProblem::Params, (), (problem))

// ---- restore

inline constexpr std::size_t restore_page_entries = 2'000;
inline constexpr std::size_t restore_page_chunks = 16'384;

/// One entry of a tree to bring back. A file whose chunks do not fit one page (restore_page_chunks) comes as
/// several entries in a row, over as many pages as it takes, with the same path: each adds its chunks to
/// those before, and it is put in place by the write after the one with which its `size` is complete.
struct RestoreEntry {
  std::string path;    // relative to home
  std::string name64;  // base64url of the path's bytes where they are no UTF-8, else ""
  std::string type;    // "file", "directory", "symlink"
  std::uint32_t mode;
  std::int64_t modified;            // nanoseconds since the epoch
  std::uint64_t size;               // of a file
  std::vector<std::string> chunks;  // of a file, in order
  std::string target;               // of a symlink
  // base64url of the target's bytes where they are no UTF-8.
  std::optional<std::string> target64 = {};
  // More chunks of this file follow in the next entry, which repeats the rest: a message holds about 100,000.
  std::optional<bool> more = {};
};
BOOST_DESCRIBE_STRUCT(RestoreEntry, (),
                      (path, name64, type, mode, modified, size, chunks, target, target64, more))

struct RestoreBegin {
  static constexpr std::string_view method = "restore/begin";
  static constexpr std::string_view summary =
      "A restore begins, or one that was interrupted goes on; storing rests until it has ended.";
  static constexpr Role role = Role::server;
  struct Params {
    std::string version;
    std::string path;  // what is restored: "" the whole home, else a file or directory
  };
  using Result = Empty;
};
BOOST_DESCRIBE_STRUCT(RestoreBegin::Params, (), (version, path))

struct RestoreEntries {
  static constexpr std::string_view method = "restore/entries";
  static constexpr std::string_view summary =
      "The next entries, parents before children; answers which chunks are neither in the home nor arrived "
      "yet.";
  static constexpr Role role = Role::server;
  struct Params {
    std::vector<RestoreEntry> entries;  // at most 2,000
  };
  struct Result {
    std::vector<std::string> needed;
  };
};
BOOST_DESCRIBE_STRUCT(RestoreEntries::Params, (), (entries))
BOOST_DESCRIBE_STRUCT(RestoreEntries::Result, (), (needed))

struct RestoreObjects {
  static constexpr std::string_view method = "restore/objects";
  static constexpr std::string_view summary =
      "Opens a channel on which the server sends needed chunks, framed as stored_object.hpp says, and ends "
      "it.";
  static constexpr Role role = Role::server;
  using Params = Empty;
  struct Result {
    std::uint32_t channel;
    std::uint64_t limit;  // first send credit
  };
};
BOOST_DESCRIBE_STRUCT(RestoreObjects::Result, (), (channel, limit))

struct RestoreWrite {
  static constexpr std::string_view method = "restore/write";
  static constexpr std::string_view summary =
      "Puts the entries announced since the last write in place; those that lack a chunk are named and left.";
  static constexpr Role role = Role::server;
  using Params = Empty;
  struct Result {
    std::vector<PathProblem> problems;
  };
};
BOOST_DESCRIBE_STRUCT(RestoreWrite::Result, (), (problems))

struct RestoreEnd {
  static constexpr std::string_view method = "restore/end";
  static constexpr std::string_view summary =
      "Moves away what the version does not have below the restored path, sets directories' times, syncs the "
      "disk.";
  static constexpr Role role = Role::server;
  struct Params {
    std::string version;
    std::string root;    // of the version; "" when only a part was restored
    bool remove_others;  // to the trash, never for good
  };
  struct Result {
    std::vector<PathProblem> problems;
  };
};
BOOST_DESCRIBE_STRUCT(RestoreEnd::Params, (), (version, root, remove_others))
BOOST_DESCRIBE_STRUCT(RestoreEnd::Result, (), (problems))

// ---- import

struct ImportBegin {
  static constexpr std::string_view method = "import/begin";
  static constexpr std::string_view summary =
      "Clones a git URL, or unpacks an archive that lies in the home, into an empty project folder.";
  static constexpr Role role = Role::server;
  struct Params {
    std::string git_url;                           // or ""
    std::string archive;                           // path of the archive, deleted afterwards, or ""
    std::string format;                            // "zip", "tar" (also compressed); of the archive
    std::optional<std::uint64_t> most_bytes = {};  // of what the archive unpacks to
  };
  using Result = Empty;
};
BOOST_DESCRIBE_STRUCT(ImportBegin::Params, (), (git_url, archive, format, most_bytes))

/// Requests of the control link, beside those in messages.hpp.
using SyncRequests =
    boost::mp11::mp_list<SyncState, SyncWait, SyncSnapshot, SyncObjects, SyncStored, SyncProblem,
                         RestoreBegin, RestoreEntries, RestoreObjects, RestoreWrite, RestoreEnd, ImportBegin>;

}  // namespace berth::protocol
