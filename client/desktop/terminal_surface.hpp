// SPDX-License-Identifier: GPL-3.0-or-later
// QTermWidget as this program uses it: fed directly, sized in cells, asked where its cursor is and what
// stands there. All that depends on its insides is in this class, and is checked when the first one is made.
#pragma once

#include <QColor>
#include <QFont>
#include <QObject>
#include <QPoint>
#include <QRect>
#include <QSize>
#include <string>

#include "client/desktop/stand_ins.hpp"
#include "client/desktop/terminal_text.hpp"

class QScrollBar;
class QTermWidget;

namespace berth::desktop {

class TerminalSurface : public QObject {
  Q_OBJECT

 public:
  /// `history`: lines that are kept above the screen.
  TerminalSurface(int history, QWidget* parent);

  QTermWidget* widget() { return widget_; }
  /// The part with the cells, which has the keyboard.
  QWidget* display() { return display_; }
  QScrollBar* scrollBar() { return scroll_bar_; }

  /// Shows output; at most some 16 KiB a call keep the window alive.
  void feed(const QByteArray& bytes);
  /// What it can't show by itself: painted over it by stand_in_paint.hpp.
  const StandIns& standIns() const { return stand_ins_; }
  /// The display has other cells.
  void resized();
  /// All that is shown is void.
  void beginAnew();
  bool isFeeding() const { return feeding_; }

  QColor background() const;                  // of cells without a colour of their own
  QSize cells() const;                        // columns × rows
  QSize cellPixels() const;                   // of one cell
  QSize pixelsFor(const QSize& cells) const;  // that widget() needs
  QSize cellsIn(const QSize& pixels) const;   // that fit a widget() of this size
  QRect rect(int row, int column,
             int columns) const;  // of cells of the screen, in display(), where unscrolled

  QPoint cursor() const;  // x: column, y: row of the screen
  /// The cursor's line by columns: ' ' where nothing is, 0 in the right half of a wide character.
  std::u32string cursorLine() const;
  /// Brings what is drawn up to what was fed; by itself that takes the emulation up to 40 ms.
  void refresh() const;

  /// Lines are counted from the oldest that is kept.
  int historyLines() const;
  int cursorLineNumber() const { return historyLines() + cursor().y(); }
  int topLine() const;  // the first that is shown
  bool isScrolledBack() const;
  void scrollTo(int line);
  void scrollToEnd();
  /// Lines drop at the top from now on, and their numbers shrink unnoticed. (A shorter history can't be asked
  /// for: QTermWidget 2.1 keeps the oldest lines then.)
  bool isFull() const;

  QString text() const;  // of all lines
  /// All lines with their rows, from the oldest; a selection may be gone behind it.
  std::vector<TextLine> lines() const;
  /// Scrolls there and selects it.
  void select(const TerminalMatch& match);
  void clearSelection();
  bool hasSelection() const;
  /// What is drawn now, from the top: a row's text and the column of each of its UTF-16 units.
  struct ShownRow {
    QString text;
    std::vector<int> columns;
    int width = 0;  // behind its last character
  };
  std::vector<ShownRow> shownRows() const;
  QString selectedText() const;
  void setTerminalFont(const QFont& font);

 Q_SIGNALS:
  /// Stand-ins may have come into sight.
  void standInsMoved();

 private:
  void mendSelection();
  void lookForStandIns();
  QWidget* display_ = nullptr;
  QTermWidget* widget_;
  QObject* session_ = nullptr;    // the Konsole::Session inside
  QObject* emulation_ = nullptr;  // the Konsole::Emulation inside
  QScrollBar* scroll_bar_ = nullptr;
  StandIns stand_ins_;
  const int history_;
  bool feeding_ = false;
  bool was_back_ = false;  // scrolled back
};

}  // namespace berth::desktop
