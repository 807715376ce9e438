// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/inflate.hpp"

#include <zlib.h>

namespace berth::client {

Result<QByteArray> inflate_payload(std::string_view payload, qsizetype limit) {
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return failure(ErrorCode::internal, "Out of memory.");
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(payload.data()));
  stream.avail_in = static_cast<uInt>(payload.size());
  QByteArray out;
  int outcome = Z_OK;
  while (outcome == Z_OK && out.size() <= limit) {
    const auto used = out.size();
    out.resize(used + 64 * 1024);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + used);
    stream.avail_out = 64 * 1024;
    outcome = inflate(&stream, Z_NO_FLUSH);
    out.resize(out.size() - stream.avail_out);
    if (outcome == Z_BUF_ERROR) break;
  }
  inflateEnd(&stream);
  if (outcome != Z_STREAM_END || out.size() > limit)
    return failure(ErrorCode::invalid_argument, "A compressed frame is damaged.");
  return out;
}

}  // namespace berth::client
