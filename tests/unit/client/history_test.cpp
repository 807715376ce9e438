// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/history.hpp"

#include <gmock/gmock.h>

#include <QTemporaryDir>

#include "client/core/secret_store.hpp"
#include "client/core/server_connection.hpp"
#include "client/core/storage_state.hpp"
#include "client/core/workspace_connection.hpp"
#include "fake_runner.hpp"
#include "tiny_server.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

namespace rest = protocol::rest;
using client::History;

template <class T>
TinyServer::Answer answer(const T& value) {
  return {200, protocol::to_text(protocol::encode(value))};
}

rest::Version version(const std::string& id, std::int64_t created = 1'000) {
  return {id, created, rest::VersionKind::automatic, "", "", 4, 100, 0, 1, 0, 0, ""};
}

/// A server with versions v3, v2 (before it) and, on a second page, v1; main.py changed in each.
class HistoryTest : public testing::Test {
 protected:
  void SetUp() override {
    server.handle = [this](const QString& route, const QString&, const QByteArray& body) {
      if (route.endsWith(QStringLiteral("/sign_in")))
        return answer(rest::SignedIn{{"id", "ada@example.org", "Ada", false, 0},
                                     "access-1",
                                     "refresh-1",
                                     QDateTime::currentMSecsSinceEpoch() + 600'000});
      asked.append(route);
      bodies.append(body);
      return serve(route);
    };
    bool signed_in = false;
    connection.signIn({"ada@example.org", "long enough"}, &context,
                      [&](Result<rest::Account> account) { signed_in = account.has_value(); });
    ASSERT_TRUE(wait_for([&] { return signed_in; }));
  }
  TinyServer::Answer serve(const QString& route) {
    const auto at = route.section(QStringLiteral("/api/v1/workspaces/abcdefghij"), 1);
    if (!refuse.isEmpty() && route.contains(refuse))
      return {507, R"({"error":{"code":"limit_reached","message":"The storage is full.","data":{}}})"};
    if (at.startsWith(QStringLiteral("/versions?")) && at.contains(QStringLiteral("cursor=next%2Bpage")))
      return answer(rest::ListVersions::Result{{version("v1")}, {}});
    if (at.startsWith(QStringLiteral("/versions?")))
      return answer(rest::ListVersions::Result{{version("v3"), version("v2")}, "next+page"});
    if (at.contains(QStringLiteral("/changes"))) {
      const auto kind = rest::VersionChangeKind::modified;
      return answer(rest::ListVersionChanges::Result{"v2", {{"project/a b.py", kind, 4, size}}, false});
    }
    if (at.startsWith(QStringLiteral("/versions/v2/file"))) return {200, "old\n"};
    if (at.startsWith(QStringLiteral("/versions/v3/file"))) return {200, new_text};
    if (at.startsWith(QStringLiteral("/file?")) && !text_now.empty()) return {200, text_now};
    if (at.startsWith(QStringLiteral("/file?")))
      return {404, R"({"error":{"code":"not_found","message":"There is no such file.","data":{}}})"};
    if (at.endsWith(QStringLiteral("/restore")))
      return answer(rest::RestoreVersion::Result{version("v4"), {{"project/x", "It is damaged."}}});
    if (route.startsWith(QStringLiteral("PATCH"))) {
      auto named = version("v2");
      named.name = "Before";
      return answer(named);
    }
    return answer(version("v4"));
  }
  bool ready() {
    return wait_for([this] {
      return history.state() == History::State::ready && history.comparisonState() == History::State::ready &&
             history.file();
    });
  }

  QTemporaryDir folder;
  client::SecretStore secrets{folder.filePath(QStringLiteral("secrets.json"))};
  TinyServer server;
  client::ServerConnection connection{server.origin(), &secrets};
  History history{&connection, QStringLiteral("abcdefghij")};
  QObject context;
  QStringList asked;
  QByteArrayList bodies;
  QString refuse;
  std::string new_text = "new\n";
  std::string text_now;  // "": the file is gone
  std::uint64_t size = 4;
};

TEST_F(HistoryTest, ShowsTheNewestVersionBesideTheOneBefore) {
  history.show(QStringLiteral("project/a b.py"));
  ASSERT_TRUE(ready());
  EXPECT_EQ(history.versions().size(), 2u);
  EXPECT_EQ(history.chosen()->id, "v3");
  ASSERT_TRUE(history.comparison());
  EXPECT_EQ(history.comparison()->left, "old\n");
  EXPECT_EQ(history.comparison()->right, "new\n");
  EXPECT_TRUE(asked.contains(
      QStringLiteral("GET /api/v1/workspaces/abcdefghij/versions?limit=50&path=project%2Fa%20b.py")));
  EXPECT_TRUE(asked.contains(
      QStringLiteral("GET /api/v1/workspaces/abcdefghij/versions/v2/file?path=project%2Fa%20b.py")));
}

TEST_F(HistoryTest, EarlierVersionsComeByTheCursorAndTheChoiceStays) {
  history.show({});
  ASSERT_TRUE(ready());
  ASSERT_TRUE(history.hasMore());
  history.loadMore();
  history.loadMore();  // asked twice, fetched once
  ASSERT_TRUE(wait_for([this] { return history.versions().size() == 3; }));
  EXPECT_FALSE(history.hasMore());
  EXPECT_EQ(history.versions().back().id, "v1");
  EXPECT_EQ(history.chosen()->id, "v3");
  EXPECT_EQ(asked.filter(QStringLiteral("cursor=")).size(), 1);
}

TEST_F(HistoryTest, AFileThatIsGoneByNowIsComparedWithNothing) {
  history.show({});
  ASSERT_TRUE(ready());
  history.compareAgainst(History::Against::now);
  ASSERT_TRUE(wait_for([this] { return history.comparison().has_value(); }));
  EXPECT_EQ(history.comparison()->left, "new\n");
  EXPECT_EQ(history.comparison()->right, "");
}

TEST_F(HistoryTest, WhatIsNoTextIsNotComparedAndItsSizesAreTold) {
  new_text = std::string("P\0NG", 4);
  history.show({});
  ASSERT_TRUE(ready());
  EXPECT_FALSE(history.comparison());
  ASSERT_TRUE(history.uncompared());
  EXPECT_EQ(history.uncompared()->why, History::Uncompared::Why::not_text);
  EXPECT_EQ(history.uncompared()->left, 4u);
  EXPECT_EQ(history.uncompared()->right, 4u);
}

TEST_F(HistoryTest, WhatIsTooLargeIsNotEvenAskedFor) {
  size = History::largest_compared + 1;
  history.show({});
  ASSERT_TRUE(ready());
  EXPECT_FALSE(history.comparison());
  ASSERT_TRUE(history.uncompared());
  EXPECT_EQ(history.uncompared()->why, History::Uncompared::Why::too_large);
  EXPECT_EQ(history.uncompared()->right, size);
  EXPECT_TRUE(asked.filter(QStringLiteral("/v3/file")).isEmpty());
}

TEST_F(HistoryTest, WhatHasBecomeTooLargeByNowIsNotReadToItsEnd) {
  text_now = std::string(60'000'000, 'x');
  history.show({});
  ASSERT_TRUE(ready());
  history.compareAgainst(History::Against::now);
  ASSERT_TRUE(wait_for([this] { return history.comparisonState() != History::State::loading; }, 20'000));
  EXPECT_EQ(history.comparisonState(), History::State::ready) << history.comparisonProblem().toStdString();
  EXPECT_FALSE(history.comparison());
  ASSERT_TRUE(history.uncompared());
  EXPECT_EQ(history.uncompared()->why, History::Uncompared::Why::too_large);
  EXPECT_EQ(history.uncompared()->left, 4u);
  EXPECT_EQ(history.uncompared()->right, text_now.size());
  // And the next one is compared again.
  text_now = "now\n";
  history.compareAgainst(History::Against::now);
  ASSERT_TRUE(wait_for([this] { return history.comparison().has_value(); }));
  EXPECT_EQ(history.comparison()->right, "now\n");
  EXPECT_FALSE(history.uncompared());
}

TEST_F(HistoryTest, AnAnswerToAnEarlierChoiceIsDropped) {
  history.show({});
  ASSERT_TRUE(ready());
  history.choose(history.versions()[1]);
  history.choose(history.versions()[0]);
  ASSERT_TRUE(ready());
  EXPECT_EQ(history.chosen()->id, "v3");
  EXPECT_EQ(history.comparison()->right, "new\n");
}

TEST_F(HistoryTest, RestoringTellsWhatCouldNotBeBroughtBackAndLoadsAgain) {
  history.show({});
  ASSERT_TRUE(ready());
  std::optional<Result<History::Restored>> restored;
  history.restore(*history.chosen(), QStringLiteral("project"), &context,
                  [&](Result<History::Restored> answer) { restored = std::move(answer); });
  EXPECT_TRUE(history.isBusy());
  ASSERT_TRUE(wait_for([&] { return restored.has_value(); }));
  EXPECT_FALSE(history.isBusy());
  ASSERT_TRUE(*restored) << restored->error().message;
  EXPECT_EQ((*restored)->problems.front().path, "project/x");
  const auto at = asked.indexOf(QStringLiteral("POST /api/v1/workspaces/abcdefghij/versions/v3/restore"));
  ASSERT_GE(at, 0);
  EXPECT_EQ(bodies[at], R"({"path":"project"})");
  ASSERT_TRUE(ready());
  EXPECT_EQ(asked.filter(QStringLiteral("/versions?")).size(), 2);
}

TEST_F(HistoryTest, ARefusalIsToldAndChangesNothing) {
  history.show({});
  ASSERT_TRUE(ready());
  refuse = QStringLiteral("POST");
  std::optional<Result<History::Version>> kept;
  history.keepNow(QStringLiteral("Mine"), &context, [&](auto answer) { kept = std::move(answer); });
  ASSERT_TRUE(wait_for([&] { return kept.has_value(); }));
  ASSERT_FALSE(*kept);
  EXPECT_EQ(kept->error().message, "The storage is full.");
  EXPECT_FALSE(history.isBusy());
  EXPECT_EQ(asked.filter(QStringLiteral("/versions?")).size(), 1);
}

TEST_F(HistoryTest, ANameStandsInTheTimelineAtOnce) {
  history.show({});
  ASSERT_TRUE(ready());
  bool named = false;
  history.rename(history.versions()[1], QStringLiteral("Before"), &context,
                 [&](auto answer) { named = answer.has_value(); });
  ASSERT_TRUE(wait_for([&] { return named; }));
  EXPECT_EQ(history.versions()[1].name, "Before");
  EXPECT_EQ(bodies.back(), R"({"name":"Before"})");
}

TEST_F(HistoryTest, ATimelineThatCannotBeLoadedSaysWhyAndLoadsWhenAskedAgain) {
  refuse = QStringLiteral("/versions?");
  history.show({});
  ASSERT_TRUE(wait_for([this] { return history.state() == History::State::failed; }));
  EXPECT_EQ(history.problem(), QStringLiteral("The storage is full."));
  refuse.clear();
  history.load();
  ASSERT_TRUE(ready());
  EXPECT_TRUE(history.problem().isEmpty());
}

TEST(StorageState, TellsWhatTheRunnerSaysLast) {
  FakeRunner runner;
  client::WorkspaceConnection link{runner.dialSource()};
  client::StorageState storage{&link};
  link.open();
  ASSERT_TRUE(wait_for([&] { return link.online(); }));
  EXPECT_FALSE(storage.now());
  runner.notify<protocol::WorkspaceStorage>({protocol::StorageProgress::storing, "", 0, ""});
  ASSERT_TRUE(wait_for([&] { return storage.now().has_value(); }));
  runner.notify<protocol::WorkspaceStorage>(
      {protocol::StorageProgress::waiting, "v1", 5, "The storage of your account is full."});
  ASSERT_TRUE(wait_for([&] { return storage.now()->progress == protocol::StorageProgress::waiting; }));
  EXPECT_EQ(storage.now()->problem, "The storage of your account is full.");
}

}  // namespace
}  // namespace berth::test
