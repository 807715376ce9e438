// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/workspace_list.hpp"

#include "scripted_teams.hpp"

namespace berth::client {
namespace {

struct WorkspaceListTest : testing::Test {
  bool waitForAnswer() {
    return test::wait_for([this] { return std::exchange(answers, 0) > 0; });
  }
  void SetUp() override {
    QObject::connect(&list, &WorkspaceList::changed, [this] { ++answers; });
    QObject::connect(&list, &WorkspaceList::failed, [this](const Error& error) { problem = error; });
  }
  QStringList names() const {
    QStringList out;
    for (const auto& workspace : list.workspaces()) out.append(QString::fromStdString(workspace.id));
    return out;
  }
  test::SignedInServer server;
  test::ScriptedTeams script{server};
  WorkspaceList list{&server.connection};
  std::optional<Error> problem;
  int answers = 0;
};

TEST_F(WorkspaceListTest, ShowsOnePageAndFurtherOnesWhenAsked) {
  script.fill(7);
  list.refresh();
  ASSERT_TRUE(waitForAnswer());
  EXPECT_EQ(names(), (QStringList{"w0", "w1", "w2"}));
  EXPECT_TRUE(list.hasMore());
  list.more();
  ASSERT_TRUE(waitForAnswer());
  EXPECT_EQ(names().size(), 6);
  list.more();
  ASSERT_TRUE(waitForAnswer());
  EXPECT_EQ(names().size(), 7);
  EXPECT_FALSE(list.hasMore());
  // What was shown is asked for again, all of it.
  script.workspaces.erase(script.workspaces.begin());
  list.refresh();
  ASSERT_TRUE(waitForAnswer());
  EXPECT_EQ(names().size(), 6);
}

TEST_F(WorkspaceListTest, OneThatComesOnTwoPagesIsThereOnce) {
  script.fill(6);
  script.workspaces[3] = script.workspaces[2];  // used between the two questions
  list.refresh();
  ASSERT_TRUE(waitForAnswer());
  list.more();
  ASSERT_TRUE(waitForAnswer());
  EXPECT_EQ(names(), (QStringList{"w0", "w1", "w2", "w4", "w5"}));
}

TEST_F(WorkspaceListTest, AFilterGoesToTheServerAndBeginsAtTheFirstPage) {
  script.fill(5);
  script.workspaces[4].name = "Tide & tables";
  script.workspaces[4].owner = {"harbour", "Harbour", "", true};
  list.refresh();
  ASSERT_TRUE(waitForAnswer());
  list.more();
  ASSERT_TRUE(waitForAnswer());
  list.setFilter(QStringLiteral("Tide & t"), {});
  ASSERT_TRUE(waitForAnswer());
  EXPECT_EQ(names(), QStringList{"w4"});
  EXPECT_FALSE(list.hasMore());
  list.setFilter({}, QStringLiteral("id"));
  ASSERT_TRUE(waitForAnswer());
  EXPECT_EQ(names().size(), 3);
  EXPECT_TRUE(list.hasMore());
}

TEST_F(WorkspaceListTest, AnEarlierFiltersAnswerIsDropped) {
  script.fill(3);
  list.setFilter(QStringLiteral("Number 1"), {});
  list.setFilter(QStringLiteral("Number 2"), {});
  ASSERT_TRUE(waitForAnswer());
  EXPECT_EQ(names(), QStringList{"w2"});
  EXPECT_FALSE(test::wait_for([this] { return names() != QStringList{"w2"}; }, 150));
}

TEST_F(WorkspaceListTest, AProblemLeavesWhatIsShown) {
  script.fill(2);
  list.refresh();
  ASSERT_TRUE(waitForAnswer());
  server.serve = [](const QString&, const QByteArray&) -> test::TinyServer::Answer {
    return {503, R"({"error":{"code":"unavailable","message":"Not now.","data":{}}})"};
  };
  list.refresh();
  ASSERT_TRUE(test::wait_for([this] { return problem.has_value(); }));
  EXPECT_EQ(names().size(), 2);
}

TEST_F(WorkspaceListTest, AllOfThemAreGatheredAndAServerWithoutALastPageIsLeft) {
  script.fill(8);
  std::optional<std::size_t> count;
  const auto gather = [&] {
    server.connection.listWorkspaces(&list, [&](Result<rest::ListWorkspaces::Result> all) {
      ASSERT_TRUE(all);
      EXPECT_FALSE(all->next);
      count = all->workspaces.size();
    });
    return test::wait_for([&] { return count.has_value(); });
  };
  ASSERT_TRUE(gather());
  EXPECT_EQ(count, 8u);
  server.serve = [](const QString&, const QByteArray&) -> test::TinyServer::Answer {
    rest::ListWorkspaces::Result same{{test::ScriptedTeams::workspace("w", "W")}, "same"};
    return {200, protocol::to_text(protocol::encode(same))};
  };
  count.reset();
  ASSERT_TRUE(gather());
  EXPECT_EQ(count, 2u) << "a cursor that does not move is the end";
}

}  // namespace
}  // namespace berth::client
