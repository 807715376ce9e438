// SPDX-License-Identifier: GPL-3.0-or-later
// One port of the workspace on this machine's loopback: each local connection becomes a tunnel channel.
#pragma once

#include <QObject>
#include <QTcpServer>
#include <optional>

class QTcpSocket;

namespace berth::client {

class WorkspaceConnection;

class PortForward : public QObject {
  Q_OBJECT

 public:
  PortForward(WorkspaceConnection* connection, quint16 port, QObject* parent = nullptr);

  /// Listens on 127.0.0.1, on the same port where it is free, else on any; false when that fails. With
  /// `local` on that port or not at all.
  bool listen(std::optional<quint16> local = {});
  quint16 port() const { return port_; }
  quint16 localPort() const { return server_.serverPort(); }

 private:
  WorkspaceConnection* connection_;
  quint16 port_;
  QTcpServer server_;
};

}  // namespace berth::client
