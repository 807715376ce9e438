// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/cli/server.hpp"

#include <QDateTime>
#include <QNetworkRequest>

namespace berth::cli {
namespace {

constexpr int patience = 300'000;  // ms without a byte: some routes store or copy versions first
constexpr int keeping_patience = 10'000;

}  // namespace

Server::Server(const QUrl& origin, Credentials* credentials) : credentials_(credentials), transport_(origin) {
  connect(&transport_, &client::RestTransport::rotated, this, &Server::keep);
  connect(&transport_, &client::RestTransport::signedOut, this, [this] {
    if (kept_) credentials_->forget(this->origin());
  });
  connect(&transport_, &client::RestTransport::refreshEnded, this, [this] {
    if (!keeping_ && std::exchange(turn_, false)) credentials_->letGo();
  });
  takeTurns();
}

Server::~Server() {
  wait_until([this] { return !keeping_; }, keeping_patience);
  if (turn_) credentials_->letGo();
}

void Server::takeTurns() {
  transport_.takeTurns([this](std::function<void(std::optional<client::Tokens>)> done) {
    if (!kept_) return done(std::nullopt);
    credentials_->takeTurn(this, [this, done = std::move(done)](bool taken) {
      turn_ = taken;
      // What another one got while this one waited, or since this one began.
      credentials_->read(origin(), this, [this, done](std::optional<Credential> kept) {
        const auto& mine = transport_.tokens();
        if (!kept || kept->tokens.refresh.isEmpty() || kept->tokens.refresh == mine.refresh)
          return done(std::nullopt);
        const bool good = kept->tokens.access_expires - QDateTime::currentMSecsSinceEpoch() > 60'000;
        if (!good) {
          transport_.setTokens(kept->tokens);
          return done(std::nullopt);
        }
        if (std::exchange(turn_, false)) credentials_->letGo();
        done(kept->tokens);
      });
    });
  });
}

void Server::keep() {
  if (!kept_) return;
  keeping_ = true;
  credentials_->write(origin(), {email_, transport_.tokens()}, this, [this](bool) {
    keeping_ = false;
    if (std::exchange(turn_, false)) credentials_->letGo();
  });
}

Result<void> Server::restore() {
  const auto kept = awaited<std::optional<Credential>>(
      [this](QObject* context, client::Reply<std::optional<Credential>> done) {
        credentials_->read(origin(), context,
                           [done = std::move(done)](std::optional<Credential> one) { done(std::move(one)); });
      });
  if (!kept || !*kept)
    return failure(ErrorCode::unauthenticated,
                   "You are not signed in at " + origin().toString().toStdString() +
                       ". Run: berthctl login " + origin().toString().toStdString());
  email_ = (*kept)->email;
  kept_ = true;
  transport_.setTokens((*kept)->tokens);
  return {};
}

void Server::useToken(const QString& token) {
  kept_ = false;
  transport_.setTokens({token, {}, 0});
}

Result<void> Server::adopt(const rest::SignedIn& signed_in) {
  if (!signed_in.access_token || !signed_in.refresh_token)
    return failure(ErrorCode::internal,
                   "The server gave no tokens; it may be too old or too new for berthctl.");
  transport_.setTokens({QString::fromStdString(*signed_in.access_token),
                        QString::fromStdString(*signed_in.refresh_token), signed_in.access_expires});
  email_ = QString::fromStdString(signed_in.account.email);
  kept_ = true;
  const auto kept = awaited<bool>([this](QObject* context, client::Reply<bool> done) {
    credentials_->write(origin(), {email_, transport_.tokens()}, context,
                        [done = std::move(done)](bool good) { done(good); });
  });
  if (!kept || !*kept) return failure(ErrorCode::internal, "The sign-in could not be kept on this machine.");
  return {};
}

Result<rest::Account> Server::adoptToken(const QString& token) {
  useToken(token);
  auto account = ask<rest::GetMe>();
  // A token may be for less than reading the account.
  if (!account && account.error().code != ErrorCode::permission_denied) return account;
  email_ = account ? QString::fromStdString(account->email) : QStringLiteral("(token)");
  const auto kept = awaited<bool>([this](QObject* context, client::Reply<bool> done) {
    credentials_->write(origin(), {email_, transport_.tokens()}, context,
                        [done = std::move(done)](bool good) { done(good); });
  });
  if (!kept || !*kept) return failure(ErrorCode::internal, "The token could not be kept on this machine.");
  if (!account) account = rest::Account{"", email_.toStdString(), "", false, 0};
  return account;
}

client::RestTransport::Call Server::prepared(std::string_view verb, std::string_view route,
                                             const QStringList& parts, Query query) {
  client::RestTransport::Call call;
  call.verb = QByteArray(verb.data(), static_cast<qsizetype>(verb.size()));
  call.path = QString::fromUtf8(route.data(), static_cast<qsizetype>(route.size()));
  for (const auto& part : parts) {
    const auto open = call.path.indexOf(QLatin1Char('{'));
    if (open < 0) break;
    call.path.replace(open, call.path.indexOf(QLatin1Char('}'), open) + 1 - open, client::in_url(part));
  }
  QStringList items;
  for (const auto& [name, value] : query)
    if (!value.isEmpty()) items.append(QLatin1String(name) + QLatin1Char('=') + client::in_url(value));
  if (!items.isEmpty()) call.path += QLatin1Char('?') + items.join(QLatin1Char('&'));
  call.patience = patience;
  return call;
}

Result<QNetworkRequest> Server::request(std::string_view route, const QStringList& parts, Query query) {
  const auto token = awaited<QString>([this](QObject* context, client::Reply<QString> done) {
    transport_.withToken(context, std::move(done));
  });
  if (!token) return std::unexpected(token.error());
  const auto path = prepared({}, route, parts, query).path;
  QUrl url = origin();
  url.setPath(path.section(QLatin1Char('?'), 0, 0));
  if (path.contains(QLatin1Char('?'))) url.setQuery(path.section(QLatin1Char('?'), 1));
  QNetworkRequest request(url);
  request.setRawHeader("Authorization", "Bearer " + token->toLatin1());
  request.setRawHeader("Berth-Client", "native");
  return request;
}

}  // namespace berth::cli
