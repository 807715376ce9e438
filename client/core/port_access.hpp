// SPDX-License-Identifier: GPL-3.0-or-later
// Who may see what a workspace's ports serve: the people who may edit, everybody in it, or anybody; and links
// to one port for a while. Its owner says so, the server keeps it.
#pragma once

#include <QHash>
#include <QObject>

#include "client/core/server_connection.hpp"

namespace berth::client {

class PortAccess : public QObject {
  Q_OBJECT

 public:
  enum class Access { private_to_editors, people, anybody };

  /// `server` outlives this.
  PortAccess(ServerConnection* server, QString workspace, QObject* parent = nullptr);

  /// False before the first answer: who sees a port is not known then.
  bool isKnown() const { return known_; }
  /// Ports that nobody said anything about are private.
  Access of(quint16 port) const { return ports_.value(port, Access::private_to_editors); }
  void load();
  void set(quint16 port, Access access);
  /// A link that shows this port to anybody for so many hours; it comes by `linkMade`.
  void makeLink(quint16 port, int hours);

 Q_SIGNALS:
  void changed();
  /// What is shown must be what is: `changed` follows where something was to be changed.
  void failed(const berth::Error& error);
  void linkMade(quint16 port, const QString& url);

 private:
  void take(const rest::GetPorts::Result& answer);

  ServerConnection* server_;
  QString workspace_;
  QHash<quint16, Access> ports_;
  bool known_ = false;
};

}  // namespace berth::client
