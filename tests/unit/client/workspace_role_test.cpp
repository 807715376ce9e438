// SPDX-License-Identifier: GPL-3.0-or-later
// An open workspace whose owner changes what this person may do, or ends it.
#include <gtest/gtest.h>

#include "client/core/workspace.hpp"
#include "fake_runner.hpp"
#include "signed_in_server.hpp"

namespace berth::test {
namespace {

namespace rest = protocol::rest;
using client::LinkState;
using protocol::Role;

class WorkspaceRoleTest : public testing::Test {
 protected:
  void SetUp() override {
    server.http.onUpgrade = [this](QTcpSocket* socket) {
      if (!gone) return runner.handle(socket);
      socket->readAll();
      socket->write("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
      socket->disconnectFromHost();
    };
    server.serve = [this](const QString& route, const QByteArray&) -> TinyServer::Answer {
      asked.append(route);
      if (gone)
        return {404, R"({"error":{"code":"not_found","message":"There is no such workspace.","data":{}}})"};
      return {200, protocol::to_text(protocol::encode(facts()))};
    };
  }
  rest::Workspace facts() const {
    rest::Workspace out{};
    out.id = "abcdefghij";
    out.state = state;
    out.role = runner.role;
    return out;
  }
  std::unique_ptr<client::Workspace> opened() {
    auto workspace = std::make_unique<client::Workspace>(&server.connection, facts());
    QObject::connect(workspace.get(), &client::Workspace::roleChanged,
                     [this](Role before, Role now) { changes.emplace_back(before, now); });
    workspace->open();
    return workspace;
  }
  static bool online(client::Workspace& workspace) {
    return wait_for([&] { return workspace.connection()->online(); });
  }

  FakeRunner runner;
  SignedInServer server;
  rest::WorkspaceState state = rest::WorkspaceState::running;
  bool gone = false;
  QStringList asked;
  std::vector<std::pair<Role, Role>> changes;
};

TEST_F(WorkspaceRoleTest, ANewRoleComesWithTheNextConnection) {
  runner.role = Role::editor;
  const auto workspace = opened();
  ASSERT_TRUE(online(*workspace));
  EXPECT_TRUE(workspace->mayEdit());
  EXPECT_FALSE(workspace->isOwner());
  runner.role = Role::viewer;
  runner.drop();  // as the server does it
  ASSERT_TRUE(wait_for([&] { return !changes.empty(); }));
  EXPECT_EQ(changes[0], std::pair(Role::editor, Role::viewer));
  EXPECT_TRUE(workspace->connection()->online());
  EXPECT_FALSE(workspace->mayEdit());
  runner.role = Role::owner;
  runner.drop();
  ASSERT_TRUE(wait_for([&] { return changes.size() == 2; }));
  EXPECT_TRUE(workspace->isOwner());
}

TEST_F(WorkspaceRoleTest, AConnectionThatOnlyBrokeTellsOfNoRole) {
  const auto workspace = opened();
  ASSERT_TRUE(online(*workspace));
  runner.drop();
  ASSERT_TRUE(wait_for([&] { return runner.connections == 2; }));
  ASSERT_TRUE(online(*workspace));
  EXPECT_FALSE(wait_for([&] { return !changes.empty(); }, 100));
}

TEST_F(WorkspaceRoleTest, TheEndOfAShareEndsTheConnectionForGood) {
  runner.role = Role::viewer;
  const auto workspace = opened();
  ASSERT_TRUE(online(*workspace));
  EXPECT_FALSE(workspace->isGone());
  gone = true;
  runner.drop();
  ASSERT_TRUE(wait_for([&] { return workspace->connection()->state() == LinkState::ended; }));
  EXPECT_TRUE(workspace->isGone());
  EXPECT_EQ(workspace->connection()->endedBy(), ErrorCode::not_found);
  const auto questions = asked.size();
  EXPECT_FALSE(wait_for([&] { return asked.size() > questions; }, 400)) << "nothing is retried";
  // Invited again, it goes on where the person asks for it.
  gone = false;
  workspace->connection()->retryNow();
  ASSERT_TRUE(online(*workspace));
  EXPECT_FALSE(workspace->isGone());
}

TEST_F(WorkspaceRoleTest, AViewerStartsNothing) {
  runner.role = Role::viewer;
  state = rest::WorkspaceState::stopped;
  server.http.onUpgrade = [](QTcpSocket* socket) {
    socket->readAll();
    socket->write("HTTP/1.1 503 Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    socket->disconnectFromHost();
  };
  const auto workspace = opened();
  ASSERT_TRUE(wait_for([&] { return workspace->connection()->state() == LinkState::stopped; }));
  EXPECT_TRUE(asked.filter(QStringLiteral("/start")).isEmpty()) << asked.join(u'\n').toStdString();
}

}  // namespace
}  // namespace berth::test
