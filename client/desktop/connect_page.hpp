// SPDX-License-Identifier: GPL-3.0-or-later
// Which server, and as whom: servers remembered, sign in, register, or the one-time set-up link.
#pragma once

#include <QWidget>
#include <memory>

#include "client/core/remembered_servers.hpp"
#include "client/core/server_connection.hpp"

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace berth::client {
class SecretStore;
}

namespace berth::desktop {

class ConnectPage : public QWidget {
  Q_OBJECT

 public:
  ConnectPage(client::SecretStore* secrets, client::RememberedServers* servers, QWidget* parent = nullptr);

  /// Fills in a server (the command line's) and looks at it.
  void offer(const QString& address);
  /// Signs in as remembered, if there is someone for this server; false when not.
  bool resume(const QUrl& origin);
  void showProblem(const QString& text);

 Q_SIGNALS:
  /// Signed in; the receiver takes the connection over.
  void signedIn(berth::client::ServerConnection* server);

 private:
  enum class Form { address, sign_in, registering, set_up };
  void setForm(Form form);
  void lookAt();
  void submit();
  void finish(const Result<client::rest::Account>& answer);
  void setBusy(bool busy, const QString& text = {});
  void restore(const client::RememberedServer& remembered);
  void rebuildServers();
  QLineEdit* addField(const QString& label, const QString& name);

  client::SecretStore* secrets_;
  client::RememberedServers* servers_;
  std::unique_ptr<client::ServerConnection> server_;
  std::optional<client::RememberedServer> unreachable_;  // its sign-in may still be good
  client::rest::ServerInfo info_{};
  Form form_ = Form::address;
  QString token_;  // of a set-up link

  QLabel* title_;
  QLabel* hint_;
  QVBoxLayout* fields_;
  QLineEdit* address_;
  QLineEdit* name_;
  QLineEdit* email_;
  QLineEdit* password_;
  QPushButton* submit_;
  QPushButton* switch_;
  QPushButton* back_;
  QLabel* problem_;
  QLabel* secret_notice_;
  QWidget* known_;
  QVBoxLayout* known_rows_;
};

}  // namespace berth::desktop
