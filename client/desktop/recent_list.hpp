// SPDX-License-Identifier: GPL-3.0-or-later
// The workspaces that were opened here last, of all servers: as rows of the connect page and as a menu.
#pragma once

#include <QMenu>
#include <QWidget>

#include "client/core/recent_workspaces.hpp"

class QVBoxLayout;

namespace berth::desktop {

/// Where a workspace is, as a person knows it: "This machine", "berth.example".
QString place_of(const client::RecentWorkspace& workspace);

class RecentList : public QWidget {
  Q_OBJECT

 public:
  explicit RecentList(client::RecentWorkspaces* recent, QWidget* parent = nullptr);
  bool isEmpty() const { return recent_->all().isEmpty(); }

 Q_SIGNALS:
  void openWanted(const berth::client::RecentWorkspace& workspace);
  /// The rows are others now.
  void rebuilt();

 private:
  void rebuild();

  client::RecentWorkspaces* recent_;
  QVBoxLayout* rows_;
};

/// "Open Recent", filled anew each time it shows.
class RecentMenu : public QMenu {
  Q_OBJECT

 public:
  explicit RecentMenu(client::RecentWorkspaces* recent, QWidget* parent = nullptr);
  void fill();

 Q_SIGNALS:
  void openWanted(const berth::client::RecentWorkspace& workspace);

 private:
  client::RecentWorkspaces* recent_;
};

}  // namespace berth::desktop
