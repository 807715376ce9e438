// SPDX-License-Identifier: GPL-3.0-or-later
// The servers and accounts this person used, last used first. No secrets here (see SecretStore).
#pragma once

#include <QList>
#include <QObject>
#include <QString>
#include <QUrl>

namespace berth::client {

struct RememberedServer {
  QUrl server;
  QString email;  // empty: signed out
  bool operator==(const RememberedServer&) const = default;
};

class RememberedServers : public QObject {
  Q_OBJECT

 public:
  explicit RememberedServers(QObject* parent = nullptr);
  const QList<RememberedServer>& servers() const { return servers_; }
  /// Adds or moves to the front; one entry a server and account.
  void remember(const RememberedServer& server);
  void forget(const RememberedServer& server);

 Q_SIGNALS:
  void changed();

 private:
  void store();
  QList<RememberedServer> servers_;
};

}  // namespace berth::client
