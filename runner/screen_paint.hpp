// SPDX-License-Identifier: GPL-3.0-or-later
// The bytes that paint a terminal's screen on an emulator that was just reset: its history, both screens, and
// then the state in which what the program writes next does the same as it would have done there.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "runner/screen_model.hpp"

namespace berth::runner {

/// Taken piece by piece; what the model is fed meanwhile changes nothing.
class ScreenPaint {
 public:
  /// With at most so many rows of the history, the newest ones. The model's incomplete() bytes have to come
  /// again after it, unless it ends about where they do (`within_sequence`).
  ScreenPaint(const ScreenModel& model, std::size_t scrollback, bool within_sequence);
  bool done() const { return rows_left_ == 0 && taken_ == ready_.size(); }
  /// At most `limit` bytes, at least one unless done.
  std::string take(std::size_t limit);

 private:
  void paint_history_row();

  ScreenHistory history_;
  ScreenHistory::Place place_;
  std::size_t rows_left_;
  RowText row_, next_;  // the row to be painted and the one after it
  std::vector<std::string> links_;
  int columns_;
  std::string ready_, rest_;
  std::size_t taken_ = 0;
  bool goes_on_ = false;  // the row goes on where the one before wrapped
  bool in_line_ = true;   // and rows of its line are all as wide as the screen: it begins in the first column
};

/// All of it at once.
std::string screen_repaint(const ScreenModel& model, std::size_t scrollback = ScreenModel::most_scrollback);

}  // namespace berth::runner
