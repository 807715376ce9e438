// SPDX-License-Identifier: GPL-3.0-or-later
// History's restoring: by the runner while a workspace runs, from the stored trees alone while it does not.
#include <algorithm>

#include "protocol/net/confined_directory.hpp"
#include "server/history.hpp"
#include "server/random_id.hpp"
#include "server/tree_diff.hpp"
#include "server/tree_graft.hpp"

namespace berth::server {
namespace {

namespace rest = protocol::rest;
using rest::WorkspaceState;

constexpr int restore_attempts = 3;  // while a collection or a late version comes between

std::unexpected<Error> damaged_version() {
  return failure(
      ErrorCode::internal,
      "Parts of this version are damaged in the store. Start the workspace and restore it then: what "
      "is whole is brought back, the rest is named.");
}

/// `now` has all its parts; says how it differs from `before`. Numbers are for people: what can't be compared
/// leaves them as they are.
void count_restored(ObjectStore& objects, const VersionRecord& before, bool count_files, VersionRecord& now) {
  const auto difference = diff_trees(before.root, now.root, [&](const std::vector<protocol::ObjectId>& ids) {
    return objects.read(now.owner, ids);
  });
  if (!difference) return;
  now.added = difference->added;
  now.modified = difference->modified;
  now.deleted = difference->deleted;
  if (!count_files) return;
  const auto moved = [](std::uint64_t from, std::uint64_t less, std::uint64_t more) {
    return from - std::min(from, less) + more;
  };
  now.files = moved(before.files, difference->files_before, difference->files_after);
  now.bytes = moved(before.bytes, difference->bytes_before, difference->bytes_after);
}

}  // namespace

/// A record of the newest version with `path` as it is in `wanted`; its objects are stored.
Result<VersionRecord> History::with_path_of(const VersionRecord& newest, const VersionRecord& wanted,
                                            const std::string& path) {
  VersionRecord made = path.empty() ? wanted : newest;
  std::vector<protocol::ObjectId> named{made.root};
  std::vector<protocol::StoredObject> folders;
  if (!path.empty()) {
    auto graft = graft_path(VersionTree(objects_, wanted.owner), newest.root, wanted.root, path);
    if (!graft) return std::unexpected(std::move(graft.error()));
    made.root = graft->root;
    named = std::move(graft->named);
    folders = std::move(graft->folders);
  }
  // Asked for, they are safe from the collection until the version names them.
  auto lacking = objects_.missing(wanted.owner, named);
  if (!lacking) return std::unexpected(std::move(lacking.error()));
  // What is well may be among them: once anything of the owner's is doubted, every folder counts as lacking
  // until it is stored again, which those of old versions never are.
  if (!lacking->empty()) {
    const auto read = objects_.read(wanted.owner, *lacking);
    if (!read) return std::unexpected(read.error());
    if (!std::ranges::all_of(*read, [](const auto& object) { return object.has_value(); }))
      return damaged_version();
  }
  if (!folders.empty())
    if (auto added = objects_.add(wanted.owner, std::move(folders)); !added)
      return std::unexpected(std::move(added.error()));
  count_restored(objects_, newest, !path.empty(), made);
  return made;
}

Result<VersionRecord> History::restored_without_home(const std::string& workspace, const std::string& version,
                                                     const std::string& path, const std::string& author) {
  auto wanted = versions_.find(workspace, version);
  if (!wanted) return std::unexpected(std::move(wanted.error()));
  for (int attempt = 0; attempt < restore_attempts; ++attempt) {
    auto newest = versions_.latest(workspace);
    if (!newest) return std::unexpected(std::move(newest.error()));
    if (!*newest) return failure(ErrorCode::not_found, "There is no such version.");
    auto made = with_path_of(**newest, *wanted, path);
    if (!made) return made;
    made->id = random_id(wanted->id.size());
    made->created = std::max(clock_(), (*newest)->created + 1);
    made->kind = rest::VersionKind::restored;
    made->name.clear();
    made->author = author;
    made->restored_from = wanted->id;
    auto inserted = versions_.insert(*made);
    if (inserted) return made;
    if (inserted.error().code != ErrorCode::conflict && inserted.error().code != ErrorCode::invalid_argument)
      return std::unexpected(std::move(inserted.error()));
  }
  return failure(ErrorCode::unavailable,
                 "The workspace's versions are being changed; try again in a moment.");
}

net::Task<Result<VersionRecord>> History::keep_stopped(Principal principal, std::string workspace,
                                                       std::string name) {
  VersionRecord made;
  const auto insert = [&]() -> Result<void> {
    auto newest = versions_.latest(workspace);
    if (!newest) return std::unexpected(std::move(newest.error()));
    if (!*newest)
      return failure(ErrorCode::conflict, "This workspace has no version yet; start it once, then keep one.");
    made = std::move(**newest);
    made.id = random_id(made.id.size());
    made.created = std::max(clock_(), made.created + 1);
    made.kind = rest::VersionKind::named;
    made.name = name;
    made.author = principal.name;
    made.restored_from.clear();
    made.added = made.modified = made.deleted = 0;
    return versions_.insert(made);
  };
  const auto work = [&]() -> net::Task<Result<void>> { co_return co_await net::offload(pool_, insert); };
  auto done = co_await workspaces_.store_while_stopped(principal, workspace, StoppedChange::nothing, work);
  if (!done) co_return std::unexpected(std::move(done.error()));
  co_return made;
}

net::Task<Result<rest::RestoreVersion::Result>> History::restore(Principal principal, std::string workspace,
                                                                 std::string version, std::string path) {
  const auto normal = net::normal_path(path);
  if (!normal) co_return std::unexpected(normal.error());
  auto own = co_await workspaces_.get(principal, workspace, protocol::Role::editor);
  if (!own) co_return std::unexpected(std::move(own.error()));
  if (own->state != WorkspaceState::stopped && own->state != WorkspaceState::failed) {
    auto restored = co_await engine_.restore(workspace, version, *normal, principal.name);
    if (!restored) co_return std::unexpected(std::move(restored.error()));
    co_return rest::RestoreVersion::Result{view(restored->version), std::move(restored->problems)};
  }
  VersionRecord made;
  const auto work = [&]() -> net::Task<Result<void>> {
    auto done = co_await net::offload(
        pool_, [&] { return restored_without_home(workspace, version, *normal, principal.name); });
    if (!done) co_return std::unexpected(std::move(done.error()));
    made = std::move(*done);
    co_return Result<void>{};
  };
  auto done = co_await workspaces_.store_while_stopped(
      principal, workspace, normal->empty() ? StoppedChange::everything : StoppedChange::a_part, work);
  if (!done) co_return std::unexpected(std::move(done.error()));
  co_return rest::RestoreVersion::Result{view(made), {}};
}

}  // namespace berth::server
