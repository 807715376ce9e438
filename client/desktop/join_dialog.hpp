// SPDX-License-Identifier: GPL-3.0-or-later
// A link that somebody sent, pasted or opened: what it leads to, and the way there. Nothing is joined before
// the person says so, as joining shows the owner who came.
#pragma once

#include <QDialog>

#include "client/core/server_address.hpp"
#include "client/core/server_connection.hpp"

class QLabel;
class QLineEdit;
class QPushButton;

namespace berth::desktop {

class JoinDialog : public QDialog {
  Q_OBJECT

 public:
  /// `server` outlives it; `link` may be "".
  JoinDialog(client::ServerConnection* server, const QString& link, QWidget* parent = nullptr);

 Q_SIGNALS:
  /// The person is in it now, or was already.
  void joined(const berth::protocol::rest::Workspace& workspace);
  void joinedTeam(const berth::protocol::rest::Team& team);
  /// It is another server's: this person wants to sign in there.
  void serverWanted(const QString& link);

 private:
  void refresh();
  void go();
  void tell(const QString& text, bool problem);
  template <class T>
  client::Reply<T> answering(void (JoinDialog::*done)(const T&));

  client::ServerConnection* server_;
  QLineEdit* link_;
  QLabel* about_;
  QPushButton* go_;
};

}  // namespace berth::desktop
