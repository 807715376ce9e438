// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/browser_sign_in.hpp"

#include <QCryptographicHash>
#include <QRandomGenerator>
#include <array>

#include "client/core/loopback_receiver.hpp"
#include "client/core/server_address.hpp"

namespace berth::client {
namespace {

constexpr auto base64url = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;

/// 256 bits of the system's generator.
QByteArray random_bytes_text() {
  std::array<quint32, 8> words;
  QRandomGenerator::system()->fillRange(words.data(), words.size());
  return QByteArray(reinterpret_cast<const char*>(words.data()), sizeof words).toBase64(base64url);
}

}  // namespace

QByteArray challenge_of(const QByteArray& verifier) {
  return QCryptographicHash::hash(verifier, QCryptographicHash::Sha256).toBase64(base64url);
}

SignInProof make_sign_in_proof() {
  auto verifier = random_bytes_text();
  auto challenge = challenge_of(verifier);
  return {std::move(verifier), std::move(challenge), random_bytes_text()};
}

BrowserSignIn::BrowserSignIn(ServerConnection* server, QObject* parent, std::chrono::milliseconds patience)
    : QObject(parent),
      server_(server),
      proof_(make_sign_in_proof()),
      receiver_(std::make_unique<LoopbackReceiver>(proof_.state)) {
  patience_.setSingleShot(true);
  patience_.setInterval(patience);
  connect(&patience_, &QTimer::timeout, this,
          [this] { fail({ErrorCode::timeout, "Nobody agreed in the browser in time. Try again.", {}, {}}); });
  connect(receiver_.get(), &LoopbackReceiver::answered, this, &BrowserSignIn::trade);
  connect(receiver_.get(), &LoopbackReceiver::refused, this, [this](const QString& error) {
    if (error == QLatin1String("access_denied"))
      return fail({ErrorCode::permission_denied, "The sign-in was refused in the browser.", {}, {}});
    fail({ErrorCode::unavailable, "The sign-in in the browser failed. Try again.", error.toStdString(), {}});
  });
}

BrowserSignIn::~BrowserSignIn() = default;

void BrowserSignIn::begin(const QString& provider) {
  if (const auto listening = receiver_->listen(); !listening) return fail(listening.error());
  rest::BeginNativeSignIn::Body body;
  if (!provider.isEmpty()) body.provider = provider.toStdString();
  body.redirect = receiver_->redirect().toStdString();
  body.challenge = proof_.challenge.toStdString();
  body.state = proof_.state.toStdString();
  patience_.start();
  server_->beginNativeSignIn(body, this,
                             [this](Result<rest::BeginNativeSignIn::Result> answer) { open(answer); });
}

void BrowserSignIn::open(const Result<rest::BeginNativeSignIn::Result>& answer) {
  if (!receiver_) return;  // given up meanwhile
  if (!answer) return fail(answer.error());
  const QUrl page(QString::fromStdString(answer->url), QUrl::StrictMode);
  if (!may_be_opened(page, server_->origin()))
    return fail({ErrorCode::unavailable,
                 "The server named a page that is not safe to open; ask its administrator.",
                 answer->url,
                 {}});
  page_ = page;
  Q_EMIT pageReady(page_);
}

void BrowserSignIn::trade(const QString& code) {
  patience_.stop();
  Q_EMIT answered();
  server_->takeNativeSignIn({code.toStdString(), proof_.verifier.toStdString()}, this,
                            [this](Result<rest::Account> account) {
                              if (!account) return fail(account.error());
                              Q_EMIT signedIn(*account);
                            });
}

void BrowserSignIn::fail(Error error) {
  patience_.stop();
  if (auto* receiver = receiver_.release()) {
    receiver->disconnect(this);
    receiver->deleteLater();  // its signal may be what led here
  }
  Q_EMIT failed(error);
}

}  // namespace berth::client
