// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/fold_levels.hpp"

#include <algorithm>

namespace berth::desktop {
namespace {

constexpr int deepest_column = 2'000;
constexpr std::size_t most_open_regions = 2'000;

}  // namespace

std::vector<int> depths_by_indentation(std::string_view text, int tab_width, std::string_view comment) {
  constexpr int blank = -1;
  std::vector<int> depths;
  std::vector<bool> is_comment;
  const auto tab = std::max(1, tab_width);
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    auto line = text.substr(begin, end - begin);
    int columns = 0;
    while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) {
      columns += line.front() == '\t' ? tab - columns % tab : 1;
      line.remove_prefix(1);
    }
    depths.push_back(line.empty() || line == "\r" ? blank : std::min(columns, deepest_column));
    is_comment.push_back(!comment.empty() && line.starts_with(comment));
    begin = end + 1;
  }
  int next = 0;
  for (auto at = depths.size(); at-- > 0;) {
    if (depths[at] == blank)
      depths[at] = next;
    else if (is_comment[at])
      depths[at] = std::max(depths[at], next);
    next = depths[at];
  }
  return depths;
}

int OpenRegions::pass(const std::vector<int>& folds) {
  auto least = depth();
  for (const int fold : folds) {
    if (fold > 0) {
      if (open_.size() < most_open_regions) open_.push_back(fold);
      continue;
    }
    // What a broken text left open within ends with it; an end of nothing is none.
    const auto begun = std::find(open_.rbegin(), open_.rend(), -fold);
    if (begun == open_.rend()) continue;
    open_.erase(std::next(begun).base(), open_.end());
    least = std::min(least, depth());
  }
  return least;
}

}  // namespace berth::desktop
