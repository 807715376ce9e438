// SPDX-License-Identifier: GPL-3.0-or-later
// One terminal on the screen: a TerminalSurface fed in small pieces so that a flood never freezes the window,
// with what the window makes of its output: links, prompts, predictions, a size shared with other windows.
// terminal_view_input.cpp has keys, mouse and pasting.
#pragma once

#include <QElapsedTimer>
#include <QHash>
#include <QPointer>
#include <QUrl>
#include <QWidget>
#include <functional>
#include <optional>

#include "client/core/terminal.hpp"
#include "client/desktop/escape_filter.hpp"
#include "client/desktop/terminal_links.hpp"
#include "client/desktop/terminal_marks.hpp"

class QKeyEvent;
class QMenu;
class QMimeData;
class QMouseEvent;
class QScrollArea;
class QWheelEvent;
class QTermWidget;

namespace berth::desktop {

class MessageBar;
class TerminalEcho;
class TerminalFindBar;
class TerminalGutter;
class TerminalOverlay;
class TerminalSurface;

class TerminalView : public QWidget {
  Q_OBJECT

 public:
  /// `fresh`: this window has just opened the terminal and takes all its bytes; others begin with its screen.
  TerminalView(client::Terminal* terminal, bool fresh, QWidget* parent = nullptr);

  client::Terminal* terminal() { return terminal_; }
  QTermWidget* widget();
  TerminalSurface* surface() { return surface_; }
  TerminalOverlay* overlay() { return overlay_; }
  TerminalEcho* echo() { return echo_; }
  MessageBar* bar() { return bar_; }
  QWidget* sizeStrip() { return strip_; }
  const TerminalMarks& marks() const { return marks_; }
  /// All lines that are kept, for tests and for copying.
  QString allText() const;
  /// Where its shell is, absolute; empty where that is unknown.
  QString directory() const;
  /// How large a terminal in an area of this size would be.
  static QSize cellsFor(const QSize& pixels);
  /// Lines that are kept above the screen, by the settings.
  static int scrollback();
  static int fontSize();  // px
  /// For all terminals; it roams.
  static void enlarge(int by);
  static void usualSize();
  /// The link in this cell of what is shown now; empty where there is none.
  QUrl linkAt(const QPoint& pixels) const;

  /// This person's role in the workspace may be another one now.
  void refreshRole();

  void copy();
  void paste();
  void find();
  TerminalFindBar* findBar() { return find_bar_; }
  /// Asks first where the program would run its lines.
  void pasteText(QString text);
  /// Text as if it were typed, where the program takes it as pasted; asks nothing.
  void insert(const QString& text);
  /// One of several: `current` has a line over it.
  void setMark(bool several, bool current);
  /// How a name in its text becomes a file: calls back with the path below home, or "" where none is there.
  using FileCheck = std::function<void(const QString& name, std::function<void(const QString& path)>)>;
  void setFileCheck(FileCheck check) { file_check_ = std::move(check); }
  /// The addresses and places in files that can be seen, the newest first.
  QList<TextLink> shownLinks() const;
  static bool copiesOnSelection();
  /// What it opens for it.
  void openText(const TextLink& link);
  /// Scrolls to the prompt before (-1) or after (1) the first line that is shown.
  void jumpToPrompt(int direction);

 Q_SIGNALS:
  void closeWanted();
  void restartWanted();
  void directoryChanged();
  /// A program wants this text on the clipboard; nobody was asked yet.
  void clipboardWanted(const QString& text);
  void linkActivated(const QUrl& target);
  /// Of a place in a file; `line` and `column` from 1, 0 where none is named.
  void fileActivated(const QString& path, int line, int column);
  /// Something was dropped on it; handled before this returns.
  void dropped(const QMimeData* data);
  /// The keys are for the pane in this direction; one of dx and dy is ±1.
  void paneWanted(int dx, int dy);
  /// The border of this pane is to move.
  void paneResizeWanted(int dx, int dy);
  void rang();
  /// Its menu is about to be shown; more can be put into it.
  void menuOpening(QMenu* menu);
  /// `exitCode` is -1 where the shell did not tell.
  void commandFinished(int exitCode, qint64 milliseconds);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private Q_SLOTS:
  void contentSizeChanged(int lines, int columns);

 private:
  void layOut();
  void listen();
  void applyTheme();
  void styleMark();
  void drain();
  void showOutput(const EscapeFilter::Output& out, bool painting);
  void onEvent(const EscapeFilter::Event& event, bool painting);
  void noteCommand(bool painted, int age);
  void onCommandFinished(int exitCode);
  void noteFullHistory();
  void beginAnew();
  void showPainted();
  void onInfo();
  void refit();
  void followSize();
  void showStrip(bool wanted);
  void onSend(const char* bytes, int length);
  void type(const QByteArray& keys);
  bool onKey(QKeyEvent* event);
  bool onMouse(QMouseEvent* event);
  void hover(const QPoint& pixels);
  /// The written link in this cell, and the cells that it covers.
  struct TextHit {
    TextLink link;
    QList<QRect> rows;
  };
  std::optional<TextHit> textAt(const QPoint& pixels) const;
  void hoverText(const QPoint& pixels);
  void checkFile(const QString& name, std::function<void(const QString& path)> done);
  void showLink(const QList<QRect>& rows, const QPoint& pixels, const QString& tip);
  enum class Zoom { none, in, out, usual };
  static bool isOwn(const QKeyEvent* event);
  static Zoom zoomOf(const QKeyEvent* event);
  static void zoom(Zoom zoom);
  bool onWheel(QWheelEvent* event);
  bool isForPanes(const QKeyEvent* event) const;
  bool onPane(const QKeyEvent* event);
  bool takesDrop(const QMimeData* data) const;
  void copySelection();
  const LinkMark* markAt(const QPoint& pixels) const;
  void openLink(const QUrl& target);
  void showEnd();
  void contextMenu(const QPoint& position);
  static void fillSchemes(QMenu* menu);
  void addEchoChoices(QMenu* menu);

  QPointer<client::Terminal> terminal_;
  TerminalMarks marks_;
  TerminalSurface* surface_;
  QScrollArea* scroll_;
  TerminalGutter* gutter_;
  TerminalOverlay* overlay_;
  TerminalEcho* echo_;
  MessageBar* bar_;
  TerminalFindBar* find_bar_;
  QWidget* mark_;  // the line over it
  QWidget* strip_;
  class QLabel* strip_text_;
  class QPushButton* strip_button_;
  EscapeFilter filter_;
  bool fresh_;
  bool told_watching_ = false;  // that keys of somebody who only watches go nowhere
  bool drain_scheduled_ = false;
  bool attached_ = false;
  bool resized_in_alternate_ = false;  // its main screen has lost lines
  bool torn_unseen_ = false;           // what came while this was hidden was made for another size
  bool marks_lost_ = false;            // their lines have other numbers now
  int font_size_ = 0;
  int wheeled_ = 0;       // with Ctrl, less than a notch; in eighths of a degree
  QString scheme_;        // whose colours it has
  bool several_ = false;  // panes are beside it
  bool current_ = false;  // of them it has the keys
  FileCheck file_check_;
  QHash<QString, QString> checked_;  // names in folders → paths below home
  QPoint hovered_{-1, -1};           // the cell under the mouse
  quint64 hovers_ = 0;               // an answer of an earlier one is not shown
  class QTimer* quiet_;              // after which marks that were lost are fetched anew
  class QTimer* unseen_;  // while a picture is painted unseen; at its end it is shown as far as it came
  QSize natural_;         // cells that this window has room for
  QSize shown_size_;      // of the terminal, as last heard
  std::optional<std::uint64_t> size_due_;  // offset of output that the new size comes after
  QByteArray directory_;                   // by OSC 7
  QElapsedTimer burst_;                    // since output was shown last
  QElapsedTimer command_clock_;            // runs while a command does
  qint64 command_age_ = 0;                 // ms that it had run when the clock was started
};

}  // namespace berth::desktop
