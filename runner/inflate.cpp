// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/inflate.hpp"

#include <zlib.h>

namespace berth::runner {

Result<std::string> inflate(std::string_view deflated, std::size_t limit) {
  z_stream stream{};
  if (::inflateInit2(&stream, -MAX_WBITS) != Z_OK)
    return failure(ErrorCode::internal, "The frame could not be inflated.");
  std::string out(limit + 1, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(deflated.data()));
  stream.avail_in = static_cast<uInt>(deflated.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int status = ::inflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  ::inflateEnd(&stream);
  if (out.size() > limit) return failure(ErrorCode::too_large, "The frame is longer than this runner takes.");
  if (status != Z_STREAM_END)
    return failure(ErrorCode::invalid_argument, "The frame is not deflated as its flag says.");
  return out;
}

}  // namespace berth::runner
