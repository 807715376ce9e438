// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/application.hpp"

#include <QApplication>
#include <QCryptographicHash>
#include <QSettings>

#include "client/core/base_name.hpp"
#include "client/core/server_address.hpp"
#include "client/core/server_connection.hpp"
#include "client/desktop/connect_page.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/ide_window.hpp"
#include "client/desktop/start_window.hpp"
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
      start_(std::make_unique<StartWindow>(&secrets_, &servers_)) {
  connect(start_.get(), &StartWindow::openWanted, this,
          [this](const protocol::rest::Workspace& workspace) { open(workspace); });
  connect(start_.get(), &StartWindow::signedIn, this, &Application::signedIn);
  connect(start_.get(), &StartWindow::signOutWanted, this, &Application::signOut);
  connect(start_.get(), &StartWindow::quitWanted, this, &Application::quit);
  connect(start_.get(), &StartWindow::serverWanted, this, [this](const QString& link) {
    for (auto* window : windows())
      if (!window->close()) return;
    start_->follow(link);
  });
  connect(start_.get(), &StartWindow::signedOut, this, [this] {
    roaming_.follow(nullptr);
    // The sign-in ended elsewhere: what was on its way can't be sent any more, and must not go with the
    // window.
    QStringList rescued;
    for (auto* window : windows()) {
      rescued += window->editors()->rescue();
      delete window;
    }
    windows_.clear();
    if (!rescued.isEmpty())
      start_->showRescued(
          tr("You were signed out before your last changes reached the workspace. They are kept in:"),
          rescued);
  });
}

Application::~Application() {
  for (auto* window : windows()) delete window;
}

QList<IdeWindow*> Application::windows() const {
  QList<IdeWindow*> out;
  for (const auto& window : windows_)
    if (window) out.append(window);
  return out;
}

void Application::start() {
  start_->show();
  auto* page = start_->connectPage();
  if (options_.server.isEmpty()) {
    page->resume({});
    return;
  }
  page->keepLink(options_.server);
  const auto origin = client::server_origin(options_.server);
  if (!origin || !client::setup_token(options_.server).isEmpty() || !page->resume(*origin))
    page->offer(options_.server);
}

QString Application::windowsKey() const {
  const auto* server = start_->server();
  if (!server || !server->account()) return {};
  return QStringLiteral("open/%1").arg(QString::fromLatin1(
      QCryptographicHash::hash(server->origin().toEncoded() + ' ' + server->account()->id.c_str(),
                               QCryptographicHash::Sha256)
          .toHex()
          .left(16)));
}

void Application::signedIn() {
  roaming_.follow(start_->server());
  QStringList ids = QSettings().value(windowsKey()).toStringList();
  QSettings().remove(windowsKey());
  if (const auto asked = std::exchange(options_.workspace, {}); !asked.isEmpty()) ids = {asked};
  for (const auto& id : ids)
    start_->server()->fetchWorkspace(id, this, [this](Result<protocol::rest::Workspace> workspace) {
      if (workspace) open(*workspace);
    });
  openUnsent();
}

/// Windows come back for the workspaces that lack something typed here.
void Application::openUnsent() {
  auto* server = start_->server();
  server->listWorkspaces(this, [this, server](Result<protocol::rest::ListWorkspaces::Result> answer) {
    if (!answer || start_->server() != server) return;
    QSet<QString> there;
    for (const auto& workspace : answer->workspaces) {
      const auto key = client::Workspace::unsentKey(*server, QString::fromStdString(workspace.id));
      there.insert(key);
      unsent_->list(key, this, [this, server, workspace](Result<QStringList> paths) {
        if (paths && !paths->isEmpty() && start_->server() == server) open(workspace);
      });
    }
    findAbandoned(there);
  });
}

/// What was typed for workspaces that do not exist any more can't be sent: it is offered as files.
void Application::findAbandoned(const QSet<QString>& workspaces) {
  auto* server = start_->server();
  const auto person = client::Workspace::unsentPerson(*server);
  abandoned_.clear();
  unsent_->workspaces(person, this, [this, server, person, workspaces](Result<QStringList> keys) {
    if (!keys || start_->server() != server) return;
    for (const auto& key : *keys) {
      if (workspaces.contains(key)) continue;
      server->fetchWorkspace(
          key.mid(person.size()), this, [this, server, key](Result<protocol::rest::Workspace> workspace) {
            // Only a server that says so counts: one that can't be reached has all of them.
            if (workspace || workspace.error().code != ErrorCode::not_found || start_->server() != server)
              return;
            unsent_->list(key, this, [this, server, key](Result<QStringList> paths) {
              if (!paths || paths->isEmpty() || start_->server() != server) return;
              abandoned_[key] = *paths;
              offerAbandoned();
            });
          });
    }
  });
}

void Application::offerAbandoned() {
  QStringList names;
  for (const auto& paths : abandoned_)
    for (const auto& path : paths) names.append(client::base_name(path));
  start_->offerAbandoned(names, [this] { keepAbandoned(); });
}

void Application::keepAbandoned() {
  const auto abandoned = std::exchange(abandoned_, {});
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
  for (auto* window : windows())
    if (!window->close()) return;
  start_->signOut();
}

void Application::quit() {
  QStringList ids;
  for (auto* window : windows()) ids.append(window->workspace()->id());
  quitting_ = true;  // closing the last window is not going back to the list
  for (auto* window : windows())
    if (!window->close()) {
      quitting_ = false;
      return;
    }
  if (!windowsKey().isEmpty()) QSettings().setValue(windowsKey(), ids);
  start_->close();
  QApplication::quit();
}

IdeWindow* Application::open(const protocol::rest::Workspace& workspace) {
  const auto id = QString::fromStdString(workspace.id);
  if (auto known = windows_.value(id)) {
    known->show();
    known->raise();
    known->activateWindow();
    return known;
  }
  auto* window = new IdeWindow(start_->server(), workspace);
  windows_.insert(id, window);
  connect(window, &IdeWindow::workspacesWanted, this, [this] {
    start_->show();
    start_->raise();
    start_->activateWindow();
  });
  connect(window, &IdeWindow::quitWanted, this, &Application::quit);
  connect(window, &IdeWindow::workspaceMade, this, &Application::open);
  connect(window, &IdeWindow::closed, this, [this, id](const QStringList& unsent) {
    windows_.remove(id);
    if (windows_.isEmpty() && !quitting_) start_->show();
    if (!unsent.isEmpty() && !quitting_) start_->tellKept(unsent);
  });
  window->show();
  start_->hide();
  return window;
}

}  // namespace berth::desktop
