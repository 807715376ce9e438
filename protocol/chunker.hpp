// SPDX-License-Identifier: GPL-3.0-or-later
// Cuts a stream of bytes where its content says, so that an insertion moves few boundaries: FastCDC with
// normalised chunking (Xia et al., "FastCDC: a Fast and Efficient Content-Defined Chunking Approach for Data
// Deduplication", USENIX ATC 2016; "The Design of Fast Content-Defined Chunking", IEEE TPDS 2020).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace berth::protocol {

inline constexpr std::size_t smallest_chunk = 16u << 10;  // bytes, but for the last of a file
inline constexpr std::size_t average_chunk = 64u << 10;   // bytes
inline constexpr std::size_t largest_chunk = 256u << 10;  // bytes

/// The length of the first chunk of `bytes`, at most largest_chunk. With less than largest_chunk bytes in
/// hand the answer holds only when they end the stream.
std::size_t first_chunk(std::string_view bytes);

}  // namespace berth::protocol
