// SPDX-License-Identifier: GPL-3.0-or-later
// Cutting a file on disk into its chunks (protocol/chunker.hpp). Blocks.
#pragma once

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

}  // namespace berth::runner
