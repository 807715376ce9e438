// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "client/core/reconnect_schedule.hpp"
#include "client/core/request.hpp"
#include "fake_runner.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using client::LinkState;
using client::WorkspaceConnection;

TEST(ReconnectSchedule, BacksOffWithJitterAndStaysBelowItsCeiling) {
  client::ReconnectSchedule schedule(1);
  EXPECT_LE(schedule.next().count(), 100);
  long last = 0;
  for (int i = 0; i < 20; ++i) {
    last = static_cast<long>(schedule.next().count());
    EXPECT_LE(last, 15'000);
  }
  EXPECT_GE(last, 7'500);
  client::ReconnectSchedule other(2);
  client::ReconnectSchedule third(3);
  bool differs = false;
  for (int i = 0; i < 5; ++i) differs |= other.next() != third.next();
  EXPECT_TRUE(differs);
  schedule.reset();
  EXPECT_LE(schedule.next().count(), 100);
}

TEST(WorkspaceConnection, ResumesItsSessionAfterADrop) {
  FakeRunner runner;
  WorkspaceConnection connection(runner.dialSource());
  QList<bool> resumed;
  QObject::connect(&connection, &WorkspaceConnection::established,
                   [&](bool value) { resumed.append(value); });
  connection.open();
  ASSERT_TRUE(wait_for([&] { return connection.online(); }));
  runner.drop();
  ASSERT_TRUE(wait_for([&] { return resumed.size() == 2; }));
  EXPECT_EQ(resumed, (QList<bool>{false, true}));
}

TEST(WorkspaceConnection, ShowsTheLossAndRetriesUntilTheServerIsBack) {
  FakeRunner runner;
  WorkspaceConnection connection(runner.dialSource());
  connection.open();
  ASSERT_TRUE(wait_for([&] { return connection.online(); }));
  runner.setRefusing(true);
  ASSERT_TRUE(wait_for([&] { return connection.state() == LinkState::waiting; }));
  EXPECT_FALSE(connection.problem().isEmpty());
  runner.setRefusing(false);
  connection.retryNow();
  EXPECT_TRUE(wait_for([&] { return connection.online(); }));
}

TEST(WorkspaceConnection, AnswersPendingRequestsWhenItDrops) {
  FakeRunner runner;
  WorkspaceConnection connection(runner.dialSource());
  connection.open();
  ASSERT_TRUE(wait_for([&] { return connection.online(); }));
  runner.hold(true);
  int failed = 0;
  for (int i = 0; i < 500; ++i)  // more than may be pending at once
    client::request<protocol::PortList>(&connection, {}, &connection,
                                        [&](Result<protocol::PortList::Result> answer) {
                                          if (!answer && answer.error().code == ErrorCode::unavailable)
                                            ++failed;
                                        });
  wait_for([] { return false; }, 20);
  runner.drop();
  EXPECT_TRUE(wait_for([&] { return failed == 500; }));
}

TEST(WorkspaceConnection, DoesNotAnswerAnObjectThatIsGone) {
  FakeRunner runner;
  WorkspaceConnection connection(runner.dialSource());
  connection.open();
  ASSERT_TRUE(wait_for([&] { return connection.online(); }));
  bool answered = false;
  {
    QObject context;
    client::request<protocol::PortList>(&connection, {}, &context,
                                        [&](Result<protocol::PortList::Result>) { answered = true; });
  }
  wait_for([] { return false; }, 50);
  EXPECT_FALSE(answered);
}

TEST(WorkspaceConnection, MeasuresTheRoundTrip) {
  FakeRunner runner;
  WorkspaceConnection connection(runner.dialSource());
  connection.open();
  ASSERT_TRUE(wait_for([&] { return connection.roundTrip() >= 0; }));
  EXPECT_LT(connection.roundTrip(), 1'000);
}

TEST(WorkspaceConnection, StopsWhereTheWorkspaceIsGone) {
  WorkspaceConnection connection([](bool, QObject*, client::Reply<QNetworkRequest> done) {
    done(failure(ErrorCode::not_found, "There is no such workspace."));
  });
  connection.open();
  EXPECT_TRUE(wait_for([&] { return connection.state() == LinkState::ended; }));
}

TEST(WorkspaceConnection, WaitsForAPersonWhereTheWorkspaceIsStopped) {
  WorkspaceConnection connection([](bool, QObject*, client::Reply<QNetworkRequest> done) {
    Error error{
        ErrorCode::unavailable, "Stopped after 30 minutes without input.", {}, {{"state", "stopped"}}};
    done(std::unexpected(error));
  });
  connection.open();
  EXPECT_TRUE(wait_for([&] { return connection.state() == LinkState::stopped; }));
  EXPECT_EQ(connection.problem(), QStringLiteral("Stopped after 30 minutes without input."));
}

}  // namespace
}  // namespace berth::test
