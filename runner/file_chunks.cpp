// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/file_chunks.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>

#include "protocol/chunker.hpp"
#include "protocol/net/confined_directory.hpp"

namespace berth::runner {
namespace {

using protocol::largest_chunk;
using protocol::ObjectId;

constexpr std::size_t chunk_read_size = 4 * largest_chunk;
// A file that was written this short a time ago may be written again without its times showing it.
constexpr std::int64_t clock_grain = 20'000'000;  // ns

const std::string& zeros() {
  static const std::string bytes(largest_chunk, '\0');
  return bytes;
}

/// How a hole is cut: the chunker begins anew with each chunk, so all of a hole's are alike.
const FileChunk& hole_chunk() {
  static const FileChunk chunk = [] {
    const auto size = protocol::first_chunk(zeros());
    return FileChunk{ObjectId::of(std::string_view(zeros()).substr(0, size)),
                     static_cast<std::uint32_t>(size)};
  }();
  return chunk;
}

ssize_t read_some(int fd, char* out, std::size_t size, std::uint64_t offset) {
  for (;;) {
    const auto length = ::pread(fd, out, size, static_cast<off_t>(offset));
    if (length >= 0 || errno != EINTR) return length;
  }
}

/// One file on its way: what was read and not yet cut.
class Cutter {
 public:
  Cutter(int fd, const OnChunk& on_chunk) : fd_(fd), on_chunk_(on_chunk) {
    struct stat status{};
    sparse_ = ::fstat(fd, &status) == 0 && status.st_blocks * 512 < status.st_size;
    size_ = static_cast<std::uint64_t>(status.st_size);
  }

  Result<std::vector<FileChunk>> run() {
    for (;;) {
      if (sparse_ && in_hole()) {
        taken_ = filled_ = 0;
        ended_ = false;
        const auto& chunk = hole_chunk();
        if (!take(chunk, std::string_view(zeros()).substr(0, chunk.size))) return was_ended();
        continue;
      }
      if (auto filled = fill(); !filled) return std::unexpected(filled.error());
      const std::string_view rest(buffer_.data() + taken_, filled_ - taken_);
      if (rest.empty()) return std::move(chunks_);
      const auto piece = rest.substr(0, protocol::first_chunk(rest));
      taken_ += piece.size();
      if (!take({ObjectId::of(piece), static_cast<std::uint32_t>(piece.size())}, piece)) return was_ended();
    }
  }

 private:
  /// At least largest_chunk bytes from at_ on, or all up to the end.
  Result<void> fill() {
    if (filled_ - taken_ >= largest_chunk || ended_) return {};
    if (buffer_.empty()) buffer_.resize(size_ < chunk_read_size ? size_ + 1 : chunk_read_size);
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(taken_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(filled_), buffer_.begin());
    filled_ -= taken_;
    taken_ = 0;
    for (;;) {
      // It may have grown since its size was asked for.
      if (filled_ == buffer_.size()) {
        if (filled_ >= largest_chunk) return {};
        buffer_.resize(chunk_read_size);
      }
      const auto length = read_some(fd_, buffer_.data() + filled_, buffer_.size() - filled_, at_ + filled_);
      if (length < 0) return std::unexpected(net::error_of_errno(errno, "The file"));
      ended_ = length == 0;
      filled_ += static_cast<std::size_t>(length);
      if (ended_ || filled_ >= largest_chunk) return {};
    }
  }

  /// Whether what lies here up to the largest chunk's end is a hole.
  bool in_hole() {
    if (at_ >= hole_end_) {
      const auto data = ::lseek(fd_, static_cast<off_t>(at_), SEEK_DATA);
      hole_end_ = data >= 0 ? static_cast<std::uint64_t>(data) : errno == ENXIO ? size_ : at_;
    }
    return hole_end_ >= at_ + largest_chunk;
  }

  bool take(const FileChunk& chunk, std::string_view bytes) {
    chunks_.push_back(chunk);
    at_ += chunk.size;
    return !on_chunk_ || on_chunk_(chunk, bytes);
  }

  static std::unexpected<Error> was_ended() { return failure(ErrorCode::cancelled, "Reading was ended."); }

  const int fd_;
  const OnChunk& on_chunk_;
  std::vector<FileChunk> chunks_;
  std::string buffer_;
  std::size_t taken_ = 0, filled_ = 0;
  std::uint64_t at_ = 0, size_ = 0, hole_end_ = 0;  // bytes from the file's start
  bool sparse_ = false, ended_ = false;
};

}  // namespace

Result<std::vector<FileChunk>> cut_file(int fd, const OnChunk& on_chunk) {
  return Cutter(fd, on_chunk).run();
}

std::string read_chunk(int fd, std::uint64_t offset, const FileChunk& chunk) {
  std::string bytes(chunk.size, '\0');
  for (std::size_t have = 0; have < bytes.size();) {
    const auto length = read_some(fd, bytes.data() + have, bytes.size() - have, offset + have);
    if (length <= 0) return {};
    have += static_cast<std::size_t>(length);
  }
  return ObjectId::of(bytes) == chunk.id ? bytes : std::string();
}

bool same_file(const struct stat& a, const struct stat& b) {
  return a.st_ino == b.st_ino && a.st_size == b.st_size && nanoseconds(a.st_mtim) == nanoseconds(b.st_mtim) &&
         nanoseconds(a.st_ctim) == nanoseconds(b.st_ctim);
}

std::int64_t file_clock_now() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
  return nanoseconds(now);
}

bool is_fresh(std::int64_t modified, std::int64_t now) {
  return modified > now - clock_grain && modified < now + 1'000'000'000;
}

}  // namespace berth::runner
