// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/workspace_creation.hpp"

#include <gtest/gtest.h>

#include <QDir>

#include "signed_in_server.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

namespace rest = protocol::rest;
using client::WorkspaceCreation;
using Step = WorkspaceCreation::Step;

class WorkspaceCreationTest : public testing::Test {
 protected:
  void SetUp() override {
    server.serve = [this](const QString& route, const QByteArray& body) -> TinyServer::Answer {
      if (route.endsWith(QStringLiteral("/me/storage")))
        return {200, protocol::to_text(protocol::encode(storage))};
      asked.append(route);
      bodies.append(body);
      if (!refusal.body.empty()) return refusal;
      rest::Workspace made{};
      made.id = "abcdefghij";
      made.state = rest::WorkspaceState::running;
      return {200, protocol::to_text(protocol::encode(made))};
    };
    QObject::connect(creation, &WorkspaceCreation::changed, [this] {
      bytes.push_back(creation->bytes());
      steps.insert(creation->step());
      if (when_changed) when_changed();
    });
    QObject::connect(creation, &WorkspaceCreation::finished, [this] {
      ++ends;
      end = creation->step();
      problem = creation->problem();
      if (creation->workspace()) made = creation->workspace()->id;
    });
  }
  bool ended(int milliseconds = 20'000) {
    return wait_for([this] { return ends > 0; }, milliseconds);
  }
  QString file(const QString& name, const QByteArray& bytes) {
    const auto path = server.folder.filePath(name);
    QDir().mkpath(QFileInfo(path).path());
    QFile out(path);
    EXPECT_TRUE(out.open(QIODevice::WriteOnly) && out.write(bytes) == bytes.size());
    return path;
  }

  SignedInServer server;
  QPointer<WorkspaceCreation> creation = new WorkspaceCreation(&server.connection);
  rest::GetStorage::Result storage{0, 0};
  TinyServer::Answer refusal;
  QStringList asked;
  QByteArrayList bodies;
  std::vector<qint64> bytes;
  std::set<Step> steps;
  std::function<void()> when_changed;
  int ends = 0;
  Step end = Step::creating;
  QString problem;
  std::string made;
};

TEST_F(WorkspaceCreationTest, ARepositoryIsAskedForByItsUrl) {
  creation->fromGit(QStringLiteral("Tides"), QStringLiteral(" git@example.org:people/tides.git "));
  ASSERT_TRUE(ended());
  EXPECT_EQ(end, Step::done) << problem.toStdString();
  EXPECT_EQ(made, "abcdefghij");
  EXPECT_EQ(asked, QStringList{QStringLiteral("POST /api/v1/workspaces")});
  const auto body = protocol::parse_json(bodies[0].toStdString());
  EXPECT_EQ((*body)["git_url"], "ssh://git@example.org/people/tides.git");
  EXPECT_EQ((*body)["template_id"], "empty");
  EXPECT_TRUE(wait_for([this] { return !creation; })) << "it deletes itself";
}

TEST_F(WorkspaceCreationTest, ATeamsBeginsAsTheTeamsTemplate) {
  rest::TeamTemplate source{"tttttttttt", "Tides", "", "python", "v7", 0};
  creation->setTeam(QStringLiteral("harbour"));
  creation->fromTeamTemplate(QStringLiteral("Mine"), source);
  ASSERT_TRUE(ended());
  const auto json = protocol::parse_json(bodies.constLast().toStdString());
  ASSERT_TRUE(json);
  const auto body = protocol::decode<rest::CreateWorkspace::Body>(*json, "body");
  ASSERT_TRUE(body);
  EXPECT_EQ(body->name, "Mine");
  EXPECT_EQ(body->team, "harbour");
  EXPECT_EQ(body->from_workspace, "tttttttttt");
  EXPECT_EQ(body->from_version, "v7");
}

TEST_F(WorkspaceCreationTest, AnArchiveIsUploadedAsItIsWithItsFormat) {
  QByteArray large(5'000'000, '\0');
  for (qsizetype i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 7 + i / 251);
  creation->fromArchive(QStringLiteral("Tide tables"), file(QStringLiteral("tides.tgz"), large));
  ASSERT_TRUE(ended());
  EXPECT_EQ(end, Step::done) << problem.toStdString();
  EXPECT_EQ(asked, QStringList{QStringLiteral(
                       "POST /api/v1/workspaces/import?name=Tide%20tables&template_id=empty&format=tar.gz")});
  EXPECT_TRUE(bodies[0] == large);
  EXPECT_TRUE(steps.contains(Step::uploading));
  EXPECT_TRUE(std::ranges::is_sorted(bytes));
  EXPECT_EQ(bytes.back(), large.size());
}

TEST_F(WorkspaceCreationTest, AFolderIsPackedAndUploaded) {
  file(QStringLiteral("work/main.py"), "print()\n");
  creation->fromFolder(QStringLiteral("work"), server.folder.filePath(QStringLiteral("work")));
  ASSERT_TRUE(ended());
  EXPECT_EQ(end, Step::done) << problem.toStdString();
  EXPECT_TRUE(steps.contains(Step::packing));
  ASSERT_EQ(bodies.size(), 1);
  EXPECT_TRUE(bodies[0].startsWith("\x1f\x8b")) << "gzip";
  EXPECT_TRUE(asked[0].endsWith(QStringLiteral("format=tar.gz")));
}

TEST_F(WorkspaceCreationTest, ARefusalIsTold) {
  refusal = {409,
             R"({"error":{"code":"limit_exceeded","message":"You have as many as you may.","data":{}}})"};
  creation->fromArchive(QStringLiteral("x"), file(QStringLiteral("x.zip"), "PK"));
  ASSERT_TRUE(ended());
  EXPECT_EQ(end, Step::failed);
  EXPECT_EQ(problem, QStringLiteral("You have as many as you may."));
}

TEST_F(WorkspaceCreationTest, AUrlThatIsRefusedIsCalledByItsName) {
  refusal = {400,
             R"({"error":{"code":"invalid_argument","message":"body.git_url: names no host","data":{}}})"};
  creation->fromGit(QStringLiteral("x"), QStringLiteral("https:///x"));
  ASSERT_TRUE(ended());
  EXPECT_EQ(problem, QStringLiteral("The repository's URL names no host"));
}

TEST_F(WorkspaceCreationTest, WhatDoesNotFitIsNotEvenUploaded) {
  storage = {900, 1'000};
  creation->fromArchive(QStringLiteral("x"), file(QStringLiteral("x.zip"), QByteArray(101, 'x')));
  ASSERT_TRUE(ended());
  EXPECT_EQ(end, Step::failed);
  EXPECT_TRUE(problem.contains(QStringLiteral("which has 100 bytes left"))) << problem.toStdString();
  EXPECT_TRUE(asked.isEmpty());
}

TEST_F(WorkspaceCreationTest, WhatIsNoArchiveIsRefusedAtOnce) {
  creation->fromArchive(QStringLiteral("x"), file(QStringLiteral("x.rar"), "Rar!"));
  EXPECT_EQ(ends, 1);
  EXPECT_EQ(end, Step::failed);
  EXPECT_TRUE(problem.contains(QStringLiteral(".tar.gz"))) << problem.toStdString();
}

TEST_F(WorkspaceCreationTest, CancelledWhileItUploadsNothingArrivesWhole) {
  when_changed = [this] {
    if (creation->step() == Step::uploading && creation->bytes() > 0) creation->cancel();
  };
  server.http.slow_after = 1 << 20;
  creation->fromArchive(QStringLiteral("x"), file(QStringLiteral("x.tar"), QByteArray(60'000'000, 'x')));
  ASSERT_TRUE(ended());
  EXPECT_EQ(ends, 1);
  EXPECT_EQ(end, Step::cancelled);
  EXPECT_TRUE(wait_for([this] { return !creation; }));
  EXPECT_FALSE(wait_for([this] { return !asked.isEmpty(); }, 200));
}

TEST_F(WorkspaceCreationTest, CancelledTooLateTheNewWorkspaceIsDeleted) {
  creation->fromTemplate(QStringLiteral("x"), QStringLiteral("python"));
  creation->cancel();
  EXPECT_EQ(ends, 1);
  EXPECT_EQ(end, Step::cancelled);
  EXPECT_TRUE(wait_for([this] {
    return asked == QStringList{QStringLiteral("POST /api/v1/workspaces"),
                                QStringLiteral("DELETE /api/v1/workspaces/abcdefghij")};
  })) << asked.join(QLatin1Char(' ')).toStdString();
  EXPECT_EQ(ends, 1);
}

TEST_F(WorkspaceCreationTest, CancelledWhileItPacksNothingIsAsked) {
  for (int i = 0; i < 30; ++i) file(QStringLiteral("work/%1").arg(i), QByteArray(1'000'000, 'w'));
  when_changed = [this] {
    if (creation->step() == Step::packing) creation->cancel();
  };
  creation->fromFolder(QStringLiteral("x"), server.folder.filePath(QStringLiteral("work")));
  ASSERT_TRUE(ended(20'000));
  EXPECT_EQ(end, Step::cancelled);
  EXPECT_FALSE(wait_for([this] { return !asked.isEmpty(); }, 200));
}

TEST(WorkspaceSource, IsKnownByItsName) {
  using client::archive_format;
  EXPECT_EQ(archive_format(QStringLiteral("a.ZIP")), QStringLiteral("zip"));
  EXPECT_EQ(archive_format(QStringLiteral("a.tar.gz")), QStringLiteral("tar.gz"));
  EXPECT_EQ(archive_format(QStringLiteral("a.txz")), QStringLiteral("tar.xz"));
  EXPECT_EQ(archive_format(QStringLiteral("a.tzst")), QStringLiteral("tar.zst"));
  EXPECT_EQ(archive_format(QStringLiteral("a.gz")), QString());
  EXPECT_EQ(archive_format(QStringLiteral("tar")), QString());
  using client::name_of_source;
  EXPECT_EQ(name_of_source(QStringLiteral("https://example.org/people/tides.git/")), QStringLiteral("tides"));
  EXPECT_EQ(name_of_source(QStringLiteral("git@example.org:tides.git")), QStringLiteral("tides"));
  EXPECT_EQ(name_of_source(QStringLiteral("/home/ada/my work.tar.gz")), QStringLiteral("my work"));
  EXPECT_EQ(name_of_source(QStringLiteral("/home/ada/work/")), QStringLiteral("work"));
  EXPECT_EQ(name_of_source(QString(200, QLatin1Char('n'))).size(), 80);
  using client::git_url_of;
  EXPECT_EQ(git_url_of(QStringLiteral("https://example.org/x")), QStringLiteral("https://example.org/x"));
  EXPECT_EQ(git_url_of(QStringLiteral("ssh://git@example.org:22/x")),
            QStringLiteral("ssh://git@example.org:22/x"));
}

}  // namespace
}  // namespace berth::test
