// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/cli/credentials.hpp"

#include <QDeadlineTimer>
#include <QDir>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStandardPaths>
#include <QTimer>

namespace berth::cli {
namespace {

constexpr int turn_patience = 20'000;  // ms; a refresh takes one answer of the server's
constexpr int turn_pause = 20;         // ms between two looks at the lock
constexpr int stale_turn = 60'000;     // ms after which a turn is taken from whoever hangs

QString folder() {
  const auto path = QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation);
  QDir().mkpath(path);
  return path;
}

QString text_of(const Credential& credential) {
  const QJsonObject object{{QStringLiteral("email"), credential.email},
                           {QStringLiteral("access"), credential.tokens.access},
                           {QStringLiteral("refresh"), credential.tokens.refresh},
                           {QStringLiteral("expires"), credential.tokens.access_expires}};
  return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

std::optional<Credential> credential_of(const QString& text) {
  const auto object = QJsonDocument::fromJson(text.toUtf8()).object();
  Credential credential{
      object[QStringLiteral("email")].toString(),
      {object[QStringLiteral("access")].toString(), object[QStringLiteral("refresh")].toString(),
       object[QStringLiteral("expires")].toInteger()}};
  if (credential.tokens.access.isEmpty() && credential.tokens.refresh.isEmpty()) return std::nullopt;
  return credential;
}

}  // namespace

Credentials::Credentials() = default;

// Not the desktop's name for it: each has a sign-in of its own, which ends by itself.
QString Credentials::key(const QUrl& server) { return QStringLiteral("berthctl ") + server.toString(); }

void Credentials::read(const QUrl& server, QObject* context,
                       std::function<void(std::optional<Credential>)> done) {
  secrets_.read(key(server), context, [done = std::move(done)](Result<QString> text) {
    done(text ? credential_of(*text) : std::nullopt);
  });
}

void Credentials::write(const QUrl& server, const Credential& credential, QObject* context,
                        std::function<void(bool)> done) {
  const auto text = text_of(credential);
  bool known = false;
  for (const auto& one : servers_.servers())
    known = known || (one == client::RememberedServer{server, credential.email});
  if (!known) {
    forget(server);  // somebody else's sign-in there
    servers_.remember({server, credential.email});
  }
  secrets_.write(key(server), text);
  // The keychain takes one order after the other, so this one is answered once the secret is kept.
  secrets_.read(key(server), context,
                [text, done = std::move(done)](Result<QString> kept) { done(kept && *kept == text); });
}

void Credentials::forget(const QUrl& server) {
  secrets_.remove(key(server));
  for (const auto& one : QList<client::RememberedServer>(servers_.servers()))
    if (one.server == server) servers_.forget(one);
}

QUrl Credentials::usual() const {
  return servers_.servers().isEmpty() ? QUrl() : servers_.servers().constFirst().server;
}

void Credentials::use(const QUrl& server) {
  for (const auto& one : QList<client::RememberedServer>(servers_.servers()))
    if (one.server == server) return servers_.remember(one);
}

void Credentials::takeTurn(QObject* context, std::function<void(bool)> done) {
  if (!turn_) {
    turn_ = std::make_unique<QLockFile>(folder() + QStringLiteral("/refresh.lock"));
    turn_->setStaleLockTime(stale_turn);
  }
  auto* again = new QTimer(context);
  again->setInterval(turn_pause);
  connect(again, &QTimer::timeout, this,
          [this, again, until = QDeadlineTimer(turn_patience), done = std::move(done)] {
            const bool taken = turn_->tryLock(0);
            if (!taken && !until.hasExpired()) return;
            again->stop();
            again->deleteLater();
            done(taken);
          });
  again->start();
}

void Credentials::letGo() {
  if (turn_) turn_->unlock();
}

}  // namespace berth::cli
