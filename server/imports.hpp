// SPDX-License-Identifier: GPL-3.0-or-later
// Workspaces that begin with somebody's files: an uploaded archive, a git repository, a version of another
// workspace. Archives are unpacked and repositories cloned by the runner inside the workspace, so that what
// is hostile in them meets nothing but the workspace. An error means that no workspace was left behind.
#pragma once

#include <optional>
#include <string>

#include "protocol/net/task.hpp"
#include "protocol/rest_history.hpp"
#include "server/byte_stream.hpp"
#include "server/clock.hpp"
#include "server/object_store.hpp"
#include "server/principal.hpp"
#include "server/runner_access.hpp"
#include "server/version_store.hpp"
#include "server/workspace_versions.hpp"
#include "server/workspaces.hpp"

namespace berth::server {

inline constexpr std::uint64_t import_limit = 8ull << 30;     // bytes of an uploaded archive
inline constexpr std::uint64_t unpacked_limit = 32ull << 30;  // bytes of what it unpacks to

/// What git may be told to clone: http, https, git or ssh with a host, no password, at most 2,000 plain
/// characters. Nothing that git could take for an option or a path.
Result<void> check_git_url(const std::string& url);

class PublicProjects;

class Imports {
 public:
  struct Options {
    std::chrono::milliseconds start_wait{180'000};  // for a workspace to run
    PublicProjects* public_projects = nullptr;      // what can be forked by a public link; none: nothing
  };

  /// All outlive it.
  Imports(Workspaces& workspaces, RunnerAccess& runners, WorkspaceVersions& engine, VersionStore& versions,
          ObjectStore& objects, boost::asio::thread_pool& pool, Clock clock, Options options);

  /// A workspace from the git repository, the other workspace's version or the public project that the body
  /// names; the principal is admitted to that other workspace. What is another account's is copied. A
  /// repository is cloned once the workspace runs, which may be after the answer; people hear of it through
  /// workspace/import. Where a clone can't begin after the answer, the workspace's start fails for that
  /// reason and the next one tries again.
  net::Task<Result<protocol::rest::Workspace>> create(Principal principal,
                                                      protocol::rest::CreateWorkspace::Body body);

  struct Upload {
    std::string name;
    std::string template_id;
    std::string format;                    // "zip", "tar", "tar.gz", "tar.xz", "tar.zst"
    std::optional<std::uint64_t> length;   // of the body where it is known
    std::optional<std::string> team = {};  // id: whose it is to be; the principal is admitted to it
  };
  /// Starts a new workspace, brings the archive into its home and has it unpacked there.
  net::Task<Result<protocol::rest::Workspace>> upload(Principal principal, Upload upload, ByteSource& body);

 private:
  net::Task<Result<protocol::rest::Workspace>> fork(Principal principal,
                                                    protocol::rest::CreateWorkspace::Body body);
  net::Task<Result<protocol::rest::Workspace>> clone(Principal principal,
                                                     protocol::rest::CreateWorkspace::Body body);
  net::Task<Result<protocol::rest::Workspace>> fork_public(Principal principal,
                                                           protocol::rest::CreateWorkspace::Body body);
  /// `project_only`: of the version the project alone, as it is public.
  net::Task<Result<protocol::rest::Workspace>> fork_version(Principal principal,
                                                            protocol::rest::CreateWorkspace::Body body,
                                                            VersionRecord version, bool project_only);
  Result<void> copy_to(const VersionRecord& version, bool project_only, VersionRecord& first);
  net::Task<Result<VersionRecord>> version_to_fork(Principal principal, protocol::rest::Workspace from,
                                                   std::optional<std::string> version);
  /// What an import may become, bytes; an error where that is nothing or less than the `length` of an upload.
  net::Task<Result<std::uint64_t>> check_storage(std::string account, std::optional<std::uint64_t> length);
  net::Task<Result<protocol::rest::Workspace>> wait_until_it_runs(Principal principal, std::string workspace);
  /// `room` is what check_storage() gave: it holds for a body of unknown length, too.
  net::Task<Result<void>> receive(std::string workspace, std::string path, ByteSource& body,
                                  std::uint64_t room);
  /// Removes what was made; `why` is passed on.
  net::Task<std::unexpected<Error>> undo(Principal principal, std::string workspace, Error why);

  Workspaces& workspaces_;
  RunnerAccess& runners_;
  WorkspaceVersions& engine_;
  VersionStore& versions_;
  ObjectStore& objects_;
  boost::asio::thread_pool& pool_;
  boost::asio::thread_pool copying_{1};  // of others' files: it may take long
  Clock clock_;
  Options options_;
};

}  // namespace berth::server
