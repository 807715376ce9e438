// SPDX-License-Identifier: GPL-3.0-or-later
// The versions of the file in front, or of everything, in a dock beside the texts: what each changed, laid
// beside what was before, brought back. It asks the server while it is seen.
#pragma once

#include <QTimer>

#include "client/core/history.hpp"
#include "client/desktop/panel.hpp"

class QLabel;
class QListWidget;
class QToolButton;

namespace berth::client {
class Workspace;
}

namespace berth::desktop {

class MessageBar;
class TextComparison;
class VersionActions;
class VersionList;

class HistoryPanel : public Panel {
  Q_OBJECT

 public:
  explicit HistoryPanel(client::Workspace* workspace, QWidget* parent = nullptr);

  /// The file in front; "" where none is.
  void setFile(const QString& path);
  client::History* history() { return history_; }
  VersionList* versions() { return versions_; }
  QListWidget* changedFiles() { return files_; }
  /// Pressed: versions of everything, else of the file in front.
  QToolButton* everything() { return everything_; }
  MessageBar* bar() { return bar_; }

 Q_SIGNALS:
  /// The whole history of a path in a window of its own.
  void historyWanted(const QString& path);
  void openWanted(const QString& path);
  void workspaceMade(const berth::protocol::rest::Workspace& workspace);
  void compared(berth::desktop::TextComparison* window);

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  void follow();
  void refreshFiles();
  void refreshComparison();
  void compareCurrent();
  void menu(const QPoint& position);
  std::optional<client::History::Change> currentChange() const;

  client::Workspace* workspace_;
  client::History* history_;
  VersionActions* actions_;
  MessageBar* bar_;
  QLabel* of_;
  VersionList* versions_;
  QListWidget* files_;
  QLabel* hint_;
  QToolButton* everything_;
  QToolButton* restore_;
  QString file_;
  QString shown_;        // what the timeline is of
  bool loaded_ = false;  // a timeline was asked for
  bool stale_ = false;   // something was stored since
  bool asked_ = false;   // a comparison is to be shown when it comes
  QTimer settle_;
};

}  // namespace berth::desktop
