// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/connect_page.hpp"

#include <gtest/gtest.h>

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include "client/core/secret_store.hpp"
#include "protocol/codec.hpp"
#include "tiny_server.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

namespace rest = protocol::rest;

/// Takes connections and never says a word.
class SilentServer : public QTcpServer {
 public:
  SilentServer() { listen(QHostAddress::LocalHost, 0); }
  QString address() const { return QStringLiteral("http://127.0.0.1:%1").arg(serverPort()); }
};

class ConnectPageTest : public testing::Test {
 protected:
  void SetUp() override {
    page.resize(500, 700);
    page.show();
  }
  template <class Widget>
  Widget* named(const char* name) {
    return page.findChild<Widget*>(QLatin1String(name));
  }

  QTemporaryDir folder;
  client::SecretStore secrets{folder.filePath(QStringLiteral("secrets.json"))};
  client::RememberedServers servers;
  desktop::ConnectPage page{&secrets, &servers};
  QPushButton* back = named<QPushButton>("back");
  QPushButton* submit = named<QPushButton>("submit");
  QLineEdit* address = named<QLineEdit>("address");
};

TEST_F(ConnectPageTest, AServerThatDoesNotAnswerCanBeLeft) {
  SilentServer silent;
  EXPECT_FALSE(back->isVisible()) << "nothing to leave yet";
  page.offer(silent.address());
  EXPECT_FALSE(submit->isEnabled());
  EXPECT_FALSE(address->isEnabled());
  ASSERT_TRUE(back->isVisible());
  EXPECT_EQ(back->text(), QStringLiteral("Cancel"));
  ASSERT_TRUE(wait_for([&] { return silent.hasPendingConnections(); }));
  auto* asked = silent.nextPendingConnection();

  QTest::mouseClick(back, Qt::LeftButton);
  EXPECT_TRUE(submit->isEnabled());
  EXPECT_TRUE(address->isEnabled());
  EXPECT_EQ(submit->text(), QStringLiteral("Continue"));
  EXPECT_EQ(address->text(), silent.address()) << "what was typed stays";
  EXPECT_FALSE(back->isVisible());
  EXPECT_TRUE(wait_for([&] { return asked->state() == QAbstractSocket::UnconnectedState; }))
      << "nobody waits for the answer any more";
  EXPECT_FALSE(named<QLabel>("problem")->isVisible()) << "that was no failure";
}

TEST_F(ConnectPageTest, AfterACancelAnotherServerIsAskedAndTheFirstOneIsForgotten) {
  SilentServer silent;
  TinyServer good;
  good.handle = [](const QString&, const QString&, const QByteArray&) -> TinyServer::Answer {
    return {200, protocol::to_text(protocol::encode(rest::ServerInfo{"0", false, true, "", "", false}))};
  };
  page.offer(silent.address());
  ASSERT_TRUE(wait_for([&] { return silent.hasPendingConnections(); }));
  QTest::mouseClick(back, Qt::LeftButton);
  page.offer(good.origin().toString());
  auto* email = named<QLineEdit>("email");
  ASSERT_TRUE(wait_for([&] { return email->isVisible(); }));
  EXPECT_EQ(back->text(), QStringLiteral("Another server"));
  silent.close();
  EXPECT_FALSE(wait_for([&] { return !email->isVisible() || named<QLabel>("problem")->isVisible(); }, 150));
}

TEST_F(ConnectPageTest, ASignInThatIsNotAnsweredCanBeLeft) {
  TinyServer server;
  server.handle = [](const QString&, const QString&, const QByteArray&) -> TinyServer::Answer {
    return {200, protocol::to_text(protocol::encode(rest::ServerInfo{"0", false, true, "", "", false}))};
  };
  page.offer(server.origin().toString());
  auto* email = named<QLineEdit>("email");
  ASSERT_TRUE(wait_for([&] { return email->isVisible(); }));
  email->setText(QStringLiteral("ada@example.org"));
  named<QLineEdit>("password")->setText(QStringLiteral("correct horse battery"));
  server.handle = [](const QString&, const QString&, const QByteArray&) -> TinyServer::Answer {
    return {401, R"({"error":{"code":"unauthenticated","message":"Too late.","data":{}}})"};
  };
  QTest::mouseClick(submit, Qt::LeftButton);
  EXPECT_EQ(back->text(), QStringLiteral("Cancel"));
  QTest::mouseClick(back, Qt::LeftButton);
  EXPECT_TRUE(address->isVisible());
  EXPECT_TRUE(submit->isEnabled());
  EXPECT_FALSE(wait_for([&] { return named<QLabel>("problem")->isVisible(); }, 150))
      << "an answer that comes late is nobody's";
}

}  // namespace
}  // namespace berth::test
