// SPDX-License-Identifier: GPL-3.0-or-later
// Between the terminal's output and QTermWidget: removes the sequences that it would show as text or misread,
// answers the questions it does not know, and passes all else untouched. Sequences may be cut anywhere
// between two pieces.
#pragma once

#include <QByteArray>
#include <QColor>

namespace berth::desktop {

class EscapeFilter {
 public:
  struct Output {
    QByteArray show;    // for the widget
    QByteArray answer;  // for the program
  };
  /// The colours that OSC 10 and 11 are answered with.
  void setColors(const QColor& foreground, const QColor& background);
  Output feed(const QByteArray& bytes);
  /// Forgets a sequence that was cut: the screen was reset.
  void reset();

 private:
  enum class State { text, escape, csi, string, string_escape };
  void finishControl(char final, Output& out);
  void finishString(Output& out);
  QByteArray colorAnswer(int code, const QColor& color) const;

  static constexpr qsizetype longest = 4096;  // bytes of one sequence that are kept
  State state_ = State::text;
  char kind_ = 0;  // of a string: ] P _ ^ X
  QByteArray pending_;
  QColor foreground_;
  QColor background_;
};

}  // namespace berth::desktop
