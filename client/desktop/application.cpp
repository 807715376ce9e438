// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/application.hpp"

#include <QApplication>
#include <QSettings>

#include "client/core/base_name.hpp"
#include "client/core/server_connection.hpp"
#include "client/core/workspace.hpp"
#include "client/desktop/connect_page.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_group.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/ide_window.hpp"
#include "client/desktop/restart_request.hpp"
#include "client/desktop/start_window.hpp"
#include "client/desktop/tray_icon.hpp"
#include "protocol/version.hpp"

namespace berth::desktop {

void name_application() {
  QApplication::setOrganizationName(QStringLiteral("berth"));
  QApplication::setApplicationName(QStringLiteral("berth"));
  QApplication::setApplicationDisplayName(QStringLiteral("Berth"));
  QApplication::setApplicationVersion(
      QString::fromUtf8(protocol::release.data(), static_cast<qsizetype>(protocol::release.size())));
  QApplication::setDesktopFileName(QStringLiteral("io.berth.Berth"));
}

Application::Application(QApplication* application, Options options)
    : options_(std::move(options)),
      theme_(new Theme(application,
                       options_.theme != ThemeChoice::system
                           ? options_.theme
                           : static_cast<ThemeChoice>(QSettings().value(QStringLiteral("theme")).toInt()))),
      start_(std::make_unique<StartWindow>(&secrets_, &servers_, Places{&recent_, &this_machine_})) {
  connect(start_.get(), &StartWindow::openWanted, this,
          [this](const protocol::rest::Workspace& workspace) { open(workspace); });
  connect(start_.get(), &StartWindow::entered, this, [this] {
    const bool machine = start_->server()->key() == client::ThisMachine::key();
    QSettings().setValue(QStringLiteral("start/this_machine"), machine);
    entered(start_->connection());
  });
  connect(start_.get(), &StartWindow::left, this, &Application::left);
  connect(start_.get(), &StartWindow::signOutWanted, this, &Application::signOut);
  connect(start_.get(), &StartWindow::quitWanted, this, &Application::quit);
  connect(start_.get(), &StartWindow::thisMachineWanted, this, &Application::openThisMachine);
  connect(start_.get(), &StartWindow::recentWanted, this,
          [this](const client::RecentWorkspace& workspace) { openRecent(workspace); });
  connect(&this_machine_, &client::ThisMachine::changed, this, &Application::machineChanged);
  start_->connectPage()->setReuse([this](const client::RememberedServer& remembered) {
    const auto known = connectionTo(remembered.server.toEncoded(), remembered.email);
    if (known) start_->enter(known);
    return known != nullptr;
  });
  connect(RestartRequest::instance(), &RestartRequest::made, this, &Application::restart,
          Qt::QueuedConnection);
  store_soon_.setSingleShot(true);
  connect(&store_soon_, &QTimer::timeout, this, &Application::storeSession);
}

Application::~Application() {
  // The person closed all windows; only what could not be opened yet is left for the next start.
  if (!session_ended_) {
    Session session;
    for (const auto& wanted : wanted_ + offered_) session.windows.append(wanted.window);
    session_store_.write(session);
  }
  for (auto* window : windows()) delete window;
}

QList<IdeWindow*> Application::windows() const {
  QList<IdeWindow*> out;
  for (const auto& one : windows_)
    if (one.window) out.append(one.window);
  return out;
}

QList<Application::Connection> Application::connections() const {
  QList<Connection> out;
  for (const auto& server : open_servers_) out.append(server.connection);
  return out;
}

Application::Server* Application::serverOf(const client::ServerConnection* connection) {
  for (auto& server : open_servers_)
    if (server.connection.get() == connection) return &server;
  return nullptr;
}

Application::Connection Application::connectionTo(const QByteArray& key, const QString& email) const {
  for (const auto& server : open_servers_)
    if (const auto& account = server.connection->account();
        account && server.connection->key() == key &&
        (email.isEmpty() || QString::fromStdString(account->email) == email))
      return server.connection;
  return nullptr;
}

QString Application::keyOf(const client::ServerConnection& connection, const QString& workspace) {
  const auto account = connection.account() ? QString::fromStdString(connection.account()->id) : QString();
  return QStringLiteral("%1 %2 %3").arg(QString::fromUtf8(connection.key()), account, workspace);
}

/// A server is signed in to, or shown again.
void Application::entered(const Connection& connection) {
  if (connection->key() != client::ThisMachine::key()) roaming_.follow(connection.get());
  if (!serverOf(connection.get())) {
    open_servers_.append(Server{connection});
    connect(connection.get(), &client::ServerConnection::signedOut, this, [this, server = connection.get()] {
      // The one that is shown tells of it by its page.
      if (const auto* known = serverOf(server); known && start_->server() != server) left(known->connection);
    });
    openUnsent(connection);
  }
  openWanted(connection);
}

/// The sign-in ended: what was on its way can't be sent any more, and must not go with the windows.
void Application::left(Connection connection) {
  if (!connection) return;
  if (connection->key() != client::ThisMachine::key()) roaming_.follow(nullptr);
  QStringList rescued;
  const auto keys = windows_.keys();
  for (const auto& key : keys) {
    if (windows_[key].connection != connection) continue;
    const auto window = windows_.take(key).window;
    if (!window) continue;
    rescued += window->editors()->rescue();
    delete window;
  }
  open_servers_.removeIf([&](const Server& server) { return server.connection == connection; });
  // Its calls may be on the stack.
  QTimer::singleShot(5'000, this, [kept = connection] {});
  if (windows_.isEmpty()) start_->show();
  if (!rescued.isEmpty())
    start_->showRescued(
        tr("You were signed out before your last changes reached the workspace. They are kept in:"), rescued);
  store_soon_.start(0);
}

/// Windows come back for the workspaces that lack something typed here.
void Application::openUnsent(const Connection& connection) {
  auto* server = connection.get();
  server->listWorkspaces(this, [this, server](Result<protocol::rest::ListWorkspaces::Result> answer) {
    const auto* known = serverOf(server);
    if (!answer || !known) return;
    QSet<QString> there;
    for (const auto& workspace : answer->workspaces) {
      const auto key = client::Workspace::unsentKey(*server, QString::fromStdString(workspace.id));
      there.insert(key);
      unsent_->list(key, this, [this, server, workspace](Result<QStringList> paths) {
        const auto* still = serverOf(server);
        if (paths && !paths->isEmpty() && still) open(still->connection, workspace);
      });
    }
    findAbandoned(known->connection, there);
  });
}

/// What was typed for workspaces that do not exist any more can't be sent: it is offered as files.
void Application::findAbandoned(const Connection& connection, const QSet<QString>& workspaces) {
  auto* server = connection.get();
  const auto person = client::Workspace::unsentPerson(*server);
  serverOf(server)->abandoned.clear();
  unsent_->workspaces(person, this, [this, server, person, workspaces](Result<QStringList> keys) {
    if (!keys || !serverOf(server)) return;
    for (const auto& key : *keys) {
      if (workspaces.contains(key)) continue;
      server->fetchWorkspace(
          key.mid(person.size()), this, [this, server, key](Result<protocol::rest::Workspace> workspace) {
            // Only a server that says so counts: one that can't be reached has all of them.
            if (workspace || workspace.error().code != ErrorCode::not_found || !serverOf(server)) return;
            unsent_->list(key, this, [this, server, key](Result<QStringList> paths) {
              auto* known = serverOf(server);
              if (!paths || paths->isEmpty() || !known) return;
              known->abandoned[key] = *paths;
              offerAbandoned(*known);
            });
          });
    }
  });
}

void Application::offerAbandoned(Server& server) {
  if (start_->connection() != server.connection) return;
  QStringList names;
  for (const auto& paths : server.abandoned)
    for (const auto& path : paths) names.append(client::base_name(path));
  start_->offerAbandoned(names, [this, connection = server.connection] { keepAbandoned(connection); });
}

void Application::keepAbandoned(const Connection& connection) {
  auto* server = serverOf(connection.get());
  if (!server) return;
  const auto abandoned = std::exchange(server->abandoned, {});
  for (const auto& key : abandoned.keys())
    unsent_->keepAsFiles(
        key, client::UnsentStore::filesFolder(), this, [this](Result<client::UnsentStore::Kept> kept) {
          if (!kept) return start_->tell(QString::fromStdString(kept.error().message));
          if (!kept->problem.isEmpty()) start_->tell(kept->problem);
          if (!kept->files.isEmpty())
            start_->showRescued(tr("What you typed for a workspace that does not exist any more is kept in:"),
                                kept->files);
        });
}

void Application::signOut() {
  // Closing asks where text would be lost; a window that stays open keeps its sign-in.
  const auto keys = windows_.keys();
  for (const auto& key : keys)
    if (const auto one = windows_.value(key);
        one.connection == start_->connection() && one.window && !one.window->close())
      return;
  if (const auto* server = start_->server(); server && server->account())
    recent_.forgetAccount(server->key(), QString::fromStdString(server->account()->email));
  start_->signOut();
}

void Application::quit() {
  const auto session = sessionNow(true);
  quitting_ = true;  // closing the last window is not going back to the list
  for (auto* window : windows())
    if (!window->close()) {
      quitting_ = false;
      return;
    }
  session_store_.write(session);
  session_ended_ = true;
  this_machine_.close();
  start_->close();
  if (tray_) tray_.release()->deleteLater();  // it may be what asks for it
  QApplication::quit();
}

void Application::restart() {
  restart_ = true;
  quit();
  if (!quitting_) restart_ = false;  // a window stays, as the person wants to see to something first
}

void Application::showStart() {
  start_->show();
  start_->raise();
  start_->activateWindow();
}

IdeWindow* Application::open(const protocol::rest::Workspace& workspace) {
  return open(start_->connection(), workspace);
}

IdeWindow* Application::open(const Connection& connection, const protocol::rest::Workspace& workspace,
                             const QByteArray& layout) {
  const auto id = QString::fromStdString(workspace.id);
  const auto key = keyOf(*connection, id);
  if (const auto known = windows_.value(key).window) {
    known->show();
    known->raise();
    known->activateWindow();
    return known;
  }
  auto* window = new IdeWindow(connection.get(), workspace);
  if (!layout.isEmpty()) window->restoreLayout(layout);
  windows_.insert(key, {window, connection});
  connect(window, &IdeWindow::workspacesWanted, this, [this, connection] {
    start_->enter(connection);
    showStart();
  });
  connect(window, &IdeWindow::quitWanted, this, &Application::quit);
  connect(window, &IdeWindow::workspaceMade, this,
          [this, connection](const protocol::rest::Workspace& made) { open(connection, made); });
  connect(window, &IdeWindow::closed, this, [this, key](const QStringList& unsent) { closed(key, unsent); });
  connect(window, &IdeWindow::layoutChanged, this, [this] {
    if (!store_soon_.isActive()) store_soon_.start(1'000);
  });
  connect(window->workspace(), &client::Workspace::factsChanged, this, [this, connection, window] {
    recent_.rename(connection->key(), window->workspace()->id(),
                   QString::fromStdString(window->workspace()->facts().name));
  });
  connect(window->workspace(), &client::Workspace::removed, this,
          [this, connection, id] { recent_.forget(connection->key(), id); });
  addCommands(window);
  recent_.remember({connection->key(), connection->origin(),
                    connection->account() ? QString::fromStdString(connection->account()->email) : QString(),
                    id, QString::fromStdString(workspace.name)});
  window->show();
  start_->hide();
  store_soon_.start(0);
  if (tray_) tray_->refresh();
  return window;
}

void Application::closed(const QString& key, const QStringList& unsent) {
  windows_.remove(key);
  if (windows_.isEmpty() && !quitting_) start_->show();
  if (!unsent.isEmpty() && !quitting_) start_->tellKept(unsent);
  if (!quitting_) store_soon_.start(0);
  if (tray_) tray_->refresh();
}

}  // namespace berth::desktop
