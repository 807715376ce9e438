// SPDX-License-Identifier: GPL-3.0-or-later
// The first window: connect, then the list of a server's workspaces; others may be signed in beside it.
#pragma once

#include <QStackedWidget>
#include <functional>
#include <memory>
#include <optional>

#include "client/core/server_connection.hpp"
#include "client/desktop/connect_page.hpp"

namespace berth::client {
class RememberedServers;
class SecretStore;
}  // namespace berth::client

namespace berth::desktop {

class WorkspacesPage;

class StartWindow : public QStackedWidget {
  Q_OBJECT

 public:
  StartWindow(client::SecretStore* secrets, client::RememberedServers* servers, Places places = {},
              QWidget* parent = nullptr);
  ~StartWindow() override;

  ConnectPage* connectPage() { return connect_; }
  WorkspacesPage* workspacesPage() { return workspaces_; }
  /// The one whose workspaces are shown; nullptr while the connect page is.
  client::ServerConnection* server() const { return server_.get(); }
  const std::shared_ptr<client::ServerConnection>& connection() const { return server_; }
  /// Shows the workspaces of a server that is signed in to.
  void enter(std::shared_ptr<client::ServerConnection> server);
  /// Shows the connect page; what is signed in stays so.
  void showServers();
  /// The sign-in to the server that is shown has ended.
  void leave(const QString& why);
  /// Says where texts that could not be sent any more were written; `why` leads to the files' names.
  void showRescued(const QString& why, const QStringList& files);
  /// Offers to make files of texts that were typed for workspaces that are gone.
  void offerAbandoned(const QStringList& names, const std::function<void()>& keep);
  /// Says something that one can do something about, on whatever page, until it is done or closed.
  void offer(const QString& text, const QString& action, const std::function<void()>& run);
  /// Says that something did not work.
  void tell(const QString& problem);
  /// Says that a window was closed whose last changes are kept on this machine.
  void tellKept(const QStringList& paths);
  /// Goes to the server that the link leads to; this one stays signed in.
  void follow(const QString& link);
  /// Ends the sign-in for good: its secret is forgotten here and refused by the server.
  void signOut();

 Q_SIGNALS:
  void openWanted(const berth::protocol::rest::Workspace& workspace);
  /// connection() is another one.
  void entered();
  /// The person asked for it; open windows may have a word.
  void signOutWanted();
  void quitWanted();
  /// Its open windows must go: the sign-in ended.
  void left(const std::shared_ptr<berth::client::ServerConnection>& server);
  void thisMachineWanted();
  void recentWanted(const berth::client::RecentWorkspace& workspace);

 protected:
  void closeEvent(QCloseEvent* event) override;

 private:
  void drop();
  void showOffer();
  void forgetOffer();

  struct Offer {
    QString text;
    QString action;
    std::function<void()> run;
  };
  std::optional<Offer> offer_;
  client::RememberedServers* servers_;
  ConnectPage* connect_;
  WorkspacesPage* workspaces_ = nullptr;
  std::shared_ptr<client::ServerConnection> server_;
};

}  // namespace berth::desktop
