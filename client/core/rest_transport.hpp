// SPDX-License-Identifier: GPL-3.0-or-later
// HTTP to one server: JSON in and out, the native header, and the access token, refreshed when it runs out.
// Routes and their types are ServerConnection's.
#pragma once

#include <QDateTime>
#include <QNetworkAccessManager>
#include <QObject>
#include <QUrl>
#include <functional>
#include <optional>
#include <vector>

#include "client/core/reply.hpp"

class QNetworkReply;

namespace berth::client {

struct Tokens {
  QString access;
  QString refresh;            // empty: `access` is a personal access token, which is good as long as it is
  qint64 access_expires = 0;  // Unix ms
};

/// What a server's refusal says; a sentence of our own where it is not a Berth server's.
Error error_of_answer(int status, const QByteArray& body);

class RestTransport : public QObject {
  Q_OBJECT

 public:
  static constexpr qint64 largest_answer = 32ll << 20;  // bytes

  struct Call {
    QByteArray verb;
    QString path;     // "/api/v1/…", with its query
    QByteArray body;  // JSON, or empty
    bool authorised = true;
    QPointer<QObject> context;
    Reply<QByteArray> done;
    int patience = 45'000;            // ms without a byte; a workspace's start answers within 20 s
    qint64 largest = largest_answer;  // bytes; a longer answer is too_large, its "size" in the error's data
    bool retried = false;
  };

  explicit RestTransport(QUrl origin, QObject* parent = nullptr);

  const QUrl& origin() const { return origin_; }
  /// Requests from now on go there; those under way end as they end.
  void setOrigin(const QUrl& origin) { origin_ = origin; }
  bool signedIn() const { return !tokens_.refresh.isEmpty() || !tokens_.access.isEmpty(); }
  void setTokens(Tokens tokens);
  const Tokens& tokens() const { return tokens_; }

  /// Programs that share one sign-in take turns, as a refresh token is good once: asked before it is used.
  /// With tokens, which another program got meanwhile, those are taken; without, the server is asked, and
  /// refreshEnded() follows.
  using Turn = std::function<void(std::function<void(std::optional<Tokens>)>)>;
  void takeTurns(Turn turn) { turn_ = std::move(turn); }

  /// Sends it, first refreshing the token where that is due; a 401 is answered by one refresh and one more
  /// try.
  void send(Call call);

  /// An access token with at least 30 s left.
  void withToken(QObject* context, Reply<QString> done);

  /// The next call opens a connection of its own: the way to the server may be another one now.
  void dropKeptConnections();

  /// The next use of the access token refreshes it (the server refused it elsewhere).
  void distrustToken() { tokens_.access_expires = 0; }

 Q_SIGNALS:
  /// The refresh token rotated: keep the new one.
  void rotated();
  /// The server has answered a refresh, or could not be asked; behind rotated() or signedOut().
  void refreshEnded();
  /// The server no longer takes the refresh token; the tokens are forgotten.
  void signedOut(const QString& why);

 private:
  bool tokenDue() const;
  void transmit(Call call);
  void finish(QNetworkReply* reply, Call call);
  void refresh();
  void exchange();
  void resumeCalls();
  void refreshed(Result<QByteArray> answer);

  QUrl origin_;
  QNetworkAccessManager network_;
  Tokens tokens_;
  Turn turn_;
  bool refreshing_ = false;
  std::vector<Call> waiting_;  // for the refresh
  std::vector<Reply<QString>> tokenWaiters_;
};

}  // namespace berth::client
