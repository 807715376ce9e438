// SPDX-License-Identifier: GPL-3.0-or-later
// The terminals of the workspace: tabs, and in each of them one or several side by side and below each other.
// terminal_panel_tabs.cpp has the tabs, terminal_panel_menus.cpp profiles, choices and commands.
#pragma once

#include <QElapsedTimer>
#include <QPointer>
#include <QTimer>
#include <QWidget>

#include "client/core/terminals.hpp"
#include "client/desktop/terminal_profiles.hpp"

class QLabel;
class QMenu;
class QPushButton;
class QTabWidget;
class QToolButton;

namespace berth::client {
class Workspace;
}

namespace berth::desktop {

class TerminalDrop;
class TerminalGroup;
class TerminalView;
class WindowKeys;

/// Where a terminal that is being opened is to stand.
struct TerminalPlace {
  int number = 0;                      // of the opening
  QPointer<TerminalView> beside = {};  // null: in a tab of its own
  Qt::Orientation orientation = Qt::Horizontal;
};

class TerminalPanel : public QWidget {
  Q_OBJECT

 public:
  explicit TerminalPanel(client::Workspace* workspace, QWidget* parent = nullptr);
  /// Opens a terminal: the usual profile, or a command with its title.
  void open(const QString& command = {}, const QString& title = {});
  void open(const TerminalProfile& profile);
  /// A shell in a folder; its path is relative to home.
  void openIn(const QString& folder);
  /// Another one beside the current one, of the usual profile.
  void split(Qt::Orientation orientation);
  /// The current one gets a tab of its own.
  void unsplit();
  void show(client::Terminal* terminal);
  TerminalView* current() const;
  QList<TerminalView*> views() const;
  TerminalGroup* groupOf(const TerminalView* view) const;
  TerminalGroup* currentGroup() const;
  /// Gives the keys to the next (1) or previous (-1) terminal of the tab.
  void step(int direction);
  /// What a terminal's menu offers that holds for more than one of them.
  void addChoices(QMenu* menu);
  /// Those of the window that are about terminals.
  void addCommands(WindowKeys* keys);
  /// Everything that a new terminal can be, into a menu that is about to be shown.
  void fillProfiles(QMenu* menu);
  void editProfiles();

 Q_SIGNALS:
  void failed(const QString& problem);
  void hideWanted();
  /// Somebody wants to see a terminal that called for them.
  void showWanted();
  /// A link to a port of the workspace.
  void previewWanted(quint16 port);
  /// A place in a file; from 1, 0 where none is named.
  void fileWanted(const QString& path, int line, int column);

 private:
  QWidget* makeCorner();
  void makeEmpty();
  /// Who may only look opens and ends nothing.
  void refreshRole();
  void showWhetherEmpty();
  void open(client::Terminals::Start start, TerminalPlace place = {});
  client::Terminals::Start startOf(const TerminalProfile& profile) const;
  void add(client::Terminal* terminal);
  void put(TerminalView* view, const TerminalPlace& place);
  TerminalGroup* makeGroup();
  void dropIfEmpty(TerminalGroup* group);
  void remove(client::Terminal* terminal);
  /// Hangs it up.
  void end(TerminalView* view);
  void rename(TerminalView* view);
  void listenTo(TerminalView* view);
  void checkFile(const TerminalView* view, const QString& name,
                 std::function<void(const QString& path)> done);
  void refreshTitle(TerminalView* view);
  void refreshTitle(TerminalGroup* group);
  QString titleOf(TerminalView* view) const;
  QIcon iconOf(TerminalView* view) const;
  /// Marks the tab of a view that nobody sees, and tells whoever looks elsewhere.
  void callFor(TerminalView* view, const QString& title, const QString& text);
  bool isSeen(const TerminalView* view) const;
  void putOnClipboard(TerminalView* view, const QString& text);
  QString clipboardKey() const;
  void openLink(const QUrl& target);
  /// A menu of what can be seen and opened, for who has no mouse.
  void chooseLink();
  TerminalView* viewOf(const client::Terminal* terminal) const;
  QString arrangementKey() const;
  void storeArrangement();
  void restoreArrangement();

  client::Workspace* workspace_;
  QTabWidget* tabs_;
  TerminalDrop* drop_;
  QToolButton* new_ = nullptr;
  QToolButton* split_ = nullptr;
  QWidget* empty_;
  QPushButton* first_terminal_ = nullptr;
  QLabel* nothing_ = nullptr;
  QList<TerminalPlace> opening_;  // the next terminals to appear are ours
  int opened_ = 0;
  bool first_ = true;
  QTimer store_;
  QElapsedTimer told_;  // since the last notification: a program that rings on and on is told of once
};

}  // namespace berth::desktop
