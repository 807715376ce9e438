// SPDX-License-Identifier: GPL-3.0-or-later
// The history of a workspace or of one path in a window of its own: the timeline, what a version changed, and
// both texts side by side.
#pragma once

#include <QDialog>

#include "client/core/history.hpp"

class QLabel;
class QListWidget;
class QPushButton;
class QSplitter;
class QToolButton;

namespace berth::client {
class Workspace;
}

namespace berth::desktop {

class DiffView;
class MessageBar;
class VersionActions;
class VersionList;

class HistoryWindow : public QDialog {
  Q_OBJECT

 public:
  /// `workspace` outlives this.
  explicit HistoryWindow(client::Workspace* workspace, QWidget* parent = nullptr);

  /// Of a file or folder; everything where `path` is "".
  void showPath(const QString& path);
  client::History* history() { return history_; }
  VersionList* versions() { return versions_; }
  QListWidget* changedFiles() { return files_; }
  DiffView* diff() { return diff_; }
  QPushButton* restoreButton() { return restore_; }
  MessageBar* bar() { return bar_; }

 Q_SIGNALS:
  void workspaceMade(const berth::protocol::rest::Workspace& workspace);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  QWidget* makeHead();
  QWidget* makeVersionPane();
  QWidget* makeDiffPane();
  QToolButton* makeAgainst(const QString& text, client::History::Against against);
  void refreshVersion();
  void refreshFiles();
  void refreshComparison();
  void refreshBusy();

  client::Workspace* workspace_;
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
  QWidget* diff_head_;
  QLabel* file_name_;
  QToolButton* with_before_;
  QToolButton* with_now_;
  QPushButton* restore_file_;
  QLabel* diff_hint_;
  DiffView* diff_;
  QSplitter* lists_;
  QSplitter* whole_;
};

}  // namespace berth::desktop
