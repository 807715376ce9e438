// SPDX-License-Identifier: GPL-3.0-or-later
// The REST API's history part: versions of a workspace, what changed, restoring, archives, import, storage.
// Same rules as rest.hpp; `query` names a route's query parameters, optional ones with '?'.
#pragma once

#include "protocol/rest.hpp"
#include "protocol/sync_messages.hpp"

namespace berth::protocol::rest {

enum class VersionKind { automatic, named, restored, imported };
BOOST_DESCRIBE_ENUM(VersionKind, automatic, named, restored, imported)

struct Version {
  std::string id;  // server-made
  std::int64_t created;
  VersionKind kind;
  std::string name;    // the person's, or "" (a named one is kept for ever)
  std::string author;  // name of the account that asked for it; "" for automatic ones
  std::uint64_t files;
  std::uint64_t bytes;                     // of all its files
  std::uint64_t added, modified, deleted;  // files, against the version before
  std::uint64_t problems;                  // paths that could not be stored
  std::string restored_from;               // version id, of a restored one
};
BOOST_DESCRIBE_STRUCT(Version, (),
                      (id, created, kind, name, author, files, bytes, added, modified, deleted, problems,
                       restored_from))

struct ListVersions {
  static constexpr std::string_view method = "GET", path = "/api/v1/workspaces/{id}/versions",
                                    summary =
                                        "Newest first. Query: path (only versions in which this file or "
                                        "folder changed), cursor, limit (1..200).";
  static constexpr std::string_view query = "path? cursor? limit?";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_read;
  using Body = NoBody;
  struct Result {
    std::vector<Version> versions;
    std::optional<std::string> cursor;  // absent on the last page
  };
};
BOOST_DESCRIBE_STRUCT(ListVersions::Result, (), (versions, cursor))

struct CreateVersion {
  static constexpr std::string_view method = "POST", path = "/api/v1/workspaces/{id}/versions",
                                    summary =
                                        "Stores what is there now and gives it a name; kept for ever. Of a "
                                        "stopped workspace: what it stored last.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_write;
  struct Body {
    std::string name;  // 1..80 characters
  };
  using Result = Version;
};
BOOST_DESCRIBE_STRUCT(CreateVersion::Body, (), (name))

struct UpdateVersion {
  static constexpr std::string_view method = "PATCH", path = "/api/v1/workspaces/{id}/versions/{version}",
                                    summary =
                                        "Names a version; an empty name makes it an automatic one again.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_write;
  struct Body {
    std::string name;  // 0..80 characters
  };
  using Result = Version;
};
BOOST_DESCRIBE_STRUCT(UpdateVersion::Body, (), (name))

enum class VersionChangeKind { added, modified, deleted };
BOOST_DESCRIBE_ENUM(VersionChangeKind, added, modified, deleted)

struct VersionChange {
  std::string path;
  VersionChangeKind kind;
  std::uint64_t size_before;
  std::uint64_t size;
};
BOOST_DESCRIBE_STRUCT(VersionChange, (), (path, kind, size_before, size))

struct ListVersionChanges {
  static constexpr std::string_view method = "GET",
                                    path = "/api/v1/workspaces/{id}/versions/{version}/changes",
                                    summary =
                                        "Files that differ. Query: against (a version id; the one before "
                                        "when absent), path (only below it).";
  static constexpr std::string_view query = "against? path?";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_read;
  using Body = NoBody;
  struct Result {
    std::string against;  // version id, "" for none: everything is added
    std::vector<VersionChange> changes;
    bool truncated;  // more than 5,000
  };
};
BOOST_DESCRIBE_STRUCT(ListVersionChanges::Result, (), (against, changes, truncated))

struct ListVersionFiles {
  static constexpr std::string_view method = "GET", path = "/api/v1/workspaces/{id}/versions/{version}/files",
                                    summary =
                                        "A page of a directory of a version. Query: path, cursor, limit.";
  static constexpr std::string_view query = "path? cursor? limit?";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_read;
  using Body = NoBody;
  using Result = FileList::Result;
};

struct GetVersionFile {
  static constexpr std::string_view
      method = "GET",
      path = "/api/v1/workspaces/{id}/versions/{version}/file",
      summary = "A file's bytes as they were, with ETag; Range and If-None-Match are honoured. Query: path.";
  static constexpr std::string_view query = "path";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_read;
  static constexpr bool raw_result = true;
  using Body = NoBody;
  using Result = NoBody;
};

struct RestoreVersion {
  static constexpr std::string_view
      method = "POST",
      path = "/api/v1/workspaces/{id}/versions/{version}/restore",
      summary =
          "Brings a file, a folder or everything back, as a new version. "
          "What was there is stored first. A stopped workspace's home has it at "
          "its next start.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_write;
  struct Body {
    std::optional<std::string> path;  // everything when absent
  };
  struct Result {
    Version version;                    // the new one
    std::vector<PathProblem> problems;  // what could not be brought back
  };
};
BOOST_DESCRIBE_STRUCT(RestoreVersion::Body, (), (path))
BOOST_DESCRIBE_STRUCT(RestoreVersion::Result, (), (version, problems))

struct GetArchive {
  static constexpr std::string_view
      method = "GET",
      path = "/api/v1/workspaces/{id}/archive",
      summary =
          "Everything, a folder or a file as an archive. Query: format "
          "(zip, tar.gz, tar.zst), path, version (what is there now when absent). The answer's header "
          "Berth-Notice, a sentence, is there when that could not be stored or reached: then the files are "
          "read one by one, or those of the last version.";
  static constexpr std::string_view query = "format path? version?";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_read;
  static constexpr bool raw_result = true;
  using Body = NoBody;
  using Result = NoBody;
};

struct ImportWorkspace {
  static constexpr std::string_view method = "POST", path = "/api/v1/workspaces/import",
                                    summary =
                                        "Makes a workspace of an uploaded archive. Query: name, template_id, "
                                        "format (zip, tar, tar.gz, tar.xz, tar.zst), team (id; whose it is "
                                        "to be). Body: the archive.";
  static constexpr std::string_view query = "name template_id format team?";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_write;
  static constexpr bool raw_body = true;
  using Body = NoBody;
  using Result = Workspace;
};

struct GetStorage {
  static constexpr std::string_view method = "GET", path = "/api/v1/me/storage",
                                    summary =
                                        "What the account's versions take, deduplicated and compressed.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_read;
  using Body = NoBody;
  struct Result {
    std::uint64_t used;   // bytes
    std::uint64_t limit;  // bytes; 0: none
  };
};
BOOST_DESCRIBE_STRUCT(GetStorage::Result, (), (used, limit))

using HistoryRoutes =
    boost::mp11::mp_list<ListVersions, CreateVersion, UpdateVersion, ListVersionChanges, ListVersionFiles,
                         GetVersionFile, RestoreVersion, GetArchive, ImportWorkspace, GetStorage>;

}  // namespace berth::protocol::rest
