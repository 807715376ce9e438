// SPDX-License-Identifier: GPL-3.0-or-later
// Several cursors at once: at the next or all places of what is selected, above and below, as a column.
#pragma once

#include <QPoint>
#include <optional>

#include "client/desktop/editor_feature.hpp"

namespace berth::desktop {

class MultipleCursors : public EditorFeature {
  Q_OBJECT

 public:
  explicit MultipleCursors(CodeEditor* editor);
  /// Selects the word at the cursor, then one more place of what is selected at each call, around the end.
  void addNext();
  void addAll();
  void addBeside(bool below);
  /// Takes the cursor that came last away again.
  void dropLast();
  /// At the end of each selected line.
  void addAtLineEnds();

  /// Takes the cursor there away, or puts one there; `at` in the viewport.
  void toggleAt(const QPoint& at);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  /// False where there is nothing to look for.
  bool selectWord();
  void lookEverywhere();

  std::optional<QPoint> pressed_;       // with Alt, and not moved yet
  bool whole_words_ = false;            // what is looked for began as a word at a cursor
  std::pair<long, long> word_{-1, -1};  // that one, in bytes
};

}  // namespace berth::desktop
