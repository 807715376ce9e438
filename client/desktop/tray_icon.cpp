// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/tray_icon.hpp"

#include <QSettings>
#include <algorithm>

#include "client/core/server_connection.hpp"
#include "client/desktop/application.hpp"
#include "client/desktop/ide_window.hpp"
#include "client/desktop/recent_list.hpp"
#include "client/desktop/start_window.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

/// In a menu "&" makes a key of the letter behind it.
QString tray_text(QString text) { return text.replace(QLatin1Char('&'), QLatin1String("&&")); }

void bring_to_front(QWidget* window) {
  window->show();
  if (window->isMinimized()) window->showNormal();
  window->raise();
  window->activateWindow();
}

}  // namespace

bool TrayIcon::isWanted() {
  const QSettings settings;
  // `tray` is the name that it had before it stood in the table of settings.
  return settings.value(QStringLiteral("workbench/tray"), settings.value(QStringLiteral("tray"), true))
      .toBool();
}

std::unique_ptr<TrayIcon> TrayIcon::make(Application* application) {
  if (!isWanted() || !QSystemTrayIcon::isSystemTrayAvailable()) return nullptr;
  return std::unique_ptr<TrayIcon>(new TrayIcon(application));
}

TrayIcon::TrayIcon(Application* application) : application_(application), recent_(application->recent()) {
  icon_.setIcon(Theme::logo());
  icon_.setContextMenu(&menu_);
  connect(&icon_, &QSystemTrayIcon::activated, this, [this](QSystemTrayIcon::ActivationReason reason) {
    if (reason != QSystemTrayIcon::Trigger) return;
    const auto windows = application_->windows();
    bring_to_front(windows.isEmpty() ? static_cast<QWidget*>(application_->startWindow())
                                     : windows.constFirst());
  });
  connect(application->recent(), &client::RecentWorkspaces::changed, &recent_, &RecentMenu::fill,
          Qt::QueuedConnection);  // an action of it may be what changes the list
  connect(&recent_, &RecentMenu::openWanted, application, &Application::openRecentWorkspace);
  connect(&menu_, &QMenu::aboutToShow, this, &TrayIcon::ask);
  fill();
  ask();
  icon_.show();
}

TrayIcon::~TrayIcon() = default;

/// Later: an action of this menu may be what opens a window.
void TrayIcon::refresh() {
  QMetaObject::invokeMethod(this, &TrayIcon::fill, Qt::QueuedConnection);
  QMetaObject::invokeMethod(this, &TrayIcon::ask, Qt::QueuedConnection);
}

/// What runs, of all servers; the menu shows what is known until they answer.
void TrayIcon::ask() {
  for (const auto& server : application_->connections())
    server->listWorkspaces(this, [this, server](Result<protocol::rest::ListWorkspaces::Result> answer) {
      if (!answer) return;
      running_.removeIf([&](const Running& one) { return one.server == server; });
      for (const auto& workspace : answer->workspaces)
        if (workspace.state == protocol::rest::WorkspaceState::running) running_.append({server, workspace});
      const auto known = application_->connections();
      running_.removeIf([&](const Running& one) { return !known.contains(one.server); });
      fill();
    });
}

/// Anew each time: some desktops copy the menu and never say that they show it.
void TrayIcon::fill() {
  const auto open = application_->windows().size();
  icon_.setToolTip(open == 0 ? QStringLiteral("Berth")
                             : tr("Berth: %n workspace(s) open", nullptr, static_cast<int>(open)));
  menu_.clear();
  for (auto* window : application_->windows()) {
    const auto name = QString::fromStdString(window->workspace()->facts().name);
    menu_.addAction(Theme::icon(QStringLiteral("window")), tray_text(name), window,
                    [window] { bring_to_front(window); });
  }
  for (const auto& one : running_) {
    const auto windows = application_->windows();
    const bool open = std::ranges::any_of(windows, [&](IdeWindow* window) {
      return window->workspace()->id().toStdString() == one.workspace.id;
    });
    if (!open)
      menu_.addAction(tr("%1 (runs)").arg(tray_text(QString::fromStdString(one.workspace.name))), this,
                      [this, one] { application_->openOn(one.server, one.workspace); });
  }
  menu_.addSeparator();
  recent_.fill();
  menu_.addMenu(&recent_);
  menu_.addAction(Theme::icon(QStringLiteral("go-home")), tr("All Workspaces"), application_,
                  &Application::showStart);
  menu_.addSeparator();
  menu_.addAction(Theme::icon(QStringLiteral("application-exit")), tr("Quit"), application_,
                  &Application::quit);
}

}  // namespace berth::desktop
