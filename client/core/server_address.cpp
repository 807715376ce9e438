// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/server_address.hpp"

#include <QHostAddress>
#include <QUrlQuery>

namespace berth::client {

bool is_this_machine(const QString& host) {
  const auto name = host.toLower();
  if (name == QLatin1String("localhost") || name.endsWith(QLatin1String(".localhost"))) return true;
  const QHostAddress address(name);
  return !address.isNull() && address.isLoopback();
}

Result<QUrl> server_origin(const QString& text) {
  auto typed = text.trimmed();
  if (typed.isEmpty())
    return failure(ErrorCode::invalid_argument, "Type the server's address, for example localhost:7070.");
  if (!typed.contains(QLatin1String("://"))) {
    const QUrl probe(QLatin1String("http://") + typed);
    typed.prepend(is_this_machine(probe.host()) ? QLatin1String("http://") : QLatin1String("https://"));
  }
  const QUrl url(typed, QUrl::StrictMode);
  const auto scheme = url.scheme();
  if (!url.isValid() || url.host().isEmpty() ||
      (scheme != QLatin1String("http") && scheme != QLatin1String("https")))
    return failure(ErrorCode::invalid_argument,
                   "That is not a server address. Try one like localhost:7070 or https://berth.example.");
  QUrl origin;
  origin.setScheme(scheme);
  origin.setHost(url.host());
  origin.setPort(url.port());
  return origin;
}

QString setup_token(const QString& text) {
  const QUrl url(text.trimmed());
  if (!url.path().endsWith(QLatin1String("/setup"))) return {};
  return QUrlQuery(url).queryItemValue(QStringLiteral("token"), QUrl::FullyDecoded);
}

bool may_be_opened(const QUrl& page, const QUrl& origin) {
  if (!page.isValid() || page.host().isEmpty() || !page.userInfo().isEmpty()) return false;
  return page.scheme() == QLatin1String("https") ||
         (page.scheme() == QLatin1String("http") && origin.scheme() != QLatin1String("https"));
}

}  // namespace berth::client
