// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/server_address.hpp"

#include <QHostAddress>
#include <QRegularExpression>
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
  // A link of ours opens this program; what it leads to is the same server as on the web.
  if (typed.startsWith(QLatin1String("berth://"), Qt::CaseInsensitive)) typed.remove(0, 8);
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

Result<SharedAddress> shared_address(const QString& text) {
  const auto origin = server_origin(text);
  if (!origin) return std::unexpected(origin.error());
  auto rest = text.trimmed();
  if (const auto scheme = rest.indexOf(QLatin1String("://")); scheme >= 0) rest.remove(0, scheme + 3);
  const QUrl url(QLatin1String("http://") + rest, QUrl::StrictMode);
  auto path = url.path();
  while (path.size() > 1 && path.endsWith(QLatin1Char('/'))) path.chop(1);
  const auto token = QUrlQuery(url).queryItemValue(QStringLiteral("token"), QUrl::FullyDecoded);
  using Kind = SharedAddress::Kind;
  if (path == QLatin1String("/join") && !token.isEmpty()) return SharedAddress{Kind::join, *origin, token};
  if (path == QLatin1String("/teams/join") && !token.isEmpty())
    return SharedAddress{Kind::join_team, *origin, token};
  static const QRegularExpression one(QStringLiteral("^/w/([a-z2-7]{10})$"));
  if (const auto found = one.match(path); found.hasMatch())
    return SharedAddress{Kind::workspace, *origin, found.captured(1)};
  static const QRegularExpression page(QStringLiteral("^/public/([\\w.~-]{1,200})$"));
  if (const auto found = page.match(path); found.hasMatch())
    return SharedAddress{Kind::public_page, *origin, found.captured(1)};
  return SharedAddress{Kind::server, *origin, {}};
}

bool may_be_opened(const QUrl& page, const QUrl& origin) {
  if (!page.isValid() || page.host().isEmpty() || !page.userInfo().isEmpty()) return false;
  return page.scheme() == QLatin1String("https") ||
         (page.scheme() == QLatin1String("http") && origin.scheme() != QLatin1String("https"));
}

}  // namespace berth::client
