// SPDX-License-Identifier: GPL-3.0-or-later
// One sign-in through the system's browser (RFC 8252): a page of the server where the person agrees, an
// answer that comes to this machine's loopback address, and a proof (PKCE, RFC 7636) that who asked is who
// trades it. Destroying it cancels.
#pragma once

#include <QObject>
#include <QTimer>
#include <QUrl>
#include <chrono>
#include <memory>

#include "client/core/server_connection.hpp"

namespace berth::client {

class LoopbackReceiver;

/// Random, base64url without padding; `challenge` is S256 of the verifier.
struct SignInProof {
  QByteArray verifier;
  QByteArray challenge;
  QByteArray state;
};
SignInProof make_sign_in_proof();
QByteArray challenge_of(const QByteArray& verifier);

class BrowserSignIn : public QObject {
  Q_OBJECT

 public:
  /// How long the person has in the browser; there may be a password to look up and a second factor.
  static constexpr std::chrono::minutes usual_patience{10};

  /// `server` outlives this and is signed in by it.
  explicit BrowserSignIn(ServerConnection* server, QObject* parent = nullptr,
                         std::chrono::milliseconds patience = usual_patience);
  ~BrowserSignIn() override;

  /// Once. `provider`: whom the page offers first (an id of ServerInfo's), or nobody.
  void begin(const QString& provider);
  /// Empty before pageReady().
  const QUrl& page() const { return page_; }

 Q_SIGNALS:
  /// To be opened in the browser.
  void pageReady(const QUrl& page);
  /// The browser has brought the answer, which is being traded.
  void answered();
  void signedIn(const berth::protocol::rest::Account& account);
  void failed(const berth::Error& error);

 private:
  void open(const Result<rest::BeginNativeSignIn::Result>& answer);
  void trade(const QString& code);
  void fail(Error error);

  ServerConnection* server_;
  SignInProof proof_;
  std::unique_ptr<LoopbackReceiver> receiver_;
  QTimer patience_;
  QUrl page_;
};

}  // namespace berth::client
