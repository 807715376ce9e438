// SPDX-License-Identifier: GPL-3.0-or-later
#include "preview_browser.hpp"

#include <QNetworkCookie>
#include <QTcpSocket>

#include "wait_for.hpp"

namespace berth::test {
namespace {

QByteArray exchange(const QUrl& url, const QByteArray& cookies) {
  QTcpSocket socket;
  socket.connectToHost(QHostAddress::LocalHost, static_cast<quint16>(url.port(80)));
  const auto path =
      url.path(QUrl::FullyEncoded).isEmpty() ? QByteArray("/") : url.path(QUrl::FullyEncoded).toUtf8();
  auto request =
      "GET " + path + (url.hasQuery() ? '?' + url.query(QUrl::FullyEncoded).toUtf8() : QByteArray()) +
      " HTTP/1.1\r\nHost: " + url.authority().toUtf8() + "\r\nAccept: text/html\r\nConnection: close\r\n";
  if (!cookies.isEmpty()) request += "Cookie: " + cookies + "\r\n";
  socket.write(request + "\r\n");
  QByteArray answer;
  wait_for(
      [&] {
        answer += socket.readAll();
        // Refused: an empty answer.
        const bool refused = socket.error() == QAbstractSocket::ConnectionRefusedError;
        return socket.state() == QTcpSocket::UnconnectedState && (refused || !answer.isEmpty());
      },
      15'000);
  return answer;
}

}  // namespace

PreviewBrowser::Page PreviewBrowser::open(QUrl url) {
  Page page;
  for (int hop = 0; hop < 6; ++hop) {
    auto& jar = cookies_[url.authority()];
    QByteArrayList pairs;
    for (auto cookie = jar.begin(); cookie != jar.end(); ++cookie)
      pairs.append(cookie.key() + '=' + cookie.value());
    const auto answer = exchange(url, pairs.join("; "));
    const auto end = answer.indexOf("\r\n\r\n");
    page.address = url;
    page.status = answer.mid(9, 3).toInt();
    page.body = answer.mid(end + 4);
    QByteArray location;
    for (const auto& line : answer.left(std::max<qsizetype>(end, 0)).split('\n')) {
      const auto value = line.mid(line.indexOf(':') + 1).trimmed();
      if (line.toLower().startsWith("location:")) location = value;
      if (!line.toLower().startsWith("set-cookie:")) continue;
      for (const auto& cookie : QNetworkCookie::parseCookies(value)) jar[cookie.name()] = cookie.value();
    }
    if (page.status < 300 || page.status >= 400 || location.isEmpty()) return page;
    url = url.resolved(QUrl(QString::fromUtf8(location)));
  }
  return page;
}

}  // namespace berth::test
