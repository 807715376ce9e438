// SPDX-License-Identifier: GPL-3.0-or-later
// The first window: connect, then the list of workspaces.
#pragma once

#include <QStackedWidget>
#include <functional>
#include <memory>

#include "client/core/server_connection.hpp"

namespace berth::client {
class RememberedServers;
class SecretStore;
}  // namespace berth::client

namespace berth::desktop {

class ConnectPage;
class WorkspacesPage;

class StartWindow : public QStackedWidget {
  Q_OBJECT

 public:
  StartWindow(client::SecretStore* secrets, client::RememberedServers* servers, QWidget* parent = nullptr);
  ~StartWindow() override;

  ConnectPage* connectPage() { return connect_; }
  WorkspacesPage* workspacesPage() { return workspaces_; }
  client::ServerConnection* server() const { return server_.get(); }
  /// Says where texts that could not be sent any more were written; `why` leads to the files' names.
  void showRescued(const QString& why, const QStringList& files);
  /// Offers to make files of texts that were typed for workspaces that are gone.
  void offerAbandoned(const QStringList& names, const std::function<void()>& keep);
  /// Says that something did not work.
  void tell(const QString& problem);
  /// Says that a window was closed whose last changes are kept on this machine.
  void tellKept(const QStringList& paths);
  /// Leaves this server, whose sign-in is kept, for the one that the link leads to.
  void follow(const QString& link);
  /// Ends the sign-in for good: its secret is forgotten here and refused by the server.
  void signOut();

 Q_SIGNALS:
  void openWanted(const berth::protocol::rest::Workspace& workspace);
  void signedIn();
  /// The person asked for it; open windows may have a word.
  void signOutWanted();
  void quitWanted();
  /// The link leads to another server; open windows may have a word.
  void serverWanted(const QString& link);
  /// Open windows must go: the sign-in ended.
  void signedOut();

 protected:
  void closeEvent(QCloseEvent* event) override;

 private:
  void enter(client::ServerConnection* server);
  void leave(const QString& why);

  client::RememberedServers* servers_;
  ConnectPage* connect_;
  WorkspacesPage* workspaces_ = nullptr;
  std::shared_ptr<client::ServerConnection> server_;
};

}  // namespace berth::desktop
