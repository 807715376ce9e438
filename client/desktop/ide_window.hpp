// SPDX-License-Identifier: GPL-3.0-or-later
// The window of one workspace: docks around the editors, toolbar, status bar, and what ties them together.
#pragma once

#include <QDockWidget>
#include <QHash>
#include <QJsonObject>
#include <QMainWindow>
#include <QPointer>
#include <QTimer>
#include <memory>

#include "client/core/workspace.hpp"

class QLabel;
class QMenuBar;
class QMenu;
class QToolBar;
class QToolButton;

namespace berth::client {
class OutputLog;
class Problems;
}  // namespace berth::client

namespace berth::desktop {

class ActivityBar;
class ConnectionBar;
class EditorArea;
class FilePanel;
class FollowBar;
class HistoryWindow;
class OutputPanel;
class PanelDock;
class PeoplePanel;
class PeopleStrip;
class PortsPanel;
class PresenceView;
class ProblemsPanel;
class RunControl;
class SearchPanel;
class ShareDialog;
class StatusStrip;
class TerminalPanel;
class WindowKeys;

class IdeWindow : public QMainWindow {
  Q_OBJECT

 public:
  IdeWindow(client::ServerConnection* server, const protocol::rest::Workspace& facts,
            QWidget* parent = nullptr);
  ~IdeWindow() override;

  client::Workspace* workspace() { return workspace_.get(); }
  EditorArea* editors() { return editors_; }
  FilePanel* files() { return files_; }
  SearchPanel* search() { return search_; }
  TerminalPanel* terminals() { return terminals_; }
  PortsPanel* ports() { return ports_; }
  RunControl* runControl() { return run_; }
  StatusStrip* status() { return status_; }
  ConnectionBar* connectionBar() { return connection_bar_; }
  PeopleStrip* people() { return people_; }
  PresenceView* presence() { return presence_; }
  FollowBar* followBar() { return follow_bar_; }
  ProblemsPanel* problems() { return problems_panel_; }
  OutputPanel* output() { return output_panel_; }
  PeoplePanel* peoplePanel() { return people_panel_; }
  /// The commands: actions whose object names are the commands'.
  WindowKeys* commands() { return keys_; }
  QMenuBar* menus() { return menu_bar_; }
  /// A dock for a panel, as one of the window's; before the window's first layout, so from makePanels().
  /// `id` is what layouts and commands know it by and never changes ("search"): the command "panel.search"
  /// shows it and gives it the keys. `icon`: Breeze's name. Where `panel` is a Panel, its header becomes the
  /// dock's title; it goes before the workspace does.
  QDockWidget* addPanel(const QString& id, const QString& title, const QString& icon, QWidget* panel,
                        Qt::DockWidgetArea area);
  /// nullptr where there is none.
  QDockWidget* panel(const QString& id) const;
  /// Shows it, before others in its place, and gives it the keys where `keys`.
  void showPanel(const QString& id, bool keys = true);
  /// Panels as in the beginning.
  void resetLayout();
  /// Geometry, docks, groups of editors with their tabs, cursors and what shows, as JSON. No text of files.
  QByteArray saveLayout() const;
  /// What saveLayout() gave, of this program or an older one; false and nothing done where it is none. Files
  /// open when there is a connection.
  bool restoreLayout(const QByteArray& layout);
  /// The versions of a file or folder, or of everything where `path` is "".
  HistoryWindow* showHistory(const QString& path);
  /// Who is in this workspace, and for its owner the ways to let others in.
  ShareDialog* showSharing();

 Q_SIGNALS:
  /// The person wants the list of workspaces.
  void workspacesWanted();
  /// Another workspace was made from a version of this one.
  void workspaceMade(const berth::protocol::rest::Workspace& workspace);
  /// `unsent`: files whose last changes are kept on this machine and were not sent.
  void closed(const QStringList& unsent);
  void quitWanted();
  /// saveLayout() has something else to give than before; told often.
  void layoutChanged();

 protected:
  void closeEvent(QCloseEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void moveEvent(QMoveEvent* event) override;

 private:
  /// All docks; a new one is added here (ide_window_panels.cpp).
  void makePanels();
  void makeSearch();
  /// The panels of an edge: all hidden where one shows, else the one that showed last, or `usual`.
  void toggleArea(Qt::DockWidgetArea area, const QString& usual);
  QList<PanelDock*> panelsIn(Qt::DockWidgetArea area) const;
  PanelDock* shownIn(Qt::DockWidgetArea area) const;
  /// What shows a panel; nullptr where that is not added yet.
  QAction* panelCommand(const QString& id) const;
  void toggleZen();
  void makeActivityBar();
  void makeToolBar();
  void makeMenus();
  void fillMenu(QMenu* menu, const QString& name);
  /// The window's commands of these names, and the text's; "" is a line between.
  void addCommands(QMenu* menu, const QStringList& ids);
  void addEditorCommand(QMenu* menu, const QString& id, const QString& shownKeys = {});
  void fitBars();
  void refreshRole();
  void makeShortcuts();
  void makeEditorShortcuts(WindowKeys* keys);
  void makeGroupCommands();
  void makeViewCommands();
  void makeTextCommands();
  void showProblems();
  /// The one of this workspace's windows that the person works in.
  QMainWindow* frontWindow();
  void showCommands();
  void letTypingArrive();
  void quickOpen();
  /// `typed`: what the field begins with, ":" for a line's number.
  void goToSymbol(const QString& typed);
  void toggleTerminals();
  void restorePlace();
  void restoreDocks(const QJsonObject& layout);
  void storePlace();
  void openFirstFiles();
  void openFirstFile();
  void refreshTitle();
  QString settingsKey(const QString& name) const;

  std::unique_ptr<client::Workspace> workspace_;
  EditorArea* editors_;
  SearchPanel* search_ = nullptr;
  FilePanel* files_;
  TerminalPanel* terminals_;
  PortsPanel* ports_;
  ConnectionBar* connection_bar_;
  RunControl* run_;
  StatusStrip* status_;
  PeopleStrip* people_;
  PresenceView* presence_;
  FollowBar* follow_bar_;
  WindowKeys* keys_;
  client::Problems* problems_;
  client::OutputLog* log_;
  ProblemsPanel* problems_panel_ = nullptr;
  OutputPanel* output_panel_ = nullptr;
  PeoplePanel* people_panel_ = nullptr;
  QList<PanelDock*> panels_;                         // in the order they were added
  QHash<Qt::DockWidgetArea, QString> shown_before_;  // panels that showed there when the area was hidden
  ActivityBar* activity_ = nullptr;
  QMenuBar* menu_bar_ = nullptr;
  QToolBar* tool_bar_ = nullptr;
  QToolButton* more_ = nullptr;
  QAction* menus_action_ = nullptr;  // of the bar: shows the menus
  QAction* more_action_ = nullptr;   // or the button for them
  QTimer titles_due_;                // of panels
  QByteArray before_zen_;
  QJsonObject waiting_editors_;  // a layout's, until there is a connection
  QPointer<HistoryWindow> history_;
  QPointer<ShareDialog> sharing_;
  QToolButton* share_ = nullptr;
  QAction* rename_ = nullptr;
  QAction* stop_ = nullptr;
  QLabel* name_ = nullptr;
  bool opened_files_ = false;
  bool laying_out_ = false;
};

}  // namespace berth::desktop
