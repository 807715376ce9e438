// SPDX-License-Identifier: GPL-3.0-or-later
// Handing a workspace over to a team, or one of a team to oneself: for its owner, where there is a team.
#pragma once

#include <QWidget>
#include <vector>

#include "client/core/sharing.hpp"

class QComboBox;
class QPushButton;

namespace berth::desktop {

class ShareTeam : public QWidget {
  Q_OBJECT

 public:
  /// Both outlive it.
  ShareTeam(client::Sharing* sharing, client::ServerConnection* server, QWidget* parent = nullptr);
  /// There is somebody to hand it over to.
  bool isOffered() const;

 Q_SIGNALS:
  void offered();

 private:
  void refresh();
  void ask();

  client::Sharing* sharing_;
  client::ServerConnection* server_;
  std::vector<protocol::rest::Team> teams_;
  QComboBox* to_;
  QPushButton* hand_over_;
};

}  // namespace berth::desktop
