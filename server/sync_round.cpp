// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/sync_round.hpp"

#include <spdlog/spdlog.h>

#include <limits>

#include "server/fault_points.hpp"
#include "server/random_id.hpp"
#include "server/tree_diff.hpp"

namespace berth::server {

using protocol::ObjectId;

namespace {

constexpr std::size_t version_id_length = 16;
constexpr std::chrono::minutes snapshot_deadline{30};  // of a home of terabytes, seen for the first time

/// A runner may say anything; the database takes signed numbers.
std::uint64_t sane(std::uint64_t count) {
  return std::min<std::uint64_t>(count, std::numeric_limits<std::int64_t>::max());
}

void count_changes(const SyncParts& parts, const std::optional<VersionRecord>& newest,
                   const RecentTrees& before, const RecentTrees& after, VersionRecord& version) {
  if (!newest) {
    version.added = version.files;
    return;
  }
  const ReadObjects read =
      [&](const std::vector<ObjectId>& ids) -> Result<std::vector<std::optional<std::string>>> {
    std::vector<std::optional<std::string>> trees(ids.size());
    std::vector<ObjectId> others;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const auto* tree = after.find(ids[i]);
      if (!tree) tree = before.find(ids[i]);
      if (tree) {
        trees[i] = *tree;
      } else {
        others.push_back(ids[i]);
      }
    }
    if (others.empty()) return trees;
    auto found = parts.objects.read(version.owner, others);
    if (!found) return found;
    std::size_t next = 0;
    for (auto& tree : trees)
      if (!tree) tree = std::move((*found)[next++]);
    return trees;
  };
  const auto difference = diff_trees(newest->root, version.root, read);
  if (!difference) {
    // The numbers are for people to read; a version without them is better than none.
    spdlog::warn("workspace {}: versions can't be compared: {} {}", version.workspace,
                 difference.error().message, difference.error().detail);
    return;
  }
  version.added = difference->added;
  version.modified = difference->modified;
  version.deleted = difference->deleted;
}

}  // namespace

net::Task<Result<std::optional<Round>>> store_home(const SyncParts& parts, WorkspaceOwner of,
                                                   std::optional<VersionRecord> newest,
                                                   const RecentTrees& recent, RoundWish wish) {
  auto snapshot = co_await ask_runner<protocol::SyncSnapshot>(parts.runners, of.workspace, {wish.complete},
                                                              snapshot_deadline);
  if (!snapshot) co_return std::unexpected(std::move(snapshot.error()));
  const auto root = ObjectId::from_hex(snapshot->root);
  if (!root) co_return std::unexpected(root.error());
  for (const auto& problem : snapshot->problems)
    spdlog::debug("workspace {}: not stored: {}: {}", of.workspace, problem.path, problem.reason);

  auto intake =
      co_await take_in(parts, of, *root, newest ? std::optional(newest->root) : std::nullopt, recent);
  if (!intake) co_return std::unexpected(std::move(intake.error()));
  if (intake->gone) co_return std::nullopt;
  Round round{.version = {}, .change = snapshot->change, .trees = std::move(intake->trees)};
  if (newest && newest->root == *root && !wish.always) {
    round.version = std::move(*newest);
    round.trees = recent;
  } else {
    NewVersion fresh{*root, sane(snapshot->files), sane(snapshot->bytes), sane(snapshot->problem_count),
                     std::move(wish)};
    auto version = co_await commit_version(parts, of, newest, recent, round.trees, std::move(fresh));
    if (!version) co_return std::unexpected(std::move(version.error()));
    if (!*version) co_return std::nullopt;
    spdlog::debug("workspace {}: version {} stored, {} objects of {} bytes", of.workspace, (*version)->id,
                  intake->objects, intake->bytes);
    round.version = std::move(**version);
  }
  auto told = co_await acknowledge(parts, of.workspace, round.version, round.change);
  if (!told) co_return std::unexpected(std::move(told.error()));
  co_return std::move(round);
}

net::Task<Result<std::optional<VersionRecord>>> commit_version(const SyncParts& parts, WorkspaceOwner of,
                                                               std::optional<VersionRecord> newest,
                                                               const RecentTrees& before,
                                                               const RecentTrees& after, NewVersion fresh) {
  VersionRecord version{.id = random_id(version_id_length),
                        .workspace = of.workspace,
                        .owner = of.owner,
                        .root = fresh.root,
                        .created = std::max(parts.clock(), newest ? newest->created + 1 : 0),
                        .kind = fresh.wish.request.kind,
                        .name = fresh.wish.request.name,
                        .author = fresh.wish.request.author,
                        .files = fresh.files,
                        .bytes = fresh.bytes,
                        .added = 0,
                        .modified = 0,
                        .deleted = 0,
                        .problems = fresh.problems,
                        .restored_from = fresh.wish.restored_from};
  auto inserted = co_await net::offload(parts.threads, [&] {
    count_changes(parts, newest, before, after, version);
    return parts.versions.insert(version);
  });
  if (!inserted && inserted.error().code == ErrorCode::conflict) co_return std::nullopt;
  if (!inserted) co_return std::unexpected(std::move(inserted.error()));
  co_return std::move(version);
}

net::Task<Result<void>> acknowledge(const SyncParts& parts, std::string workspace, VersionRecord version,
                                    std::uint64_t change) {
  fault_point("stored.acknowledge");
  auto told = co_await ask_runner<protocol::SyncStored>(
      parts.runners, workspace, {version.root.hex(), version.id, change, version.created});
  if (!told) co_return std::unexpected(std::move(told.error()));
  co_return Result<void>();
}

}  // namespace berth::server
