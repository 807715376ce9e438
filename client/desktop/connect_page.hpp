// SPDX-License-Identifier: GPL-3.0-or-later
// Which server, and as whom: servers remembered; sign in by password (with its second factor), by the
// browser, register, the one-time set-up link, a mail for a forgotten password.
#pragma once

#include <QWidget>
#include <memory>

#include "client/core/browser_sign_in.hpp"
#include "client/core/remembered_servers.hpp"
#include "client/core/server_connection.hpp"

class QHBoxLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace berth::client {
class SecretStore;
}

namespace berth::desktop {

class ServerList;
class SignInWays;

class ConnectPage : public QWidget {
  Q_OBJECT

 public:
  ConnectPage(client::SecretStore* secrets, client::RememberedServers* servers, QWidget* parent = nullptr);
  ~ConnectPage() override;

  /// Fills in a server (the command line's) and looks at it.
  void offer(const QString& address);
  /// Signs in as remembered, if there is someone for this server; false when not.
  bool resume(const QUrl& origin);
  void showProblem(const QString& text);
  /// A link that is to be followed once this person is signed in to its server.
  void keepLink(const QString& link);
  /// That, if it is this server's; it is given once.
  QString takeLink(const QUrl& origin);

 Q_SIGNALS:
  /// Signed in; the receiver takes the connection over.
  void signedIn(berth::client::ServerConnection* server);

 private:
  enum class Form { address, sign_in, registering, set_up, second_factor, browser, forgotten, mail_sent };
  struct Words {
    QString title;
    QString hint;
    QString submit;
  };
  QVBoxLayout* makeCard(QVBoxLayout* center);
  QHBoxLayout* makeLinks();
  void setForm(Form form);
  Words words(Form form) const;
  void focusForm();
  /// Steps of one sign-in are left to its first, any other form to the address.
  bool isStep() const;
  void goBack();
  void followLink();
  void lookAt();
  void submit();
  void send();
  void finish(const Result<client::rest::Account>& answer);
  void enter(const client::rest::Account& account);
  void signInByBrowser(const QString& provider);
  void openBrowser();
  void askForMail();
  void setBusy(bool busy, const QString& text = {});
  void restore(const client::RememberedServer& remembered);
  void showKnown();
  QLineEdit* addField(const QString& label, const QString& name);

  client::SecretStore* secrets_;
  client::RememberedServers* servers_;
  std::unique_ptr<client::ServerConnection> server_;
  std::unique_ptr<client::BrowserSignIn> browser_;       // goes before the connection that it asks
  std::optional<client::RememberedServer> unreachable_;  // its sign-in may still be good
  client::rest::ServerInfo info_{};
  Form form_ = Form::address;
  QString token_;  // of a set-up link
  QString link_;   // to a workspace or team, to be followed later

  QLabel* title_;
  QLabel* hint_;
  QVBoxLayout* fields_;
  QLineEdit* address_;
  QLineEdit* name_;
  QLineEdit* email_;
  QLineEdit* password_;
  QLineEdit* code_;
  QPushButton* submit_;
  SignInWays* ways_;
  QPushButton* forgot_;
  QPushButton* copy_;  // the address of the page in the browser
  QPushButton* switch_;
  QPushButton* back_;
  QLabel* problem_;
  QLabel* secret_notice_;
  ServerList* known_;
};

}  // namespace berth::desktop
