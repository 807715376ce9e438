// SPDX-License-Identifier: GPL-3.0-or-later
#include "fault_proxy.hpp"

namespace berth::test {

FaultProxy::FaultProxy(quint16 target) : target_(target) {
  server_.listen(QHostAddress::LocalHost, 0);
  port_ = server_.serverPort();
  connect(&server_, &QTcpServer::newConnection, this, &FaultProxy::accept);
}

void FaultProxy::accept() {
  while (auto* near = server_.nextPendingConnection()) {
    ++connections_;
    auto* far = new QTcpSocket(near);
    sockets_.append(near);
    sockets_.append(far);
    connect(near, &QTcpSocket::readyRead, far, [near, far] {
      if (far->state() == QTcpSocket::ConnectedState) far->write(near->readAll());
    });
    connect(far, &QTcpSocket::connected, far, [near, far] { far->write(near->readAll()); });
    connect(far, &QTcpSocket::readyRead, near, [near, far] { near->write(far->readAll()); });
    connect(far, &QTcpSocket::disconnected, near, &QTcpSocket::disconnectFromHost);
    connect(far, &QTcpSocket::errorOccurred, near, [near] { near->disconnectFromHost(); });
    connect(near, &QTcpSocket::disconnected, far, &QTcpSocket::disconnectFromHost);
    connect(near, &QTcpSocket::disconnected, near, &QObject::deleteLater);
    far->connectToHost(QHostAddress::LocalHost, target_);
  }
}

void FaultProxy::reset() {
  for (const auto& socket : std::exchange(sockets_, {}))
    if (socket) socket->abort();
}

void FaultProxy::setRefusing(bool refusing) {
  if (refusing) {
    server_.close();
    reset();
  } else {
    server_.listen(QHostAddress::LocalHost, port_);
  }
}

}  // namespace berth::test
