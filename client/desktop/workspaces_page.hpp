// SPDX-License-Identifier: GPL-3.0-or-later
// The account's workspaces: open, create, start, stop, rename, delete.
#pragma once

#include <QTimer>
#include <QWidget>

#include "protocol/rest.hpp"

class QLabel;
class QVBoxLayout;

namespace berth::client {
class ServerConnection;
}

namespace berth::desktop {

class MessageBar;
class WorkspaceRow;

class WorkspacesPage : public QWidget {
  Q_OBJECT

 public:
  explicit WorkspacesPage(client::ServerConnection* server, QWidget* parent = nullptr);
  void refresh();
  void create();
  QList<WorkspaceRow*> rows() const;

 Q_SIGNALS:
  void openWanted(const berth::protocol::rest::Workspace& workspace);
  void signOutWanted();

 protected:
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;

 private:
  void take(const std::vector<protocol::rest::Workspace>& workspaces);
  WorkspaceRow* addRow(const protocol::rest::Workspace& workspace);
  void rename(WorkspaceRow* row);
  void remove(WorkspaceRow* row);
  void fail(const Error& error);

  client::ServerConnection* server_;
  MessageBar* bar_;
  QVBoxLayout* rows_;
  QWidget* empty_;
  QTimer poll_;
  bool listed_ = false;
};

}  // namespace berth::desktop
