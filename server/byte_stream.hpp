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

/// The other direction. Destroying a sink before finish() abandons what was written.
class ByteSink {
 public:
  virtual ~ByteSink() = default;
  /// Takes one piece (≤ byte_stream_piece); waits while the other side has no room.
  virtual net::Task<Result<void>> write(std::string piece) = 0;
  /// Nothing more comes. What follows on the same connection finds all of it there.
  virtual net::Task<Result<void>> finish() = 0;
};

}  // namespace berth::server
