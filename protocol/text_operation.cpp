// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/text_operation.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <optional>

namespace berth::protocol {

namespace {

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// UTF-16 units of the character that starts with this byte: 4-byte sequences are surrogate pairs.
int units_of(char lead) { return static_cast<unsigned char>(lead) >= 0xF0 ? 2 : 1; }

// The same of the characters that start within eight bytes, at once: a large text's edit counts through a
// whole piece of it.
constexpr std::size_t word_size = sizeof(std::uint64_t);
std::size_t units_of_word(const char* bytes) {
  constexpr std::uint64_t lowest_bits = 0x0101010101010101;
  std::uint64_t word;
  std::memcpy(&word, bytes, word_size);
  const auto starting = (~(word >> 7) | word >> 6) & lowest_bits;  // not 10xxxxxx
  const auto of_four = word >> 7 & word >> 6 & word >> 5 & word >> 4 & lowest_bits;
  // Each byte holds at most 2: the product's highest byte is the sum of all.
  return static_cast<std::size_t>((starting + of_four) * lowest_bits >> 56);
}

// Byte position `units` UTF-16 units past `from`, where a character starts; nullopt past the end or inside a
// surrogate pair.
std::optional<std::size_t> advance(std::string_view text, std::size_t from, std::int64_t units) {
  constexpr std::int64_t most_units_of_word = 2 * word_size;
  bool inside = false;
  for (; units >= most_units_of_word && text.size() - from >= word_size; from += word_size) {
    units -= static_cast<std::int64_t>(units_of_word(text.data() + from));
    inside = true;
  }
  // The last one counted may reach on.
  while (inside && from < text.size() && is_continuation(text[from])) ++from;
  while (units > 0) {
    if (from >= text.size()) return std::nullopt;
    units -= units_of(text[from]);
    ++from;
    while (from < text.size() && is_continuation(text[from])) ++from;
  }
  if (units < 0) return std::nullopt;
  return from;
}

std::unexpected<Error> unfit(const char* why) {
  return failure(ErrorCode::invalid_argument, std::string("operation: ") + why);
}

const std::string* as_insert(const TextOperation::Run& run) { return std::get_if<std::string>(&run); }

// Walks an operation's runs, giving away pieces of retains and deletes (in units) and inserts (in units,
// split by characters).
class RunReader {
 public:
  explicit RunReader(const std::vector<TextOperation::Run>& runs) : runs_(runs) { load(); }
  bool done() const { return index_ >= runs_.size(); }
  bool is_insert() const { return !done() && as_insert(runs_[index_]) != nullptr; }
  bool is_retain() const { return !done() && !is_insert() && std::get<std::int64_t>(runs_[index_]) > 0; }
  bool is_remove() const { return !done() && !is_insert() && std::get<std::int64_t>(runs_[index_]) < 0; }
  std::int64_t left() const { return left_; }
  const std::string& text() const { return *as_insert(runs_[index_]); }  // of an insert that was not begun
  void skip() { consume(left_, 0); }
  // Takes `units` of a retain or delete.
  void take(std::int64_t units) { consume(units, 0); }
  // Takes `units` of an insert; nullopt inside a surrogate pair.
  std::optional<std::string> take_text(std::int64_t units) {
    const auto& text = *as_insert(runs_[index_]);
    const auto end = advance(text, byte_, units);
    if (!end) return std::nullopt;
    auto piece = text.substr(byte_, *end - byte_);
    consume(units, piece.size());
    return piece;
  }

 private:
  void consume(std::int64_t units, std::size_t bytes) {
    left_ -= units;
    byte_ += bytes;
    if (left_ == 0) {
      ++index_;
      load();
    }
  }
  void load() {
    byte_ = 0;
    if (done()) {
      left_ = 0;
    } else if (const auto* text = as_insert(runs_[index_])) {
      left_ = static_cast<std::int64_t>(utf16_length(*text));
    } else {
      left_ = std::abs(std::get<std::int64_t>(runs_[index_]));
    }
  }
  const std::vector<TextOperation::Run>& runs_;
  std::size_t index_ = 0;
  std::size_t byte_ = 0;
  std::int64_t left_ = 0;
};

}  // namespace

std::size_t utf16_length(std::string_view utf8) {
  std::size_t units = 0;
  for (; utf8.size() >= word_size; utf8.remove_prefix(word_size)) units += units_of_word(utf8.data());
  for (const char c : utf8)
    if (!is_continuation(c)) units += static_cast<std::size_t>(units_of(c));
  return units;
}

bool is_valid_utf8(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size();) {
    const auto lead = static_cast<unsigned char>(bytes[i]);
    if (lead < 0x80) {
      ++i;
      continue;
    }
    const int extra = lead >= 0xC2 && lead <= 0xDF   ? 1
                      : lead >= 0xE0 && lead <= 0xEF ? 2
                      : lead >= 0xF0 && lead <= 0xF4 ? 3
                                                     : 0;
    if (extra == 0 || i + static_cast<std::size_t>(extra) >= bytes.size()) return false;
    const auto second = static_cast<unsigned char>(bytes[i + 1]);
    // Overlong forms, surrogates and values past U+10FFFF show in the second byte.
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
        (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F))
      return false;
    for (int k = 1; k <= extra; ++k)
      if (!is_continuation(bytes[i + static_cast<std::size_t>(k)])) return false;
    i += static_cast<std::size_t>(extra) + 1;
  }
  return true;
}

TextOperation& TextOperation::retain(std::int64_t units) {
  if (units <= 0) return *this;
  base_length_ += units;
  target_length_ += units;
  if (!runs_.empty() && !as_insert(runs_.back()) && std::get<std::int64_t>(runs_.back()) > 0) {
    std::get<std::int64_t>(runs_.back()) += units;
  } else {
    runs_.emplace_back(units);
  }
  return *this;
}

TextOperation& TextOperation::insert(std::string utf8) {
  if (utf8.empty()) return *this;
  target_length_ += static_cast<std::int64_t>(utf16_length(utf8));
  const bool after_remove =
      !runs_.empty() && !as_insert(runs_.back()) && std::get<std::int64_t>(runs_.back()) < 0;
  const auto before =
      runs_.size() - (after_remove ? 1 : 0);  // where an insert must stand: ahead of that delete
  if (before > 0 && as_insert(runs_[before - 1])) {
    std::get<std::string>(runs_[before - 1]) += utf8;
  } else {
    runs_.insert(runs_.begin() + static_cast<std::ptrdiff_t>(before), Run(std::move(utf8)));
  }
  return *this;
}

TextOperation& TextOperation::remove(std::int64_t units) {
  if (units <= 0) return *this;
  base_length_ += units;
  if (!runs_.empty() && !as_insert(runs_.back()) && std::get<std::int64_t>(runs_.back()) < 0) {
    std::get<std::int64_t>(runs_.back()) -= units;
  } else {
    runs_.emplace_back(-units);
  }
  return *this;
}

bool TextOperation::is_identity() const {
  return runs_.empty() || (runs_.size() == 1 && !as_insert(runs_[0]) && std::get<std::int64_t>(runs_[0]) > 0);
}

Result<std::string> TextOperation::apply(std::string_view utf8) const {
  std::string out;
  out.reserve(utf8.size() + 64);
  std::size_t at = 0;
  for (const auto& run : runs_) {
    if (const auto* text = as_insert(run)) {
      out += *text;
      continue;
    }
    const auto units = std::get<std::int64_t>(run);
    const auto end = advance(utf8, at, std::abs(units));
    if (!end) return unfit("longer than the text, or splits a surrogate pair");
    if (units > 0) out.append(utf8, at, *end - at);
    at = *end;
  }
  if (at != utf8.size()) return unfit("shorter than the text");
  return out;
}

Result<void> TextOperation::fits(std::string_view utf8) const {
  std::size_t at = 0;
  for (const auto& run : runs_) {
    if (as_insert(run)) continue;
    const auto end = advance(utf8, at, std::abs(std::get<std::int64_t>(run)));
    if (!end) return unfit("longer than the text, or splits a surrogate pair");
    at = *end;
  }
  if (at != utf8.size()) return unfit("shorter than the text");
  return {};
}

Result<TextOperation> TextOperation::compose(const TextOperation& next) const {
  if (target_length_ != next.base_length_) return unfit("the second does not start where the first ends");
  TextOperation out;
  RunReader first(runs_), second(next.runs_);
  while (!first.done() || !second.done()) {
    if (first.is_remove()) {
      out.remove(first.left());
      first.take(first.left());
      continue;
    }
    if (second.is_insert()) {
      out.insert(second.text());
      second.skip();
      continue;
    }
    if (first.done() || second.done()) return unfit("lengths differ");
    const auto units = std::min(first.left(), second.left());
    if (first.is_insert()) {
      auto text = first.take_text(units);
      if (!text) return unfit("splits a surrogate pair");
      if (second.is_retain()) out.insert(std::move(*text));
    } else {
      second.is_retain() ? out.retain(units) : out.remove(units);
      first.take(units);
    }
    second.take(units);
  }
  return out;
}

Result<TextOperation> TextOperation::invert(std::string_view before) const {
  TextOperation out;
  std::size_t at = 0;
  for (const auto& run : runs_) {
    if (const auto* text = as_insert(run)) {
      out.remove(static_cast<std::int64_t>(utf16_length(*text)));
      continue;
    }
    const auto units = std::get<std::int64_t>(run);
    const auto end = advance(before, at, std::abs(units));
    if (!end) return unfit("longer than the text, or splits a surrogate pair");
    units > 0 ? out.retain(units) : out.insert(std::string(before.substr(at, *end - at)));
    at = *end;
  }
  if (at != before.size()) return unfit("shorter than the text");
  return out;
}

Result<std::int64_t> TextOperation::map_position(std::int64_t position, Bias bias) const {
  if (position < 0 || position > base_length_) return unfit("the position is outside of the text");
  std::int64_t before = 0, after = 0;
  for (const auto& run : runs_) {
    if (const auto* text = as_insert(run)) {
      if (before == position && bias == Bias::before) break;
      after += static_cast<std::int64_t>(utf16_length(*text));
      continue;
    }
    // An insert right at the position may follow a run that ends there: only what lies beyond is passed over.
    const auto units = std::get<std::int64_t>(run);
    const auto passed = std::min(std::abs(units), position - before);
    if (units > 0) after += passed;
    before += passed;
    if (passed < std::abs(units)) break;
  }
  return after;
}

TextOperation TextOperation::difference(std::string_view before, std::string_view after) {
  const auto shorter = std::min(before.size(), after.size());
  auto prefix = static_cast<std::size_t>(
      std::mismatch(before.begin(), before.begin() + static_cast<std::ptrdiff_t>(shorter), after.begin())
          .first -
      before.begin());
  while (prefix > 0 && ((prefix < before.size() && is_continuation(before[prefix])) ||
                        (prefix < after.size() && is_continuation(after[prefix]))))
    --prefix;
  std::size_t suffix = 0;
  while (suffix < shorter - prefix && before[before.size() - 1 - suffix] == after[after.size() - 1 - suffix])
    ++suffix;
  while (suffix > 0 && is_continuation(before[before.size() - suffix])) --suffix;
  TextOperation out;
  out.retain(static_cast<std::int64_t>(utf16_length(before.substr(0, prefix))));
  out.insert(std::string(after.substr(prefix, after.size() - suffix - prefix)));
  out.remove(static_cast<std::int64_t>(utf16_length(before.substr(prefix, before.size() - suffix - prefix))));
  out.retain(static_cast<std::int64_t>(utf16_length(before.substr(before.size() - suffix))));
  return out;
}

namespace {

// A place of the text before that an operation changes.
struct ChangedRange {
  std::int64_t begin;
  std::int64_t end;
  bool inserts;
};

std::vector<ChangedRange> changed_ranges(const TextOperation& operation) {
  std::vector<ChangedRange> ranges;
  std::int64_t position = 0;
  for (const auto& run : operation.runs()) {
    const auto* units = std::get_if<std::int64_t>(&run);
    if (units && *units > 0) {
      position += *units;
      continue;
    }
    const auto end = units ? position - *units : position;
    if (!ranges.empty() && ranges.back().end == position) {
      ranges.back().end = end;
      ranges.back().inserts |= !units;
    } else {
      ranges.push_back({position, end, !units});
    }
    position = end;
  }
  return ranges;
}

}  // namespace

Result<Transformed> transform(const TextOperation& mine, const TextOperation& theirs) {
  if (mine.base_length() != theirs.base_length()) return unfit("the two are not of one text");
  Transformed out;
  RunReader a(mine.runs()), b(theirs.runs());
  while (!a.done() || !b.done()) {
    if (b.is_insert()) {
      out.mine.retain(b.left());
      out.theirs.insert(b.text());
      b.skip();
    } else if (a.is_insert()) {
      out.mine.insert(a.text());
      out.theirs.retain(a.left());
      a.skip();
    } else {
      const auto units = std::min(a.left(), b.left());
      if (a.is_retain() && b.is_retain()) {
        out.mine.retain(units);
        out.theirs.retain(units);
      } else if (b.is_retain()) {
        out.mine.remove(units);
      } else if (a.is_retain()) {
        out.theirs.remove(units);
      }
      a.take(units);
      b.take(units);
    }
  }
  return out;
}

bool overlapping(const TextOperation& mine, const TextOperation& theirs) {
  const auto a = changed_ranges(mine);
  const auto b = changed_ranges(theirs);
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    if (a[i].begin < b[j].end && b[j].begin < a[i].end) return true;
    // Where their text comes to stand right beside what mine changes, its side could not be told after an
    // undo of mine.
    if (b[j].inserts && a[i].begin <= b[j].end && b[j].begin <= a[i].end) return true;
    (a[i].end < b[j].end ? i : j)++;
  }
  return false;
}

}  // namespace berth::protocol
