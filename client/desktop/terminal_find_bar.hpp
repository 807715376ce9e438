// SPDX-License-Identifier: GPL-3.0-or-later
// Find in all that a terminal keeps: over its cells, so that showing it does not give the program another
// size.
#pragma once

#include <QFrame>
#include <QTimer>

#include "client/desktop/terminal_text.hpp"

class QLabel;
class QLineEdit;
class QToolButton;

namespace berth::desktop {

class TerminalOverlay;
class TerminalSurface;

class TerminalFindBar : public QFrame {
  Q_OBJECT

 public:
  /// A child of `parent`, at the top right of it.
  TerminalFindBar(TerminalSurface* surface, TerminalOverlay* overlay, QWidget* parent);

  /// Shows it, with the selected text as what to find where that is of one line.
  void open();
  void close();
  /// 1: downwards, -1: upwards, from the one that is shown.
  void step(int direction);
  /// Output was shown, or the cells moved.
  void refreshSoon();
  /// `parent` has another size.
  void place();

  const TerminalMatches& matches() const { return matches_; }
  /// Of matches(); -1: none.
  int current() const { return current_; }

 Q_SIGNALS:
  void closed();

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  TerminalSearch search() const;
  void typed();
  void look();
  void show(int index);
  void refreshCount();
  void markShown();

  TerminalSurface* surface_;
  TerminalOverlay* overlay_;
  QLineEdit* field_;
  QToolButton* case_;
  QToolButton* words_;
  QToolButton* expression_;
  QLabel* count_;
  QTimer due_;
  TerminalMatches matches_;
  int current_ = -1;
};

}  // namespace berth::desktop
