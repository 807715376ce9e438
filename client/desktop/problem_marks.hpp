// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong in a text by its last run, marked below the words, beside their line and in the minimap; the
// pointer over a mark says what.
#pragma once

#include <QList>

#include "client/core/problem_matcher.hpp"
#include "client/desktop/editor_feature.hpp"

namespace berth::desktop {

class ProblemMarks : public EditorFeature {
  Q_OBJECT

 public:
  static constexpr int error_indicator = 10;  // Scintilla's numbers
  static constexpr int warning_indicator = 11;
  static constexpr int warning_marker = 14;
  static constexpr int error_marker = 15;

  explicit ProblemMarks(CodeEditor* editor);
  /// All of this text; they move with it from then on.
  void set(const QList<client::Problem>& problems);
  /// What is said at this place of the viewport, a line for each; "" where nothing is.
  QString textAt(const QPoint& place) const;
  /// Of all that is wrong in this line (from 0).
  QString textOfLine(long line) const;
  /// Where it is now, from 1: marks move with the text. What is not of this text stays where it was told.
  int lineNow(const client::Problem& problem) const;

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void show();
  void applyTheme();
  void mark(qsizetype number);

  QList<client::Problem> problems_;
  QList<long> markers_;  // Scintilla's handle of each problem's; -1 where it has no line
};

}  // namespace berth::desktop
