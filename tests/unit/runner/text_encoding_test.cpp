// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/text_encoding.hpp"

#include <gtest/gtest.h>

namespace berth::runner {
namespace {

std::optional<Encoding> detect(std::string_view bytes) {
  EncodingDetector detector;
  // Byte by byte: state must survive any cut.
  for (const char byte : bytes) detector.feed({&byte, 1});
  return detector.finish();
}

struct Decoded {
  std::string text;
  LineEnding line_ending;
  bool malformed;
};

Decoded decode(Encoding encoding, std::string_view bytes, std::size_t piece = 1) {
  TextDecoder decoder(encoding);
  Decoded decoded;
  for (std::size_t at = 0; at < bytes.size(); at += piece)
    decoder.feed(bytes.substr(at, piece), decoded.text);
  decoder.finish(decoded.text);
  decoded.line_ending = decoder.line_ending();
  decoded.malformed = decoder.malformed();
  return decoded;
}

std::optional<std::string> encode(Encoding encoding, LineEnding ending, std::string_view text) {
  TextEncoder encoder(encoding, ending);
  std::string bytes = encoder.mark();
  if (!encoder.feed(text, bytes)) return std::nullopt;
  return bytes;
}

using namespace std::string_view_literals;

TEST(TextEncoding, DetectsUtf8WithAndWithoutMark) {
  EXPECT_EQ(detect(""), Encoding::utf8);
  EXPECT_EQ(detect("plain"), Encoding::utf8);
  EXPECT_EQ(detect("gr\xc3\xbc\xc3\x9f"
                   "e \xf0\x9f\x9a\xa2"),
            Encoding::utf8);
  EXPECT_EQ(detect("\xef\xbb\xbftext"), Encoding::utf8_bom);
}

TEST(TextEncoding, DetectsUtf16ByItsMark) {
  EXPECT_EQ(detect("\xff\xfe"
                   "a\0"sv),
            Encoding::utf16le);
  EXPECT_EQ(detect("\xfe\xff\0"
                   "a"sv),
            Encoding::utf16be);
}

TEST(TextEncoding, TellsTheSingleByteSetsApart) {
  EXPECT_EQ(detect("gr\xfc\xdf"
                   "e"),
            Encoding::latin1);
  EXPECT_EQ(detect("\x80 100"), Encoding::windows1252);
  EXPECT_EQ(detect("\x81\x40 shift-jis"), Encoding::unknown);
}

TEST(TextEncoding, RefusesOverlongSurrogateAndCutUtf8) {
  EXPECT_NE(detect("\xc0\x80"), Encoding::utf8);
  EXPECT_NE(detect("\xed\xa0\x80"), Encoding::utf8);
  EXPECT_NE(detect("\xf4\x90\x80\x80"), Encoding::utf8);
  EXPECT_NE(detect("abc\xe2\x82"), Encoding::utf8);
}

TEST(TextEncoding, BinaryIsNoText) {
  EXPECT_EQ(detect("\x7f"
                   "ELF\x02\x01\x01\0\0\0"sv),
            std::nullopt);
  EXPECT_EQ(detect("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"sv), std::nullopt);
  EXPECT_EQ(detect("\x01\x02\x03\x04"), std::nullopt);
}

TEST(TextEncoding, EveryEncodingComesBackAsItWas) {
  const std::string text = "a\xc3\xa4\n\xe2\x82\xac\n";  // aä€
  const std::string wide = text + "\xf0\x9f\x9a\xa2\n";  // and a ship beyond the basic plane
  for (const auto ending : {LineEnding::lf, LineEnding::crlf}) {
    for (const auto encoding : {Encoding::utf8, Encoding::utf8_bom, Encoding::utf16le, Encoding::utf16be}) {
      const auto bytes = encode(encoding, ending, wide);
      ASSERT_TRUE(bytes);
      for (const std::size_t piece : {1u, 3u, 1000u}) {
        const auto decoded = decode(encoding, *bytes, piece);
        EXPECT_EQ(decoded.text, wide);
        EXPECT_EQ(decoded.line_ending, ending);
        EXPECT_FALSE(decoded.malformed);
      }
    }
    const auto bytes = encode(Encoding::windows1252, ending, text);
    ASSERT_TRUE(bytes);
    EXPECT_EQ(decode(Encoding::windows1252, *bytes).text, text);
  }
}

TEST(TextEncoding, AllLatin1BytesSurvive) {
  std::string bytes;
  for (int c = 1; c < 256; ++c)
    if (c != '\r' && c != '\n') bytes += static_cast<char>(c);
  EXPECT_EQ(encode(Encoding::latin1, LineEnding::lf, decode(Encoding::latin1, bytes).text), bytes);
}

TEST(TextEncoding, ACharacterThatTheEncodingLacksIsNamed) {
  TextEncoder encoder(Encoding::latin1, LineEnding::lf);
  std::string bytes;
  EXPECT_FALSE(encoder.feed("costs 5 \xe2\x82\xac", bytes));
  EXPECT_EQ(encoder.missing(), "\xe2\x82\xac");
}

TEST(TextEncoding, MixedLineEndingsAreSeen) {
  EXPECT_EQ(decode(Encoding::utf8, "a\r\nb\r\n").line_ending, LineEnding::crlf);
  EXPECT_EQ(decode(Encoding::utf8, "a\nb\r\n").line_ending, LineEnding::mixed);
  EXPECT_EQ(decode(Encoding::utf8, "a\rb").line_ending, LineEnding::mixed);
  EXPECT_EQ(decode(Encoding::utf8, "a\rb\r\nc\n").text, "a\nb\nc\n");
  EXPECT_EQ(decode(Encoding::utf8, "end\r").text, "end\n");
  EXPECT_EQ(decode(Encoding::utf8, "none").line_ending, LineEnding::lf);
}

TEST(TextEncoding, BrokenBytesBecomeReplacementCharacters) {
  const auto decoded = decode(Encoding::unknown, "a\xffz\xe2\x82");
  EXPECT_TRUE(decoded.malformed);
  EXPECT_EQ(decoded.text, "a\xef\xbf\xbdz\xef\xbf\xbd");
  EXPECT_TRUE(decode(Encoding::utf16le, "\xff\xfe\x00\xd8"sv).malformed);
}

TEST(TextEncoding, AZeroWidthNoBreakSpaceInsideATextIsKept) {
  EXPECT_EQ(decode(Encoding::utf8, "\xef\xbb\xbfx").text, "\xef\xbb\xbfx");
  EXPECT_EQ(decode(Encoding::utf8_bom, "\xef\xbb\xbf\xef\xbb\xbfx").text, "\xef\xbb\xbfx");
}

}  // namespace
}  // namespace berth::runner
