// SPDX-License-Identifier: GPL-3.0-or-later
// The servers that were used here, one row each: open, or forget.
#pragma once

#include <QWidget>

#include "client/core/remembered_servers.hpp"

class QVBoxLayout;

namespace berth::desktop {

class ServerList : public QWidget {
  Q_OBJECT

 public:
  explicit ServerList(client::RememberedServers* servers, QWidget* parent = nullptr);
  bool isEmpty() const { return servers_->servers().isEmpty(); }

 Q_SIGNALS:
  void openWanted(const berth::client::RememberedServer& server);
  void forgetWanted(const berth::client::RememberedServer& server);
  /// The rows are others now.
  void rebuilt();

 private:
  void rebuild();
  QWidget* makeRow(const client::RememberedServer& remembered);

  client::RememberedServers* servers_;
  QVBoxLayout* rows_;
};

}  // namespace berth::desktop
