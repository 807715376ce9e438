// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/stored_object.hpp"

#include <zstd.h>

#include <memory>

#include "protocol/little_endian.hpp"
#include "protocol/tree.hpp"

namespace berth::protocol {

namespace {

constexpr int compression_level = 3;
constexpr std::uint8_t compressed_flag = 1;
constexpr std::uint8_t gone_flag = 2;
constexpr std::size_t most_taken = 1u << 20;  // bytes that a reader keeps although they were taken

// One context a thread: making one costs more than compressing a small file.
ZSTD_CCtx* compressor() {
  thread_local const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(),
                                                                                  &ZSTD_freeCCtx);
  return context.get();
}
ZSTD_DCtx* decompressor() {
  thread_local const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(),
                                                                                  &ZSTD_freeDCtx);
  return context.get();
}

std::unexpected<Error> damaged(const StoredObject& stored, const char* why) {
  return failure(ErrorCode::invalid_argument, "A stored object is damaged.", stored.id.hex() + ": " + why);
}

Result<std::string> decompress(const StoredObject& stored) {
  // One frame that says how long it is: no room for what it does not say is ever made.
  const auto& bytes = stored.bytes;
  if (ZSTD_getFrameContentSize(bytes.data(), bytes.size()) != stored.size ||
      ZSTD_findFrameCompressedSize(bytes.data(), bytes.size()) != bytes.size())
    return damaged(stored, "not one zstd frame of the announced size");
  std::string object(stored.size, '\0');
  const auto written =
      ZSTD_decompressDCtx(decompressor(), object.data(), object.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(written)) return damaged(stored, ZSTD_getErrorName(written));
  if (written != object.size()) return damaged(stored, "shorter than announced");
  return object;
}

}  // namespace

StoredObject pack_object(const ObjectId& id, std::string_view object) {
  StoredObject stored{id, static_cast<std::uint32_t>(object.size()), false, false, {}};
  const std::size_t worth = object.size() - object.size() / 16;
  std::string bytes(ZSTD_compressBound(object.size()), '\0');
  const auto written = ZSTD_compressCCtx(compressor(), bytes.data(), bytes.size(), object.data(),
                                         object.size(), compression_level);
  if (!ZSTD_isError(written) && written < object.size() && written <= worth) {
    stored.compressed = true;
    stored.bytes.assign(bytes, 0, written);
  } else {
    stored.bytes = object;
  }
  return stored;
}

Result<std::string> open_object(const StoredObject& stored) {
  if (stored.gone) return damaged(stored, "gone");
  if (stored.size > largest_object) return damaged(stored, "too large");
  std::string object;
  if (stored.compressed) {
    auto opened = decompress(stored);
    if (!opened) return opened;
    object = std::move(*opened);
  } else {
    if (stored.bytes.size() != stored.size) return damaged(stored, "not of the announced size");
    object = stored.bytes;
  }
  if (ObjectId::of(object) != stored.id) return damaged(stored, "other bytes than its id says");
  return object;
}

std::string encode_object(const StoredObject& stored) {
  std::string out;
  out.reserve(object_header + stored.bytes.size());
  put_id(out, stored.id);
  put_little_endian(out, stored.size);
  put_little_endian(out, static_cast<std::uint32_t>(stored.bytes.size()));
  out += static_cast<char>((stored.compressed ? compressed_flag : 0) | (stored.gone ? gone_flag : 0));
  return out += stored.bytes;
}

Result<std::optional<StoredObject>> ObjectReader::next() {
  const auto rest = std::string_view(buffer_).substr(taken_);
  if (rest.size() < object_header) {
    buffer_.erase(0, taken_);
    taken_ = 0;
    return std::nullopt;
  }
  StoredObject stored;
  ByteReader header(rest);
  stored.id = header.id();
  stored.size = header.number<std::uint32_t>();
  const std::size_t length = header.number<std::uint32_t>();
  const auto flags = header.number<std::uint8_t>();
  stored.compressed = (flags & compressed_flag) != 0;
  stored.gone = (flags & gone_flag) != 0;
  if (flags > gone_flag || stored.size > largest_object || length > stored.size + largest_seal ||
      (stored.gone && length + stored.size != 0))
    return failure(ErrorCode::invalid_argument, "This is no stream of stored objects.");
  if (rest.size() - object_header < length) {
    if (taken_ > most_taken) {
      buffer_.erase(0, taken_);
      taken_ = 0;
    }
    return std::nullopt;
  }
  stored.bytes = rest.substr(object_header, length);
  taken_ += object_header + length;
  return stored;
}

}  // namespace berth::protocol
