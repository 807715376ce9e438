// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/history.hpp"

#include <algorithm>
#include <charconv>

#include "protocol/net/confined_directory.hpp"
#include "server/files_of_version.hpp"
#include "server/tree_diff.hpp"

namespace berth::server {
namespace {

namespace rest = protocol::rest;
using protocol::TreeEntryType;
using rest::WorkspaceState;

constexpr std::size_t versions_at_once = 50;   // whose path is looked up together
constexpr std::size_t most_looked_at = 1'000;  // versions, for one page of a path's history

/// "" is the newest end.
Result<std::int64_t> time_of_cursor(const std::optional<std::string>& cursor) {
  if (!cursor) return 0;
  std::int64_t before = 0;
  const auto end = cursor->data() + cursor->size();
  if (const auto [stop, error] = std::from_chars(cursor->data(), end, before);
      error != std::errc{} || stop != end || before <= 0)
    return failure(ErrorCode::invalid_argument, "query.cursor: not a cursor from a page before");
  return before;
}

ReadObjects reader(ObjectStore& objects, const std::string& owner) {
  return [&objects, owner](const std::vector<protocol::ObjectId>& ids) { return objects.read(owner, ids); };
}

}  // namespace

Result<void> check_version_name(const std::string& name) {
  const auto length = std::ranges::count_if(name, [](unsigned char c) { return (c & 0xC0) != 0x80; });
  const bool one_line = std::ranges::none_of(name, [](unsigned char c) { return c < ' ' || c == 127; });
  const bool blank = name.find_first_not_of(' ') == name.npos;
  if (length < 1 || length > 80 || !one_line || blank)
    return failure(ErrorCode::invalid_argument, "body.name: must be 1 to 80 characters on one line");
  return {};
}

rest::Version view(const VersionRecord& record) {
  // Naming is what a person does to any version; what it came from stays known by `restored_from`.
  auto kind = record.kind;
  if (kind == rest::VersionKind::automatic && !record.name.empty()) kind = rest::VersionKind::named;
  if (kind == rest::VersionKind::named && record.name.empty()) kind = rest::VersionKind::automatic;
  return {.id = record.id,
          .created = record.created,
          .kind = kind,
          .name = record.name,
          .author = record.author,
          .files = record.files,
          .bytes = record.bytes,
          .added = record.added,
          .modified = record.modified,
          .deleted = record.deleted,
          .problems = record.problems,
          .restored_from = record.restored_from};
}

// ---- which versions there are

net::Task<Result<rest::ListVersions::Result>> History::list(Principal principal, std::string workspace,
                                                            ListQuery query) {
  if (query.limit < 1 || query.limit > most_versions_a_page)
    co_return failure(ErrorCode::invalid_argument,
                      "query.limit: must be 1 to " + std::to_string(most_versions_a_page));
  const auto before = time_of_cursor(query.cursor);
  if (!before) co_return std::unexpected(before.error());
  const auto path = net::normal_path(query.path.value_or(""));
  if (!path) co_return std::unexpected(path.error());
  auto own = co_await workspaces_.get(principal, workspace);
  if (!own) co_return std::unexpected(std::move(own.error()));
  co_return co_await net::offload(pool_, [&]() -> Result<rest::ListVersions::Result> {
    // The home itself changes with every version.
    return path->empty() ? page(workspace, *before, query.limit)
                         : page_of_path(workspace, *before, query.limit, *path);
  });
}

Result<rest::ListVersions::Result> History::page(const std::string& workspace, std::int64_t before,
                                                 std::uint32_t limit) {
  auto records = versions_.list(workspace, before, limit + 1);
  if (!records) return std::unexpected(std::move(records.error()));
  rest::ListVersions::Result result;
  if (records->size() > limit) {
    records->resize(limit);
    result.cursor = std::to_string(records->back().created);
  }
  for (const auto& record : *records) result.versions.push_back(view(record));
  return result;
}

Result<rest::ListVersions::Result> History::page_of_path(const std::string& workspace, std::int64_t before,
                                                         std::uint32_t limit, const std::string& path) {
  rest::ListVersions::Result result;
  for (std::size_t looked_at = 0; looked_at < most_looked_at;) {
    // One more than is decided: each is compared with the one before it.
    auto records = versions_.list(workspace, before, versions_at_once + 1);
    if (!records) return std::unexpected(std::move(records.error()));
    if (records->empty()) return result;
    std::vector<protocol::ObjectId> roots;
    for (const auto& record : *records) roots.push_back(record.root);
    auto found = VersionTree(objects_, records->front().owner).find_each(roots, path);
    if (!found) return std::unexpected(std::move(found.error()));
    const bool last = records->size() <= versions_at_once;
    const auto decided = last ? records->size() : versions_at_once;
    for (std::size_t i = 0; i < decided; ++i) {
      const auto& now = (*found)[i];
      const auto old = i + 1 < found->size() ? (*found)[i + 1] : VersionTree::Found(std::nullopt);
      // What can't be read can't be compared; it is shown rather than hidden.
      if (!now || !old || !same_content(*now, *old)) result.versions.push_back(view((*records)[i]));
      before = (*records)[i].created;
      if (result.versions.size() < limit) continue;
      if (!last || i + 1 < decided) result.cursor = std::to_string(before);
      return result;
    }
    if (last) return result;
    looked_at += decided;
  }
  result.cursor = std::to_string(before);
  return result;
}

// ---- names

Result<std::size_t> History::count_named(const std::string& workspace) {
  std::size_t named = 0;
  for (std::int64_t before = 0;;) {
    auto records = versions_.list(workspace, before, 500);
    if (!records) return std::unexpected(std::move(records.error()));
    if (records->empty()) return named;
    named += static_cast<std::size_t>(
        std::ranges::count_if(*records, [](const auto& record) { return !record.name.empty(); }));
    before = records->back().created;
  }
}

net::Task<Result<rest::Version>> History::create(Principal principal, std::string workspace,
                                                 std::string name) {
  if (auto good = check_version_name(name); !good) co_return std::unexpected(std::move(good.error()));
  auto own = co_await workspaces_.get(principal, workspace, protocol::Role::editor);
  if (!own) co_return std::unexpected(std::move(own.error()));
  const auto named = co_await net::offload(pool_, [&] { return count_named(workspace); });
  if (!named) co_return std::unexpected(named.error());
  if (*named >= most_named_versions)
    co_return failure(ErrorCode::limit_exceeded,
                      "This workspace has " + std::to_string(most_named_versions) +
                          " named versions, the most there can be; take the name from one first.");
  VersionRequest request{.kind = rest::VersionKind::named, .name = name, .author = principal.name};
  const bool stopped = own->state == WorkspaceState::stopped || own->state == WorkspaceState::failed;
  Result<VersionRecord> stored;
  if (stopped)
    stored = co_await keep_stopped(principal, workspace, name);
  else
    stored = co_await engine_.store_now(workspace, std::move(request));
  if (!stored) co_return std::unexpected(std::move(stored.error()));
  co_return view(*stored);
}

net::Task<Result<rest::Version>> History::rename(Principal principal, std::string workspace,
                                                 std::string version, std::string name) {
  if (!name.empty())
    if (auto good = check_version_name(name); !good) co_return std::unexpected(std::move(good.error()));
  auto own = co_await workspaces_.get(principal, workspace, protocol::Role::editor);
  if (!own) co_return std::unexpected(std::move(own.error()));
  co_return co_await net::offload(pool_, [&]() -> Result<rest::Version> {
    auto record = versions_.find(workspace, version);
    if (!record) return std::unexpected(std::move(record.error()));
    if (record->name.empty() && !name.empty()) {
      const auto named = count_named(workspace);
      if (!named) return std::unexpected(named.error());
      if (*named >= most_named_versions)
        return failure(ErrorCode::limit_exceeded,
                       "This workspace has " + std::to_string(most_named_versions) +
                           " named versions, the most there can be; take the name from one first.");
    }
    if (auto renamed = versions_.rename(workspace, version, name); !renamed)
      return std::unexpected(std::move(renamed.error()));
    record->name = name;
    return view(*record);
  });
}

// ---- what is in them

net::Task<Result<rest::ListVersionChanges::Result>> History::changes(Principal principal,
                                                                     std::string workspace,
                                                                     std::string version,
                                                                     std::optional<std::string> against,
                                                                     std::string path) {
  const auto below = net::normal_path(path);
  if (!below) co_return std::unexpected(below.error());
  auto own = co_await workspaces_.get(principal, workspace);
  if (!own) co_return std::unexpected(std::move(own.error()));
  co_return co_await net::offload(pool_, [&]() -> Result<rest::ListVersionChanges::Result> {
    auto record = versions_.find(workspace, version);
    if (!record) return std::unexpected(std::move(record.error()));
    return compare(*record, against, *below);
  });
}

Result<rest::ListVersionChanges::Result> History::compare(const VersionRecord& version,
                                                          const std::optional<std::string>& against,
                                                          const std::string& path) {
  std::optional<VersionRecord> before;
  if (against) {
    auto found = versions_.find(version.workspace, *against);
    if (!found) return std::unexpected(std::move(found.error()));
    before = std::move(*found);
  } else {
    auto older = versions_.list(version.workspace, version.created, 1);
    if (!older) return std::unexpected(std::move(older.error()));
    if (!older->empty()) before = std::move(older->front());
  }
  auto difference =
      diff_trees(before ? std::optional(before->root) : std::nullopt, version.root,
                 reader(objects_, version.owner), {.below = path, .most_changes = most_changes_named});
  if (!difference) return std::unexpected(std::move(difference.error()));
  // A folder that can't be read is taken as equal, which the person must not take for the whole truth.
  return rest::ListVersionChanges::Result{.against = before ? before->id : "",
                                          .changes = std::move(difference->changes),
                                          .truncated = difference->truncated || difference->unreadable > 0};
}

net::Task<Result<VersionFile>> History::file(Principal principal, std::string workspace, std::string version,
                                             std::string path) {
  const auto normal = net::normal_path(path);
  if (!normal) co_return std::unexpected(normal.error());
  auto own = co_await workspaces_.get(principal, workspace);
  if (!own) co_return std::unexpected(std::move(own.error()));
  co_return co_await net::offload(pool_, [&]() -> Result<VersionFile> {
    auto record = versions_.find(workspace, version);
    if (!record) return std::unexpected(std::move(record.error()));
    const VersionTree tree(objects_, record->owner);
    auto entry = tree.find(record->root, *normal);
    if (!entry) return std::unexpected(std::move(entry.error()));
    if (!*entry) return no_such_entry();
    if ((*entry)->type == TreeEntryType::directory)
      return failure(ErrorCode::unsupported, "This is a folder; download it as an archive.");
    if ((*entry)->type == TreeEntryType::symlink)
      return failure(ErrorCode::unsupported, "This is a link to " + (*entry)->target + ", not a file.");
    auto chunks = tree.chunks(**entry);
    if (!chunks) return std::unexpected(std::move(chunks.error()));
    return VersionFile{
        .tag = content_tag(**entry),
        .size = (*entry)->size,
        .open = [this, tree, chunks = std::move(*chunks)](std::uint64_t offset, std::uint64_t length) {
          return make_version_source(tree, chunks, offset, length, pool_);
        }};
  });
}

net::Task<Result<rest::GetStorage::Result>> History::storage(Principal principal) {
  const auto usage = co_await net::offload(pool_, [&] { return objects_.usage(principal.account); });
  if (!usage) co_return std::unexpected(usage.error());
  co_return rest::GetStorage::Result{usage->bytes, usage->limit};
}

}  // namespace berth::server
