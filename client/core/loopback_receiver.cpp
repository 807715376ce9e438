// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/loopback_receiver.hpp"

#include <QTcpSocket>
#include <QTimer>
#include <QUrl>
#include <QUrlQuery>
#include <memory>

namespace berth::client {
namespace {

const auto answer_path = QStringLiteral("/signed-in");

/// Every answer is a page for a person; nothing of the request is ever in it.
QByteArray answer_page(const QByteArray& status, const QString& title, const QString& text) {
  const auto body = QStringLiteral(R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Berth</title><style>
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;margin:0;min-height:100vh;display:grid;place-items:center;
background:light-dark(#f4f5f7,#17191d);color:light-dark(#1d2129,#e6e8ec)}
main{background:light-dark(#fff,#202329);border:1px solid light-dark(#dcdfe4,#33373f);border-radius:12px;
padding:32px 40px;max-width:26rem;text-align:center}
h1{font-size:1.3rem;margin:0 0 .5rem}p{margin:0;color:light-dark(#5b6270,#a4abb8)}
</style></head><body><main><h1>%1</h1><p>%2</p></main></body></html>
)")
                        .arg(title.toHtmlEscaped(), text.toHtmlEscaped())
                        .toUtf8();
  return "HTTP/1.1 " + status +
         "\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: " + QByteArray::number(body.size()) +
         "\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n"
         "X-Frame-Options: DENY\r\nContent-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; "
         "frame-ancestors 'none'\r\nConnection: close\r\n\r\n" +
         body;
}

/// Without a hint of how much of it is right.
bool same_bytes(const QByteArray& left, const QByteArray& right) {
  if (left.size() != right.size()) return false;
  unsigned difference = 0;
  for (qsizetype i = 0; i < left.size(); ++i)
    difference |= static_cast<unsigned char>(left[i]) ^ static_cast<unsigned char>(right[i]);
  return difference == 0;
}

/// The value of a parameter that stands there once; null otherwise.
QString single_value(const QUrlQuery& query, const QString& name) {
  const auto all = query.allQueryItemValues(name, QUrl::FullyDecoded);
  return all.size() == 1 ? all.first() : QString();
}

/// The one Host that a request names; a page of the web that has the browser ask here under a name of its own
/// (DNS rebinding) names that.
QByteArray host_of_request(const QList<QByteArray>& lines) {
  QByteArray host;
  for (const auto& line : lines) {
    const auto colon = line.indexOf(':');
    if (colon < 0 || line.left(colon).toLower() != "host") continue;
    if (!host.isNull()) return {};
    host = line.mid(colon + 1).trimmed();
  }
  return host;
}

}  // namespace

LoopbackReceiver::LoopbackReceiver(QByteArray state, QObject* parent)
    : QObject(parent), state_(std::move(state)) {
  connect(&server_, &QTcpServer::newConnection, this, &LoopbackReceiver::accept);
}

Result<void> LoopbackReceiver::listen() {
  if (server_.listen(QHostAddress::LocalHost) || server_.listen(QHostAddress::LocalHostIPv6)) return {};
  return failure(ErrorCode::unavailable, "This machine lets no program wait for the browser's answer: " +
                                             server_.errorString().toStdString() + ".");
}

QByteArray LoopbackReceiver::authority() const {
  const bool six = server_.serverAddress().protocol() == QAbstractSocket::IPv6Protocol;
  return (six ? "[::1]:" : "127.0.0.1:") + QByteArray::number(server_.serverPort());
}

QString LoopbackReceiver::redirect() const {
  return QStringLiteral("http://") + QString::fromLatin1(authority()) + answer_path;
}

void LoopbackReceiver::accept() {
  while (auto* socket = server_.nextPendingConnection()) {
    connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
    if (open_ >= most_connections) {
      socket->abort();
      socket->deleteLater();
      continue;
    }
    ++open_;
    connect(socket, &QObject::destroyed, this, [this] { --open_; });
    QTimer::singleShot(request_patience, socket, [socket] { socket->abort(); });
    const auto bytes = std::make_shared<QByteArray>();
    connect(socket, &QTcpSocket::readyRead, this, [this, socket, bytes] { read(socket, *bytes); });
  }
}

void LoopbackReceiver::read(QTcpSocket* socket, QByteArray& bytes) {
  bytes += socket->read(largest_request + 1 - bytes.size());
  const auto end = bytes.indexOf("\r\n\r\n");
  if (end < 0 && bytes.size() <= largest_request) return;
  QObject::disconnect(socket, &QTcpSocket::readyRead, this, nullptr);
  answer(socket, end < 0 ? QByteArray() : bytes.left(end));
}

void LoopbackReceiver::answer(QTcpSocket* socket, const QByteArray& head) {
  const auto reply = [socket](const QByteArray& bytes) {
    socket->write(bytes);
    socket->flush();  // this object may be gone before the next turn
    socket->disconnectFromHost();
  };
  const auto lines = head.split('\n');
  const auto first = lines.first().trimmed().split(' ');
  if (first.size() != 3 || first[0] != "GET" || !first[1].startsWith('/') ||
      host_of_request(lines) != authority())
    return reply(
        answer_page("400 Bad Request", tr("Nothing is here"), tr("Berth does not understand that.")));
  const auto target = QUrl::fromEncoded("http://" + authority() + first[1], QUrl::StrictMode);
  if (!target.isValid() || target.path(QUrl::FullyDecoded) != answer_path)
    return reply(
        answer_page("404 Not Found", tr("Nothing is here"), tr("Berth waits for a sign-in elsewhere.")));
  const QUrlQuery query(target);
  const auto code = single_value(query, QStringLiteral("code"));
  const auto error = single_value(query, QStringLiteral("error"));
  const bool ours = same_bytes(single_value(query, QStringLiteral("state")).toUtf8(), state_);
  if (!ours || code.isEmpty() == error.isEmpty() || !server_.isListening())
    return reply(answer_page("400 Bad Request", tr("That is not the answer"),
                             tr("Berth waits for the answer to another sign-in. Begin again in Berth.")));
  server_.close();
  if (!error.isEmpty()) {
    reply(answer_page("200 OK", tr("Not signed in"),
                      tr("Berth was not allowed in. You may close this window.")));
    return Q_EMIT refused(error);
  }
  reply(answer_page("200 OK", tr("Back to Berth"), tr("Berth signs you in. You may close this window.")));
  Q_EMIT answered(code);
}

}  // namespace berth::client
