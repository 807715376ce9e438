// SPDX-License-Identifier: GPL-3.0-or-later
// A TCP proxy that can reset every connection and refuse new ones.
#pragma once

#include <QPointer>
#include <QTcpServer>
#include <QTcpSocket>

namespace berth::test {

class FaultProxy : public QObject {
 public:
  explicit FaultProxy(quint16 target);
  quint16 port() const { return port_; }
  /// Resets all connections, both ways, with whatever was under way.
  void reset();
  void setRefusing(bool refusing);
  int connections() const { return connections_; }

 private:
  void accept();
  QTcpServer server_;
  quint16 target_;
  quint16 port_;
  int connections_ = 0;
  QList<QPointer<QTcpSocket>> sockets_;
};

}  // namespace berth::test
