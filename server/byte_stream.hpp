// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes on their way from or to a file, a runner or a socket, in pieces, so that any size takes constant
// memory.
#pragma once

#include <cstddef>
#include <string>

#include "protocol/error.hpp"
#include "protocol/net/task.hpp"

namespace berth::server {

inline constexpr std::size_t byte_stream_piece = 256u << 10;  // bytes, the largest piece

/// Destroying a source before its end abandons it.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// The next piece, 1..byte_stream_piece bytes; empty at the end. After an error the source is dead.
  virtual net::Task<Result<std::string>> read() = 0;
};

}  // namespace berth::server
