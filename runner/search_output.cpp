// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/search_output.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "protocol/text_operation.hpp"
#include "runner/text_encoding.hpp"

namespace berth::runner {
namespace {

using protocol::utf16_length;

constexpr std::int64_t longest_shown = 600, shown_before = 100;  // UTF-16 units of a long line
constexpr std::size_t longest_preview = 1000;                    // bytes of what would be put in
constexpr std::size_t deepest_message = 16;                      // what is no ripgrep may write anything

/// Plain base64, as ripgrep writes bytes that are no UTF-8; what is none ends it.
std::string decode_base64(std::string_view text) {
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    int value = -1;
    if (c >= 'A' && c <= 'Z') value = c - 'A';
    if (c >= 'a' && c <= 'z') value = c - 'a' + 26;
    if (c >= '0' && c <= '9') value = c - '0' + 52;
    if (c == '+') value = 62;
    if (c == '/') value = 63;
    if (value < 0) break;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    if ((count += 6) < 8) continue;
    count -= 8;
    bytes += static_cast<char>(bits >> count & 0xff);
  }
  return bytes;
}

/// One message of `rg --json`, read without making a tree of it: a line may have a million matches.
class SearchMessage : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit SearchMessage(std::size_t most_matches) : most_matches_(most_matches) {}
  std::string type, path;
  FoundLine line;
  bool is_binary = false, unnamed = false;

  bool key(std::string& name) override {
    key_ = name;
    return true;
  }
  bool start_object(std::size_t) override {
    inside_.push_back(!inside_.empty() && inside_.back() == "submatches" ? "submatch" : key_);
    if (inside_.back() == "submatch") match_ = {};
    return inside_.size() < deepest_message;
  }
  bool end_object() override {
    if (inside_.back() == "submatch") {
      ++line.all_matches;
      if (line.matches.size() < most_matches_) line.matches.push_back(match_);
    }
    inside_.pop_back();
    return true;
  }
  bool start_array(std::size_t) override {
    inside_.push_back(key_);
    return inside_.size() < deepest_message;
  }
  bool end_array() override {
    inside_.pop_back();
    return true;
  }
  bool string(std::string& value) override {
    if (inside_.empty()) return true;
    const auto& parent = inside_.back();
    if (parent.empty() && key_ == "type") type = std::move(value);
    if (parent == "path" && key_ == "text") path = std::move(value);
    if (parent == "path" && key_ == "bytes") unnamed = true;
    if (parent == "lines" && key_ == "text") line.bytes = std::move(value);
    if (parent == "lines" && key_ == "bytes") line.bytes = decode_base64(value);
    return true;
  }
  bool number_unsigned(std::uint64_t value) override {
    if (inside_.empty()) return true;
    const auto& parent = inside_.back();
    if (parent == "submatch") {
      const auto place = static_cast<std::uint32_t>(std::min<std::uint64_t>(value, UINT32_MAX));
      if (key_ == "start") match_.start = place;
      if (key_ == "end") match_.end = place;
    } else if (parent == "data") {
      if (key_ == "line_number") line.line = value;
      if (key_ == "absolute_offset") line.offset = value;
      if (key_ == "binary_offset") is_binary = true;
    }
    return true;
  }
  bool number_integer(std::int64_t) override { return true; }
  bool number_float(double, const std::string&) override { return true; }
  bool boolean(bool) override { return true; }
  bool null() override { return true; }
  bool binary(nlohmann::json::binary_t&) override { return true; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) override {
    return false;
  }

 private:
  std::size_t most_matches_;
  std::string key_;
  std::vector<std::string> inside_;
  FoundLine::Range match_{};
};

/// The line's text as characters, and where its matches are in it, in UTF-16 units.
struct LineOfText {
  std::string utf8;
  std::vector<FoundLine::Range> matches;
};

LineOfText line_of_text(const FoundLine& found) {
  LineOfText line;
  if (!protocol::is_valid_utf8(found.bytes)) {
    // Of a set in which each byte is a character.
    EncodingDetector detector;
    detector.feed(found.bytes);
    const auto encoding = detector.finish();
    TextDecoder decoder(encoding == Encoding::windows1252 ? Encoding::windows1252 : Encoding::latin1);
    decoder.feed(found.bytes, line.utf8);
    decoder.finish(line.utf8);
    line.matches = found.matches;
    return line;
  }
  line.utf8 = found.bytes;
  std::size_t byte = 0;
  std::uint32_t unit = 0;
  const std::string_view text = line.utf8;
  const auto units_at = [&](std::uint32_t wanted) {
    const auto end = std::clamp<std::size_t>(wanted, byte, text.size());
    unit += static_cast<std::uint32_t>(utf16_length(text.substr(byte, end - byte)));
    byte = end;
    return unit;
  };
  for (const auto& match : found.matches) {
    const auto start = units_at(match.start);
    line.matches.push_back({start, units_at(match.end)});
  }
  return line;
}

std::size_t length_of_character(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

/// Valid UTF-8 of at most this many bytes.
std::string shortened(std::string text, std::size_t longest) {
  if (text.size() > longest) {
    while (longest > 0 && (static_cast<unsigned char>(text[longest]) & 0xc0) == 0x80) --longest;
    text.resize(longest);
  }
  if (protocol::is_valid_utf8(text)) return text;
  std::string decoded;
  TextDecoder decoder(Encoding::latin1);
  decoder.feed(text, decoded);
  decoder.finish(decoded);
  return decoded;
}

}  // namespace

void SearchOutput::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto end = bytes.find('\n');
    const auto piece = bytes.substr(0, end);
    if (!skipping_ && begun_.size() + piece.size() > longest_) {
      skipping_ = true;
      if (skipped_++ == 0) skipped_in_ = path_;
      begun_ = {};
    }
    if (end == bytes.npos) {
      if (!skipping_) begun_ += piece;
      return;
    }
    bytes.remove_prefix(end + 1);
    if (std::exchange(skipping_, false)) continue;
    if (begun_.empty()) {
      take(piece);
    } else {
      begun_ += piece;
      take(begun_);
      begun_.clear();
    }
  }
}

void SearchOutput::take(std::string_view json) {
  SearchMessage message(most_matches_);
  if (!nlohmann::json::sax_parse(json, &message)) return;
  if (message.type == "begin") {
    // A name that is no text can't be said to a client.
    unnamed_ = message.unnamed;
    path_ = std::move(message.path);
    if (path_.starts_with("./")) path_.erase(0, 2);
    if (!unnamed_ && listener_.on_file) listener_.on_file(path_);
  } else if (message.type == "match" && !unnamed_) {
    auto& line = message.line;
    if (line.bytes.ends_with('\n')) line.bytes.pop_back();
    if (line.bytes.ends_with('\r')) line.bytes.pop_back();
    const auto size = static_cast<std::uint32_t>(line.bytes.size());
    for (auto& match : line.matches) {
      match.end = std::min(match.end, size);
      match.start = std::min(match.start, match.end);
    }
    if (!line.matches.empty()) listener_.on_line(std::move(line));
  } else if (message.type == "end" && !unnamed_) {
    if (listener_.on_file_end) listener_.on_file_end(message.is_binary);
  }
}

void ReplacementOutput::feed(std::string_view bytes) {
  rest_ += bytes;
  std::string_view left = rest_;
  for (;;) {
    const auto& mark = inside_ ? closing_ : opening_;
    const auto found = left.find(mark);
    // The mark may have begun at the end.
    const auto sure =
        found != left.npos ? found : (left.size() >= mark.size() ? left.size() - mark.size() + 1 : 0);
    if (inside_) {
      auto& text = taken_.back();
      const auto room = longest_ - text.size();
      cut_ = cut_ || sure > room;
      text += left.substr(0, std::min(sure, room));
      size_ += std::min(sure, room);
    }
    left.remove_prefix(sure);
    if (found == left.npos || left.substr(0, mark.size()) != mark) break;
    left.remove_prefix(mark.size());
    inside_ = !inside_;
    if (inside_) taken_.emplace_back();
  }
  rest_ = std::string(left);
}

protocol::SearchLine shown_line(const FoundLine& found, const std::vector<std::string>& replacements) {
  auto line = line_of_text(found);
  protocol::SearchLine shown{.line = found.line, .text = {}, .cut = 0, .matches = {}};
  for (std::size_t i = 0; i < line.matches.size(); ++i) {
    auto& match = shown.matches.emplace_back(line.matches[i].start, line.matches[i].end, std::nullopt);
    if (i < replacements.size()) match.replacement = shortened(replacements[i], longest_preview);
  }
  if (static_cast<std::int64_t>(utf16_length(line.utf8)) <= longest_shown) {
    shown.text = std::move(line.utf8);
    return shown;
  }
  const std::int64_t first = shown.matches.front().start;
  const auto from = std::max<std::int64_t>(0, first - shown_before);
  std::int64_t unit = 0, shown_units = 0;
  for (std::size_t at = 0; at < line.utf8.size();) {
    const auto length = length_of_character(line.utf8[at]);
    const std::int64_t units = length == 4 ? 2 : 1;
    if (unit >= from) {
      if (shown_units == 0) shown.cut = static_cast<std::uint32_t>(unit);
      if (shown_units + units > longest_shown) break;
      shown.text.append(line.utf8, at, length);
      shown_units += units;
    }
    unit += units;
    at += length;
  }
  return shown;
}

}  // namespace berth::runner
