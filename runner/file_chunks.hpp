// SPDX-License-Identifier: GPL-3.0-or-later
// Cutting a file on disk into its chunks (protocol/chunker.hpp), and whether it was written meanwhile.
// Blocks.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "runner/home_record.hpp"

namespace berth::runner {

/// Called with each chunk's bytes; false ends the cutting.
using OnChunk = std::function<bool(const FileChunk& chunk, std::string_view bytes)>;

/// The chunks of an open file from its start to its end as it is met. Holes are not read. The error is of a
/// read that failed; `cancelled` when `on_chunk` asked to end.
Result<std::vector<FileChunk>> cut_file(int fd, const OnChunk& on_chunk = {});

/// `size` bytes at `offset`, if they are still what `chunk` says; "" otherwise (no chunk is empty).
std::string read_chunk(int fd, std::uint64_t offset, const FileChunk& chunk);

/// Whether it is the same file and, as far as its times tell, was not changed in between.
bool same_file(const struct stat& a, const struct stat& b);

/// Now in ns, by the clock that files' times are taken from.
std::int64_t file_clock_now();

/// Whether a file that was modified at `modified` may be written once more after `now` (both in ns) without
/// its times showing it: such a file's record is not to be trusted.
bool is_fresh(std::int64_t modified, std::int64_t now);

}  // namespace berth::runner
