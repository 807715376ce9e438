// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/terminal_screen.hpp"

#include <algorithm>
#include <utility>

namespace berth::runner {

void TerminalScreen::resize(const TerminalOutput& output, int columns, int rows) {
  if (!sizes_.empty() && sizes_.back().offset == output.end())
    sizes_.back() = {output.end(), columns, rows};
  else
    sizes_.push_back({output.end(), columns, rows});
}

/// At most a piece, up to where the size changes, and not for much longer than `until`.
void TerminalScreen::take(const TerminalOutput& output, Clock::time_point until) {
  if (!model_) model_.emplace(columns_, rows_, scrollback_);
  for (; !sizes_.empty() && sizes_.front().offset <= seen_; sizes_.pop_front()) {
    columns_ = sizes_.front().columns;
    rows_ = sizes_.front().rows;
    model_->resize(columns_, rows_);
  }
  auto end = std::min<std::uint64_t>(output.end(), seen_ + piece);
  if (!sizes_.empty()) end = std::min(end, sizes_.front().offset);
  if (end == seen_) return;
  const auto bytes = output.bytes(seen_, static_cast<std::size_t>(end - seen_));
  std::string_view left = bytes;
  do left.remove_prefix(model_->feed_some(left));
  while (!left.empty() && Clock::now() < until);
  seen_ = end - left.size();
}

void TerminalScreen::keep_up(const TerminalOutput& output) {
  if (output.end() - seen_ > longest_lag / 2) take(output, Clock::now() + turn);
  // Who reads on nevertheless (what a program wrote last) waits rather than that the ring forgets it.
  while (output.end() - seen_ > TerminalOutput::ring_capacity - piece) take(output);
}

bool TerminalScreen::follow(const TerminalOutput& output) {
  take(output, Clock::now() + turn);
  return !behind(output) && sizes_.empty();
}

TerminalScreen::Painted TerminalScreen::paint(const TerminalOutput& output, std::size_t scrollback) {
  do take(output);
  while (behind(output) || !sizes_.empty());
  const auto again = model_->incomplete();
  // What can't come again (a string so long that the ring has lost its beginning) is begun by the paint
  // instead.
  const bool whole = again > 0 && output.has(output.end() - again);
  return {ScreenPaint(*model_, scrollback, !whole), whole ? output.end() - again : output.end()};
}

std::size_t TerminalScreen::allocated() const {
  if (!model_) return 0;
  const auto cells = model_->main_rows().size() + model_->alternate_rows().size();
  return model_->history().allocated() + cells * static_cast<std::size_t>(model_->columns()) * sizeof(Cell);
}

}  // namespace berth::runner
