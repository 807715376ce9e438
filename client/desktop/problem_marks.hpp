// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong in a text by its last run, marked below the words; the pointer over them says what.
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

  explicit ProblemMarks(CodeEditor* editor);
  /// All of this text; they move with it from then on.
  void set(const QList<client::Problem>& problems);
  /// What is said at this place of the viewport, a line for each; "" where nothing is.
  QString textAt(const QPoint& place) const;

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void show();
  void applyTheme();

  QList<client::Problem> problems_;
};

}  // namespace berth::desktop
