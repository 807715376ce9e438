// SPDX-License-Identifier: GPL-3.0-or-later
// The terminals of the workspace as tabs.
#pragma once

#include <QElapsedTimer>
#include <QWidget>

#include "client/core/terminals.hpp"

class QLabel;
class QMenu;
class QPushButton;
class QTabWidget;
class QToolButton;

namespace berth::client {
class Workspace;
}

namespace berth::desktop {

class TerminalView;

class TerminalPanel : public QWidget {
  Q_OBJECT

 public:
  explicit TerminalPanel(client::Workspace* workspace, QWidget* parent = nullptr);
  /// Opens a terminal: a shell, or a command with its title.
  void open(const QString& command = {}, const QString& title = {});
  /// A shell in a folder; its path is relative to home.
  void openIn(const QString& folder);
  void show(client::Terminal* terminal);
  TerminalView* current() const;
  QList<TerminalView*> views() const;
  /// What a terminal's menu offers that holds for more than one of them.
  void addChoices(QMenu* menu);

 Q_SIGNALS:
  void failed(const QString& problem);
  void hideWanted();
  /// Somebody wants to see a terminal that called for them.
  void showWanted();
  /// A link to a port of the workspace.
  void previewWanted(quint16 port);

 private:
  QWidget* makeCorner();
  void makeEmpty();
  /// Who may only look opens and ends nothing.
  void refreshRole();
  void showWhetherEmpty();
  void open(client::Terminals::Start start);
  void add(client::Terminal* terminal);
  void remove(client::Terminal* terminal);
  void listenTo(TerminalView* view);
  void refreshTitle(TerminalView* view);
  /// Marks the tab of a view that nobody sees, and tells whoever looks elsewhere.
  void callFor(TerminalView* view, const QString& title, const QString& text);
  bool isSeen(const TerminalView* view) const;
  void putOnClipboard(TerminalView* view, const QString& text);
  QString clipboardKey() const;
  void openLink(const QUrl& target);
  TerminalView* viewOf(const client::Terminal* terminal) const;

  client::Workspace* workspace_;
  QTabWidget* tabs_;
  QToolButton* new_ = nullptr;
  QWidget* empty_;
  QPushButton* first_terminal_ = nullptr;
  QLabel* nothing_ = nullptr;
  bool opening_ = false;  // the next terminal to appear is ours
  bool first_ = true;
  QElapsedTimer told_;  // since the last notification: a program that rings on and on is told of once
};

}  // namespace berth::desktop
