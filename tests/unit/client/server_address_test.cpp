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

TEST(ServerAddress, ALinkOfOursIsTheSameServer) {
  EXPECT_EQ(origin("berth://berth.example/join?token=x"), QStringLiteral("https://berth.example"));
  EXPECT_EQ(origin("berth://localhost:7070"), QStringLiteral("http://localhost:7070"));
  EXPECT_EQ(origin("berth://ftp://berth.example"), QStringLiteral("refused"));
  EXPECT_EQ(origin("berth://"), QStringLiteral("refused"));
}

TEST(SharedAddress, KnowsWhereALinkLeads) {
  using Kind = SharedAddress::Kind;
  const auto look = [](const char* text) {
    const auto where = shared_address(QString::fromUtf8(text));
    return where ? std::tuple(where->kind, where->origin.toString(), where->value)
                 : std::tuple(Kind::server, QStringLiteral("refused"), QString());
  };
  const auto berth = QStringLiteral("https://berth.example");
  EXPECT_EQ(look(" https://berth.example/join?token=ab.c-_1 "),
            std::tuple(Kind::join, berth, QStringLiteral("ab.c-_1")));
  EXPECT_EQ(look("berth://berth.example/join?token=abc"),
            std::tuple(Kind::join, berth, QStringLiteral("abc")));
  EXPECT_EQ(look("https://berth.example/teams/join?token=abc"),
            std::tuple(Kind::join_team, berth, QStringLiteral("abc")));
  EXPECT_EQ(look("https://berth.example/w/abcdefg234/"),
            std::tuple(Kind::workspace, berth, QStringLiteral("abcdefg234")));
  EXPECT_EQ(look("https://berth.example/public/b2xk-_.x"),
            std::tuple(Kind::public_page, berth, QStringLiteral("b2xk-_.x")));
  EXPECT_EQ(look("localhost:7070/join?token=a"),
            std::tuple(Kind::join, QStringLiteral("http://localhost:7070"), QStringLiteral("a")));
  for (const char* none : {"https://berth.example", "https://berth.example/join",
                           "https://berth.example/join?token=", "https://berth.example/w/../../etc",
                           "https://berth.example/w/ABCDEFG234", "https://berth.example/public/a/b",
                           "https://berth.example/elsewhere?token=abc"})
    EXPECT_EQ(std::get<0>(look(none)), Kind::server) << none;
  EXPECT_EQ(std::get<1>(look("javascript:alert(1)")), QStringLiteral("refused"));
  EXPECT_EQ(std::get<1>(look("file:///join?token=a")), QStringLiteral("refused"));
}

}  // namespace
}  // namespace berth::client
