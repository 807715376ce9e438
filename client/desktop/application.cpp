// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/application.hpp"

#include <QApplication>
#include <QSettings>

#include "client/core/server_address.hpp"
#include "client/core/server_connection.hpp"
#include "client/desktop/connect_page.hpp"
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
  connect(start_.get(), &StartWindow::signedOut, this, [this] {
    for (auto* window : windows()) delete window;
    windows_.clear();
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

void Application::signedIn() {
  const auto id = std::exchange(options_.workspace, {});
  if (id.isEmpty()) return;
  start_->server()->fetchWorkspace(id, this, [this](Result<protocol::rest::Workspace> workspace) {
    if (workspace) open(*workspace);
  });
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
  connect(window, &IdeWindow::closed, this, [this, id] {
    windows_.remove(id);
    if (windows_.isEmpty()) start_->show();
  });
  window->show();
  start_->hide();
  return window;
}

}  // namespace berth::desktop
