// SPDX-License-Identifier: GPL-3.0-or-later
// The windows of one process and what they share: theme, secrets, the servers that are signed in to, what was
// open. application_session.cpp has what outlives the process, application_places.cpp the ways to a
// workspace.
#pragma once

#include <QHash>
#include <QObject>
#include <QPointer>
#include <QTimer>

#include "client/core/recent_workspaces.hpp"
#include "client/core/remembered_servers.hpp"
#include "client/core/secret_store.hpp"
#include "client/core/this_machine.hpp"
#include "client/core/unsent_store.hpp"
#include "client/desktop/command_line.hpp"
#include "client/desktop/roaming_settings.hpp"
#include "client/desktop/session_store.hpp"
#include "client/desktop/theme.hpp"
#include "protocol/rest.hpp"

class QApplication;

namespace berth::desktop {

class IdeWindow;
class StartWindow;
class TrayIcon;

class Application : public QObject {
  Q_OBJECT

 public:
  using Connection = std::shared_ptr<client::ServerConnection>;

  Application(QApplication* application, Options options);
  ~Application() override;

  void start();
  /// What a later start of the program was for.
  void follow(const client::StartOrder& order);
  StartWindow* startWindow() { return start_.get(); }
  client::ThisMachine* thisMachine() { return &this_machine_; }
  client::RecentWorkspaces* recent() { return &recent_; }
  QList<IdeWindow*> windows() const;
  /// On the server that is shown.
  IdeWindow* open(const protocol::rest::Workspace& workspace);
  /// Those that are signed in to.
  QList<Connection> connections() const;
  void openOn(const Connection& connection, const protocol::rest::Workspace& workspace) {
    open(connection, workspace);
  }
  void openRecentWorkspace(const client::RecentWorkspace& workspace) { openRecent(workspace); }
  /// The first window comes to the front.
  void showStart();
  /// Closes every window, asking where text would be lost; the next start opens the same ones.
  void quit();
  /// The same, and main() starts the program again once this one is gone.
  void restart();
  bool restartWanted() const { return restart_; }

 private:
  /// A server that is signed in to.
  struct Server {
    Connection connection;
    QHash<QString, QStringList> abandoned = {};  // paths of unsent texts, by workspaces that are gone
  };
  struct Window {
    QPointer<IdeWindow> window;
    Connection connection;
    QByteArray layout = {};  // as it was written last
  };
  /// A window that is to be opened once its server is there; `file` is shown in it.
  struct Wanted {
    SessionWindow window;
    bool asked = false;  // by the person just now: says why where it can't be
    QString file = {};
  };

  // application.cpp
  Server* serverOf(const client::ServerConnection* connection);
  Connection connectionTo(const QByteArray& key, const QString& email) const;
  void entered(const Connection& connection);
  void left(Connection connection);
  void signOut();
  IdeWindow* open(const Connection& connection, const protocol::rest::Workspace& workspace,
                  const QByteArray& layout = {});
  void closed(const QString& key, const QStringList& unsent);
  static QString keyOf(const client::ServerConnection& connection, const QString& workspace);
  void openUnsent(const Connection& connection);
  void findAbandoned(const Connection& connection, const QSet<QString>& workspaces);
  void offerAbandoned(Server& server);
  void keepAbandoned(const Connection& connection);

  // application_session.cpp
  void restoreSession();
  void followTray();
  void storeSession();
  Session sessionNow(bool ended);
  void offerWindows();
  void openWanted(const Connection& connection);
  void showFile(IdeWindow* window, const QString& file);

  // application_places.cpp
  void apply(const Options& options);
  void openThisMachine();
  void machineChanged();
  void openRecent(const client::RecentWorkspace& workspace, const QString& file = {});
  /// Signs in to the servers of what is wanted, as remembered.
  void reach();
  void reach(const client::RememberedServer& remembered);
  void failWanted(const QByteArray& server, const QString& email, const QString& why);
  void openFolder(const QString& folder);
  void openFile(const QString& file);
  void makeWorkspaceOf(const QString& folder);
  void addCommands(IdeWindow* window);

  Options options_;
  Theme* theme_;
  client::SecretStore secrets_;
  client::RememberedServers servers_;
  client::RecentWorkspaces recent_;
  client::ThisMachine this_machine_;
  std::shared_ptr<client::UnsentStore> unsent_ = client::UnsentStore::shared();
  RoamingSettings roaming_;
  SessionStore session_store_;
  QTimer store_soon_;
  QTimer lived_;  // long enough to be no crash at the start
  int tries_ = 0;
  std::unique_ptr<StartWindow> start_;
  QList<Server> open_servers_;
  QHash<QString, Window> windows_;  // by server, account and workspace
  QList<Wanted> wanted_;
  QList<Wanted> offered_;       // not opened unless the person says so
  QList<Connection> reaching_;  // servers that were asked for a sign-in that is kept
  QString folder_;              // a workspace is to be made of, once this machine is ready
  bool show_machine_ = false;   // the person waits for it
  bool quitting_ = false;
  bool restart_ = false;
  bool session_ended_ = false;  // its last word is written
  std::unique_ptr<TrayIcon> tray_;
};

/// Sets the names that settings and desktops go by; before the first window.
void name_application();

}  // namespace berth::desktop
