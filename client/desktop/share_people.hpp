// SPDX-License-Identifier: GPL-3.0-or-later
// The people of a workspace: a form that adds one, and a row for each member and each open invitation.
#pragma once

#include <QWidget>
#include <functional>

#include "protocol/rest_sharing.hpp"

class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace berth::client {
class Sharing;
}

namespace berth::desktop {

class RoleChoice;

class InviteForm : public QWidget {
  Q_OBJECT

 public:
  /// `mail`: the server tells invited people by itself.
  explicit InviteForm(client::Sharing* sharing, QWidget* parent = nullptr);
  void setMail(bool mail) { mail_ = mail; }

 private:
  void submit();

  client::Sharing* sharing_;
  QLineEdit* email_;
  RoleChoice* role_;
  QPushButton* share_;
  QLabel* told_;
  bool mail_ = true;
};

class SharePeople : public QWidget {
  Q_OBJECT

 public:
  explicit SharePeople(client::Sharing* sharing, QWidget* parent = nullptr);

 private:
  void rebuild();
  QWidget* makeMember(const protocol::rest::Member& member);
  QWidget* makeInvitation(const protocol::rest::Invitation& invitation);
  QWidget* makeMenu(const protocol::rest::Member& member, const QString& name);

  client::Sharing* sharing_;
  QVBoxLayout* rows_;
};

/// Asks before something that can't be taken back; `yes` names what is done then.
void ask_before(QWidget* parent, const QString& title, const QString& question, const QString& yes,
                std::function<void()> then);

}  // namespace berth::desktop
