// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/rest_download.hpp"

#include <gtest/gtest.h>

#include <QTemporaryDir>

#include "client/core/secret_store.hpp"
#include "client/core/server_connection.hpp"
#include "client/core/transfers.hpp"
#include "protocol/codec.hpp"
#include "tiny_server.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

namespace rest = protocol::rest;

class RestDownloadTest : public testing::Test {
 protected:
  void SetUp() override {
    server.handle = [this](const QString& route, const QString& head,
                           const QByteArray&) -> TinyServer::Answer {
      if (route.endsWith(QStringLiteral("/sign_in")))
        return {200, protocol::to_text(
                         protocol::encode(rest::SignedIn{{"id", "ada@example.org", "Ada", false, 0},
                                                         "access-1",
                                                         "refresh-1",
                                                         QDateTime::currentMSecsSinceEpoch() + 600'000}))};
      asked = route;
      EXPECT_TRUE(head.contains(QStringLiteral("Bearer access-1")));
      return answer;
    };
    bool signed_in = false;
    connection.signIn({"ada@example.org", "long enough"}, &context,
                      [&](Result<rest::Account> account) { signed_in = account.has_value(); });
    ASSERT_TRUE(wait_for([&] { return signed_in; }));
    QObject::connect(&transfers, &client::Transfers::failed,
                     [this](const QString&, const QString& text) { problem = text; });
  }
  void fetch() {
    transfers.downloadArchive(&connection, QStringLiteral("abcdefghij"), {QStringLiteral("project/a b+c")},
                              local);
  }

  QTemporaryDir folder;
  client::SecretStore secrets{folder.filePath(QStringLiteral("secrets.json"))};
  TinyServer server;
  client::ServerConnection connection{server.origin(), &secrets};
  client::Transfers transfers{nullptr};  // as where no workspace is open
  QObject context;
  const QString local = folder.filePath(QStringLiteral("a b+c.zip"));
  TinyServer::Answer answer{200, {}};
  QString asked;
  QString problem;
};

TEST_F(RestDownloadTest, AFolderComesAsOneWholeFile) {
  answer.body = std::string(5'000'000, 'z');
  fetch();
  ASSERT_TRUE(wait_for([this] { return transfers.rowCount() == 1 && transfers.active() == 0; }, 15'000));
  EXPECT_EQ(asked,
            QStringLiteral("GET /api/v1/workspaces/abcdefghij/archive?format=zip&path=project%2Fa%20b%2Bc"));
  QFile file(local);
  ASSERT_TRUE(file.open(QIODevice::ReadOnly)) << problem.toStdString();
  EXPECT_EQ(file.readAll().toStdString(), answer.body);
}

TEST_F(RestDownloadTest, AnOldFileComesAsItWasWithItsProgress) {
  answer.body = std::string(300'000, 'o');
  auto* transfer = transfers.downloadOldFile(&connection, QStringLiteral("abcdefghij"), QStringLiteral("v2"),
                                             QStringLiteral("project/a b+c"), local);
  ASSERT_TRUE(wait_for([&] { return transfer->state() == client::Transfer::State::done; }));
  EXPECT_EQ(asked,
            QStringLiteral("GET /api/v1/workspaces/abcdefghij/versions/v2/file?path=project%2Fa%20b%2Bc"));
  EXPECT_EQ(transfer->size(), 300'000);
  EXPECT_EQ(transfer->bytes(), 300'000);
  QFile file(local);
  ASSERT_TRUE(file.open(QIODevice::ReadOnly)) << problem.toStdString();
  EXPECT_EQ(file.readAll().toStdString(), answer.body);
}

TEST_F(RestDownloadTest, AVersionComesInTheFormatThatWasChosen) {
  transfers.downloadArchive(&connection, QStringLiteral("abcdefghij"),
                            {{}, QStringLiteral("tar.gz"), QStringLiteral("v2")}, local);
  ASSERT_TRUE(wait_for([this] { return transfers.active() == 0; }));
  EXPECT_EQ(asked, QStringLiteral("GET /api/v1/workspaces/abcdefghij/archive?format=tar.gz&version=v2"));
  EXPECT_TRUE(QFile::exists(local));
}

TEST_F(RestDownloadTest, ARefusalIsToldAndLeavesNoFile) {
  answer = {404, R"({"error":{"code":"not_found","message":"There is no such folder.","data":{}}})"};
  fetch();
  ASSERT_TRUE(wait_for([this] { return !problem.isEmpty(); }));
  EXPECT_EQ(problem, QStringLiteral("There is no such folder."));
  EXPECT_FALSE(QFile::exists(local));
}

TEST_F(RestDownloadTest, CancelledItLeavesNoFile) {
  answer.body = std::string(50'000'000, 'z');
  fetch();
  ASSERT_TRUE(wait_for([this] { return transfers.at(0)->bytes() > 0; }, 15'000));
  transfers.cancelAll();
  ASSERT_TRUE(wait_for([this] { return !problem.isEmpty(); }));
  EXPECT_EQ(transfers.active(), 0);
  EXPECT_FALSE(QFile::exists(local));
}

}  // namespace
}  // namespace berth::test
