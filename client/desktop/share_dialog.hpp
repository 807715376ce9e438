// SPDX-License-Identifier: GPL-3.0-or-later
// Whom a workspace is shared with. Its owner invites, changes roles, makes links, hands it over; the others
// see who is in it and may leave.
#pragma once

#include <QDialog>

#include "client/core/sharing.hpp"

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace berth::desktop {

class InviteForm;
class MessageBar;
class SharePeople;
class ShareTeam;

class ShareDialog : public QDialog {
  Q_OBJECT

 public:
  /// `server` outlives it.
  ShareDialog(client::ServerConnection* server, const protocol::rest::Workspace& facts,
              QWidget* parent = nullptr);
  client::Sharing* sharing() { return &sharing_; }
  MessageBar* bar() { return bar_; }

 Q_SIGNALS:
  /// Something about the workspace's people is another one: lists of workspaces tell it.
  void changed();
  /// This person is not in the workspace any more; the dialog closes.
  void left(bool wished);

 private:
  QWidget* makeContent(client::ServerConnection* server);
  QLabel* addSection(QVBoxLayout* column, const QString& title, QWidget* section);
  void refresh();
  void leave();

  client::Sharing sharing_;
  QLabel* title_;
  MessageBar* bar_;
  InviteForm* invite_;
  QLabel* wait_;
  QList<QWidget*> owners_;  // what only the owner sees
  ShareTeam* team_ = nullptr;
  QLabel* team_title_ = nullptr;
  QWidget* content_;
  QPushButton* leave_;
};

/// Asks, then takes this person out of the workspace; `done` comes only when that was so.
void leave_workspace(client::ServerConnection* server, const protocol::rest::Workspace& facts,
                     QWidget* parent, std::function<void()> done, std::function<void(const Error&)> failed);

}  // namespace berth::desktop
