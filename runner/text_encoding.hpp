// SPDX-License-Identifier: GPL-3.0-or-later
// Between the bytes of a file and the text of a document (UTF-8, \n alone): detection, decoding, encoding by
// own tables, all as streams, so that no file needs to be held twice. No I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/messages.hpp"

namespace berth::runner {

using protocol::Encoding;
using protocol::LineEnding;

/// Feeds on a whole file and says what it is.
class EncodingDetector {
 public:
  void feed(std::string_view bytes);
  /// nullopt: binary. A byte order mark decides; then NULs and control characters mean binary; then valid
  /// UTF-8; then the single-byte sets by the bytes that occur; `unknown` when none of ours fits.
  std::optional<Encoding> finish() const;

 private:
  std::string head_;  // up to 4 bytes for the mark
  std::uint64_t size_ = 0, controls_ = 0, nuls_ = 0;
  bool c1_bytes_ = false;        // 0x80..0x9f
  bool undefined_1252_ = false;  // 0x81, 0x8d, 0x8f, 0x90, 0x9d
  bool valid_utf8_ = true;
  std::uint32_t code_point_ = 0, smallest_ = 0;
  int continuation_ = 0;  // bytes still to come of a UTF-8 sequence
};

/// Turns bytes of a known encoding into UTF-8 with \n; drops the byte order mark.
class TextDecoder {
 public:
  explicit TextDecoder(Encoding encoding) : encoding_(encoding) {}
  void feed(std::string_view bytes, std::string& text);
  void finish(std::string& text);
  LineEnding line_ending() const;
  /// Bytes that are not of this encoding were replaced by U+FFFD.
  bool malformed() const { return malformed_; }

 private:
  void feed_utf8(std::string_view bytes, std::string& text);
  void feed_utf16(unsigned char byte, std::string& text);
  void put(std::uint32_t code_point, std::string& text);
  Encoding encoding_;
  std::string carry_;  // the unfinished character before
  std::uint32_t high_surrogate_ = 0;
  bool first_ = true, carriage_return_ = false, malformed_ = false;
  std::uint64_t crlf_ = 0, lf_ = 0, cr_ = 0;
};

/// Turns text into a file's bytes.
class TextEncoder {
 public:
  TextEncoder(Encoding encoding, LineEnding line_ending) : encoding_(encoding), line_ending_(line_ending) {}
  /// `text` is whole characters. False: a character that the encoding lacks (see missing()).
  bool feed(std::string_view text, std::string& bytes);
  /// The byte order mark, to be written first.
  std::string mark() const;
  std::string missing() const { return missing_; }

 private:
  bool put(std::uint32_t code_point, std::string& bytes);
  Encoding encoding_;
  LineEnding line_ending_;
  std::string missing_;
};

/// For people: "Windows-1252".
std::string_view encoding_name(Encoding encoding);

}  // namespace berth::runner
