// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/totp.hpp"

#include <gtest/gtest.h>

namespace berth::server::totp {
namespace {

const std::string key = "12345678901234567890";  // of both RFCs' appendices

TEST(Totp, GivesTheCodesOfRfc4226) {
  const char* codes[] = {"755224", "287082", "359152", "969429", "338314",
                         "254676", "287922", "162583", "399871", "520489"};
  for (int counter = 0; counter < 10; ++counter) EXPECT_EQ(code_of(key, counter), codes[counter]) << counter;
}

TEST(Totp, GivesTheCodesOfRfc6238) {
  const std::pair<std::int64_t, const char*> vectors[] = {
      {59, "94287082"},         {1111111109, "07081804"}, {1111111111, "14050471"},
      {1234567890, "89005924"}, {2000000000, "69279037"}, {20000000000, "65353130"}};
  for (const auto& [time, code] : vectors) EXPECT_EQ(code_of(key, time / step_seconds, 8), code) << time;
}

TEST(Totp, TakesOneStepEitherWay) {
  const std::int64_t now = 1'111'111'111;
  const auto step = now / step_seconds;
  for (int off = -3; off <= 3; ++off) {
    const auto found = matching_step(key, code_of(key, step + off), now, 0);
    if (off >= -1 && off <= 1)
      EXPECT_EQ(found, step + off);
    else
      EXPECT_FALSE(found) << off;
  }
}

TEST(Totp, AStepThatWasUsedIsUsedUpWithAllBeforeIt) {
  const std::int64_t now = 1'111'111'111;
  const auto step = now / step_seconds;
  EXPECT_FALSE(matching_step(key, code_of(key, step), now, step));
  EXPECT_FALSE(matching_step(key, code_of(key, step - 1), now, step));
  EXPECT_EQ(matching_step(key, code_of(key, step + 1), now, step), step + 1);
}

TEST(Totp, WhatIsNoCodeIsNone) {
  for (const std::string wrong : {"", "1", "12345", "1234567", "abcdef", "      ", "-12345"})
    EXPECT_FALSE(matching_step(key, wrong, 59, 0)) << wrong;
  EXPECT_FALSE(matching_step(key, "287083", 59, 0)) << "one digit differs";
  EXPECT_TRUE(matching_step(key, "287082", 59, 0));
}

TEST(Totp, WritesBase32AsRfc4648) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "MY"},
                                                         {"fo", "MZXQ"},
                                                         {"foo", "MZXW6"},
                                                         {"foob", "MZXW6YQ"},
                                                         {"fooba", "MZXW6YTB"},
                                                         {"foobar", "MZXW6YTBOI"}};
  for (const auto& [plain, coded] : vectors) EXPECT_EQ(base32(plain), coded);
  EXPECT_EQ(base32(std::string(1, '\xFF')), "74");
}

TEST(Totp, NamesAccountAndIssuerInItsAddress) {
  EXPECT_EQ(
      uri(key, "Berth", "a b&c?@example.org"),
      "otpauth://totp/Berth:a%20b%26c%3F%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Berth"
      "&algorithm=SHA1&digits=6&period=30");
}

}  // namespace
}  // namespace berth::server::totp
