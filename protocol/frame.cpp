// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/frame.hpp"

namespace berth::protocol {

namespace {
template <class Int>
void put_big_endian(char* out, Int value) {
  for (std::size_t i = 0; i < sizeof(Int); ++i)
    out[i] = static_cast<char>(value >> (8 * (sizeof(Int) - 1 - i)));
}
template <class Int>
Int get_big_endian(const char* in) {
  Int value = 0;
  for (std::size_t i = 0; i < sizeof(Int); ++i)
    value = static_cast<Int>(value << 8 | static_cast<unsigned char>(in[i]));
  return value;
}
}  // namespace

std::array<char, frame_header_size> encode_frame_header(const FrameHeader& header) {
  std::array<char, frame_header_size> out{};
  out[0] = static_cast<char>(header.kind);
  out[1] = header.deflated ? 1 : 0;
  put_big_endian<std::uint32_t>(out.data() + 4, header.channel);
  put_big_endian<std::uint64_t>(out.data() + 8, header.offset);
  return out;
}

Result<Frame> decode_frame(std::string_view message) {
  if (message.size() < frame_header_size)
    return failure(ErrorCode::invalid_argument, "frame: shorter than its header of 16 bytes");
  const auto kind = static_cast<std::uint8_t>(message[0]);
  if (kind < 1 || kind > 4) return failure(ErrorCode::invalid_argument, "frame.kind: not one of 1 to 4");
  if ((message[1] & ~1) != 0) return failure(ErrorCode::invalid_argument, "frame.flags: unknown flag");
  Frame frame;
  frame.header.kind = static_cast<FrameKind>(kind);
  frame.header.deflated = (message[1] & 1) != 0;
  frame.header.channel = get_big_endian<std::uint32_t>(message.data() + 4);
  frame.header.offset = get_big_endian<std::uint64_t>(message.data() + 8);
  frame.payload = message.substr(frame_header_size);
  if (frame.header.channel == 0)
    return failure(ErrorCode::invalid_argument, "frame.channel: 0 is no channel");
  if (frame.payload.size() > max_binary_payload)
    return failure(ErrorCode::too_large, "frame: payload over the limit of 262144 bytes");
  return frame;
}

std::string encode_frame(const FrameHeader& header, std::string_view payload) {
  const auto head = encode_frame_header(header);
  std::string out;
  out.reserve(head.size() + payload.size());
  out.append(head.data(), head.size()).append(payload);
  return out;
}

}  // namespace berth::protocol
