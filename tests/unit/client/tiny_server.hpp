// SPDX-License-Identifier: GPL-3.0-or-later
// Just enough of an HTTP server to say yes, no, and what came.
#pragma once

#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>
#include <QUrl>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace berth::test {

/// Just enough HTTP to say yes, no, and what came.
class TinyServer : public QTcpServer {
 public:
  struct Answer {
    int status;  // 0: there is no answer, ever
    std::string body;
  };
  TinyServer() {
    listen(QHostAddress::LocalHost, 0);
    connect(this, &QTcpServer::newConnection, this, [this] {
      auto* socket = nextPendingConnection();
      const auto came = std::make_shared<QByteArray>();
      if (slow_after > 0) {
        socket->setReadBufferSize(256 << 10);
        auto* turns = new QTimer(socket);
        connect(turns, &QTimer::timeout, socket, [this, socket, came] {
          if (came->size() >= slow_after) *came += socket->readAll();
        });
        turns->start(100);
      }
      connect(socket, &QTcpSocket::readyRead, socket, [this, socket, came] {
        if (onUpgrade && socket->peek(4096).toLower().contains("upgrade: websocket")) {
          socket->disconnect(this);
          QObject::disconnect(socket, &QTcpSocket::readyRead, socket, nullptr);
          return onUpgrade(socket);
        }
        auto& bytes = *came;
        if (slow_after > 0 && bytes.size() >= slow_after) return;
        bytes += socket->readAll();
        const auto end = bytes.indexOf("\r\n\r\n");
        if (end < 0) return;
        const auto head = bytes.left(end);
        const auto at = head.toLower().indexOf("content-length: ");
        const auto length = at < 0 ? 0 : head.mid(at + 16, head.indexOf('\r', at) - at - 16).toInt();
        if (bytes.size() < end + 4 + length) return;
        const auto body = std::exchange(bytes, {}).mid(end + 4);
        requests.append(QString::fromUtf8(head));
        const auto first = head.left(head.indexOf("\r\n")).split(' ');
        const auto answer =
            handle(QString::fromUtf8(first[0] + ' ' + first[1]), QString::fromUtf8(head), body);
        if (answer.status == 0) return;
        socket->write("HTTP/1.1 " + QByteArray::number(answer.status) +
                      " X\r\nContent-Type: application/json\r\nContent-Length: " +
                      QByteArray::number(static_cast<qsizetype>(answer.body.size())) + "\r\n\r\n" +
                      QByteArray::fromStdString(answer.body));
      });
    });
  }
  QUrl origin() const { return QUrl(QStringLiteral("http://127.0.0.1:%1").arg(serverPort())); }
  std::function<Answer(const QString& route, const QString& head, const QByteArray& body)> handle;
  /// Takes over sockets that ask for a WebSocket, unread.
  std::function<void(QTcpSocket*)> onUpgrade;
  QStringList requests;
  /// Of later connections: once so many bytes of one came the others are read at 256 KiB in 100 ms, so that
  /// its sender waits and yet tells how far it is (the system itself takes up to some 40 MB); 0 reads all at
  /// once.
  qint64 slow_after = 0;
};

}  // namespace berth::test
