// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/text_difference.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>

#include "protocol/sequence_matches.hpp"

namespace berth::protocol {
namespace {

bool inside_character(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
}

// Bytes that both begin with, whole characters.
std::size_t common_prefix(std::string_view a, std::string_view b) {
  const auto shorter = static_cast<std::ptrdiff_t>(std::min(a.size(), b.size()));
  auto same =
      static_cast<std::size_t>(std::mismatch(a.begin(), a.begin() + shorter, b.begin()).first - a.begin());
  while (same > 0 && (inside_character(a, same) || inside_character(b, same))) --same;
  return same;
}

std::size_t common_suffix(std::string_view a, std::string_view b) {
  const auto shorter = static_cast<std::ptrdiff_t>(std::min(a.size(), b.size()));
  auto same = static_cast<std::size_t>(std::mismatch(a.rbegin(), a.rbegin() + shorter, b.rbegin()).first -
                                       a.rbegin());
  while (same > 0 && (inside_character(a, a.size() - same) || inside_character(b, b.size() - same))) --same;
  return same;
}

// A text cut into lines or words: where each begins, and at the end where the last one ends.
struct Parts {
  std::string_view text;
  std::vector<std::size_t> begins;
  std::size_t count() const { return begins.size() - 1; }
  std::string_view operator[](std::size_t index) const {
    return text.substr(begins[index], begins[index + 1] - begins[index]);
  }
};

// nullopt beyond `most` lines.
std::optional<Parts> lines_of(std::string_view text, std::size_t most) {
  Parts parts{text, {}};
  for (std::size_t at = 0; at < text.size();) {
    if (parts.begins.size() == most) return std::nullopt;
    parts.begins.push_back(at);
    const auto end = text.find('\n', at);
    at = end == text.npos ? text.size() : end + 1;
  }
  parts.begins.push_back(text.size());
  return parts;
}

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
bool is_blank(char c) { return c == ' ' || c == '\t'; }

// Names and numbers, runs of blanks, and every other character by itself. nullopt beyond `most` words.
std::optional<Parts> words_of(std::string_view text, std::size_t most) {
  Parts parts{text, {}};
  for (std::size_t at = 0; at < text.size();) {
    if (parts.begins.size() == most) return std::nullopt;
    parts.begins.push_back(at);
    const char first = text[at++];
    if (is_word_byte(first)) {
      while (at < text.size() && is_word_byte(text[at])) ++at;
    } else if (is_blank(first)) {
      while (at < text.size() && is_blank(text[at])) ++at;
    } else {
      while (inside_character(text, at)) ++at;
    }
  }
  parts.begins.push_back(text.size());
  return parts;
}

// Numbers for parts, equal ones for equal parts.
class PartNumbers {
 public:
  explicit PartNumbers(std::size_t parts) : slots_(std::bit_ceil(2 * parts + 1)) {}

  // Where the work is used up, as by parts made to collide, every part is another one.
  std::uint32_t number(std::string_view part, std::size_t& work) {
    auto at = std::hash<std::string_view>()(part);
    for (; work > 0; ++at, --work) {
      auto& slot = slots_[at & (slots_.size() - 1)];
      if (slot == 0) {
        slot = add(part);
        return slot;
      }
      if (parts_[slot - 1] == part) return slot;
    }
    return add(part);
  }
  std::size_t count() const { return parts_.size(); }

 private:
  std::uint32_t add(std::string_view part) {
    parts_.push_back(part);
    return static_cast<std::uint32_t>(parts_.size());
  }
  std::vector<std::uint32_t> slots_;  // numbers by hash; 0 is free
  std::vector<std::string_view> parts_;
};

struct Numbered {
  std::vector<std::uint32_t> numbers;
  std::vector<std::size_t> indices;  // of the part that each number is of
};

// Without parts that the other side lacks.
Numbered shared_parts(const std::vector<std::uint32_t>& numbers, const std::vector<bool>& of_other) {
  Numbered out;
  for (std::size_t index = 0; index < numbers.size(); ++index) {
    if (!of_other[numbers[index]]) continue;
    out.numbers.push_back(numbers[index]);
    out.indices.push_back(index);
  }
  return out;
}

// Pairs of equal parts, in order: the most there can be within the work.
std::vector<SequenceMatch> matching_parts(const Parts& before, const Parts& after, std::size_t& work) {
  PartNumbers table(before.count() + after.count());
  std::vector<std::uint32_t> first(before.count()), second(after.count());
  for (std::size_t i = 0; i < first.size(); ++i) first[i] = table.number(before[i], work);
  for (std::size_t i = 0; i < second.size(); ++i) second[i] = table.number(after[i], work);
  std::vector<bool> of_first(table.count() + 1), of_second(table.count() + 1);
  for (const auto number : first) of_first[number] = true;
  for (const auto number : second) of_second[number] = true;
  const auto a = shared_parts(first, of_second), b = shared_parts(second, of_first);
  std::vector<SequenceMatch> pairs;
  for (const auto& match : sequence_matches(a.numbers, b.numbers, work))
    for (std::size_t i = 0; i < match.length; ++i) {
      const auto x = a.indices[match.from_first + i], y = b.indices[match.from_second + i];
      if (!pairs.empty() && pairs.back().from_first + pairs.back().length == x &&
          pairs.back().from_second + pairs.back().length == y) {
        ++pairs.back().length;
      } else {
        pairs.push_back({x, y, 1});
      }
    }
  return pairs;
}

class DifferenceWriter {
 public:
  explicit DifferenceWriter(const DifferenceBounds& bounds) : bounds_(bounds), work_(bounds.work) {}

  void keep(std::string_view text) { operation_.retain(static_cast<std::int64_t>(utf16_length(text))); }

  // Line by line.
  void change_lines(std::string_view before, std::string_view after) {
    const auto old_lines = lines_of(before, bounds_.lines), new_lines = lines_of(after, bounds_.lines);
    if (!old_lines || !new_lines) return replace(before, after);
    walk(*old_lines, *new_lines, matching_parts(*old_lines, *new_lines, work_),
         [this](std::string_view a, std::string_view b) { change_words(a, b); });
  }

  TextOperation take() { return std::move(operation_); }

 private:
  template <class Change>
  void walk(const Parts& before, const Parts& after, const std::vector<SequenceMatch>& matches,
            const Change& change) {
    std::size_t x = 0, y = 0;
    const auto gap = [&](std::size_t to_x, std::size_t to_y) {
      change(before.text.substr(before.begins[x], before.begins[to_x] - before.begins[x]),
             after.text.substr(after.begins[y], after.begins[to_y] - after.begins[y]));
    };
    for (const auto& match : matches) {
      gap(match.from_first, match.from_second);
      x = match.from_first + match.length;
      y = match.from_second + match.length;
      keep(before.text.substr(before.begins[match.from_first],
                              before.begins[x] - before.begins[match.from_first]));
    }
    gap(before.count(), after.count());
  }

  void change_words(std::string_view before, std::string_view after) {
    if (before.empty() || after.empty()) return replace(before, after);
    const auto old_words = words_of(before, bounds_.words), new_words = words_of(after, bounds_.words);
    if (!old_words || !new_words) return replace(before, after);
    auto matches = matching_parts(*old_words, *new_words, work_);
    // Between two changes, what keeps no name is not worth runs of its own: a rewritten line would become
    // confetti.
    std::erase_if(matches, [&](const SequenceMatch& match) {
      const auto begin = old_words->begins[match.from_first];
      const auto kept = before.substr(begin, old_words->begins[match.from_first + match.length] - begin);
      return std::ranges::none_of(
          kept, [](char c) { return is_word_byte(c) || static_cast<unsigned char>(c) >= 0x80; });
    });
    walk(*old_words, *new_words, matches, [this](std::string_view a, std::string_view b) { replace(a, b); });
  }

  // As one piece, but for what it has in common at its ends.
  void replace(std::string_view before, std::string_view after) {
    const auto prefix = common_prefix(before, after);
    keep(before.substr(0, prefix));
    before.remove_prefix(prefix);
    after.remove_prefix(prefix);
    const auto suffix = common_suffix(before, after);
    operation_.insert(std::string(after.substr(0, after.size() - suffix)));
    operation_.remove(static_cast<std::int64_t>(utf16_length(before.substr(0, before.size() - suffix))));
    keep(before.substr(before.size() - suffix));
  }

  const DifferenceBounds& bounds_;
  std::size_t work_;
  TextOperation operation_;
};

}  // namespace

TextOperation short_difference(std::string_view before, std::string_view after, DifferenceBounds bounds) {
  // Whole lines that both begin and end with are not even counted.
  auto prefix = common_prefix(before, after);
  if (prefix < before.size() || prefix < after.size()) {
    const auto line = before.substr(0, prefix).rfind('\n');
    prefix = line == before.npos ? 0 : line + 1;
  }
  auto suffix = common_suffix(before.substr(prefix), after.substr(prefix));
  const auto tail = before.substr(before.size() - suffix);
  if (suffix < before.size() - prefix || suffix < after.size() - prefix) {
    const auto line = tail.find('\n');
    suffix = line == tail.npos ? 0 : suffix - line - 1;
  }
  DifferenceWriter writer(bounds);
  writer.keep(before.substr(0, prefix));
  writer.change_lines(before.substr(prefix, before.size() - suffix - prefix),
                      after.substr(prefix, after.size() - suffix - prefix));
  writer.keep(before.substr(before.size() - suffix));
  return writer.take();
}

}  // namespace berth::protocol
