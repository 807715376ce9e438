// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/application.hpp"

#include <QApplication>
#include <QCryptographicHash>
#include <QSettings>

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
  connect(start_.get(), &StartWindow::signedOut, this, [this] {
    // The sign-in ended elsewhere: what was on its way can't be sent any more, and must not go with the
    // window.
    QStringList rescued;
    for (auto* window : windows()) {
      rescued += window->editors()->rescue();
      delete window;
    }
    windows_.clear();
    if (!rescued.isEmpty()) start_->showRescued(rescued);
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
    for (const auto& workspace : answer->workspaces)
      unsent_->list(client::Workspace::unsentKey(*server, QString::fromStdString(workspace.id)), this,
                    [this, server, workspace](Result<QStringList> paths) {
                      if (paths && !paths->isEmpty() && start_->server() == server) open(workspace);
                    });
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
