// SPDX-License-Identifier: GPL-3.0-or-later
// One terminal on the screen: QTermWidget in teletype mode, fed in small pieces so that a flood never freezes
// the window.
#pragma once

#include <QPointer>
#include <QWidget>

#include "client/core/terminal.hpp"
#include "client/desktop/escape_filter.hpp"

class QTermWidget;

namespace berth::desktop {

class MessageBar;

class TerminalView : public QWidget {
  Q_OBJECT

 public:
  /// `fresh`: this window has just opened the terminal, so its questions are answered; a replay's must not
  /// be.
  TerminalView(client::Terminal* terminal, bool fresh, QWidget* parent = nullptr);

  client::Terminal* terminal() { return terminal_; }
  QTermWidget* widget() { return widget_; }
  /// All lines that are kept, for tests and for copying.
  QString allText() const;
  /// How large a terminal in an area of this size would be.
  static QSize cellsFor(const QSize& pixels);

  void copy();
  void paste();
  void find();

 Q_SIGNALS:
  void closeWanted();
  void restartWanted();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private Q_SLOTS:
  void sizeChanged(int lines, int columns);

 private:
  void applyTheme();
  void drain();
  void feed(const QByteArray& bytes);
  void onSend(const char* bytes, int length);
  void send(const QByteArray& bytes);
  void pasteText(QString text);
  bool onKey(class QKeyEvent* event);
  void reportSize();
  void showEnd();
  void contextMenu(const QPoint& position);

  QPointer<client::Terminal> terminal_;
  QTermWidget* widget_;
  QObject* session_ = nullptr;  // the Konsole::Session inside
  MessageBar* bar_;
  EscapeFilter filter_;
  bool feeding_ = false;
  bool drain_scheduled_ = false;
  bool answers_;  // questions of the program are answered
  bool attached_ = false;
  QSize reported_;
};

}  // namespace berth::desktop
