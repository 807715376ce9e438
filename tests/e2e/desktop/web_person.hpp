// SPDX-License-Identifier: GPL-3.0-or-later
// Somebody at a web browser, as far as the server sees that: cookies and an Origin, no token.
#pragma once

#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QUrl>

namespace berth::test {

class WebPerson {
 public:
  /// `origin` of the IDE: "http://localhost:7070".
  explicit WebPerson(const QUrl& origin) : origin_(origin) {}

  struct Answer {
    int status = 0;
    QByteArray body;
    QJsonObject json() const;
  };
  /// `path` below /api/v1, with its query.
  Answer call(const QByteArray& verb, const QString& path, const QJsonObject& body = {});
  /// Goes to a page, as by a click; redirects are not followed.
  Answer visit(const QUrl& page);
  bool signIn(const QString& email);
  /// The administrator, by the set-up link, of a server that lets others register.
  bool setUp(const QString& setupLink, const QString& email);
  bool registerAccount(const QString& email, const QString& name);

 private:
  Answer send(const QByteArray& verb, QNetworkRequest request, const QByteArray& body);

  QUrl origin_;
  QNetworkAccessManager network_;
};

inline const QString web_password = QStringLiteral("correct horse battery");

}  // namespace berth::test
