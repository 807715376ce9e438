// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/rest_transport.hpp"

#include <QCoreApplication>
#include <QNetworkReply>
#include <QNetworkRequest>

#include "protocol/codec.hpp"
#include "protocol/rest.hpp"

namespace berth::client {
namespace {

namespace rest = protocol::rest;
constexpr qint64 token_margin = 30'000;  // ms left below which a token is refreshed

constexpr auto too_large = "berth-too-large";  // property of a reply: the bytes that were announced

Error network_error(const QNetworkReply& reply, const QUrl& origin) {
  const auto host = origin.host().toStdString();
  const auto detail = reply.errorString().toStdString();
  switch (reply.error()) {
    case QNetworkReply::ConnectionRefusedError:
      return {ErrorCode::unavailable,
              "Nothing answers at " + origin.authority().toStdString() + ". Is the server running?", detail};
    case QNetworkReply::HostNotFoundError:
      return {ErrorCode::unavailable, "There is no host named " + host + ".", detail};
    case QNetworkReply::TimeoutError:
    case QNetworkReply::OperationCanceledError:
      return {ErrorCode::timeout, host + " did not answer in time. Try again.", detail};
    case QNetworkReply::SslHandshakeFailedError:
      return {ErrorCode::unavailable, "The certificate of " + host + " is not trusted on this machine.",
              detail};
    default:
      return {ErrorCode::unavailable, "The connection to " + host + " failed: " + detail + ".", detail};
  }
}

/// `announced` bytes, 0 where the server did not say.
Error too_large_error(qint64 largest, qint64 announced) {
  Error error{
      ErrorCode::too_large,
      "The server's answer is larger than the " + std::to_string(largest >> 10) + " KiB that are read here.",
      {},
      {}};
  if (announced > 0) error.data["size"] = std::to_string(announced);
  return error;
}

}  // namespace

Error error_of_answer(int status, const QByteArray& body) {
  const auto json =
      protocol::parse_json(std::string_view(body.constData(), static_cast<std::size_t>(body.size())));
  if (json) {
    if (auto error = protocol::decode<rest::Error>(*json, "error")) {
      Error out{ErrorCode::internal, error->error.message, {}, error->error.data};
      boost::describe::enum_from_string(error->error.code.c_str(), out.code);
      return out;
    }
  }
  const auto code = status == 401   ? ErrorCode::unauthenticated
                    : status == 403 ? ErrorCode::permission_denied
                    : status == 404 ? ErrorCode::not_found
                    : status >= 500 ? ErrorCode::unavailable
                                    : ErrorCode::internal;
  return {code,
          "The server answered with status " + std::to_string(status) + "; it may not be a Berth server.",
          {},
          {}};
}

RestTransport::RestTransport(QUrl origin, QObject* parent) : QObject(parent), origin_(std::move(origin)) {
  network_.setAutoDeleteReplies(true);
  // A redirect to another origin would carry the token there.
  network_.setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
}

void RestTransport::dropKeptConnections() { network_.clearConnectionCache(); }

void RestTransport::setTokens(Tokens tokens) { tokens_ = std::move(tokens); }

bool RestTransport::tokenDue() const {
  if (tokens_.refresh.isEmpty()) return false;  // a personal access token is all there is
  return tokens_.access.isEmpty() ||
         tokens_.access_expires - QDateTime::currentMSecsSinceEpoch() < token_margin;
}

void RestTransport::send(Call call) {
  if (!call.authorised) return transmit(std::move(call));
  if (!signedIn()) {
    if (call.context) call.done(failure(ErrorCode::unauthenticated, "Sign in first."));
    return;
  }
  if (!tokenDue() && !refreshing_) return transmit(std::move(call));
  waiting_.push_back(std::move(call));
  refresh();
}

void RestTransport::withToken(QObject* context, Reply<QString> done) {
  if (!signedIn()) return done(failure(ErrorCode::unauthenticated, "Sign in first."));
  if (!tokenDue() && !refreshing_) return done(tokens_.access);
  tokenWaiters_.push_back(guarded<QString>(context, std::move(done)));
  refresh();
}

void RestTransport::transmit(Call call) {
  QUrl url = origin_;
  const auto query = call.path.indexOf(QLatin1Char('?'));
  url.setPath(call.path.left(query < 0 ? call.path.size() : query));
  if (query >= 0) url.setQuery(call.path.mid(query + 1));
  QNetworkRequest request(url);
  request.setTransferTimeout(call.patience);
  request.setRawHeader("Berth-Client", "native");
  request.setRawHeader("Accept", "application/json");
  // What the person reads in the list of sign-ins, and where a sign-in is agreed to.
  if (const auto version = QCoreApplication::applicationVersion(); !version.isEmpty())
    request.setHeader(QNetworkRequest::UserAgentHeader,
                      QCoreApplication::applicationName() + QLatin1Char('/') + version);
  request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
  request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
  if (call.authorised) request.setRawHeader("Authorization", "Bearer " + tokens_.access.toLatin1());
  if (!call.body.isEmpty())
    request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArrayLiteral("application/json"));
  auto* reply = network_.sendCustomRequest(request, call.verb, call.body);
  // Looked at with the header and at each piece: what is too large is not read to its end.
  const auto look = [reply, largest = call.largest] {
    const auto announced = reply->header(QNetworkRequest::ContentLengthHeader).toLongLong();
    if (announced <= largest && reply->bytesAvailable() <= largest) return;
    reply->setProperty(too_large, announced);
    reply->abort();
  };
  connect(reply, &QNetworkReply::metaDataChanged, reply, look);
  connect(reply, &QNetworkReply::readyRead, reply, look);
  connect(reply, &QNetworkReply::finished, this,
          [this, reply, call = std::move(call)]() mutable { finish(reply, std::move(call)); });
}

void RestTransport::finish(QNetworkReply* reply, Call call) {
  const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
  Result<QByteArray> outcome;
  const bool good = status >= 200 && status < 300;
  if (const auto announced = reply->property(too_large); announced.isValid()) {
    outcome = std::unexpected(too_large_error(call.largest, announced.toLongLong()));
  } else if (status == 0 || (good && reply->error() != QNetworkReply::NoError)) {
    outcome = std::unexpected(network_error(*reply, origin_));  // also one that broke off midway
  } else if (good) {
    outcome = reply->readAll();
  } else {
    outcome = std::unexpected(error_of_answer(status, reply->readAll()));
  }
  if (status == 401 && call.authorised && !call.retried && !tokens_.refresh.isEmpty()) {
    call.retried = true;
    distrustToken();
    waiting_.push_back(std::move(call));
    return refresh();
  }
  if (call.context) call.done(std::move(outcome));
}

void RestTransport::refresh() {
  if (refreshing_) return;
  refreshing_ = true;
  if (!turn_) return exchange();
  turn_([self = QPointer(this)](std::optional<Tokens> newer) {
    if (!self) return;
    if (!newer) return self->exchange();
    self->tokens_ = std::move(*newer);
    self->resumeCalls();
  });
}

void RestTransport::exchange() {
  const rest::Refresh::Body body{tokens_.refresh.toStdString()};
  Call call;
  call.verb = "POST";
  call.path = QLatin1String(rest::Refresh::path.data(), static_cast<qsizetype>(rest::Refresh::path.size()));
  call.body = QByteArray::fromStdString(protocol::to_text(protocol::encode(body)));
  call.authorised = false;
  call.patience = 15'000;
  call.context = this;
  call.done = [this](Result<QByteArray> answer) { refreshed(std::move(answer)); };
  transmit(std::move(call));
}

void RestTransport::refreshed(Result<QByteArray> answer) {
  Result<rest::SignedIn> signed_in;
  if (!answer) {
    signed_in = std::unexpected(answer.error());
  } else if (const auto json = protocol::parse_json(answer->toStdString()); !json) {
    signed_in = std::unexpected(json.error());
  } else {
    signed_in = protocol::decode<rest::SignedIn>(*json, "auth/refresh");
  }
  if (!signed_in) {
    refreshing_ = false;
    auto calls = std::exchange(waiting_, {});
    auto waiters = std::exchange(tokenWaiters_, {});
    if (signed_in.error().code == ErrorCode::unauthenticated) {
      tokens_ = {};
      Q_EMIT signedOut(QString::fromStdString(signed_in.error().message));
    }
    Q_EMIT refreshEnded();
    for (auto& call : calls)
      if (call.context) call.done(std::unexpected(signed_in.error()));
    for (auto& waiter : waiters) waiter(std::unexpected(signed_in.error()));
    return;
  }
  tokens_.access = QString::fromStdString(signed_in->access_token.value_or(""));
  if (signed_in->refresh_token) tokens_.refresh = QString::fromStdString(*signed_in->refresh_token);
  tokens_.access_expires = signed_in->access_expires;
  // A clock that runs ahead of the server's must not make every call refresh first.
  tokens_.access_expires =
      std::max<qint64>(tokens_.access_expires, QDateTime::currentMSecsSinceEpoch() + 2 * token_margin);
  Q_EMIT rotated();
  Q_EMIT refreshEnded();
  resumeCalls();
}

void RestTransport::resumeCalls() {
  refreshing_ = false;
  auto calls = std::exchange(waiting_, {});
  auto waiters = std::exchange(tokenWaiters_, {});
  for (auto& call : calls) transmit(std::move(call));
  for (auto& waiter : waiters) waiter(tokens_.access);
}

}  // namespace berth::client
