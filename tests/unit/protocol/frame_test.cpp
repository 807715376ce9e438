// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/frame.hpp"

#include <gtest/gtest.h>

namespace berth::protocol {
namespace {

TEST(Frame, RoundTrips) {
  const FrameHeader header{FrameKind::data, true, 0x01020304, 0x1122334455667788};
  const auto text = encode_frame(header, "hi");
  EXPECT_EQ(text.size(), frame_header_size + 2);
  const auto frame = decode_frame(text);
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->header, header);
  EXPECT_EQ(frame->payload, "hi");
}

TEST(Frame, RefusesMalformedOnes) {
  auto text = encode_frame({FrameKind::credit, false, 1, 5}, "");
  EXPECT_FALSE(decode_frame(text.substr(0, 15)));
  auto kind = text;
  kind[0] = 9;
  EXPECT_EQ(decode_frame(kind).error().message, "frame.kind: not one of 1 to 4");
  auto flags = text;
  flags[1] = 2;
  EXPECT_FALSE(decode_frame(flags));
  EXPECT_FALSE(decode_frame(encode_frame({FrameKind::data, false, 0, 0}, "x")));
  EXPECT_EQ(
      decode_frame(encode_frame({FrameKind::data, false, 1, 0}, std::string(max_binary_payload + 1, 'x')))
          .error()
          .code,
      ErrorCode::too_large);
}

}  // namespace
}  // namespace berth::protocol
