// SPDX-License-Identifier: GPL-3.0-or-later
// Header of the binary frames: streams of bytes (terminals, files, tunnels) beside the JSON text frames.
//
//   byte 0      kind       data | credit | end | abort
//   byte 1      flags      bit 0: payload is deflated (raw deflate, no state between frames)
//   bytes 2-3   reserved, zero
//   bytes 4-7   channel    big-endian, never 0
//   bytes 8-15  offset     big-endian; data: stream offset of the payload's first byte (before compression);
//                          credit: the receiver takes bytes below this offset; end: the stream's final length
// Both directions of a channel count from 0 on their own. Credit is an absolute offset, so a repeated or
// reordered grant is harmless. A sender without credit stops reading its source.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "protocol/error.hpp"

namespace berth::protocol {

enum class FrameKind : std::uint8_t { data = 1, credit = 2, end = 3, abort = 4 };

struct FrameHeader {
  FrameKind kind = FrameKind::data;
  bool deflated = false;
  std::uint32_t channel = 0;
  std::uint64_t offset = 0;
  bool operator==(const FrameHeader&) const = default;
};

inline constexpr std::size_t frame_header_size = 16;

// Limits, told to clients in session/hello. Over one of them: a clear error, the session lives.
inline constexpr std::size_t max_text_frame = 8u << 20;            // bytes, client → runner
inline constexpr std::size_t max_binary_payload = 256u << 10;      // bytes a binary frame
inline constexpr std::size_t max_open_channels = 256;              // a session
inline constexpr std::size_t max_pending_requests = 256;           // a session
inline constexpr std::size_t max_outstanding_bytes = 1u << 20;     // unsent output a session
inline constexpr std::size_t inline_document_limit = 256u << 10;   // UTF-8 bytes; longer texts use a channel
inline constexpr std::size_t editable_document_limit = 64u << 20;  // bytes on disk

std::array<char, frame_header_size> encode_frame_header(const FrameHeader& header);

/// Splits a binary message; invalid_argument when it is short, of unknown kind, on channel 0 or over the
/// payload limit.
struct Frame {
  FrameHeader header;
  std::string_view payload;  // points into the message
};
Result<Frame> decode_frame(std::string_view message);

/// Header and payload in one string.
std::string encode_frame(const FrameHeader& header, std::string_view payload);

}  // namespace berth::protocol
