// SPDX-License-Identifier: GPL-3.0-or-later
// A scripted server and a connection that is signed in to it, as most of a client's calls need.
#pragma once

#include <gtest/gtest.h>

#include <QDateTime>
#include <QTemporaryDir>

#include "client/core/secret_store.hpp"
#include "client/core/server_connection.hpp"
#include "protocol/codec.hpp"
#include "tiny_server.hpp"
#include "wait_for.hpp"

namespace berth::test {

class SignedInServer {
 public:
  SignedInServer() {
    http.handle = [this](const QString& route, const QString&, const QByteArray& body) -> TinyServer::Answer {
      if (!route.endsWith(QStringLiteral("/sign_in"))) return serve(route, body);
      return {200, protocol::to_text(protocol::encode(
                       protocol::rest::SignedIn{{"id", "ada@example.org", "Ada", false, 0},
                                                "access-1",
                                                "refresh-1",
                                                QDateTime::currentMSecsSinceEpoch() + 600'000}))};
    };
    bool signed_in = false;
    connection.signIn({"ada@example.org", "long enough"}, &context,
                      [&](Result<protocol::rest::Account> account) { signed_in = account.has_value(); });
    EXPECT_TRUE(wait_for([&] { return signed_in; }));
  }

  /// Everything but the sign-in.
  std::function<TinyServer::Answer(const QString& route, const QByteArray& body)> serve;
  QTemporaryDir folder;
  client::SecretStore secrets{folder.filePath(QStringLiteral("secrets.json"))};
  TinyServer http;
  client::ServerConnection connection{http.origin(), &secrets};
  QObject context;
};

}  // namespace berth::test
