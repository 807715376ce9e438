// SPDX-License-Identifier: GPL-3.0-or-later
// History's folders: a page of one, and everything below one as an archive.
#include <algorithm>

#include "protocol/net/confined_directory.hpp"
#include "server/archive_content.hpp"
#include "server/files_of_version.hpp"
#include "server/history.hpp"

namespace berth::server {
namespace {

namespace rest = protocol::rest;
using protocol::TreeEntry;
using protocol::TreeEntryType;
using rest::WorkspaceState;

/// "My work-2026-11-21.tar.gz"; the slashes of a name would look like folders.
std::string archive_name(const std::string& workspace_name, const std::string& path, ArchiveFormat format) {
  std::string name = path.empty() ? workspace_name : path.substr(path.rfind('/') + 1);
  std::ranges::replace(name, '/', '-');
  return name + std::string(file_ending(format));
}

}  // namespace

net::Task<Result<protocol::FileList::Result>> History::files(Principal principal, std::string workspace,
                                                             std::string version,
                                                             protocol::FileList::Params params) {
  if (auto good = check_listing(params); !good) co_return std::unexpected(std::move(good.error()));
  auto own = co_await workspaces_.get(principal, workspace);
  if (!own) co_return std::unexpected(std::move(own.error()));
  co_return co_await net::offload(pool_, [&]() -> Result<protocol::FileList::Result> {
    auto record = versions_.find(workspace, version);
    if (!record) return std::unexpected(std::move(record.error()));
    return list_folder(VersionTree(objects_, record->owner), record->root, params);
  });
}

net::Task<Result<std::unique_ptr<ArchiveContent>>> History::content_of_version(VersionRecord version,
                                                                               std::string path) {
  const VersionTree tree(objects_, version.owner);
  auto entry = co_await net::offload(pool_, [&] { return tree.find(version.root, path); });
  if (!entry) co_return std::unexpected(std::move(entry.error()));
  if (!*entry) co_return no_such_entry();
  co_return make_version_content(tree, **entry, path);
}

net::Task<Result<std::unique_ptr<ArchiveContent>>> History::content_of_running(std::string workspace,
                                                                               std::string path,
                                                                               std::string& notice) {
  auto stored =
      co_await engine_.store_now(workspace, {.kind = rest::VersionKind::automatic, .name = {}, .author = {}});
  if (stored) co_return co_await content_of_version(std::move(*stored), std::move(path));
  // Who downloads everything while nothing can be stored wants above all what is not stored.
  auto live = co_await make_live_content(runners_, workspace, path);
  if (live) {
    notice = "The files were read one by one, because they could not be stored as a version.";
    co_return live;
  }
  if (live.error().code == ErrorCode::not_found) co_return live;
  auto newest = co_await net::offload(pool_, [&] { return versions_.latest(workspace); });
  if (!newest || !*newest) co_return std::unexpected(std::move(stored.error()));
  notice = "These are the files of the last stored version; the workspace did not answer.";
  auto content = co_await content_of_version(**newest, std::move(path));
  if (!content) co_return content;
  co_return make_noted_content(std::move(*content), {".", notice + " What was changed since is missing."});
}

net::Task<Result<std::unique_ptr<ArchiveContent>>> History::content_of_stopped(Principal principal,
                                                                               std::string workspace,
                                                                               std::string path) {
  const auto ahead = co_await workspaces_.home_is_ahead(principal, workspace);
  if (!ahead) co_return std::unexpected(ahead.error());
  auto newest = co_await net::offload(pool_, [&] { return versions_.latest(workspace); });
  if (!newest) co_return std::unexpected(std::move(newest.error()));
  Result<std::filesystem::path> home;
  if (!*newest || *ahead) home = co_await workspaces_.home_folder(principal, workspace);
  // Of a home that lies elsewhere the last version is all that can be had now.
  if (*newest && (!*ahead || !home)) co_return co_await content_of_version(**newest, std::move(path));
  if (!home) co_return std::unexpected(home.error());
  co_return co_await net::offload(pool_, [&]() -> Result<std::unique_ptr<ArchiveContent>> {
    auto directory = net::ConfinedDirectory::open(home->string());
    if (!directory) return std::unexpected(std::move(directory.error()));
    return make_home_content(std::move(*directory), path);
  });
}

net::Task<Result<Archive>> History::archive(Principal principal, std::string workspace, ArchiveFormat format,
                                            std::string path, std::optional<std::string> version) {
  const auto normal = net::normal_path(path);
  if (!normal) co_return std::unexpected(normal.error());
  auto own = co_await workspaces_.get(principal, workspace);
  if (!own) co_return std::unexpected(std::move(own.error()));
  Archive archive{.name = archive_name(own->name, *normal, format), .notice = {}, .bytes = {}};
  Result<std::unique_ptr<ArchiveContent>> content =
      failure(ErrorCode::unavailable, "The workspace is busy starting or stopping; try again in a moment.");
  if (version) {
    auto record = co_await net::offload(pool_, [&] { return versions_.find(workspace, *version); });
    if (!record) co_return std::unexpected(std::move(record.error()));
    content = co_await content_of_version(std::move(*record), *normal);
  } else if (own->state == WorkspaceState::running) {
    content = co_await content_of_running(workspace, *normal, archive.notice);
  } else if (own->state == WorkspaceState::stopped || own->state == WorkspaceState::failed) {
    content = co_await content_of_stopped(principal, workspace, *normal);
  }
  if (!content) co_return std::unexpected(std::move(content.error()));
  archive.bytes = make_archive_source(std::move(*content), format, pool_);
  co_return archive;
}

}  // namespace berth::server
