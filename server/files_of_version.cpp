// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/files_of_version.hpp"

#include <algorithm>
#include <charconv>

#include "protocol/net/confined_directory.hpp"
#include "server/version_file.hpp"

namespace berth::server {
namespace {

using protocol::TreeEntry;
using protocol::TreeEntryType;

constexpr std::uint32_t entries_a_page = 2'000;
constexpr std::uint32_t most_entries_a_page = 10'000;

std::unexpected<Error> only_to_read() {
  return failure(
      ErrorCode::unavailable,
      "The files shown are those of the last version; the workspace's home does not have them yet. "
      "Start it to change files.");
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

}  // namespace

std::unexpected<Error> no_such_entry() {
  return failure(ErrorCode::not_found, "This version has no such file or folder.");
}

Result<void> check_listing(const protocol::FileList::Params& params) {
  const auto limit = params.limit.value_or(entries_a_page);
  if (limit < 1 || limit > most_entries_a_page)
    return failure(ErrorCode::invalid_argument,
                   "query.limit: must be 1 to " + std::to_string(most_entries_a_page));
  if (auto position = position_of(params.cursor); !position) return std::unexpected(position.error());
  if (auto path = net::normal_path(params.path); !path) return std::unexpected(path.error());
  return {};
}

Result<protocol::FileList::Result> list_folder(const VersionTree& tree, const protocol::ObjectId& root,
                                               const protocol::FileList::Params& params) {
  if (auto good = check_listing(params); !good) return std::unexpected(std::move(good.error()));
  auto folder = tree.find(root, *net::normal_path(params.path));
  if (!folder) return std::unexpected(std::move(folder.error()));
  if (!*folder) return no_such_entry();
  if ((*folder)->type != TreeEntryType::directory)
    return failure(ErrorCode::invalid_argument, "query.path: this is not a folder");
  auto entries = tree.directory((*folder)->content.front());
  if (!entries) return std::unexpected(std::move(entries.error()));
  sort_for_people(*entries);
  protocol::FileList::Result result{{}, entries->size(), std::nullopt};
  const auto first = std::min(*position_of(params.cursor), entries->size());
  const auto last =
      first + std::min<std::size_t>(params.limit.value_or(entries_a_page), entries->size() - first);
  for (auto i = first; i < last; ++i) result.entries.push_back(view((*entries)[i]));
  if (last < entries->size()) result.cursor = std::to_string(last);
  return result;
}

Result<FilesOfVersion::Found> FilesOfVersion::find(const std::string& workspace, const std::string& path) {
  const auto normal = net::normal_path(path);
  if (!normal) return std::unexpected(normal.error());
  auto newest = versions_.latest(workspace);
  if (!newest) return std::unexpected(std::move(newest.error()));
  if (!*newest) return no_such_entry();
  VersionTree tree(objects_, (*newest)->owner);
  auto entry = tree.find((*newest)->root, *normal);
  if (!entry) return std::unexpected(std::move(entry.error()));
  if (!*entry) return no_such_entry();
  return Found{std::move(tree), std::move(**entry)};
}

net::Task<Result<protocol::FileList::Result>> FilesOfVersion::list(std::string workspace,
                                                                   protocol::FileList::Params params) {
  co_return co_await net::offload(pool_, [&]() -> Result<protocol::FileList::Result> {
    auto newest = versions_.latest(workspace);
    if (!newest) return std::unexpected(std::move(newest.error()));
    if (!*newest) return no_such_entry();
    return list_folder(VersionTree(objects_, (*newest)->owner), (*newest)->root, params);
  });
}

net::Task<Result<protocol::FileStat::Result>> FilesOfVersion::stat(std::string workspace, std::string path) {
  co_return co_await net::offload(pool_, [&]() -> Result<protocol::FileStat::Result> {
    auto found = find(workspace, path);
    if (!found) return std::unexpected(std::move(found.error()));
    protocol::FileStat::Result result{view(found->entry), {}};
    if (found->entry.type == TreeEntryType::file) result.etag = content_tag(found->entry);
    return result;
  });
}

net::Task<Result<FileReading>> FilesOfVersion::read(std::string workspace, std::string path,
                                                    std::uint64_t offset,
                                                    std::optional<std::uint64_t> length) {
  co_return co_await net::offload(pool_, [&]() -> Result<FileReading> {
    auto found = find(workspace, path);
    if (!found) return std::unexpected(std::move(found.error()));
    if (found->entry.type != TreeEntryType::file)
      return failure(ErrorCode::unsupported, "This is not a file; download it as an archive.");
    auto chunks = found->tree.chunks(found->entry);
    if (!chunks) return std::unexpected(std::move(chunks.error()));
    const auto size = found->entry.size;
    const auto begin = std::min(offset, size);
    const auto bytes = std::min(length.value_or(size - begin), size - begin);
    FileReading reading{
        .size = size, .offset = begin, .length = bytes, .etag = content_tag(found->entry), .bytes = {}};
    reading.bytes = make_version_source(std::move(found->tree), std::move(*chunks), begin, bytes, pool_);
    return reading;
  });
}

net::Task<Result<std::unique_ptr<FileWriting>>> FilesOfVersion::write(std::string,
                                                                      protocol::FileWrite::Params) {
  co_return only_to_read();
}

net::Task<Result<protocol::FileDelete::Result>> FilesOfVersion::remove(std::string,
                                                                       protocol::FileDelete::Params) {
  co_return only_to_read();
}

}  // namespace berth::server
