// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/deflate.hpp"

#include <zlib.h>

#include <memory>

namespace berth::runner {
namespace {

// A window of 16 KiB and its tables take 130 KB; they are made for the first frame and used again.
constexpr int quick_level = 1, window_bits = 14, memory_level = 7;

struct Deflater {
  Deflater() {
    good = ::deflateInit2(&stream, quick_level, Z_DEFLATED, -window_bits, memory_level, Z_DEFAULT_STRATEGY) ==
           Z_OK;
  }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;
  ~Deflater() { ::deflateEnd(&stream); }
  z_stream stream{};
  bool good = false;
};

}  // namespace

std::string deflate(std::string_view bytes) {
  thread_local const auto deflater = std::make_unique<Deflater>();
  auto& stream = deflater->stream;
  if (!deflater->good || bytes.empty() || ::deflateReset(&stream) != Z_OK) return {};
  std::string out(bytes.size() - 1, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  if (::deflate(&stream, Z_FINISH) != Z_STREAM_END) return {};
  out.resize(stream.total_out);
  return out;
}

}  // namespace berth::runner
