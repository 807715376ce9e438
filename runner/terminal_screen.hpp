// SPDX-License-Identifier: GPL-3.0-or-later
// A terminal's screen model behind its output: it lags, so that bytes go to viewers first, is made when first
// needed, and never lets the ring drop bytes that it has not seen. No I/O.
#pragma once

#include <chrono>
#include <deque>
#include <optional>

#include "runner/screen_paint.hpp"
#include "runner/terminal_output.hpp"

namespace berth::runner {

class TerminalScreen {
 public:
  /// Further behind the model is overdue(); from half of it on it takes a piece with each output, so that
  /// nobody waits long for it.
  static constexpr std::size_t longest_lag = 256u << 10;
  static constexpr std::size_t piece = 64u << 10;
  /// A turn of keep_up() and follow() ends after about this long: a few bytes can be much work.
  static constexpr std::chrono::milliseconds turn{5};

  TerminalScreen(int columns, int rows, std::size_t scrollback)
      : columns_(columns), rows_(rows), scrollback_(scrollback) {}

  /// The terminal has another size from here on.
  void resize(const TerminalOutput& output, int columns, int rows);
  /// New output, at most a piece: takes some of what has lagged too far.
  void keep_up(const TerminalOutput& output);
  /// Takes a piece of what it lacks; true when that was all.
  bool follow(const TerminalOutput& output);
  /// Nothing more should be read before it has followed.
  bool overdue(const TerminalOutput& output) const { return output.end() - seen_ > longest_lag; }
  bool behind(const TerminalOutput& output) const { return seen_ < output.end(); }

  struct Painted {
    ScreenPaint paint;
    std::uint64_t offset;  // the byte of the output that belongs after it
  };
  /// All of the output as a screen. Where it ends within a sequence, that comes again after the paint.
  Painted paint(const TerminalOutput& output, std::size_t scrollback);
  /// Bytes of memory, about.
  std::size_t allocated() const;

 private:
  struct Size {
    std::uint64_t offset;
    int columns, rows;
  };
  using Clock = std::chrono::steady_clock;
  void take(const TerminalOutput& output, Clock::time_point until = Clock::time_point::max());

  int columns_, rows_;  // at `seen_`
  const std::size_t scrollback_;
  std::optional<ScreenModel> model_;
  std::uint64_t seen_ = 0;
  std::deque<Size> sizes_;  // that are to come, by offset
};

}  // namespace berth::runner
