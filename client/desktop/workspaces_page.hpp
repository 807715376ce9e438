// SPDX-License-Identifier: GPL-3.0-or-later
// The account's workspaces: open, create, start, stop, rename, delete, their history and their download; and
// how much of the account's storage is used.
#pragma once

#include <QElapsedTimer>
#include <QHash>
#include <QPointer>
#include <QTimer>
#include <QWidget>

#include "client/core/storage_usage.hpp"
#include "client/core/transfers.hpp"
#include "client/core/workspace_list.hpp"
#include "protocol/rest.hpp"

class QLabel;
class QLayout;
class QPushButton;
class QToolButton;
class QVBoxLayout;

namespace berth::client {
class ServerConnection;
}

namespace berth::desktop {

class CreateWorkspaceDialog;
class EmailNotice;
class HistoryWindow;
class JoinDialog;
class MessageBar;
class ShareDialog;
class StorageMeter;
class WorkspaceFilter;
class WorkspaceRow;

class WorkspacesPage : public QWidget {
  Q_OBJECT

 public:
  explicit WorkspacesPage(client::ServerConnection* server, QWidget* parent = nullptr);
  void refresh();
  /// The dialog for a new one.
  CreateWorkspaceDialog* create();
  /// A way in that somebody sent, or "" for one that is to be pasted.
  JoinDialog* join(const QString& link);
  QList<WorkspaceRow*> rows() const;
  /// Everything in it, running or not, in one archive.
  void download(const protocol::rest::Workspace& workspace);
  HistoryWindow* showHistory(const protocol::rest::Workspace& workspace);
  ShareDialog* share(const protocol::rest::Workspace& workspace);
  client::Transfers* transfers() { return &transfers_; }
  StorageMeter* storage() { return storage_meter_; }
  /// What the person has to know, with what can be done about it.
  MessageBar* bar() { return bar_; }
  EmailNotice* emailNotice() { return email_; }

 Q_SIGNALS:
  void openWanted(const berth::protocol::rest::Workspace& workspace);
  void signOutWanted();
  /// The person wants to see another server, and to stay signed in to this one.
  void serversWanted();
  /// The link leads to another server.
  void serverWanted(const QString& link);

 protected:
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  QLayout* makeHeader();
  QToolButton* makeAccountMenu();
  bool isThisMachine() const;
  QWidget* makeList();
  QWidget* makeNoMatch();
  void refreshFilter();
  void take(const std::vector<protocol::rest::Workspace>& workspaces);
  void stop(const QString& id);
  void followStop(const protocol::rest::Workspace& workspace);
  void refreshStorage();
  WorkspaceRow* addRow(const protocol::rest::Workspace& workspace);
  void rename(WorkspaceRow* row);
  void remove(WorkspaceRow* row);
  void leave(WorkspaceRow* row);
  void openAccount();
  void fail(const Error& error);

  client::ServerConnection* server_;
  client::StorageUsage usage_;
  QElapsedTimer usage_asked_;
  QElapsedTimer teams_asked_;
  client::WorkspaceList list_;
  client::Transfers transfers_{nullptr};
  MessageBar* bar_;
  MessageBar* storage_bar_;
  EmailNotice* email_;
  StorageMeter* storage_meter_ = nullptr;
  QToolButton* account_ = nullptr;
  QPushButton* create_ = nullptr;
  QPushButton* join_ = nullptr;
  QPushButton* more_ = nullptr;
  WorkspaceFilter* filter_ = nullptr;
  QWidget* no_match_ = nullptr;
  QVBoxLayout* column_ = nullptr;
  QVBoxLayout* rows_;
  QWidget* empty_;
  QTimer poll_;
  bool listed_ = false;
  bool has_teams_ = false;
  QHash<QString, bool> stops_;  // that were asked for here; whether one was seen to have begun
  QPointer<HistoryWindow> history_;
  QString history_of_;       // id of its workspace
  QString storage_warning_;  // the last one shown
};

}  // namespace berth::desktop
