// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/server_address.hpp"

#include <gtest/gtest.h>

namespace berth::client {
namespace {

QString origin(const char* text) {
  const auto url = server_origin(QString::fromUtf8(text));
  return url ? url->toString() : QStringLiteral("refused");
}

TEST(ServerAddress, UsesHttpForThisMachineAndHttpsForOthers) {
  EXPECT_EQ(origin("localhost:7070"), QStringLiteral("http://localhost:7070"));
  EXPECT_EQ(origin("127.0.0.1:7070"), QStringLiteral("http://127.0.0.1:7070"));
  EXPECT_EQ(origin("berth.example"), QStringLiteral("https://berth.example"));
}

TEST(ServerAddress, KeepsOnlyTheOrigin) {
  EXPECT_EQ(origin("  https://berth.example/setup?token=secret  "), QStringLiteral("https://berth.example"));
  EXPECT_EQ(origin("https://user:pass@berth.example/"), QStringLiteral("https://berth.example"));
}

TEST(ServerAddress, RefusesWhatIsNoServer) {
  EXPECT_EQ(origin(""), QStringLiteral("refused"));
  EXPECT_EQ(origin("ftp://berth.example"), QStringLiteral("refused"));
  EXPECT_EQ(origin("file:///etc/passwd"), QStringLiteral("refused"));
  EXPECT_EQ(origin("https://"), QStringLiteral("refused"));
}

TEST(ServerAddress, FindsTheTokenOfASetupLink) {
  EXPECT_EQ(setup_token(QStringLiteral("http://localhost:7070/setup?token=abc-_1")),
            QStringLiteral("abc-_1"));
  EXPECT_EQ(setup_token(QStringLiteral("http://localhost:7070/?token=abc")), QString());
}

}  // namespace
}  // namespace berth::client
