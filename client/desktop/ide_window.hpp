// SPDX-License-Identifier: GPL-3.0-or-later
// The window of one workspace: docks around the editors, toolbar, status bar, and what ties them together.
#pragma once

#include <QMainWindow>
#include <QPointer>
#include <memory>

#include "client/core/workspace.hpp"

class QDockWidget;
class QLabel;
class QToolButton;

namespace berth::desktop {

class ConnectionBar;
class EditorArea;
class FilePanel;
class FollowBar;
class HistoryWindow;
class PeopleStrip;
class PortsPanel;
class PresenceView;
class RunControl;
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
  TerminalPanel* terminals() { return terminals_; }
  PortsPanel* ports() { return ports_; }
  RunControl* runControl() { return run_; }
  StatusStrip* status() { return status_; }
  ConnectionBar* connectionBar() { return connection_bar_; }
  PeopleStrip* people() { return people_; }
  PresenceView* presence() { return presence_; }
  FollowBar* followBar() { return follow_bar_; }
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

 protected:
  void closeEvent(QCloseEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  QDockWidget* addPanel(const QString& name, QWidget* panel, Qt::DockWidgetArea area);
  void makeToolBar();
  QToolButton* makeMenu();
  void refreshRole();
  void makeShortcuts();
  void makeEditorShortcuts(WindowKeys* keys);
  void letTypingArrive();
  void quickOpen();
  /// `typed`: what the field begins with, ":" for a line's number.
  void goToSymbol(const QString& typed);
  void toggleTerminals();
  void restorePlace();
  void storePlace();
  void openFirstFiles();
  void openFirstFile();
  void refreshTitle();
  QString settingsKey(const QString& name) const;

  std::unique_ptr<client::Workspace> workspace_;
  EditorArea* editors_;
  FilePanel* files_;
  TerminalPanel* terminals_;
  PortsPanel* ports_;
  ConnectionBar* connection_bar_;
  RunControl* run_;
  StatusStrip* status_;
  PeopleStrip* people_;
  PresenceView* presence_;
  FollowBar* follow_bar_;
  QDockWidget* files_dock_;
  QDockWidget* terminals_dock_;
  QDockWidget* ports_dock_;
  QPointer<HistoryWindow> history_;
  QPointer<ShareDialog> sharing_;
  QToolButton* share_ = nullptr;
  QAction* rename_ = nullptr;
  QAction* stop_ = nullptr;
  QLabel* name_ = nullptr;
  bool opened_files_ = false;
};

}  // namespace berth::desktop
