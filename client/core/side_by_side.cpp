// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/side_by_side.hpp"

#include <algorithm>
#include <dtl/dtl.hpp>
#include <unordered_map>
#include <utility>

namespace berth::client {
namespace {

constexpr std::size_t most_compared = 20'000;       // lines of one side that the other has too
constexpr std::size_t longest_worded_line = 2'000;  // bytes of a line whose words are compared

using Pieces = std::vector<std::string_view>;
using Pair = std::pair<std::size_t, std::size_t>;  // indices of equal pieces, left and right

Pieces compared_lines_of(std::string_view text) {
  Pieces lines;
  if (text.empty()) return lines;
  for (std::size_t begin = 0;;) {
    const auto end = text.find('\n', begin);
    lines.push_back(text.substr(begin, end - begin));
    if (end == std::string_view::npos) return lines;
    begin = end + 1;
  }
}

bool in_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
         (c >= 'A' && c <= 'Z');
}

Pieces words_of(std::string_view line) {
  Pieces words;
  for (std::size_t begin = 0, end = 0; begin < line.size(); begin = end) {
    end = begin + 1;
    if (in_word(line[begin]))
      while (end < line.size() && in_word(line[end])) ++end;
    words.push_back(line.substr(begin, end - begin));
  }
  return words;
}

/// Equal pieces between `begin` and the ends, in order.
void add_common(const Pieces& left, const Pieces& right, Pair begin, Pair end, std::vector<Pair>& common) {
  // Pieces that the other side lacks can't be common: without them a rewritten file costs nothing.
  std::unordered_map<std::string_view, int> ids;
  for (auto i = begin.first; i < end.first; ++i) ids.emplace(left[i], static_cast<int>(ids.size()));
  std::vector<bool> shared(ids.size(), false);
  std::vector<int> numbers[2];
  std::vector<std::size_t> places[2];
  for (auto i = begin.second; i < end.second; ++i) {
    const auto known = ids.find(right[i]);
    if (known == ids.end()) continue;
    shared[static_cast<std::size_t>(known->second)] = true;
    numbers[1].push_back(known->second);
    places[1].push_back(i);
  }
  for (auto i = begin.first; i < end.first; ++i) {
    const auto id = ids.at(left[i]);
    if (!shared[static_cast<std::size_t>(id)]) continue;
    numbers[0].push_back(id);
    places[0].push_back(i);
  }
  if (numbers[0].size() + numbers[1].size() > 2 * most_compared) return;
  if (numbers[0].empty() || numbers[1].empty()) return;
  dtl::Diff<int, std::vector<int>> diff(numbers[0], numbers[1]);
  diff.compose();
  std::size_t i = 0;
  std::size_t j = 0;
  for (const auto& step : diff.getSes().getSequence()) {
    if (step.second.type == dtl::SES_COMMON) common.emplace_back(places[0][i], places[1][j]);
    if (step.second.type != dtl::SES_ADD) ++i;
    if (step.second.type != dtl::SES_DELETE) ++j;
  }
}

std::vector<Pair> common_pieces(const Pieces& left, const Pieces& right) {
  std::vector<Pair> common;
  const auto shorter = std::min(left.size(), right.size());
  std::size_t first = 0;
  while (first < shorter && left[first] == right[first]) {
    common.emplace_back(first, first);
    ++first;
  }
  std::size_t last = 0;
  while (last < shorter - first && left[left.size() - 1 - last] == right[right.size() - 1 - last]) ++last;
  add_common(left, right, {first, first}, {left.size() - last, right.size() - last}, common);
  for (; last > 0; --last) common.emplace_back(left.size() - last, right.size() - last);
  return common;
}

class Layout {
 public:
  Layout(Pieces left, Pieces right) : left_(std::move(left)), right_(std::move(right)) {}

  SideBySide make() {
    std::size_t i = 0;
    std::size_t j = 0;
    auto common = common_pieces(left_, right_);
    common.emplace_back(left_.size(), right_.size());
    for (const auto& [equal_left, equal_right] : common) {
      while (i < equal_left || j < equal_right) {
        const bool has_left = i < equal_left;
        const bool has_right = j < equal_right;
        if (has_left && has_right) mark_words(left_[i], right_[j]);
        add(out_.left, has_left ? &left_[i] : nullptr, i);
        add(out_.right, has_right ? &right_[j] : nullptr, j);
        out_.changed.push_back(true);
      }
      if (equal_left == left_.size() || equal_right == right_.size()) break;
      add(out_.left, &left_[i], i);
      add(out_.right, &right_[j], j);
      out_.changed.push_back(false);
    }
    // A line break between rows, none after the last.
    for (auto* side : {&out_.left, &out_.right})
      if (!side->text.empty()) side->text.pop_back();
    return std::move(out_);
  }

 private:
  static void add(SideBySide::Side& side, const std::string_view* line, std::size_t& at) {
    side.numbers.push_back(line ? static_cast<int>(++at) : 0);
    if (line) {
      auto shown = *line;
      if (shown.ends_with('\r')) shown.remove_suffix(1);
      const auto begin = side.text.size();
      side.text += shown;
      std::replace(side.text.begin() + static_cast<std::ptrdiff_t>(begin), side.text.end(), '\r', ' ');
    }
    side.text += '\n';
  }

  void mark_words(std::string_view left, std::string_view right) {
    if (left.ends_with('\r')) left.remove_suffix(1);
    if (right.ends_with('\r')) right.remove_suffix(1);
    if (left.size() > longest_worded_line || right.size() > longest_worded_line) return;
    const auto left_words = words_of(left);
    const auto right_words = words_of(right);
    std::vector<bool> left_common(left_words.size(), false);
    std::vector<bool> right_common(right_words.size(), false);
    for (const auto& [i, j] : common_pieces(left_words, right_words)) left_common[i] = right_common[j] = true;
    mark(out_.left, left, left_words, left_common);
    mark(out_.right, right, right_words, right_common);
  }

  /// Neighbours become one span.
  static void mark(SideBySide::Side& side, std::string_view line, const Pieces& words,
                   const std::vector<bool>& common) {
    std::size_t span_end = std::string_view::npos;
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (common[i]) continue;
      const auto begin = side.text.size() + static_cast<std::size_t>(words[i].data() - line.data());
      if (begin == span_end) {
        side.words.back().length += words[i].size();
      } else {
        side.words.push_back({begin, words[i].size()});
      }
      span_end = begin + words[i].size();
    }
  }

  Pieces left_;
  Pieces right_;
  SideBySide out_;
};

/// Goes through one side of a comparison row by row.
class SideRows {
 public:
  explicit SideRows(const SideBySide::Side& side) : side_(side) {
    begins_.push_back(0);
    for (std::size_t at = 0; (at = side.text.find('\n', at)) != std::string::npos;) begins_.push_back(++at);
  }

  int number(std::size_t row) const { return side_.numbers[row]; }

  void add(std::size_t row, InlineDifference& out) const {
    const auto begin = begins_[row];
    const auto end = row + 1 < begins_.size() ? begins_[row + 1] - 1 : side_.text.size();
    auto word = std::ranges::lower_bound(side_.words, begin, {}, &SideBySide::Span::begin);
    for (; word != side_.words.end() && word->begin < end; ++word)
      out.words.push_back({out.text.size() + word->begin - begin, word->length});
    out.text.append(side_.text, begin, end - begin);
    out.text += '\n';
  }

 private:
  const SideBySide::Side& side_;
  std::vector<std::size_t> begins_;  // of rows, in bytes
};

}  // namespace

InlineDifference inline_difference(const SideBySide& sides) {
  using Kind = InlineDifference::Kind;
  InlineDifference out;
  const SideRows left(sides.left);
  const SideRows right(sides.right);
  const auto add = [&](const SideRows& side, std::size_t row, Kind kind) {
    side.add(row, out);
    out.kinds.push_back(kind);
    out.left_numbers.push_back(kind == Kind::added ? 0 : left.number(row));
    out.right_numbers.push_back(kind == Kind::removed ? 0 : right.number(row));
  };
  const auto count = sides.changed.size();
  for (std::size_t row = 0; row < count;) {
    if (!sides.changed[row]) {
      add(right, row++, Kind::same);
      continue;
    }
    auto end = row;
    while (end < count && sides.changed[end]) ++end;
    for (auto at = row; at < end; ++at)
      if (left.number(at) != 0) add(left, at, Kind::removed);
    for (auto at = row; at < end; ++at)
      if (right.number(at) != 0) add(right, at, Kind::added);
    row = end;
  }
  if (!out.text.empty()) out.text.pop_back();
  return out;
}

SideBySide side_by_side(std::string_view left, std::string_view right) {
  return Layout(compared_lines_of(left), compared_lines_of(right)).make();
}

}  // namespace berth::client
