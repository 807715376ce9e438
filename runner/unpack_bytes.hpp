// SPDX-License-Identifier: GPL-3.0-or-later
// A file's bytes from its beginning, decompressed where it is compressed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "protocol/error.hpp"

namespace berth::runner {

class UnpackedBytes {
 public:
  virtual ~UnpackedBytes() = default;
  /// Fills `out` up to `length`; fewer bytes only at the end. invalid_argument for what can't be
  /// decompressed, limit_exceeded for what would take more memory than is sane.
  Result<std::size_t> read(char* out, std::size_t length);
  /// 0..1 of the file itself.
  double progress() const {
    return size_ == 0 ? 1 : static_cast<double>(taken_) / static_cast<double>(size_);
  }

 protected:
  explicit UnpackedBytes(int file);
  /// Some bytes; 0 at the end.
  virtual Result<std::size_t> some(char* out, std::size_t length) = 0;
  /// The file's next bytes are `in_`, all used until now; false at its end.
  Result<bool> refill();

  std::string in_;

 private:
  int file_;
  std::uint64_t size_ = 0, taken_ = 0;
};

/// By its first bytes: gzip, xz, zstd, or none of them.
Result<std::unique_ptr<UnpackedBytes>> open_unpacked_bytes(int file);

}  // namespace berth::runner
