// SPDX-License-Identifier: GPL-3.0-or-later
// Berth among the desktop's small icons, where there is a place for them: the windows that are open, other
// workspaces that run, those opened last, the list, and the way out.
#pragma once

#include <QMenu>
#include <QObject>
#include <QSystemTrayIcon>
#include <memory>

#include "client/desktop/recent_list.hpp"
#include "protocol/rest.hpp"

namespace berth::client {
class ServerConnection;
}

namespace berth::desktop {

class Application;

class TrayIcon : public QObject {
  Q_OBJECT

 public:
  /// The setting "workbench.tray".
  static bool isWanted();
  /// nullptr where the desktop shows none, or the person wants none.
  static std::unique_ptr<TrayIcon> make(Application* application);
  explicit TrayIcon(Application* application);
  ~TrayIcon() override;

  /// Windows were opened or closed.
  void refresh();
  QMenu* menu() { return &menu_; }
  QString tip() const { return icon_.toolTip(); }

 private:
  struct Running {
    std::shared_ptr<client::ServerConnection> server;
    protocol::rest::Workspace workspace;
  };
  void ask();
  void fill();

  Application* application_;
  QList<Running> running_;
  QMenu menu_;
  RecentMenu recent_;
  QSystemTrayIcon icon_;
};

}  // namespace berth::desktop
