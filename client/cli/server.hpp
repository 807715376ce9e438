// SPDX-License-Identifier: GPL-3.0-or-later
// One server as a command uses it: every route as a call that gives its answer.
#pragma once

#include <QObject>
#include <QUrlQuery>
#include <initializer_list>

#include "client/cli/awaited.hpp"
#include "client/cli/credentials.hpp"
#include "client/core/rest_answer.hpp"
#include "client/core/rest_transport.hpp"
#include "protocol/rest.hpp"

namespace berth::cli {

namespace rest = protocol::rest;

class Server : public QObject {
  Q_OBJECT

 public:
  /// Signed in as nobody, so far. `credentials` outlives this.
  Server(const QUrl& origin, Credentials* credentials);
  /// Waits until a token that was renewed is kept.
  ~Server() override;

  const QUrl& origin() const { return transport_.origin(); }
  client::RestTransport* transport() { return &transport_; }
  /// Uses the sign-in that is kept; unauthenticated where there is none.
  Result<void> restore();
  /// This token and no other; nothing is kept.
  void useToken(const QString& token);
  /// Takes what a sign-in gave and keeps it.
  Result<void> adopt(const rest::SignedIn& signed_in);
  /// A personal access token that is to be kept, once the server has taken it.
  Result<rest::Account> adoptToken(const QString& token);
  /// What keeping it said: not kept in a keychain but in this file.
  QString secretFile() const { return credentials_->file(); }

  using Query = std::initializer_list<std::pair<const char*, QString>>;
  /// `parts` stand for the path's {…}, in order; parameters without a value are left out.
  template <class Route>
  Result<typename Route::Result> ask(const typename Route::Body& body = {}, const QStringList& parts = {},
                                     Query query = {}) {
    auto call = prepared(Route::method, Route::path, parts, query);
    if constexpr (!std::is_same_v<typename Route::Body, rest::NoBody>) call.body = client::encoded_body(body);
    call.authorised = Route::access != rest::Access::anyone;
    const auto answer = awaited<QByteArray>([&](QObject* context, client::Reply<QByteArray> done) {
      call.context = context;
      call.done = std::move(done);
      transport_.send(std::move(call));
    });
    return client::decoded_answer<typename Route::Result>(answer, Route::path);
  }
  /// The same without waiting; `done` is called unless `context` is gone by then.
  template <class Route>
  void begin(QObject* context, const QStringList& parts, client::Reply<typename Route::Result> done) {
    auto call = prepared(Route::method, Route::path, parts, {});
    call.authorised = Route::access != rest::Access::anyone;
    call.context = context;
    call.done = [done = std::move(done)](Result<QByteArray> answer) {
      done(client::decoded_answer<typename Route::Result>(answer, Route::path));
    };
    transport_.send(std::move(call));
  }
  /// An authorised request whose bytes are streamed.
  Result<QNetworkRequest> request(std::string_view route, const QStringList& parts, Query query);

 private:
  client::RestTransport::Call prepared(std::string_view verb, std::string_view route,
                                       const QStringList& parts, Query query);
  void takeTurns();
  void keep();

  Credentials* credentials_;
  client::RestTransport transport_;
  QString email_;
  bool kept_ = false;     // the tokens are the stored ones
  bool keeping_ = false;  // being written
  bool turn_ = false;     // this program's, to refresh
};

}  // namespace berth::cli
