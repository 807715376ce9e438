// SPDX-License-Identifier: GPL-3.0-or-later
// The newest bytes of a stream, addressed by absolute offset, bounded, allocated as used: a terminal's output
// ring.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace berth::protocol {

class ReplayBuffer {
 public:
  explicit ReplayBuffer(std::size_t capacity) : capacity_(capacity) {}
  /// Appends; drops the oldest bytes past the capacity.
  void append(std::string_view bytes);
  /// Bytes from `offset` on, at most `limit`; empty at the end or when `offset` has been dropped (see
  /// `begin`).
  std::string read(std::uint64_t offset, std::size_t limit) const;
  std::uint64_t begin() const { return end_ - size_; }
  std::uint64_t end() const { return end_; }
  std::size_t allocated() const { return ring_.capacity(); }

 private:
  void grow(std::size_t needed);
  std::size_t capacity_;
  std::string ring_;
  std::size_t head_ = 0;  // index of the oldest byte
  std::size_t size_ = 0;
  std::uint64_t end_ = 0;
};

}  // namespace berth::protocol
