// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/unpack_bytes.hpp"

#include <lzma.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace berth::runner {
namespace {

constexpr std::size_t packed_piece = 128u << 10;
constexpr std::uint64_t xz_memory = 192ull << 20;  // bytes; the strongest preset takes 65 MiB

std::unexpected<Error> damaged_stream(const char* kind) {
  return failure(ErrorCode::invalid_argument, std::string("it is no whole ") + kind + " file");
}
std::unexpected<Error> no_memory_left() {
  return failure(ErrorCode::limit_exceeded, "there is no memory left");
}

class PlainBytes final : public UnpackedBytes {
 public:
  explicit PlainBytes(int file) : UnpackedBytes(file) {}

 private:
  Result<std::size_t> some(char* out, std::size_t length) override {
    if (next_ == in_.size()) {
      auto more = refill();
      if (!more) return std::unexpected(more.error());
      if (!*more) return 0;
      next_ = 0;
    }
    const auto count = std::min(length, in_.size() - next_);
    std::memcpy(out, in_.data() + next_, count);
    next_ += count;
    return count;
  }
  std::size_t next_ = 0;
};

/// Also several, one after the other.
class GzipBytes final : public UnpackedBytes {
 public:
  explicit GzipBytes(int file) : UnpackedBytes(file) {
    ready_ = ::inflateInit2(&stream_, MAX_WBITS + 16) == Z_OK;
  }
  ~GzipBytes() override { ::inflateEnd(&stream_); }

 private:
  Result<std::size_t> some(char* out, std::size_t length) override {
    if (!ready_) return no_memory_left();
    stream_.next_out = reinterpret_cast<Bytef*>(out);
    stream_.avail_out = static_cast<uInt>(length);
    while (stream_.avail_out == length) {
      if (stream_.avail_in == 0) {
        auto more = refill();
        if (!more) return std::unexpected(more.error());
        if (!*more && !between_) return damaged_stream("gzip");
        if (!*more) return 0;
        stream_.next_in = reinterpret_cast<Bytef*>(in_.data());
        stream_.avail_in = static_cast<uInt>(in_.size());
      }
      // Zeros may follow the last one, to fill a block.
      if (between_ && *stream_.next_in == 0) {
        ++stream_.next_in;
        --stream_.avail_in;
        continue;
      }
      between_ = false;
      const int state = ::inflate(&stream_, Z_NO_FLUSH);
      if (state == Z_STREAM_END) {
        between_ = true;
        ::inflateReset(&stream_);
      } else if (state != Z_OK) {
        return damaged_stream("gzip");
      }
    }
    return length - stream_.avail_out;
  }
  z_stream stream_{};
  bool ready_ = false, between_ = false;
};

class XzBytes final : public UnpackedBytes {
 public:
  explicit XzBytes(int file) : UnpackedBytes(file) {
    ready_ = ::lzma_stream_decoder(&stream_, xz_memory, LZMA_CONCATENATED) == LZMA_OK;
  }
  ~XzBytes() override { ::lzma_end(&stream_); }

 private:
  Result<std::size_t> some(char* out, std::size_t length) override {
    if (!ready_) return no_memory_left();
    stream_.next_out = reinterpret_cast<std::uint8_t*>(out);
    stream_.avail_out = length;
    while (!ended_ && stream_.avail_out == length) {
      if (stream_.avail_in == 0 && !at_end_) {
        auto more = refill();
        if (!more) return std::unexpected(more.error());
        at_end_ = !*more;
        stream_.next_in = reinterpret_cast<const std::uint8_t*>(in_.data());
        stream_.avail_in = in_.size();
      }
      const auto state = ::lzma_code(&stream_, at_end_ ? LZMA_FINISH : LZMA_RUN);
      if (state == LZMA_MEMLIMIT_ERROR)
        return failure(ErrorCode::limit_exceeded,
                       "it takes too much memory to decompress: make one with a lower level of xz");
      ended_ = state == LZMA_STREAM_END;
      if (state != LZMA_OK && !ended_) return damaged_stream("xz");
    }
    return length - stream_.avail_out;
  }
  lzma_stream stream_ = LZMA_STREAM_INIT;
  bool ready_ = false, at_end_ = false, ended_ = false;
};

/// Its own limit of a window (128 MiB) stays.
class ZstdBytes final : public UnpackedBytes {
 public:
  explicit ZstdBytes(int file) : UnpackedBytes(file), stream_(::ZSTD_createDStream()) {}
  ~ZstdBytes() override { ::ZSTD_freeDStream(stream_); }

 private:
  Result<std::size_t> some(char* out, std::size_t length) override {
    if (!stream_) return no_memory_left();
    ZSTD_outBuffer to{out, length, 0};
    while (to.pos == 0) {
      if (next_ == in_.size()) {
        auto more = refill();
        if (!more) return std::unexpected(more.error());
        next_ = 0;
        if (!*more && !between_) return damaged_stream("zstd");
        if (!*more) return 0;
      }
      ZSTD_inBuffer from{in_.data(), in_.size(), next_};
      const auto left = ::ZSTD_decompressStream(stream_, &to, &from);
      if (::ZSTD_isError(left)) return damaged_stream("zstd");
      next_ = from.pos;
      between_ = left == 0;
    }
    return to.pos;
  }
  ZSTD_DStream* stream_;
  std::size_t next_ = 0;
  bool between_ = true;
};

}  // namespace

UnpackedBytes::UnpackedBytes(int file) : file_(file) {
  struct stat status{};
  if (::fstat(file, &status) == 0) size_ = static_cast<std::uint64_t>(status.st_size);
}

Result<bool> UnpackedBytes::refill() {
  in_.resize(packed_piece);
  ssize_t got = 0;
  do got = ::pread(file_, in_.data(), in_.size(), static_cast<off_t>(taken_));
  while (got < 0 && errno == EINTR);
  if (got < 0) return failure(ErrorCode::internal, std::string("it can't be read: ") + std::strerror(errno));
  in_.resize(static_cast<std::size_t>(got));
  taken_ += in_.size();
  return got > 0;
}

Result<std::size_t> UnpackedBytes::read(char* out, std::size_t length) {
  std::size_t got = 0;
  while (got < length) {
    const auto more = some(out + got, length - got);
    if (!more) return std::unexpected(more.error());
    if (*more == 0) break;
    got += *more;
  }
  return got;
}

Result<std::unique_ptr<UnpackedBytes>> open_unpacked_bytes(int file) {
  char first[6] = {};
  const auto got = ::pread(file, first, sizeof first, 0);
  const std::string_view magic(first, got > 0 ? static_cast<std::size_t>(got) : 0);
  if (magic.starts_with("\x1f\x8b")) return std::make_unique<GzipBytes>(file);
  if (magic.starts_with(std::string_view("\xfd"
                                         "7zXZ\0",
                                         6)))
    return std::make_unique<XzBytes>(file);
  if (magic.starts_with("\x28\xb5\x2f\xfd")) return std::make_unique<ZstdBytes>(file);
  if (magic.starts_with("BZh") || magic.starts_with("\x1f\x9d"))
    return failure(ErrorCode::unsupported,
                   "it is compressed in a way that is not known here: use gzip, xz or zstd");
  return std::make_unique<PlainBytes>(file);
}

}  // namespace berth::runner
