// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/restore_entry.hpp"

#include "protocol/chunker.hpp"
#include "protocol/connect_token.hpp"
#include "protocol/net/home_files.hpp"
#include "runner/home_scan.hpp"

namespace berth::runner {
namespace {

using protocol::ObjectId;
using protocol::TreeEntryType;

constexpr std::size_t longest_name = 255;
constexpr std::uint32_t all_permissions = 07777;

/// What only ever is a mistake or an attack: "..", "a//b", "/etc", the runner's own temporary names.
bool is_safe(std::string_view path) {
  if (path.empty() || path.size() > 4000 || path.find('\0') != path.npos) return false;
  for (std::size_t start = 0; start <= path.size();) {
    const auto end = std::min(path.find('/', start), path.size());
    const auto name = path.substr(start, end - start);
    if (name.empty() || name == "." || name == ".." || name.size() > longest_name ||
        name.starts_with(net::temporary_prefix))
      return false;
    start = end + 1;
  }
  return true;
}

/// Bytes that travel as text, or as base64url where they are no text.
Result<std::string> bytes_of(const std::string& text, const std::string& encoded) {
  if (encoded.empty()) return text;
  auto bytes = protocol::decode_base64url(encoded);
  if (!bytes) return failure(ErrorCode::invalid_argument, "not base64url");
  return *bytes;
}

Result<void> check_file(const protocol::RestoreEntry& from, WantedEntry& entry) {
  entry.size = from.size;
  entry.more = from.more.value_or(false);
  const auto chunks = static_cast<std::uint64_t>(from.chunks.size());
  if (chunks > from.size || (!entry.more && chunks == 0 && from.size != 0))
    return failure(ErrorCode::invalid_argument, "its size does not fit its chunks");
  entry.chunks.reserve(from.chunks.size());
  for (const auto& text : from.chunks) {
    const auto id = ObjectId::from_hex(text);
    if (!id) return failure(ErrorCode::invalid_argument, "a chunk has no id");
    entry.chunks.push_back(*id);
  }
  return {};
}

Result<WantedEntry> checked(const protocol::RestoreEntry& from, std::string_view scope) {
  WantedEntry entry;
  auto path = bytes_of(from.path, from.name64);
  if (!path || !is_safe(*path)) return failure(ErrorCode::invalid_argument, "the path is not one of a home");
  entry.path = std::move(*path);
  // A directory on the way to what is restored may come, too.
  if (!is_within(entry.path, scope) && !(from.type == "directory" && is_within(scope, entry.path)))
    return failure(ErrorCode::invalid_argument, "it lies outside of what is restored");
  if (from.mode > all_permissions) return failure(ErrorCode::invalid_argument, "unknown permission bits");
  entry.mode = from.mode;
  entry.modified = from.modified;
  if (from.type == "directory") {
    entry.type = TreeEntryType::directory;
    return entry;
  }
  if (from.type == "symlink") {
    entry.type = TreeEntryType::symlink;
    auto target = bytes_of(from.target, from.target64.value_or(""));
    if (!target || target->empty() || target->size() > protocol::longest_symlink_target ||
        target->find('\0') != target->npos)
      return failure(ErrorCode::invalid_argument, "a target that no symbolic link can have");
    entry.target = std::move(*target);
    return entry;
  }
  if (from.type != "file") return failure(ErrorCode::invalid_argument, "an unknown kind of entry");
  if (auto good = check_file(from, entry); !good) return std::unexpected(good.error());
  return entry;
}

}  // namespace

Result<WantedEntry> check_entry(const protocol::RestoreEntry& entry, std::string_view scope) {
  auto wanted = checked(entry, scope);
  if (!wanted)
    return failure(ErrorCode::invalid_argument, "The entry was refused: " + wanted.error().message + ".");
  return wanted;
}

Result<void> continue_entry(WantedEntry& entry, WantedEntry next) {
  if (!entry.more || next.path != entry.path || next.type != TreeEntryType::file || next.size != entry.size)
    return failure(ErrorCode::invalid_argument, "The entry was refused: it continues another file.");
  entry.chunks.insert(entry.chunks.end(), next.chunks.begin(), next.chunks.end());
  entry.more = next.more;
  return {};
}

bool is_within(std::string_view path, std::string_view directory) {
  return directory.empty() || path == directory ||
         (path.starts_with(directory) && path.substr(directory.size()).starts_with('/'));
}

}  // namespace berth::runner
