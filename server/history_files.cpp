// SPDX-License-Identifier: GPL-3.0-or-later
// History's folders: a page of one, and everything below one as an archive.
#include <algorithm>
#include <charconv>

#include "protocol/net/confined_directory.hpp"
#include "server/archive_content.hpp"
#include "server/history.hpp"

namespace berth::server {
namespace {

namespace rest = protocol::rest;
using protocol::TreeEntry;
using protocol::TreeEntryType;
using rest::WorkspaceState;

constexpr std::uint32_t entries_a_page = 2'000;
constexpr std::uint32_t most_entries_a_page = 10'000;

std::unexpected<Error> no_such_path() {
  return failure(ErrorCode::not_found, "This version has no such file or folder.");
}

protocol::EntryType type_of(const TreeEntry& entry) {
  switch (entry.type) {
    case TreeEntryType::file:
      return protocol::EntryType::file;
    case TreeEntryType::directory:
      return protocol::EntryType::directory;
    case TreeEntryType::symlink:
      return protocol::EntryType::symlink;
  }
  return protocol::EntryType::file;
}

protocol::FileEntry view(const TreeEntry& entry) {
  return {.name = entry.name,
          .type = type_of(entry),
          .size = entry.size,
          .modified = entry.modified / 1'000'000,
          .mode = entry.mode,
          .target = entry.type == TreeEntryType::symlink ? std::optional(entry.target) : std::nullopt,
          .target_type = {}};
}

/// Directories first, then by name without regard to case, as the runner lists.
void sort_for_people(std::vector<TreeEntry>& entries) {
  const auto low = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  std::ranges::sort(entries, [&](const TreeEntry& a, const TreeEntry& b) {
    const bool a_first = a.type == TreeEntryType::directory, b_first = b.type == TreeEntryType::directory;
    if (a_first != b_first) return a_first;
    const auto [left, right] = std::ranges::mismatch(a.name, b.name, {}, low, low);
    if (left != a.name.end() && right != b.name.end())
      return static_cast<unsigned char>(low(*left)) < static_cast<unsigned char>(low(*right));
    if ((left == a.name.end()) != (right == b.name.end())) return left == a.name.end();
    return a.name < b.name;
  });
}

Result<std::size_t> position_of(const std::optional<std::string>& cursor) {
  if (!cursor) return 0;
  std::size_t position = 0;
  const auto end = cursor->data() + cursor->size();
  if (const auto [stop, error] = std::from_chars(cursor->data(), end, position);
      error != std::errc{} || stop != end)
    return failure(ErrorCode::invalid_argument, "query.cursor: not a cursor from a page before");
  return position;
}

Result<protocol::FileList::Result> page_of(std::vector<TreeEntry> entries, std::size_t position,
                                           std::size_t limit) {
  sort_for_people(entries);
  protocol::FileList::Result result{{}, entries.size(), std::nullopt};
  const auto first = std::min(position, entries.size());
  const auto last = first + std::min(limit, entries.size() - first);
  for (auto i = first; i < last; ++i) result.entries.push_back(view(entries[i]));
  if (last < entries.size()) result.cursor = std::to_string(last);
  return result;
}

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
  const auto limit = params.limit.value_or(entries_a_page);
  if (limit < 1 || limit > most_entries_a_page)
    co_return failure(ErrorCode::invalid_argument,
                      "query.limit: must be 1 to " + std::to_string(most_entries_a_page));
  const auto position = position_of(params.cursor);
  if (!position) co_return std::unexpected(position.error());
  const auto path = net::normal_path(params.path);
  if (!path) co_return std::unexpected(path.error());
  auto own = co_await workspaces_.get(principal, workspace);
  if (!own) co_return std::unexpected(std::move(own.error()));
  co_return co_await net::offload(pool_, [&]() -> Result<protocol::FileList::Result> {
    auto record = versions_.find(workspace, version);
    if (!record) return std::unexpected(std::move(record.error()));
    const VersionTree tree(objects_, record->owner);
    auto entry = tree.find(record->root, *path);
    if (!entry) return std::unexpected(std::move(entry.error()));
    if (!*entry) return no_such_path();
    if ((*entry)->type != TreeEntryType::directory)
      return failure(ErrorCode::invalid_argument, "query.path: this is not a folder");
    auto entries = tree.directory((*entry)->content.front());
    if (!entries) return std::unexpected(std::move(entries.error()));
    return page_of(std::move(*entries), *position, limit);
  });
}

net::Task<Result<std::optional<VersionRecord>>> History::version_to_archive(
    std::string workspace, WorkspaceState state, std::optional<std::string> version) {
  using Found = Result<std::optional<VersionRecord>>;
  if (version)
    co_return co_await net::offload(pool_, [&]() -> Found { return versions_.find(workspace, *version); });
  if (state == WorkspaceState::running) {
    auto stored = co_await engine_.store_now(
        workspace, {.kind = rest::VersionKind::automatic, .name = {}, .author = {}});
    if (!stored) co_return std::unexpected(std::move(stored.error()));
    co_return std::move(*stored);
  }
  if (state != WorkspaceState::stopped && state != WorkspaceState::failed)
    co_return failure(ErrorCode::unavailable,
                      "The workspace is busy starting or stopping; try again in a moment.");
  co_return co_await net::offload(pool_, [&]() -> Found { return versions_.latest(workspace); });
}

net::Task<Result<Archive>> History::archive(Principal principal, std::string workspace, ArchiveFormat format,
                                            std::string path, std::optional<std::string> version) {
  const auto normal = net::normal_path(path);
  if (!normal) co_return std::unexpected(normal.error());
  auto own = co_await workspaces_.get(principal, workspace);
  if (!own) co_return std::unexpected(std::move(own.error()));
  auto record = co_await version_to_archive(workspace, own->state, version);
  if (!record) co_return std::unexpected(std::move(record.error()));
  Archive archive{.name = archive_name(own->name, *normal, format), .bytes = {}};
  if (!*record) {
    const auto home = co_await workspaces_.home_folder(principal, workspace);
    if (!home) co_return std::unexpected(home.error());
    auto content = co_await net::offload(pool_, [&]() -> Result<std::unique_ptr<ArchiveContent>> {
      auto directory = net::ConfinedDirectory::open(home->string());
      if (!directory) return std::unexpected(std::move(directory.error()));
      return make_home_content(std::move(*directory), *normal);
    });
    if (!content) co_return std::unexpected(std::move(content.error()));
    archive.bytes = make_archive_source(std::move(*content), format, pool_);
    co_return archive;
  }
  const VersionTree tree(objects_, (*record)->owner);
  auto entry = co_await net::offload(pool_, [&] { return tree.find((*record)->root, *normal); });
  if (!entry) co_return std::unexpected(std::move(entry.error()));
  if (!*entry) co_return no_such_path();
  archive.bytes = make_archive_source(make_version_content(tree, **entry, *normal), format, pool_);
  co_return archive;
}

}  // namespace berth::server
