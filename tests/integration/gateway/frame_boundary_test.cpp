// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/frame_boundary.hpp"

#include <gtest/gtest.h>

namespace berth::server {
namespace {

std::string frame(std::size_t size, bool masked = false) {
  std::string out{static_cast<char>(0x82)};
  const char mask = masked ? static_cast<char>(0x80) : 0;
  if (size < 126) {
    out += static_cast<char>(mask | static_cast<char>(size));
  } else if (size < 65536) {
    out += static_cast<char>(mask | 126);
    out += {static_cast<char>(size >> 8), static_cast<char>(size & 0xff)};
  } else {
    out += static_cast<char>(mask | 127);
    for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(size >> shift & 0xff);
  }
  if (masked) out += "mask";
  return out + std::string(size, '\x88');
}

TEST(FrameBoundary, IsThereBeforeTheFirstAndAfterEachFrameOnly) {
  for (const bool masked : {false, true})
    for (const std::size_t size : {0u, 1u, 125u, 126u, 127u, 300u, 65535u, 65536u, 70000u}) {
      FrameBoundary boundary;
      EXPECT_TRUE(boundary.at_boundary());
      const auto bytes = frame(size, masked);
      for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
        boundary.on_bytes({bytes.data() + i, 1});
        ASSERT_FALSE(boundary.at_boundary()) << size << " at " << i;
      }
      boundary.on_bytes({bytes.data() + bytes.size() - 1, 1});
      EXPECT_TRUE(boundary.at_boundary()) << size;
    }
}

TEST(FrameBoundary, DoesNotDependOnHowTheStreamIsCut) {
  std::string stream;
  for (const std::size_t size : {3u, 0u, 200u, 66000u, 1u}) stream += frame(size);
  for (std::size_t piece = 1; piece < 5000; piece = piece * 3 + 1) {
    FrameBoundary boundary;
    for (std::size_t at = 0; at < stream.size(); at += piece)
      boundary.on_bytes(std::string_view(stream).substr(at, piece));
    EXPECT_TRUE(boundary.at_boundary()) << piece;
    boundary.on_bytes(frame(10).substr(0, 5));
    EXPECT_FALSE(boundary.at_boundary());
  }
}

TEST(CloseFrame, HoldsCodeAndReasonAndFitsAControlFrame) {
  EXPECT_EQ(close_frame(1001, "bye"), std::string("\x88\x05\x03\xe9"
                                                  "bye"));
  const auto cut = close_frame(4001, std::string(122, 'a') + "ä");
  EXPECT_EQ(cut.size(), 2 + 2 + 122u) << "no half character";
  EXPECT_EQ(static_cast<unsigned char>(cut[1]), cut.size() - 2);
}

}  // namespace
}  // namespace berth::server
