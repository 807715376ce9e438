// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of history: who may see and name versions, what of them is shown and how it is paged, restoring,
// archives, an account's storage. No HTTP, no SQL. Viewers see, editors change; to strangers it is not_found.
// Every call may be made on any I/O thread and resumes there.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "protocol/net/task.hpp"
#include "protocol/rest_history.hpp"
#include "server/archive.hpp"
#include "server/clock.hpp"
#include "server/object_store.hpp"
#include "server/principal.hpp"
#include "server/runner_access.hpp"
#include "server/version_file.hpp"
#include "server/version_store.hpp"
#include "server/workspace_versions.hpp"
#include "server/workspaces.hpp"

namespace berth::server {

inline constexpr std::size_t most_named_versions = 200;  // of one workspace: they are kept for ever
inline constexpr std::uint32_t most_versions_a_page = 200;
inline constexpr std::size_t most_changes_named = 5'000;

/// What a person may call a version: 1..80 characters on one line, not only spaces.
Result<void> check_version_name(const std::string& name);
protocol::rest::Version view(const VersionRecord& record);

struct VersionFile {
  std::string tag;         // the same for the same bytes, in any version
  std::uint64_t size = 0;  // bytes
  /// `length` bytes from `offset`, both inside the file.
  std::function<std::unique_ptr<ByteSource>(std::uint64_t offset, std::uint64_t length)> open;
};

struct Archive {
  std::string name;    // of the file, for the person
  std::string notice;  // a sentence, ASCII: it is not what was asked for, and why; "" when it is
  std::unique_ptr<ByteSource> bytes;
};

class History {
 public:
  /// All outlive it.
  History(Workspaces& workspaces, RunnerAccess& runners, WorkspaceVersions& engine, VersionStore& versions,
          ObjectStore& objects, Clock clock = system_clock_now)
      : workspaces_(workspaces),
        runners_(runners),
        engine_(engine),
        versions_(versions),
        objects_(objects),
        clock_(std::move(clock)) {}

  struct ListQuery {
    std::optional<std::string> path;
    std::optional<std::string> cursor;
    std::uint32_t limit = 50;  // 1..most_versions_a_page
  };
  /// With a path: versions in which it is not what it was in the version before. A page may hold fewer than
  /// were asked for, even none, and yet have a cursor.
  net::Task<Result<protocol::rest::ListVersions::Result>> list(Principal principal, std::string workspace,
                                                               ListQuery query);
  net::Task<Result<protocol::rest::Version>> create(Principal principal, std::string workspace,
                                                    std::string name);
  net::Task<Result<protocol::rest::Version>> rename(Principal principal, std::string workspace,
                                                    std::string version, std::string name);
  net::Task<Result<protocol::rest::ListVersionChanges::Result>> changes(Principal principal,
                                                                        std::string workspace,
                                                                        std::string version,
                                                                        std::optional<std::string> against,
                                                                        std::string path);
  /// As the file routes list a folder; cursors are positions, as a version never changes.
  net::Task<Result<protocol::FileList::Result>> files(Principal principal, std::string workspace,
                                                      std::string version, protocol::FileList::Params params);
  net::Task<Result<VersionFile>> file(Principal principal, std::string workspace, std::string version,
                                      std::string path);
  /// Of a running workspace: into its home, what is there is stored first. Of a stopped one: a new version
  /// from the two that are stored, which its next start brings into the home; what is damaged in the store is
  /// named then.
  net::Task<Result<protocol::rest::RestoreVersion::Result>> restore(Principal principal,
                                                                    std::string workspace,
                                                                    std::string version, std::string path);
  /// Without a version: what a running workspace holds now, stored first; its files one by one where that
  /// does not work, and its last version where they can't be reached. Of a stopped one what it stored last,
  /// or its home when that may hold more.
  net::Task<Result<Archive>> archive(Principal principal, std::string workspace, ArchiveFormat format,
                                     std::string path, std::optional<std::string> version);
  net::Task<Result<protocol::rest::GetStorage::Result>> storage(Principal principal);

 private:
  struct Place;
  Result<std::size_t> count_named(const std::string& workspace);
  Result<protocol::rest::ListVersions::Result> page(const std::string& workspace, std::int64_t before,
                                                    std::uint32_t limit);
  Result<protocol::rest::ListVersions::Result> page_of_path(const std::string& workspace, std::int64_t before,
                                                            std::uint32_t limit, const std::string& path);
  Result<protocol::rest::ListVersionChanges::Result> compare(const VersionRecord& version,
                                                             const std::optional<std::string>& against,
                                                             const std::string& path);
  /// Names what a stopped workspace stored last, as a version of its own.
  net::Task<Result<VersionRecord>> keep_stopped(Principal principal, std::string workspace, std::string name);
  Result<VersionRecord> restored_without_home(const std::string& workspace, const std::string& version,
                                              const std::string& path, const std::string& author);
  Result<VersionRecord> with_path_of(const VersionRecord& newest, const VersionRecord& wanted,
                                     const std::string& path);
  net::Task<Result<std::unique_ptr<ArchiveContent>>> content_of_version(VersionRecord version,
                                                                        std::string path);
  net::Task<Result<std::unique_ptr<ArchiveContent>>> content_of_running(std::string workspace,
                                                                        std::string path,
                                                                        std::string& notice);
  net::Task<Result<std::unique_ptr<ArchiveContent>>> content_of_stopped(Principal principal,
                                                                        std::string workspace,
                                                                        std::string path);

  Workspaces& workspaces_;
  RunnerAccess& runners_;
  WorkspaceVersions& engine_;
  VersionStore& versions_;
  ObjectStore& objects_;
  Clock clock_;
  boost::asio::thread_pool pool_{2};  // reading versions may wait for a far store, and metadata must not
};

}  // namespace berth::server
