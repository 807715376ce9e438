// SPDX-License-Identifier: GPL-3.0-or-later
// Where in a terminal's lines prompts and links are. Lines are numbered from the oldest that is kept, so the
// numbers shrink when lines are dropped. Pure.
#pragma once

#include <QByteArray>
#include <QPoint>
#include <QRect>
#include <optional>
#include <vector>

namespace berth::desktop {

struct PromptMark {
  enum class State { prompt, running, succeeded, failed, ended };  // `ended`: with a code that nobody told
  int line;
  State state = State::prompt;
  int exit_code = -1;
};

struct LinkMark {
  QPoint begin;  // x: column, y: line
  QPoint end;    // behind the last cell
  QByteArray target;
  bool alternate = false;
};

class TerminalMarks {
 public:
  /// Marks at and below the line are gone: it is written anew.
  void beginPrompt(int line);
  void commandStarted();
  void commandFinished(int exit_code);
  const std::vector<PromptMark>& prompts() const { return prompts_; }
  std::optional<int> promptBefore(int line) const;
  std::optional<int> promptAfter(int line) const;
  const PromptMark* promptAt(int line) const;

  /// A link's text begins; "" ends it.
  void link(const QPoint& at, const QByteArray& target, bool alternate);
  bool hasLinks() const { return !links_.empty() || open_; }
  const LinkMark* linkAt(const QPoint& cell, bool alternate) const;

  /// Lines from this one on were written anew.
  void rewound(int line);
  void leaveAlternate();
  /// The oldest `lines` are gone.
  void shrink(int lines);
  void clear();

 private:
  static constexpr std::size_t most = 5'000;
  std::vector<PromptMark> prompts_;  // by line
  std::vector<LinkMark> links_;
  std::optional<LinkMark> open_;
};

/// The rectangles of cells that a link covers on lines of so many columns: x and width in columns, y a line.
std::vector<QRect> link_rows(const LinkMark& link, int columns);

}  // namespace berth::desktop
