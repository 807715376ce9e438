// SPDX-License-Identifier: GPL-3.0-or-later
// Which lines of a text fold below which: each line's depth, by the regions of its language or by its
// indentation. A line heads a fold where the next one is deeper. No widgets.
#pragma once

#include <string_view>
#include <vector>

namespace berth::desktop {

/// Depths by indentation (columns), one a line. Blank lines are as deep as the next one with text, so that
/// they stand outside of a block that ends above them. `comment`: what begins a comment line, which may stand
/// less deep than what is around it; "" for none.
std::vector<int> depths_by_indentation(std::string_view text, int tab_width, std::string_view comment);

/// Regions that are open, the outermost first, as lines go by.
class OpenRegions {
 public:
  /// `folds`: regions that a line ends (negative), then those that it begins. Returns the line's depth: that
  /// of its shallowest place, so "} else {" belongs to no block.
  int pass(const std::vector<int>& folds);
  int depth() const { return static_cast<int>(open_.size()); }

 private:
  std::vector<int> open_;
};

}  // namespace berth::desktop
