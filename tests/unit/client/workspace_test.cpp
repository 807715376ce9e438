// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/workspace.hpp"

#include <gtest/gtest.h>

#include "fake_runner.hpp"
#include "signed_in_server.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

namespace rest = protocol::rest;
using rest::WorkspaceState;

const std::string not_stored = "It was not stopped, because its last changes could not be stored.";

class WorkspaceTest : public testing::Test {
 protected:
  void SetUp() override {
    server.http.onUpgrade = [this](QTcpSocket* socket) { runner.handle(socket); };
    server.serve = [this](const QString& route, const QByteArray&) -> TinyServer::Answer {
      asked.append(route);
      if (route.endsWith(QStringLiteral("/stop"))) state = stop_answer;
      return {200, protocol::to_text(protocol::encode(facts()))};
    };
    QObject::connect(&workspace, &client::Workspace::stopRefused, [this](const QString& why) {
      ++refusals;
      refused = why;
    });
  }
  rest::Workspace facts() const {
    rest::Workspace out{};
    out.id = "abcdefghij";
    out.state = state;
    out.reason = reason;
    return out;
  }

  FakeRunner runner;
  SignedInServer server;
  WorkspaceState state = WorkspaceState::running;
  WorkspaceState stop_answer = WorkspaceState::running;
  std::string reason;
  client::Workspace workspace{&server.connection, facts()};
  QStringList asked;
  int refusals = 0;
  QString refused;
};

TEST_F(WorkspaceTest, AStopThatCannotStoreSaysWhy) {
  reason = not_stored;
  workspace.stop();
  ASSERT_TRUE(wait_for([this] { return refusals > 0; }));
  EXPECT_EQ(refused.toStdString(), not_stored);
  EXPECT_EQ(workspace.facts().state, WorkspaceState::running);
}

TEST_F(WorkspaceTest, AStopThatTakesLongIsFollowedToItsEnd) {
  stop_answer = WorkspaceState::stopping;
  workspace.stop();
  ASSERT_TRUE(wait_for([this] { return workspace.facts().state == WorkspaceState::stopping; }));
  EXPECT_EQ(refusals, 0);
  state = WorkspaceState::running;
  reason = not_stored;
  ASSERT_TRUE(wait_for([this] { return refusals > 0; }));
  EXPECT_EQ(refused.toStdString(), not_stored);
}

TEST_F(WorkspaceTest, AStopThatWorksRefusesNothing) {
  stop_answer = WorkspaceState::stopped;
  workspace.stop();
  ASSERT_TRUE(wait_for([this] { return workspace.facts().state == WorkspaceState::stopped; }));
  EXPECT_EQ(refusals, 0);
}

TEST_F(WorkspaceTest, TheReasonOfItsStateIsAskedForOnceItIsConnected) {
  reason = "Not everything could be brought back from the last version.";
  workspace.open();
  ASSERT_TRUE(wait_for([this] { return workspace.facts().reason == reason; }));
  EXPECT_TRUE(asked.contains(QStringLiteral("GET /api/v1/workspaces/abcdefghij")));
}

}  // namespace
}  // namespace berth::test
