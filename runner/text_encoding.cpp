// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/text_encoding.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace berth::runner {
namespace {

constexpr std::uint32_t replacement = 0xfffd;

// Windows-1252, 0x80..0x9f (Unicode Consortium, CP1252.TXT); 0: undefined.
constexpr std::array<std::uint16_t, 32> windows1252_high{
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};

void append_utf8(std::uint32_t c, std::string& out) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xc0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xe0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 0x3f));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  }
}

/// Length of the UTF-8 sequence that `lead` begins; 0 when it begins none.
int sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  if (lead >= 0xf0 && lead < 0xf5) return 4;
  return 0;
}

std::uint32_t smallest_of_length(int length) { return length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000; }

bool is_text_control(unsigned char c) {
  return c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\b' || c == 0x1b;
}

}  // namespace

void EncodingDetector::feed(std::string_view bytes) {
  if (head_.size() < 4) head_ += bytes.substr(0, 4 - head_.size());
  size_ += bytes.size();
  for (const char signed_byte : bytes) {
    const auto c = static_cast<unsigned char>(signed_byte);
    if (c < 0x80) {
      if (c < 0x20 && !is_text_control(c)) ++(c == 0 ? nuls_ : controls_);
      if (continuation_ > 0) valid_utf8_ = false, continuation_ = 0;
      continue;
    }
    if (c < 0xa0) {
      c1_bytes_ = true;
      undefined_1252_ = undefined_1252_ || windows1252_high[c - 0x80] == 0;
    }
    if (!valid_utf8_) continue;
    if (continuation_ > 0) {
      if ((c & 0xc0) != 0x80) {
        valid_utf8_ = false;
        continue;
      }
      code_point_ = (code_point_ << 6) | (c & 0x3f);
      if (--continuation_ == 0)
        valid_utf8_ = code_point_ >= smallest_ && code_point_ <= 0x10ffff &&
                      (code_point_ < 0xd800 || code_point_ > 0xdfff);
    } else {
      const int length = sequence_length(c);
      if (length < 2) {
        valid_utf8_ = false;
        continue;
      }
      continuation_ = length - 1;
      smallest_ = smallest_of_length(length);
      code_point_ = c & (0x7f >> length);
    }
  }
}

std::optional<Encoding> EncodingDetector::finish() const {
  const bool utf8 = valid_utf8_ && continuation_ == 0;
  if (head_.starts_with("\xef\xbb\xbf"))
    return utf8 && nuls_ == 0 ? std::optional(Encoding::utf8_bom) : std::nullopt;
  if (head_.starts_with("\xff\xfe") && size_ % 2 == 0) return Encoding::utf16le;
  if (head_.starts_with("\xfe\xff") && size_ % 2 == 0) return Encoding::utf16be;
  if (nuls_ > 0 || controls_ * 50 > size_) return std::nullopt;
  if (utf8) return Encoding::utf8;
  if (!c1_bytes_) return Encoding::latin1;
  return undefined_1252_ ? Encoding::unknown : Encoding::windows1252;
}

void TextDecoder::put(std::uint32_t c, std::string& text) {
  if (std::exchange(first_, false) && c == 0xfeff &&
      (encoding_ == Encoding::utf8_bom || encoding_ == Encoding::utf16le || encoding_ == Encoding::utf16be))
    return;
  if (carriage_return_) {
    carriage_return_ = false;
    text += '\n';
    if (c == '\n') {
      ++crlf_;
      return;
    }
    ++cr_;
  }
  if (c == '\r') {
    carriage_return_ = true;
    return;
  }
  if (c == '\n') ++lf_;
  append_utf8(c, text);
}

void TextDecoder::feed(std::string_view bytes, std::string& text) {
  switch (encoding_) {
    case Encoding::utf8:
    case Encoding::utf8_bom:
    case Encoding::unknown:
      return feed_utf8(bytes, text);
    case Encoding::utf16le:
    case Encoding::utf16be:
      for (const char byte : bytes) feed_utf16(static_cast<unsigned char>(byte), text);
      return;
    case Encoding::latin1:
      for (const char byte : bytes) put(static_cast<unsigned char>(byte), text);
      return;
    case Encoding::windows1252:
      for (const char byte : bytes) {
        const auto c = static_cast<unsigned char>(byte);
        const std::uint32_t code_point = c >= 0x80 && c < 0xa0 ? windows1252_high[c - 0x80] : c;
        if (code_point == 0 && c != 0) malformed_ = true;
        put(code_point == 0 && c != 0 ? replacement : code_point, text);
      }
      return;
  }
}

void TextDecoder::feed_utf8(std::string_view bytes, std::string& text) {
  std::string joined;
  if (!carry_.empty()) {
    joined = carry_.append(bytes);
    carry_.clear();
    bytes = joined;
  }
  for (std::size_t i = 0; i < bytes.size();) {
    const auto lead = static_cast<unsigned char>(bytes[i]);
    // The usual case first: runs of plain characters are copied as they are.
    if (lead < 0x80 && lead != '\r' && lead != '\n' && !first_ && !carriage_return_) {
      auto end = i + 1;
      while (end < bytes.size() && static_cast<signed char>(bytes[end]) > '\r') ++end;
      text.append(bytes.substr(i, end - i));
      i = end;
      continue;
    }
    const int length = sequence_length(lead);
    std::uint32_t code_point = length == 1 ? lead : lead & (0x7f >> std::max(length, 1));
    int good = length == 0 ? 0 : 1;
    while (good > 0 && good < length && i + static_cast<std::size_t>(good) < bytes.size()) {
      const auto next = static_cast<unsigned char>(bytes[i + static_cast<std::size_t>(good)]);
      if ((next & 0xc0) != 0x80) break;
      code_point = (code_point << 6) | (next & 0x3f);
      ++good;
    }
    if (length > 1 && good < length && i + static_cast<std::size_t>(good) == bytes.size()) {
      carry_ = bytes.substr(i);  // the rest comes with the next piece
      return;
    }
    const bool valid =
        length == 1 || (length > 1 && good == length && code_point >= smallest_of_length(length) &&
                        code_point <= 0x10ffff && (code_point < 0xd800 || code_point > 0xdfff));
    if (!valid) malformed_ = true;
    put(valid ? code_point : replacement, text);
    i += static_cast<std::size_t>(std::max(good, 1));
  }
}

void TextDecoder::feed_utf16(unsigned char byte, std::string& text) {
  carry_ += static_cast<char>(byte);
  if (carry_.size() < 2) return;
  const auto a = static_cast<unsigned char>(carry_[0]), b = static_cast<unsigned char>(carry_[1]);
  carry_.clear();
  const std::uint32_t unit = encoding_ == Encoding::utf16le ? a | (b << 8) : (a << 8) | b;
  if (high_surrogate_ != 0) {
    const auto high = std::exchange(high_surrogate_, 0);
    if (unit >= 0xdc00 && unit <= 0xdfff)
      return put(0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00), text);
    malformed_ = true;
    put(replacement, text);
  }
  if (unit >= 0xd800 && unit <= 0xdbff) {
    high_surrogate_ = unit;
  } else if (unit >= 0xdc00 && unit <= 0xdfff) {
    malformed_ = true;
    put(replacement, text);
  } else {
    put(unit, text);
  }
}

void TextDecoder::finish(std::string& text) {
  if (!carry_.empty() || high_surrogate_ != 0) {
    malformed_ = true;
    put(replacement, text);
    carry_.clear();
    high_surrogate_ = 0;
  }
  if (std::exchange(carriage_return_, false)) {
    ++cr_;
    text += '\n';
  }
}

LineEnding TextDecoder::line_ending() const {
  if (cr_ > 0 || (crlf_ > 0 && lf_ > 0)) return LineEnding::mixed;
  return crlf_ > 0 ? LineEnding::crlf : LineEnding::lf;
}

std::string TextEncoder::mark() const {
  switch (encoding_) {
    case Encoding::utf8_bom:
      return "\xef\xbb\xbf";
    case Encoding::utf16le:
      return "\xff\xfe";
    case Encoding::utf16be:
      return "\xfe\xff";
    default:
      return {};
  }
}

bool TextEncoder::put(std::uint32_t c, std::string& bytes) {
  const auto put_unit = [&](std::uint32_t unit) {
    const char low = static_cast<char>(unit & 0xff), high = static_cast<char>(unit >> 8);
    bytes += encoding_ == Encoding::utf16le ? low : high;
    bytes += encoding_ == Encoding::utf16le ? high : low;
  };
  switch (encoding_) {
    case Encoding::utf16le:
    case Encoding::utf16be:
      if (c >= 0x10000) {
        put_unit(0xd800 + ((c - 0x10000) >> 10));
        put_unit(0xdc00 + ((c - 0x10000) & 0x3ff));
      } else {
        put_unit(c);
      }
      return true;
    case Encoding::windows1252:
      if (c >= 0x80 && (c < 0xa0 || c > 0xff)) {
        const auto found = std::ranges::find(windows1252_high, c);
        if (found == windows1252_high.end()) return false;
        bytes += static_cast<char>(0x80 + (found - windows1252_high.begin()));
        return true;
      }
      [[fallthrough]];
    case Encoding::latin1:
      if (c > 0xff) return false;
      bytes += static_cast<char>(c);
      return true;
    default:
      append_utf8(c, bytes);
      return true;
  }
}

bool TextEncoder::feed(std::string_view text, std::string& bytes) {
  const bool crlf = line_ending_ == LineEnding::crlf;
  const bool plain_utf8 =
      encoding_ == Encoding::utf8 || encoding_ == Encoding::utf8_bom || encoding_ == Encoding::unknown;
  if (plain_utf8 && !crlf) {
    bytes += text;
    return true;
  }
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const auto length = static_cast<std::size_t>(std::max(sequence_length(lead), 1));
    if (plain_utf8 && lead != '\n') {
      bytes.append(text.substr(i, length));
    } else {
      std::uint32_t c = length == 1 ? lead : lead & (0x7fu >> length);
      for (std::size_t k = 1; k < length && i + k < text.size(); ++k)
        c = (c << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3f);
      if (c == '\n' && crlf) put('\r', bytes);
      if (!put(c, bytes)) {
        missing_ = text.substr(i, length);
        return false;
      }
    }
    i += length;
  }
  return true;
}

std::string_view encoding_name(Encoding encoding) {
  switch (encoding) {
    case Encoding::utf8:
      return "UTF-8";
    case Encoding::utf8_bom:
      return "UTF-8 with BOM";
    case Encoding::utf16le:
      return "UTF-16 LE";
    case Encoding::utf16be:
      return "UTF-16 BE";
    case Encoding::latin1:
      return "ISO 8859-1";
    case Encoding::windows1252:
      return "Windows-1252";
    case Encoding::unknown:
      break;
  }
  return "an unknown encoding";
}

}  // namespace berth::runner
