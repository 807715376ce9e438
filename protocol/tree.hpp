// SPDX-License-Identifier: GPL-3.0-or-later
// The listing of one directory as a stored object. A version of a home is the id of its root's tree, so a
// change costs the trees on its path and nothing else. Names are bytes, not text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/error.hpp"
#include "protocol/object_id.hpp"

namespace berth::protocol {

enum class TreeEntryType : std::uint8_t { file = 0, directory = 1, symlink = 2 };

struct TreeEntry {
  std::string name;  // 1..255 bytes, no '/', no NUL, neither "." nor ".."
  TreeEntryType type = TreeEntryType::file;
  std::uint32_t mode = 0;     // permission bits, 07777
  std::int64_t modified = 0;  // nanoseconds since the epoch
  std::uint64_t size = 0;     // of a file
  std::string target;         // of a symlink
  /// Of a directory: its tree. Of a file: its chunks in order; with more than `most_inline_chunks` of them
  /// one id, of an object that is the chunks' ids one after the other (`listed`).
  std::vector<ObjectId> content;
  bool listed = false;
};

inline constexpr std::size_t most_inline_chunks = 32;
inline constexpr std::size_t largest_object =
    64u << 20;  // bytes: a tree of 500,000 entries, a list of a 128 GiB file
inline constexpr std::size_t most_tree_entries = 500'000;
inline constexpr std::size_t longest_symlink_target = 4095;  // bytes, Linux's own limit

/// One encoding for one set of entries (sorted by name's bytes), so that equal directories have equal ids.
/// What breaks TreeEntry's rules, or is more than most_tree_entries, gives bytes that decode_tree refuses.
/// A file has chunks if and only if it has bytes, each of at most largest_chunk.
std::string encode_tree(std::vector<TreeEntry> entries);
/// invalid_argument for anything that encode_tree would not have written: bad names, twins, order, trailing
/// bytes.
Result<std::vector<TreeEntry>> decode_tree(std::string_view object);

std::string encode_chunk_list(const std::vector<ObjectId>& chunks);
Result<std::vector<ObjectId>> decode_chunk_list(std::string_view object);

}  // namespace berth::protocol
