// SPDX-License-Identifier: GPL-3.0-or-later
// What outlives the process: which windows are open, written as that changes, and opened again by the next
// start: after Ctrl+Q, and after a crash.
#include <QSettings>

#include "client/core/server_address.hpp"
#include "client/core/server_connection.hpp"
#include "client/core/workspace.hpp"
#include "client/desktop/application.hpp"
#include "client/desktop/connect_page.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_group.hpp"
#include "client/desktop/editor_look.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/ide_window.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/start_window.hpp"
#include "client/desktop/tray_icon.hpp"

namespace berth::desktop {
namespace {

constexpr int long_enough = 30'000;  // ms; what ends later did not end because of what it opened
constexpr int most_tries = 2;        // that end early, before the windows are only offered

}  // namespace

void Application::start() {
  restoreSession();
  start_->show();
  // After the first picture: the tray asks the desktop, which takes its time.
  QTimer::singleShot(0, this, [this] {
    followTray();
    connect(EditorChoices::instance(), &EditorChoices::changed, this, &Application::followTray);
  });
  if (!options_.problem.isEmpty()) start_->tell(options_.problem);
  auto* page = start_->connectPage();
  if (!options_.server.isEmpty()) {
    page->keepLink(options_.server);
    const auto origin = client::server_origin(options_.server);
    if (!origin || !client::setup_token(options_.server).isEmpty() || !page->resume(*origin))
      page->offer(options_.server);
  } else if (options_.folder.isEmpty() && options_.file.isEmpty() && !options_.last &&
             (options_.this_machine || QSettings().value(QStringLiteral("start/this_machine")).toBool())) {
    openThisMachine();
  } else if (options_.folder.isEmpty() && options_.file.isEmpty() && !options_.last) {
    page->resume({});
  } else {
    apply(options_);
  }
  reach();
}

/// At once, as the person chooses.
void Application::followTray() {
  if (quitting_ || TrayIcon::isWanted() == (tray_ != nullptr)) return;
  if (tray_)
    tray_.release()->deleteLater();  // something of its menu may be what chose
  else
    tray_ = TrayIcon::make(this);
}

/// What is to be opened again. What the person asked for now comes before what a whole end left open, not
/// before what a crash did.
void Application::restoreSession() {
  auto session = session_store_.load();
  const bool crashed = !session.ended;
  tries_ = crashed ? session.tries + 1 : 0;
  lived_.setSingleShot(true);
  connect(&lived_, &QTimer::timeout, this, [this] {
    tries_ = 0;
    storeSession();
  });
  lived_.start(long_enough);
  if (!crashed && !options_.workspace.isEmpty()) session.windows.clear();
  if (!crashed && !options_.server.isEmpty()) {
    const auto origin = client::server_origin(options_.server);
    session.windows.removeIf(
        [&](const SessionWindow& window) { return !origin || window.origin != *origin; });
  }
  if (!crashed && (!options_.folder.isEmpty() || !options_.file.isEmpty() || options_.last ||
                   options_.this_machine || options_.list))
    session.windows.clear();
  for (const auto& window : session.windows) wanted_.append({window});
  if (tries_ > most_tries) offerWindows();
  storeSession();
}

/// They may be what it dies of: the person decides.
void Application::offerWindows() {
  offered_ = std::exchange(wanted_, {});
  if (offered_.isEmpty()) return;
  start_->offer(tr("Berth ended unexpectedly several times while it opened the windows of the last time."),
                tr("Open Them"), [this] {
                  wanted_ += std::exchange(offered_, {});
                  for (const auto& server : QList<Server>(open_servers_)) openWanted(server.connection);
                  reach();
                });
}

Session Application::sessionNow(bool ended) {
  Session session{ended, tries_};
  for (auto& one : windows_) {
    if (!one.window) continue;
    one.layout = one.window->saveLayout();
    const auto& account = one.connection->account();
    session.windows.append({one.connection->key(), one.connection->origin(),
                            account ? QString::fromStdString(account->email) : QString(),
                            one.window->workspace()->id(), one.layout});
  }
  // What could not be opened yet is not forgotten.
  for (const auto& wanted : wanted_ + offered_) session.windows.append(wanted.window);
  return session;
}

void Application::storeSession() {
  if (!session_ended_ && !quitting_) session_store_.write(sessionNow(false));
}

/// Opens what waits for this server.
void Application::openWanted(const Connection& connection) {
  const auto email = connection->account() ? QString::fromStdString(connection->account()->email) : QString();
  const auto fits = [&](const Wanted& wanted) {
    return wanted.window.server == connection->key() &&
           (wanted.window.email.isEmpty() || wanted.window.email == email);
  };
  QList<Wanted> now;
  for (const auto& wanted : wanted_)
    if (fits(wanted)) now.append(wanted);
  wanted_.removeIf(fits);
  if (const auto asked = std::exchange(options_.workspace, {}); !asked.isEmpty())
    now.append({{connection->key(), connection->origin(), email, asked}, true});
  for (const auto& wanted : now)
    connection->fetchWorkspace(wanted.window.workspace, this,
                               [this, connection, wanted](Result<protocol::rest::Workspace> workspace) {
                                 if (!serverOf(connection.get())) return;
                                 if (workspace) {
                                   auto* window = open(connection, *workspace, wanted.window.layout);
                                   if (!wanted.file.isEmpty()) showFile(window, wanted.file);
                                   return;
                                 }
                                 if (workspace.error().code == ErrorCode::not_found)
                                   recent_.forget(connection->key(), wanted.window.workspace);
                                 if (!wanted.asked) return;
                                 start_->enter(connection);
                                 showStart();
                                 start_->tell(QString::fromStdString(workspace.error().message));
                               });
}

/// Once there is a connection to ask for it.
void Application::showFile(IdeWindow* window, const QString& file) {
  auto* connection = window->workspace()->connection();
  const auto show = [window, file] { window->editors()->openFile(file); };
  if (connection->online()) return show();
  connect(connection, &client::WorkspaceConnection::established, window, show,
          static_cast<Qt::ConnectionType>(Qt::QueuedConnection | Qt::SingleShotConnection));
}

}  // namespace berth::desktop
