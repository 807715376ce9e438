// SPDX-License-Identifier: GPL-3.0-or-later
// Where berthctl is signed in: which servers, and the tokens, in the system's keychain or a file of this
// user's. One sign-in a server, shared by all berthctl that run: a refresh token is good once, so they take
// turns.
#pragma once

#include <QLockFile>
#include <QObject>
#include <QUrl>
#include <functional>
#include <optional>

#include "client/core/remembered_servers.hpp"
#include "client/core/rest_transport.hpp"
#include "client/core/secret_store.hpp"

namespace berth::cli {

struct Credential {
  QString email;
  client::Tokens tokens;
};

class Credentials : public QObject {
  Q_OBJECT

 public:
  Credentials();

  /// nullopt: not signed in there.
  void read(const QUrl& server, QObject* context, std::function<void(std::optional<Credential>)> done);
  /// `done` once it is kept (true) or can't be (false). The server becomes the usual one where it is new.
  void write(const QUrl& server, const Credential& credential, QObject* context,
             std::function<void(bool)> done);
  void forget(const QUrl& server);

  const QList<client::RememberedServer>& servers() const { return servers_.servers(); }
  /// The one that is meant where none is named: chosen last. Empty: none is known.
  QUrl usual() const;
  void use(const QUrl& server);

  /// Waits for the turn of this program; false when it does not come within 20 s. Ended by letGo().
  void takeTurn(QObject* context, std::function<void(bool)> done);
  void letGo();

  /// Secrets are in this file, as there is no keychain; empty while there is one.
  QString file() const { return secrets_.usesFile() ? secrets_.filePath() : QString(); }

 private:
  static QString key(const QUrl& server);

  client::SecretStore secrets_;
  client::RememberedServers servers_;
  std::unique_ptr<QLockFile> turn_;
};

}  // namespace berth::cli
