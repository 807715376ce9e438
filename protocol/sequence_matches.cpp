// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/sequence_matches.hpp"

#include <algorithm>
#include <optional>

namespace berth::protocol {
namespace {

using Numbers = std::span<const std::uint32_t>;

// Edits from either end after which the farthest point is good enough to split at.
constexpr std::ptrdiff_t patience = 1024;

struct Box {
  std::size_t first_begin, first_end, second_begin, second_end;
};

// A run of equal numbers, relative to the box, on a shortest path.
struct Snake {
  std::ptrdiff_t x, y, length;
};

// The farthest x on each diagonal k = x - y of a box; -1 where none was reached.
class FarthestPoints {
 public:
  void begin(std::ptrdiff_t most) {
    most_ = most + 1;
    values_.assign(static_cast<std::size_t>(2 * most_ + 1), -1);
  }
  std::ptrdiff_t& operator[](std::ptrdiff_t k) { return values_[static_cast<std::size_t>(k + most_)]; }
  std::ptrdiff_t at(std::ptrdiff_t k) const {
    return k < -most_ || k > most_ ? -1 : values_[static_cast<std::size_t>(k + most_)];
  }

 private:
  std::ptrdiff_t most_ = 0;
  std::vector<std::ptrdiff_t> values_;
};

class MiddleSearch {
 public:
  MiddleSearch(Numbers first, Numbers second, std::size_t& work)
      : first_(first), second_(second), work_(work) {}

  // A snake in the middle of a shortest path, or, after much of a way, one at the farthest point that was
  // reached from the start. nullopt when the work is used up. Neither side is empty; they differ at both
  // ends.
  std::optional<Snake> find(const Box& box) {
    box_ = box;
    width_ = static_cast<std::ptrdiff_t>(box.first_end - box.first_begin);
    height_ = static_cast<std::ptrdiff_t>(box.second_end - box.second_begin);
    const auto most = std::min((width_ + height_ + 1) / 2, patience);
    forward_.begin(most);
    backward_.begin(most);
    for (std::ptrdiff_t edits = 0; edits <= most; ++edits) {
      if (work_ == 0) return std::nullopt;
      if (auto snake = step(edits, forward_, backward_, false)) return snake;
      if (auto snake = step(edits, backward_, forward_, true)) return snake;
    }
    return farthest(most);
  }

 private:
  bool equal(std::ptrdiff_t x, std::ptrdiff_t y, bool backwards) const {
    if (backwards)
      return first_[box_.first_end - 1 - static_cast<std::size_t>(x)] ==
             second_[box_.second_end - 1 - static_cast<std::size_t>(y)];
    return first_[box_.first_begin + static_cast<std::size_t>(x)] ==
           second_[box_.second_begin + static_cast<std::size_t>(y)];
  }

  // One more edit on every diagonal, each followed by the equal numbers behind it. Backwards, x and y count
  // from the ends, so that a diagonal k meets the other search's `width - height - k`.
  std::optional<Snake> step(std::ptrdiff_t edits, FarthestPoints& mine, const FarthestPoints& others,
                            bool backwards) {
    const auto delta = width_ - height_;
    const auto low = std::max(-edits, -height_), high = std::min(edits, width_);
    for (auto k = low + ((edits - low) & 1); k <= high; k += 2) {
      std::ptrdiff_t x = edits == 0 ? 0 : -1;
      if (const auto left = mine.at(k - 1); left >= 0 && left < width_) x = left + 1;
      if (const auto above = mine.at(k + 1); above > x && above - (k + 1) < height_) x = above;
      if (x < 0) continue;
      const auto begin = x;
      while (x < width_ && x - k < height_ && equal(x, x - k, backwards)) ++x;
      spend(static_cast<std::size_t>(x - begin) + 1);
      mine[k] = x;
      const auto met = others.at(delta - k);
      if (met < 0 || x + met < width_) continue;
      if (backwards) return Snake{width_ - x, height_ - (x - k), x - begin};
      return Snake{begin, begin - k, x - begin};
    }
    return std::nullopt;
  }

  Snake farthest(std::ptrdiff_t most) const {
    Snake best{0, 0, 0};
    for (auto k = -most; k <= most; ++k)
      if (const auto x = forward_.at(k); x >= 0 && 2 * x - k > best.x + best.y) best = {x, x - k, 0};
    return best;
  }

  void spend(std::size_t steps) { work_ -= std::min(work_, steps); }

  Numbers first_, second_;
  std::size_t& work_;
  Box box_{};
  std::ptrdiff_t width_ = 0, height_ = 0;
  FarthestPoints forward_, backward_;
};

}  // namespace

std::vector<SequenceMatch> sequence_matches(Numbers first, Numbers second, std::size_t& work) {
  std::vector<SequenceMatch> matches;
  MiddleSearch search(first, second, work);
  std::vector<Box> boxes{{0, first.size(), 0, second.size()}};
  while (!boxes.empty()) {
    auto box = boxes.back();
    boxes.pop_back();
    std::size_t same = 0;
    while (box.first_begin + same < box.first_end && box.second_begin + same < box.second_end &&
           first[box.first_begin + same] == second[box.second_begin + same])
      ++same;
    if (same > 0) matches.push_back({box.first_begin, box.second_begin, same});
    box.first_begin += same;
    box.second_begin += same;
    same = 0;
    while (box.first_end - same > box.first_begin && box.second_end - same > box.second_begin &&
           first[box.first_end - 1 - same] == second[box.second_end - 1 - same])
      ++same;
    box.first_end -= same;
    box.second_end -= same;
    if (same > 0) matches.push_back({box.first_end, box.second_end, same});
    if (box.first_begin == box.first_end || box.second_begin == box.second_end) continue;
    const auto snake = search.find(box);
    if (!snake) continue;  // replaced as one piece
    const auto x = box.first_begin + static_cast<std::size_t>(snake->x);
    const auto y = box.second_begin + static_cast<std::size_t>(snake->y);
    const auto length = static_cast<std::size_t>(snake->length);
    if (length > 0) matches.push_back({x, y, length});
    boxes.push_back({x + length, box.first_end, y + length, box.second_end});
    boxes.push_back({box.first_begin, x, box.second_begin, y});
  }
  std::ranges::sort(matches, {}, &SequenceMatch::from_first);
  std::vector<SequenceMatch> joined;
  for (const auto& match : matches) {
    if (!joined.empty() && joined.back().from_first + joined.back().length == match.from_first &&
        joined.back().from_second + joined.back().length == match.from_second) {
      joined.back().length += match.length;
    } else {
      joined.push_back(match);
    }
  }
  return joined;
}

}  // namespace berth::protocol
