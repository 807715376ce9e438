// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/port_access.hpp"

#include "signed_in_server.hpp"

namespace berth::client {
namespace {

using Access = PortAccess::Access;

struct PortAccessTest : testing::Test {
  void SetUp() override {
    server.serve = [this](const QString& route, const QByteArray& body) -> test::TinyServer::Answer {
      routes.append(route);
      bodies.append(body);
      if (refuse)
        return {403, R"({"error":{"code":"permission_denied","message":"The owner's.","data":{}}})"};
      if (route.endsWith(QStringLiteral("/links"))) return {200, R"({"url":"https://8000--w.example/?t=x"})"};
      return {200, answer};
    };
    QObject::connect(&access, &PortAccess::changed, [this] { ++changes; });
    QObject::connect(&access, &PortAccess::failed, [this](const Error& error) { problem = error; });
    QObject::connect(&access, &PortAccess::linkMade,
                     [this](quint16 port, const QString& url) { made = {port, url}; });
  }
  test::SignedInServer server;
  PortAccess access{&server.connection, QStringLiteral("abcdefghij")};
  std::string answer = R"({"ports":{"8000":"public","5173":"people"}})";
  bool refuse = false;
  QStringList routes;
  QList<QByteArray> bodies;
  std::optional<Error> problem;
  std::pair<quint16, QString> made;
  int changes = 0;
};

TEST_F(PortAccessTest, KnowsWhoSeesWhat) {
  EXPECT_FALSE(access.isKnown());
  access.load();
  ASSERT_TRUE(test::wait_for([this] { return access.isKnown(); }));
  EXPECT_EQ(access.of(8000), Access::anybody);
  EXPECT_EQ(access.of(5173), Access::people);
  EXPECT_EQ(access.of(9999), Access::private_to_editors) << "nobody said anything about it";
}

TEST_F(PortAccessTest, WordsAndNumbersOfALaterReleaseAreLeftOut) {
  answer = R"({"ports":{"8000":"everybody in town","x":"public","70000":"public","80":"people"}})";
  access.load();
  ASSERT_TRUE(test::wait_for([this] { return access.isKnown(); }));
  EXPECT_EQ(access.of(8000), Access::private_to_editors);
  EXPECT_EQ(access.of(80), Access::people);
}

TEST_F(PortAccessTest, AChangeIsSentAndARefusedOneShowsWhatIs) {
  answer = R"({"ports":{"8000":"people"}})";
  access.set(8000, Access::people);
  ASSERT_TRUE(test::wait_for([this] { return changes == 1; }));
  EXPECT_EQ(routes.constLast(), QStringLiteral("PATCH /api/v1/workspaces/abcdefghij/ports"));
  EXPECT_EQ(bodies.constLast(), R"({"ports":{"8000":"people"}})");
  refuse = true;
  access.set(8000, Access::anybody);
  ASSERT_TRUE(test::wait_for([this] { return changes == 2; }));
  EXPECT_EQ(access.of(8000), Access::people);
  EXPECT_EQ(problem->code, ErrorCode::permission_denied);
}

TEST_F(PortAccessTest, ALinkEndsAfterItsHours) {
  const auto before = QDateTime::currentMSecsSinceEpoch();
  access.makeLink(8000, 8);
  ASSERT_TRUE(test::wait_for([this] { return made.first == 8000; }));
  EXPECT_EQ(made.second, QStringLiteral("https://8000--w.example/?t=x"));
  EXPECT_EQ(routes.constLast(), QStringLiteral("POST /api/v1/workspaces/abcdefghij/ports/8000/links"));
  const auto json = protocol::parse_json(bodies.constLast().toStdString());
  ASSERT_TRUE(json);
  const auto expires = json->at("expires").get<qint64>();
  EXPECT_GE(expires, before + 8 * 3'600'000);
  EXPECT_LT(expires, before + 9 * 3'600'000);
}

}  // namespace
}  // namespace berth::client
