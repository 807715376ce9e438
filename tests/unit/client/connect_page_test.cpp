// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/connect_page.hpp"

#include <gtest/gtest.h>

#include <QClipboard>
#include <QDesktopServices>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTcpServer>
#include <QTcpSocket>
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

const char* const wrong_password =
    R"({"error":{"code":"unauthenticated","message":"E-mail or password are wrong.","data":{}}})";

std::string factor(const char* what) {
  return std::string(R"({"error":{"code":"unauthenticated","message":"A code.","data":{"second_factor":")") +
         what + "\"}}}";
}

/// A server with a few ways in, and the page's way to its sign-in form.
class SignInWaysTest : public ConnectPageTest {
 protected:
  void SetUp() override {
    ConnectPageTest::SetUp();
    info = {"0", false, true, "", "", false, {}};
    server.handle = [this](const QString& route, const QString&,
                           const QByteArray& body) -> TinyServer::Answer {
      if (route == QStringLiteral("GET /api/v1/server"))
        return {200, protocol::to_text(protocol::encode(info))};
      routes.append(route);
      bodies.append(QString::fromUtf8(body));
      return answer(route);
    };
    QObject::connect(&page, &desktop::ConnectPage::signedIn,
                     [this](client::ServerConnection* connection) { signed_in.reset(connection); });
  }
  void look() {
    page.offer(server.origin().toString());
    ASSERT_TRUE(wait_for(
        [&] { return named<QWidget>("browserSignIn") && named<QWidget>("browserSignIn")->isVisible(); }));
  }
  void type(const char* field, const char* text) { named<QLineEdit>(field)->setText(QLatin1String(text)); }
  void typePassword() {
    type("email", "ada@example.org");
    type("password", "correct horse battery");
    QTest::mouseClick(submit, Qt::LeftButton);
  }
  bool shows(const char* field) { return named<QWidget>(field)->isVisible(); }
  QString problem() {
    return named<QLabel>("problem")->isVisible() ? named<QLabel>("problem")->text() : QString();
  }
  static TinyServer::Answer welcome() {
    return {200, protocol::to_text(
                     protocol::encode(rest::SignedIn{{"id", "ada@example.org", "Ada", false, 0, true, {}},
                                                     "access",
                                                     "refresh",
                                                     QDateTime::currentMSecsSinceEpoch() + 600'000}))};
  }

  rest::ServerInfo info{};
  TinyServer server;
  std::function<TinyServer::Answer(const QString& route)> answer = [](const QString&) { return welcome(); };
  QStringList routes;
  QStringList bodies;
  std::unique_ptr<client::ServerConnection> signed_in;
};

TEST_F(SignInWaysTest, ASecondFactorIsAskedForAndMayBeTypedWithSpaces) {
  look();
  answer = [](const QString&) -> TinyServer::Answer { return {401, factor("required")}; };
  typePassword();
  ASSERT_TRUE(wait_for([&] { return shows("code"); }));
  EXPECT_EQ(problem(), QString());
  EXPECT_FALSE(shows("password"));
  EXPECT_EQ(back->text(), QStringLiteral("Back"));
  EXPECT_TRUE(wait_for([&] { return QApplication::focusWidget() == named<QLineEdit>("code"); }));
  QTest::mouseClick(submit, Qt::LeftButton);
  EXPECT_EQ(problem(), QStringLiteral("Type the code."));
  answer = [](const QString&) { return welcome(); };
  type("code", " 123 456 ");
  QTest::keyClick(named<QLineEdit>("code"), Qt::Key_Return);
  ASSERT_TRUE(wait_for([&] { return signed_in != nullptr; }));
  EXPECT_TRUE(bodies.last().contains(QStringLiteral("\"code\":\"123456\"")));
  EXPECT_TRUE(bodies.last().contains(QStringLiteral("correct horse battery")));
  EXPECT_FALSE(bodies.first().contains(QStringLiteral("code")));
  EXPECT_EQ(named<QLineEdit>("password")->text(), QString());
  EXPECT_EQ(named<QLineEdit>("code")->text(), QString());
}

TEST_F(SignInWaysTest, AWrongOrUsedCodeIsSaidAndCanBeTypedAgain) {
  look();
  answer = [](const QString&) -> TinyServer::Answer { return {401, factor("required")}; };
  typePassword();
  ASSERT_TRUE(wait_for([&] { return shows("code"); }));
  answer = [](const QString&) -> TinyServer::Answer { return {401, factor("wrong")}; };
  type("code", "000000");
  QTest::mouseClick(submit, Qt::LeftButton);
  ASSERT_TRUE(wait_for([&] { return !problem().isEmpty(); }));
  EXPECT_TRUE(problem().contains(QStringLiteral("used already"))) << problem().toStdString();
  EXPECT_TRUE(shows("code"));
  EXPECT_EQ(named<QLineEdit>("code")->selectedText(), QStringLiteral("000000"))
      << "the next one is typed over it";
  answer = [](const QString&) -> TinyServer::Answer {
    return {429,
            R"({"error":{"code":"limit_exceeded","message":"Too many attempts. Wait a minute.","data":{}}})"};
  };
  QTest::mouseClick(submit, Qt::LeftButton);
  ASSERT_TRUE(wait_for([&] { return problem().startsWith(QStringLiteral("Too many")); }));
  EXPECT_TRUE(shows("code"));
  // A recovery code goes the same way; a password that was changed meanwhile leads back to it.
  answer = [](const QString&) -> TinyServer::Answer { return {401, wrong_password}; };
  type("code", "abcde-fghij");
  QTest::mouseClick(submit, Qt::LeftButton);
  ASSERT_TRUE(wait_for([&] { return shows("password"); }));
  EXPECT_TRUE(bodies.last().contains(QStringLiteral("abcde-fghij")));
  EXPECT_EQ(problem(), QStringLiteral("E-mail or password are wrong."));
}

TEST_F(SignInWaysTest, TheSecondStepCanBeLeftWhileItIsAsked) {
  look();
  answer = [](const QString&) -> TinyServer::Answer { return {401, factor("required")}; };
  typePassword();
  ASSERT_TRUE(wait_for([&] { return shows("code"); }));
  type("code", "123456");
  answer = [](const QString&) -> TinyServer::Answer { return {0, ""}; };
  QTest::mouseClick(submit, Qt::LeftButton);
  EXPECT_EQ(back->text(), QStringLiteral("Cancel"));
  QTest::mouseClick(back, Qt::LeftButton);
  EXPECT_TRUE(shows("password"));
  EXPECT_FALSE(shows("code"));
  EXPECT_TRUE(submit->isEnabled());
  answer = [](const QString&) { return welcome(); };
  QTest::mouseClick(submit, Qt::LeftButton);
  EXPECT_TRUE(wait_for([&] { return signed_in != nullptr; }));
}

TEST_F(SignInWaysTest, AForgottenPasswordsMailIsOfferedWhereMailsAreSent) {
  look();
  EXPECT_FALSE(shows("forgot"));
  QTest::mouseClick(back, Qt::LeftButton);
  info.sign_in.mail = true;
  look();
  ASSERT_TRUE(shows("forgot"));
  type("email", "ada@example.org");
  QTest::mouseClick(named<QPushButton>("forgot"), Qt::LeftButton);
  EXPECT_TRUE(shows("email"));
  EXPECT_FALSE(shows("password"));
  answer = [](const QString&) -> TinyServer::Answer { return {200, "{}"}; };
  QTest::mouseClick(submit, Qt::LeftButton);
  ASSERT_TRUE(
      wait_for([&] { return submit->text() == QStringLiteral("Back to Sign In") && submit->isEnabled(); }));
  EXPECT_EQ(routes, QStringList{QStringLiteral("POST /api/v1/auth/forgot_password")});
  EXPECT_TRUE(bodies.last().contains(QStringLiteral("ada@example.org")));
  EXPECT_TRUE(named<QLabel>("hint")->text().contains(QStringLiteral("ada@example.org")));
  QTest::mouseClick(submit, Qt::LeftButton);
  EXPECT_TRUE(shows("password"));
}

TEST_F(SignInWaysTest, ProvidersComeFirstWhereThereIsNoPassword) {
  info.sign_in = {false, {{"house", "House & Garden"}, {"hub", "<b>Hub"}}, true};
  page.offer(server.origin().toString());
  ASSERT_TRUE(wait_for([&] { return named<QPushButton>("provider-house") != nullptr; }));
  EXPECT_FALSE(shows("email"));
  EXPECT_FALSE(shows("password"));
  EXPECT_FALSE(shows("submit"));
  EXPECT_FALSE(shows("forgot"));
  EXPECT_FALSE(shows("switch"));
  EXPECT_TRUE(shows("browserSignIn"));
  auto* house = named<QPushButton>("provider-house");
  EXPECT_EQ(house->text(), QStringLiteral("Continue with House && Garden")) << "no shortcut in it";
  EXPECT_EQ(house->accessibleName(), QStringLiteral("Continue with House & Garden"));
  EXPECT_TRUE(house->property("primary").toBool());
}

/// Stands for the system's browser.
class BrowserCatcher : public QObject {
  Q_OBJECT
 public:
  BrowserCatcher() { QDesktopServices::setUrlHandler(QStringLiteral("http"), this, "open"); }
  ~BrowserCatcher() override { QDesktopServices::unsetUrlHandler(QStringLiteral("http")); }
  QList<QUrl> opened;
 public Q_SLOTS:
  void open(const QUrl& url) { opened.append(url); }
};

TEST_F(SignInWaysTest, TheBrowserSignsThisWindowIn) {
  BrowserCatcher browser;
  info.sign_in.providers = {{"house", "House"}};
  const auto target = server.origin().toString().toStdString() + "/authorize?request=r1";
  answer = [&](const QString& route) -> TinyServer::Answer {
    if (!route.endsWith(QStringLiteral("/native/begin"))) return welcome();
    return {200, protocol::to_text(protocol::encode(rest::BeginNativeSignIn::Result{target}))};
  };
  look();
  QTest::mouseClick(named<QPushButton>("provider-house"), Qt::LeftButton);
  ASSERT_TRUE(wait_for([&] { return !browser.opened.isEmpty(); }));
  EXPECT_EQ(browser.opened.last().toString().toStdString(), target);
  EXPECT_EQ(back->text(), QStringLiteral("Cancel"));
  EXPECT_TRUE(shows("copyPage"));
  QTest::mouseClick(named<QPushButton>("copyPage"), Qt::LeftButton);
  EXPECT_EQ(QGuiApplication::clipboard()->text().toStdString(), target);
  QTest::mouseClick(submit, Qt::LeftButton);
  EXPECT_EQ(browser.opened.size(), 2) << "the page again";

  const auto asked = *protocol::decode<rest::BeginNativeSignIn::Body>(
      *protocol::parse_json(bodies.last().toStdString()), "body");
  EXPECT_EQ(asked.provider, "house");
  const QUrl redirect(QString::fromStdString(asked.redirect));
  QTcpSocket socket;
  socket.connectToHost(redirect.host(), static_cast<quint16>(redirect.port()));
  ASSERT_TRUE(wait_for([&] { return socket.state() == QAbstractSocket::ConnectedState; }));
  socket.write("GET /signed-in?code=c&state=" + QByteArray::fromStdString(asked.state) +
               " HTTP/1.1\r\nHost: " + redirect.authority().toLatin1() + "\r\n\r\n");
  ASSERT_TRUE(wait_for([&] { return signed_in != nullptr; }));
  EXPECT_EQ(signed_in->account()->email, "ada@example.org");
  EXPECT_EQ(servers.servers().first().email, QStringLiteral("ada@example.org"));
  EXPECT_TRUE(routes.last().endsWith(QStringLiteral("/native/token")));
  EXPECT_TRUE(wait_for([&] { return socket.state() == QAbstractSocket::UnconnectedState; }));
  EXPECT_TRUE(socket.readAll().contains("You may close this window."));
}

TEST_F(SignInWaysTest, ABrowserSignInCanBeCancelledAndBegunAgain) {
  BrowserCatcher browser;
  answer = [&](const QString&) -> TinyServer::Answer {
    return {200, protocol::to_text(protocol::encode(rest::BeginNativeSignIn::Result{
                     server.origin().toString().toStdString() + "/authorize"}))};
  };
  look();
  QTest::mouseClick(named<QPushButton>("browserSignIn"), Qt::LeftButton);
  ASSERT_TRUE(wait_for([&] { return browser.opened.size() == 1; }));
  QTest::mouseClick(back, Qt::LeftButton);
  EXPECT_TRUE(shows("password")) << "another way can be chosen";
  const auto first = *protocol::decode<rest::BeginNativeSignIn::Body>(
      *protocol::parse_json(bodies.last().toStdString()), "body");
  EXPECT_FALSE(first.provider);
  QTest::mouseClick(named<QPushButton>("browserSignIn"), Qt::LeftButton);
  ASSERT_TRUE(wait_for([&] { return browser.opened.size() == 2; }));
  const auto second = *protocol::decode<rest::BeginNativeSignIn::Body>(
      *protocol::parse_json(bodies.last().toStdString()), "body");
  EXPECT_NE(first.state, second.state);
  EXPECT_NE(first.challenge, second.challenge);
}

TEST_F(SignInWaysTest, AServerThatHasNoSuchPageSaysSo) {
  answer = [](const QString&) -> TinyServer::Answer {
    return {503, R"({"error":{"code":"unavailable","message":"Not now.","data":{}}})"};
  };
  look();
  QTest::mouseClick(named<QPushButton>("browserSignIn"), Qt::LeftButton);
  ASSERT_TRUE(wait_for([&] { return !problem().isEmpty(); }));
  EXPECT_EQ(problem(), QStringLiteral("Not now."));
  EXPECT_TRUE(shows("password"));
  EXPECT_TRUE(named<QPushButton>("browserSignIn")->isEnabled());
}

}  // namespace
}  // namespace berth::test

#include "connect_page_test.moc"
