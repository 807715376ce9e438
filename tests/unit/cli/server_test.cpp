// SPDX-License-Identifier: GPL-3.0-or-later
// A sign-in that several berthctl share, at a server whose refresh tokens are good once and without any
// grace.
#include <gmock/gmock.h>

#include <QCoreApplication>
#include <QDateTime>
#include <QStandardPaths>
#include <QTemporaryDir>

#include "client/cli/server.hpp"
#include "protocol/codec.hpp"
#include "tests/unit/client/tiny_server.hpp"

namespace berth::cli {
namespace {

constexpr qint64 long_life = 600'000;  // ms

/// Two programs that were started while the kept access token had run out.
class SharedSignIn : public testing::Test {
 protected:
  SharedSignIn() {
    http.handle = [this](const QString& route, const QString& head, const QByteArray& body) {
      return answer(route, head, body);
    };
    Credentials writer;
    const auto kept = awaited<bool>([&](QObject* context, client::Reply<bool> done) {
      writer.write(
          http.origin(),
          {QStringLiteral("ann@example.org"), {QStringLiteral("access-0"), QStringLiteral("refresh-0"), 1}},
          context, [done](bool good) { done(good); });
    });
    EXPECT_TRUE(kept && *kept);
    EXPECT_TRUE(one.restore());
    EXPECT_TRUE(two.restore());
  }

  test::TinyServer::Answer answer(const QString& route, const QString& head, const QByteArray& body) {
    if (route == QStringLiteral("POST /api/v1/auth/refresh")) {
      ++refreshes;
      if (ended || !body.contains("\"refresh-" + QByteArray::number(generation) + "\"")) {
        ended = true;  // reused: whoever has it, the sign-in is over
        return {401, R"({"error":{"code":"unauthenticated","message":"It is over.","data":{}}})"};
      }
      ++generation;
      return {200, protocol::to_text(
                       protocol::encode(rest::SignedIn{{"id", "ann@example.org", "Ann", false, 0},
                                                       "access-" + std::to_string(generation),
                                                       "refresh-" + std::to_string(generation),
                                                       QDateTime::currentMSecsSinceEpoch() + life}))};
    }
    if (ended || !head.contains(QStringLiteral("Bearer access-%1").arg(generation)))
      return {401, R"({"error":{"code":"unauthenticated","message":"Too old.","data":{}}})"};
    return {
        200,
        R"({"id":"id","email":"ann@example.org","name":"Ann","administrator":false,"created":0,"email_verified":true})"};
  }

  static client::RestTransport::Call me(QObject* context, client::Reply<QByteArray> done) {
    client::RestTransport::Call call;
    call.verb = "GET";
    call.path = QStringLiteral("/api/v1/me");
    call.context = context;
    call.done = std::move(done);
    return call;
  }

  test::TinyServer http;
  int generation = 0;
  int refreshes = 0;
  bool ended = false;
  qint64 life = long_life;
  Credentials first, second;
  Server one{http.origin(), &first};
  Server two{http.origin(), &second};
};

TEST_F(SharedSignIn, TheSecondTakesWhatTheFirstGot) {
  EXPECT_TRUE(one.ask<rest::GetMe>());
  const auto me = two.ask<rest::GetMe>();
  EXPECT_TRUE(me) << me.error().message;
  EXPECT_EQ(refreshes, 1);
  EXPECT_FALSE(ended);
}

TEST_F(SharedSignIn, BothAtOnceAskOnce) {
  int good = 0;
  QObject context;
  for (auto* server : {&one, &two})
    server->transport()->send(me(&context, [&](Result<QByteArray> answer) { good += answer ? 1 : 100; }));
  EXPECT_TRUE(wait_until([&] { return good >= 2; }, 20'000));
  EXPECT_EQ(good, 2);
  EXPECT_EQ(refreshes, 1);
}

TEST_F(SharedSignIn, TokensThatRunOutAgainAreRenewedFromTheNewest) {
  life = 1;
  EXPECT_TRUE(one.ask<rest::GetMe>());
  life = long_life;
  // The transport gives a fresh token a minute whatever the clock says, so the other one is what has to ask.
  EXPECT_TRUE(two.ask<rest::GetMe>());
  EXPECT_FALSE(ended) << "an older refresh token was used again";
  const auto me = one.ask<rest::GetMe>();
  EXPECT_TRUE(me) << me.error().message;
  EXPECT_FALSE(ended);
}

TEST_F(SharedSignIn, AnEndedOneIsForgotten) {
  ended = true;
  EXPECT_EQ(one.ask<rest::GetMe>().error().code, ErrorCode::unauthenticated);
  Server later(http.origin(), &first);
  EXPECT_EQ(later.restore().error().code, ErrorCode::unauthenticated);
  for (const auto& server : first.servers()) EXPECT_NE(server.server, http.origin());
}

TEST_F(SharedSignIn, APersonalTokenIsNeverRefreshed) {
  Server script(http.origin(), &first);
  script.useToken(QStringLiteral("access-0"));
  EXPECT_TRUE(script.ask<rest::GetMe>());
  script.useToken(QStringLiteral("revoked"));
  EXPECT_EQ(script.ask<rest::GetMe>().error().code, ErrorCode::unauthenticated);
  EXPECT_EQ(refreshes, 0);
}

}  // namespace
}  // namespace berth::cli

int main(int argc, char** argv) {
  const QTemporaryDir home;
  qputenv("XDG_CONFIG_HOME", home.path().toUtf8());
  qputenv("BERTH_SECRET_STORE", "file");
  QCoreApplication application(argc, argv);
  QCoreApplication::setOrganizationName(QStringLiteral("berth-test"));
  QCoreApplication::setApplicationName(QStringLiteral("berthctl"));
  testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
