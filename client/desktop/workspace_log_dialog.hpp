// SPDX-License-Identifier: GPL-3.0-or-later
// What became of a workspace: its starts, ends and failures, newest first.
#pragma once

#include <QDialog>

#include "client/core/server_connection.hpp"

class QLabel;
class QTreeWidget;

namespace berth::desktop {

class WorkspaceLogDialog : public QDialog {
  Q_OBJECT

 public:
  WorkspaceLogDialog(client::ServerConnection* server, const protocol::rest::Workspace& workspace,
                     QWidget* parent = nullptr);

 private:
  void take(Result<protocol::rest::GetWorkspaceLog::Result> answer);

  QLabel* words_;  // while there is no list
  QTreeWidget* list_;
};

}  // namespace berth::desktop
