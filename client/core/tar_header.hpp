// SPDX-License-Identifier: GPL-3.0-or-later
// What stands before a file in a tar archive (POSIX.1-2001 ustar, with pax records where ustar has no room).
// No I/O.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace berth::client {

struct TarEntry {
  enum class Type { file, directory, symlink };
  std::string path;  // relative, '/' between parts, without one at its end
  Type type = Type::file;
  std::uint32_t mode = 0644;
  std::int64_t modified = 0;  // Unix seconds
  std::uint64_t size = 0;     // bytes, of a file
  std::string target = {};    // of a symlink
};

/// The blocks before the entry's bytes, a multiple of 512 bytes.
std::string tar_header(const TarEntry& entry);
/// Zeros that follow `size` bytes of a file.
std::size_t tar_padding(std::uint64_t size);
/// Zeros that end an archive.
inline constexpr std::size_t tar_end = 1024;

}  // namespace berth::client
