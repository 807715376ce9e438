// SPDX-License-Identifier: GPL-3.0-or-later
// Which server, and as whom: servers remembered; sign in by password (with its second factor), by the
// browser, register, the one-time set-up link, a mail for a forgotten password. Above that this machine's own
// workspaces, below it those that were opened last.
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
class RecentWorkspaces;
class SecretStore;
class ThisMachine;
struct RecentWorkspace;
}  // namespace berth::client

namespace berth::desktop {

class MessageBar;
class PlaceRow;
class RecentList;
class ServerList;
class SignInWays;

/// Where to go beside servers; nullptr: not offered.
struct Places {
  client::RecentWorkspaces* recent = nullptr;
  client::ThisMachine* machine = nullptr;
};

class ConnectPage : public QWidget {
  Q_OBJECT

 public:
  ConnectPage(client::SecretStore* secrets, client::RememberedServers* servers, Places places = {},
              QWidget* parent = nullptr);
  ~ConnectPage() override;

  /// Fills in a server (the command line's) and looks at it.
  void offer(const QString& address);
  /// Signs in as remembered, if there is someone for this server; false when not.
  bool resume(const QUrl& origin);
  void showProblem(const QString& text);
  /// Above everything.
  MessageBar* bar() { return bar_; }
  /// It asks this server for the sign-in that is kept.
  bool isSigningIn(const QUrl& origin) const { return restoring_ && server_ && server_->origin() == origin; }
  /// What else is signed in already, and is shown then instead of being asked for a second time.
  void setReuse(std::function<bool(const client::RememberedServer&)> reuse) { reuse_ = std::move(reuse); }
  /// A link that is to be followed once this person is signed in to its server.
  void keepLink(const QString& link);
  /// That, if it is this server's; it is given once.
  QString takeLink(const QUrl& origin);

 Q_SIGNALS:
  /// Signed in; the receiver takes the connection over.
  void signedIn(berth::client::ServerConnection* server);
  void thisMachineWanted();
  void recentWanted(const berth::client::RecentWorkspace& workspace);

 private:
  enum class Form { address, sign_in, registering, set_up, second_factor, browser, forgotten, mail_sent };
  struct Words {
    QString title;
    QString hint;
    QString submit;
  };
  QVBoxLayout* makeCard(QVBoxLayout* center);
  QHBoxLayout* makeLinks();
  QLayout* makeFoot();
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
  void addPlaces(QVBoxLayout* center);
  void showMachine();
  QLineEdit* addField(const QString& label, const QString& name);

  client::SecretStore* secrets_;
  client::RememberedServers* servers_;
  Places places_;
  std::function<bool(const client::RememberedServer&)> reuse_;
  std::unique_ptr<client::ServerConnection> server_;
  std::unique_ptr<client::BrowserSignIn> browser_;       // goes before the connection that it asks
  std::optional<client::RememberedServer> unreachable_;  // its sign-in may still be good
  client::rest::ServerInfo info_{};
  Form form_ = Form::address;
  QString token_;  // of a set-up link
  bool restoring_ = false;
  QString link_;  // to a workspace or team, to be followed later

  MessageBar* bar_;
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
  PlaceRow* machine_ = nullptr;
  RecentList* recent_ = nullptr;
};

}  // namespace berth::desktop
