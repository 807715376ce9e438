// SPDX-License-Identifier: GPL-3.0-or-later
// The history of a workspace or of one path in a window of its own: the timeline, what a version changed, and
// both texts side by side. It asks the server only, so it is there while the workspace is stopped, too.
#pragma once

#include <QDialog>

#include "client/core/history.hpp"

class QLabel;
class QListWidget;
class QMenu;
class QPushButton;
class QSplitter;
class QToolButton;

namespace berth::client {
class Transfers;
}

namespace berth::desktop {

class ComparisonView;
class DiffView;
class MessageBar;
class VersionActions;
class VersionList;

class HistoryWindow : public QDialog {
  Q_OBJECT

 public:
  /// Of the workspace with these facts; `server` and `transfers`, which takes the downloads, outlive this.
  HistoryWindow(client::ServerConnection* server, const protocol::rest::Workspace& facts,
                client::Transfers* transfers, QWidget* parent = nullptr);

  /// Of a file or folder; everything where `path` is "".
  void showPath(const QString& path);
  /// Its name may have changed meanwhile.
  void setFacts(const protocol::rest::Workspace& facts);
  /// False: nothing is restored, kept or named, only looked at and downloaded.
  void setMayChange(bool may);
  client::History* history() { return history_; }
  VersionList* versions() { return versions_; }
  QListWidget* changedFiles() { return files_; }
  ComparisonView* comparison() { return comparison_; }
  DiffView* diff();
  QPushButton* restoreButton() { return restore_; }
  MessageBar* bar() { return bar_; }

 Q_SIGNALS:
  void workspaceMade(const berth::protocol::rest::Workspace& workspace);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void connectParts();
  QWidget* makeHead();
  QWidget* makeVersionPane();
  QMenu* makeVersionMenu();
  void fileMenu(const QPoint& position);
  void refreshVersion();
  void refreshFiles();
  void refreshChosenFile();
  void refreshBusy();

  protocol::rest::Workspace facts_;
  bool may_change_ = true;
  client::History* history_;
  VersionActions* actions_;
  MessageBar* bar_;
  QLabel* title_;
  QPushButton* everything_;
  QPushButton* keep_;
  VersionList* versions_;
  QWidget* version_head_;
  QLabel* version_title_;
  QLabel* version_facts_;
  QLabel* version_problems_;
  QPushButton* restore_;
  QToolButton* more_;
  QLabel* files_hint_;
  QListWidget* files_;
  ComparisonView* comparison_;
  QSplitter* lists_;
  QSplitter* whole_;
};

}  // namespace berth::desktop
