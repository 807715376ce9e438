// SPDX-License-Identifier: GPL-3.0-or-later
// Where WebSocket frames end in a stream of bytes that is copied unread (RFC 6455, section 5.2): a splice may
// add a frame of its own, the close frame, between two frames only. Counts lengths; never looks at a payload.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace berth::server {

class FrameBoundary {
 public:
  /// Takes the next bytes of the stream.
  void on_bytes(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto skipped = std::min<std::uint64_t>(payload_, bytes.size());
      payload_ -= skipped;
      bytes.remove_prefix(static_cast<std::size_t>(skipped));
      if (!bytes.empty()) {
        on_header_byte(static_cast<unsigned char>(bytes.front()));
        bytes.remove_prefix(1);
      }
    }
  }

  /// True when the last byte seen ended a frame (also before the first one).
  bool at_boundary() const { return payload_ == 0 && header_seen_ == 0; }

 private:
  void on_header_byte(unsigned char byte) {
    ++header_seen_;
    if (header_seen_ == 2) {
      const int size = byte & 0x7f;
      const int extended = size == 127 ? 8 : size == 126 ? 2 : 0;
      header_size_ = 2 + extended + ((byte & 0x80) != 0 ? 4 : 0);
      length_end_ = 2 + extended;
      length_ = extended != 0 ? 0 : static_cast<std::uint64_t>(size);
    } else if (header_seen_ > 2 && header_seen_ <= length_end_) {
      length_ = length_ << 8 | byte;
    }
    if (header_seen_ >= 2 && header_seen_ == header_size_) {
      payload_ = length_;
      header_seen_ = 0;
    }
  }

  std::uint64_t payload_ = 0;  // bytes of the current frame's payload still to come
  std::uint64_t length_ = 0;
  int header_seen_ = 0;  // bytes of an unfinished header
  int header_size_ = 0;
  int length_end_ = 0;
};

/// An unmasked (server's) close frame; `reason` is cut to what a control frame holds.
inline std::string close_frame(std::uint16_t code, std::string_view reason) {
  auto size = std::min<std::size_t>(reason.size(), 123);
  while (size > 0 && size < reason.size() && (static_cast<unsigned char>(reason[size]) & 0xc0) == 0x80)
    --size;  // whole characters
  std::string frame{static_cast<char>(0x88), static_cast<char>(2 + size), static_cast<char>(code >> 8),
                    static_cast<char>(code & 0xff)};
  return frame.append(reason.substr(0, size));
}

}  // namespace berth::server
