// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/server_connection.hpp"

#include <gtest/gtest.h>

#include <QTemporaryDir>

#include "client/core/secret_store.hpp"
#include "protocol/codec.hpp"
#include "tiny_server.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using client::ServerConnection;
namespace rest = protocol::rest;

std::string signed_in(const std::string& access, const std::string& refresh, qint64 life) {
  return protocol::to_text(protocol::encode(rest::SignedIn{{"id", "ada@example.org", "Ada", false, 0},
                                                           access,
                                                           refresh,
                                                           QDateTime::currentMSecsSinceEpoch() + life}));
}

const std::string unauthenticated =
    R"({"error":{"code":"unauthenticated","message":"Sign in again.","data":{}}})";

class ServerConnectionTest : public testing::Test {
 protected:
  QTemporaryDir folder;
  client::SecretStore secrets{folder.filePath(QStringLiteral("secrets.json"))};
  TinyServer server;
  ServerConnection connection{server.origin(), &secrets};
  QObject context;
};

TEST_F(ServerConnectionTest, SignsInAsANativeClientAndKeepsTheRefreshToken) {
  server.handle = [](const QString& route, const QString&, const QByteArray&) -> TinyServer::Answer {
    if (route == QStringLiteral("POST /api/v1/auth/sign_in"))
      return {200, signed_in("access-1", "refresh-1", 600'000)};
    return {200, R"({"workspaces":[]})"};
  };
  bool listed = false;
  connection.signIn({"ada@example.org", "long enough"}, &context, [&](Result<rest::Account> account) {
    ASSERT_TRUE(account);
    connection.listWorkspaces(
        &context, [&](Result<rest::ListWorkspaces::Result> answer) { listed = answer.has_value(); });
  });
  ASSERT_TRUE(wait_for([&] { return listed; }));
  EXPECT_TRUE(server.requests[0].contains(QStringLiteral("Berth-Client: native"), Qt::CaseInsensitive));
  EXPECT_TRUE(
      server.requests[1].contains(QStringLiteral("Authorization: Bearer access-1"), Qt::CaseInsensitive));
  QString kept;
  secrets.read(ServerConnection::secretKey(server.origin(), QStringLiteral("ada@example.org")), &context,
               [&](Result<QString> value) { kept = value.value_or(QString()); });
  EXPECT_TRUE(wait_for([&] { return kept == QStringLiteral("refresh-1"); }));
}

TEST_F(ServerConnectionTest, RefreshesOnceForManyCallsThatAreRefused) {
  int refreshes = 0;
  server.handle = [&](const QString& route, const QString& head,
                      const QByteArray& body) -> TinyServer::Answer {
    if (route.endsWith(QStringLiteral("/sign_in"))) return {200, signed_in("old", "refresh-1", 600'000)};
    if (route.endsWith(QStringLiteral("/refresh"))) {
      ++refreshes;
      EXPECT_TRUE(body.contains("refresh-1"));
      return {200, signed_in("new", "refresh-2", 600'000)};
    }
    if (!head.contains(QStringLiteral("Bearer new"))) return {401, unauthenticated};
    return {200, R"({"workspaces":[]})"};
  };
  int listed = 0;
  connection.signIn({"ada@example.org", "long enough"}, &context, [&](Result<rest::Account>) {
    for (int i = 0; i < 6; ++i)
      connection.listWorkspaces(
          &context, [&](Result<rest::ListWorkspaces::Result> answer) { listed += answer.has_value(); });
  });
  ASSERT_TRUE(wait_for([&] { return listed == 6; }));
  EXPECT_LE(refreshes, 2);
}

TEST_F(ServerConnectionTest, TellsWhenTheSignInEnded) {
  server.handle = [&](const QString& route, const QString&, const QByteArray&) -> TinyServer::Answer {
    if (route.endsWith(QStringLiteral("/sign_in"))) return {200, signed_in("old", "refresh-1", 600'000)};
    return {401, unauthenticated};
  };
  QString why;
  QObject::connect(&connection, &ServerConnection::signedOut, [&](const QString& text) { why = text; });
  connection.signIn({"ada@example.org", "long enough"}, &context, [&](Result<rest::Account>) {
    connection.listTemplates(&context, [](Result<rest::ListTemplates::Result>) {});
  });
  ASSERT_TRUE(wait_for([&] { return !why.isEmpty(); }));
  EXPECT_EQ(why, QStringLiteral("Sign in again."));
}

TEST_F(ServerConnectionTest, SaysWhatIsWrong) {
  server.handle = [&](const QString&, const QString&, const QByteArray&) -> TinyServer::Answer {
    return {200, "<html>hello"};
  };
  std::string message;
  connection.fetchServer(
      &context, [&](Result<rest::ServerInfo> answer) { message = answer ? "fine" : answer.error().message; });
  ASSERT_TRUE(wait_for([&] { return !message.empty(); }));
  EXPECT_NE(message.find("may not be a Berth server"), std::string::npos);
  message.clear();
  server.close();
  ServerConnection nobody(QUrl(QStringLiteral("http://127.0.0.1:1")), &secrets);
  nobody.fetchServer(
      &context, [&](Result<rest::ServerInfo> answer) { message = answer ? "fine" : answer.error().message; });
  ASSERT_TRUE(wait_for([&] { return !message.empty(); }));
  EXPECT_NE(message.find("Nothing answers"), std::string::npos);
}

TEST_F(ServerConnectionTest, DoesNotFollowRedirectsWithItsToken) {
  server.handle = [&](const QString& route, const QString&, const QByteArray&) -> TinyServer::Answer {
    if (route.endsWith(QStringLiteral("/sign_in"))) return {200, signed_in("access", "refresh", 600'000)};
    return {302, ""};
  };
  bool failed = false;
  connection.signIn({"ada@example.org", "long enough"}, &context, [&](Result<rest::Account>) {
    connection.listWorkspaces(&context,
                              [&](Result<rest::ListWorkspaces::Result> answer) { failed = !answer; });
  });
  EXPECT_TRUE(wait_for([&] { return failed; }));
}

}  // namespace
}  // namespace berth::test
