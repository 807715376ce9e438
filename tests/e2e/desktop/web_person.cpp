// SPDX-License-Identifier: GPL-3.0-or-later
#include "web_person.hpp"

#include <QJsonDocument>
#include <QNetworkReply>
#include <QUrlQuery>

#include "wait_for.hpp"

namespace berth::test {

QJsonObject WebPerson::Answer::json() const { return QJsonDocument::fromJson(body).object(); }

WebPerson::Answer WebPerson::send(const QByteArray& verb, QNetworkRequest request, const QByteArray& body) {
  request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
  auto* reply = network_.sendCustomRequest(request, verb, body);
  Answer out;
  if (wait_for([&] { return reply->isFinished(); }, 60'000))
    out = {reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), reply->readAll()};
  reply->deleteLater();
  return out;
}

WebPerson::Answer WebPerson::call(const QByteArray& verb, const QString& path, const QJsonObject& body) {
  QNetworkRequest request(QUrl(origin_.toString() + QStringLiteral("/api/v1/") + path));
  request.setRawHeader("Origin", origin_.toString().toLatin1());
  if (verb == "GET" || verb == "DELETE") return send(verb, request, {});
  request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArrayLiteral("application/json"));
  return send(verb, request, QJsonDocument(body).toJson(QJsonDocument::Compact));
}

WebPerson::Answer WebPerson::visit(const QUrl& page) { return send("GET", QNetworkRequest(page), {}); }

bool WebPerson::signIn(const QString& email) {
  return call("POST", QStringLiteral("auth/sign_in"),
              {{QStringLiteral("email"), email}, {QStringLiteral("password"), web_password}})
             .status == 200;
}

bool WebPerson::setUp(const QString& setupLink, const QString& email) {
  const auto token = QUrlQuery(QUrl(setupLink)).queryItemValue(QStringLiteral("token"), QUrl::FullyDecoded);
  return call("POST", QStringLiteral("setup"),
              {{QStringLiteral("token"), token},
               {QStringLiteral("email"), email},
               {QStringLiteral("name"), QStringLiteral("Ada Lovelace")},
               {QStringLiteral("password"), web_password}})
                 .status == 200 &&
         call("PATCH", QStringLiteral("settings"), {{QStringLiteral("registration_open"), true}}).status ==
             200;
}

bool WebPerson::registerAccount(const QString& email, const QString& name) {
  return call("POST", QStringLiteral("auth/register"),
              {{QStringLiteral("email"), email},
               {QStringLiteral("name"), name},
               {QStringLiteral("password"), web_password}})
             .status == 200;
}

}  // namespace berth::test
