// SPDX-License-Identifier: GPL-3.0-or-later
// The address on this machine to which a browser brings the answer of a sign-in (RFC 8252, section 7.3): one
// port of the loopback interface, one good answer, then it is closed.
#pragma once

#include <QByteArray>
#include <QObject>
#include <QString>
#include <QTcpServer>
#include <chrono>

#include "protocol/error.hpp"

class QTcpSocket;

namespace berth::client {

class LoopbackReceiver : public QObject {
  Q_OBJECT

 public:
  static constexpr std::chrono::seconds request_patience{10};  // for one connection's request
  static constexpr qsizetype largest_request = 16 << 10;       // bytes
  static constexpr int most_connections = 16;                  // at a time

  /// `state`: what the answer must carry; any other one is refused, and waited on.
  explicit LoopbackReceiver(QByteArray state, QObject* parent = nullptr);

  /// Begins to listen, at 127.0.0.1 or, where that can't be, at ::1; the system chooses the port.
  Result<void> listen();
  /// "http://127.0.0.1:PORT/signed-in", for the server.
  QString redirect() const;

 Q_SIGNALS:
  /// The person agreed. At most one of the two comes, once.
  void answered(const QString& code);
  /// The person did not, or the server could not; `error` as RFC 6749 names it ("access_denied").
  void refused(const QString& error);

 private:
  void accept();
  void read(QTcpSocket* socket, QByteArray& bytes);
  void answer(QTcpSocket* socket, const QByteArray& head);
  QByteArray authority() const;

  QByteArray state_;
  int open_ = 0;  // connections; before the server, whose sockets count themselves off
  QTcpServer server_;
};

}  // namespace berth::client
