// SPDX-License-Identifier: GPL-3.0-or-later
// The sign-in through the browser: the test is the browser, and everybody else who can reach this machine's
// loopback.
#include "client/core/browser_sign_in.hpp"

#include <gtest/gtest.h>

#include <QTcpSocket>
#include <QTemporaryDir>
#include <QUrlQuery>
#include <set>

#include "client/core/loopback_receiver.hpp"
#include "client/core/secret_store.hpp"
#include "client/core/server_address.hpp"
#include "protocol/codec.hpp"
#include "tiny_server.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using client::BrowserSignIn;
using client::LoopbackReceiver;
namespace rest = protocol::rest;

/// What a browser gets for these bytes; empty where it is cut off.
QByteArray sent_to(const QString& redirect, const QByteArray& request) {
  const QUrl url(redirect);
  QTcpSocket socket;
  socket.connectToHost(url.host(), static_cast<quint16>(url.port()));
  wait_for([&] {
    return socket.state() == QAbstractSocket::ConnectedState ||
           socket.error() != QAbstractSocket::UnknownSocketError;
  });
  if (socket.state() != QAbstractSocket::ConnectedState) return {};
  socket.write(request);
  wait_for([&] { return socket.state() == QAbstractSocket::UnconnectedState; });
  return socket.readAll();
}

QByteArray host_of(const QString& redirect) { return QUrl(redirect).authority().toLatin1(); }

QByteArray got(const QString& redirect, const QByteArray& path_and_query, QByteArray host = {}) {
  if (host.isNull()) host = host_of(redirect);
  return sent_to(redirect, "GET " + path_and_query + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
}

int status_of(const QByteArray& answer) { return answer.mid(9, 3).toInt(); }

class Loopback : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(receiver.listen());
    QObject::connect(&receiver, &LoopbackReceiver::answered,
                     [this](const QString& code) { codes.append(code); });
    QObject::connect(&receiver, &LoopbackReceiver::refused,
                     [this](const QString& error) { errors.append(error); });
    redirect = receiver.redirect();
  }
  bool nothing() const { return codes.isEmpty() && errors.isEmpty(); }

  LoopbackReceiver receiver{"the-state"};
  QString redirect;
  QStringList codes;
  QStringList errors;
};

TEST_F(Loopback, IsOnThisMachineAloneAtAPortOfItsOwn) {
  const QUrl url(redirect);
  EXPECT_EQ(url.scheme(), QStringLiteral("http"));
  EXPECT_EQ(url.host(), QStringLiteral("127.0.0.1"));
  EXPECT_GT(url.port(), 1023);
  LoopbackReceiver other{"the-state"};
  ASSERT_TRUE(other.listen());
  EXPECT_NE(other.redirect(), redirect) << "several windows sign in at a time";
}

TEST_F(Loopback, TakesOneAnswerAndTellsThePersonToCloseThePage) {
  const auto page = got(redirect, "/signed-in?code=abc.def-1&state=the-state");
  EXPECT_EQ(status_of(page), 200);
  EXPECT_TRUE(page.contains("You may close this window."));
  EXPECT_TRUE(page.contains("Cache-Control: no-store"));
  EXPECT_TRUE(page.contains("Referrer-Policy: no-referrer"));
  EXPECT_TRUE(page.contains("Content-Security-Policy: default-src 'none'"));
  EXPECT_FALSE(page.contains("abc.def-1")) << "nothing of the request is in the page";
  EXPECT_EQ(codes, QStringList{QStringLiteral("abc.def-1")});
  EXPECT_EQ(got(redirect, "/signed-in?code=again&state=the-state"), QByteArray()) << "it listens no more";
  EXPECT_EQ(codes.size(), 1);
}

TEST_F(Loopback, OfTwoAnswersAtOnceTheFirstIsTaken) {
  QTcpSocket first;
  QTcpSocket second;
  const QUrl url(redirect);
  for (auto* socket : {&first, &second}) {
    socket->connectToHost(url.host(), static_cast<quint16>(url.port()));
    ASSERT_TRUE(wait_for([&] { return socket->state() == QAbstractSocket::ConnectedState; }));
  }
  const auto request = [&](const QByteArray& code) {
    return "GET /signed-in?state=the-state&code=" + code + " HTTP/1.1\r\nHost: " + host_of(redirect) +
           "\r\n\r\n";
  };
  first.write(request("one"));
  ASSERT_TRUE(wait_for([&] { return codes.size() == 1; }));
  second.write(request("two"));
  ASSERT_TRUE(wait_for([&] { return second.state() == QAbstractSocket::UnconnectedState; }));
  EXPECT_EQ(status_of(second.readAll()), 400);
  EXPECT_EQ(codes, QStringList{QStringLiteral("one")});
}

TEST_F(Loopback, ARefusalIsToldAndSaidToThePerson) {
  const auto page = got(redirect, "/signed-in?error=access_denied&state=the-state");
  EXPECT_EQ(status_of(page), 200);
  EXPECT_TRUE(page.contains("not allowed"));
  EXPECT_EQ(errors, QStringList{QStringLiteral("access_denied")});
  EXPECT_TRUE(codes.isEmpty());
}

TEST_F(Loopback, WhatIsNotTheAnswerIsRefusedAndWaitedOn) {
  for (const auto* wrong :
       {"/signed-in?code=stolen&state=another", "/signed-in?code=stolen", "/signed-in?state=the-state",
        "/signed-in?code=stolen&state=the-stat", "/signed-in?code=stolen&state=the-state&state=the-state",
        "/signed-in?code=a&code=b&state=the-state", "/signed-in?code=a&error=b&state=the-state",
        "/signed-in"})
    EXPECT_EQ(status_of(got(redirect, wrong)), 400) << wrong;
  for (const auto* elsewhere :
       {"/", "/favicon.ico", "/signed-in/?code=a&state=the-state", "/Signed-In?code=a&state=the-state"})
    EXPECT_EQ(status_of(got(redirect, elsewhere)), 404) << elsewhere;
  EXPECT_TRUE(nothing());
  got(redirect, "/signed-in?code=real&state=the-state");
  EXPECT_EQ(codes, QStringList{QStringLiteral("real")});
}

TEST_F(Loopback, ANameOfTheWebThatLeadsHereIsNotThisAddress) {
  const auto port = QByteArray::number(QUrl(redirect).port());
  for (const QByteArray& host :
       {QByteArray("evil.example:") + port, QByteArray("127.0.0.1"), QByteArray(""),
        QByteArray("localhost:") + port, host_of(redirect) + "\r\nHost: " + host_of(redirect)})
    EXPECT_EQ(status_of(got(redirect, "/signed-in?code=a&state=the-state", host)), 400) << host.toStdString();
  EXPECT_EQ(status_of(sent_to(redirect, "GET /signed-in?code=a&state=the-state HTTP/1.1\r\n\r\n")), 400);
  EXPECT_TRUE(nothing());
}

TEST_F(Loopback, NoiseIsAnsweredAndBounded) {
  for (const QByteArray& noise :
       {QByteArray("\r\n\r\n"),
        QByteArray("POST /signed-in?code=a&state=the-state HTTP/1.1\r\nHost: ") + host_of(redirect) +
            "\r\nContent-Length: 0\r\n\r\n",
        QByteArray("GET http://evil.example/signed-in HTTP/1.1\r\nHost: ") + host_of(redirect) + "\r\n\r\n",
        QByteArray("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15),
        QByteArray("GET  HTTP/1.1\r\n\r\n"),
        QByteArray("GET /%%%%?%zz=&&&=&state HTTP/1.1\r\nHost: ") + host_of(redirect) + "\r\n\r\n"}) {
    const auto status = status_of(sent_to(redirect, noise));
    EXPECT_TRUE(status == 400 || status == 404) << status << " " << noise.left(60).toStdString();
  }
  // One without an end is cut off; whether its sender still hears why is not ours to say.
  const auto endless = status_of(sent_to(redirect, "GET /" + QByteArray(1 << 20, 'a')));
  EXPECT_TRUE(endless == 400 || endless == 0) << endless;
  EXPECT_TRUE(nothing());
}

TEST_F(Loopback, ConnectionsThatSayNothingDoNotKeepTheBrowserOut) {
  const QUrl url(redirect);
  std::vector<std::unique_ptr<QTcpSocket>> idle;
  for (int i = 0; i < LoopbackReceiver::most_connections + 4; ++i) {
    idle.push_back(std::make_unique<QTcpSocket>());
    idle.back()->connectToHost(url.host(), static_cast<quint16>(url.port()));
  }
  ASSERT_TRUE(wait_for([&] { return idle.back()->state() == QAbstractSocket::UnconnectedState; }))
      << "those above the limit are closed";
  // Each has its time; once some are gone there is room again.
  idle.clear();
  ASSERT_TRUE(wait_for([&] {
    got(redirect, "/signed-in?code=late&state=the-state");
    return !codes.isEmpty();
  }));
}

TEST(SignInProof, IsRandomAndAnsweredByItsVerifier) {
  // The example of RFC 7636, appendix B.
  EXPECT_EQ(client::challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            QByteArray("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
  std::set<QByteArray> seen;
  for (int i = 0; i < 100; ++i) {
    const auto proof = client::make_sign_in_proof();
    EXPECT_EQ(proof.verifier.size(), 43);
    EXPECT_EQ(proof.state.size(), 43);
    EXPECT_EQ(proof.challenge, client::challenge_of(proof.verifier));
    seen.insert(proof.verifier);
    seen.insert(proof.state);
  }
  EXPECT_EQ(seen.size(), 200u);
}

class BrowserSignInTest : public testing::Test {
 protected:
  void SetUp() override {
    server.handle = [this](const QString& route, const QString&,
                           const QByteArray& body) -> TinyServer::Answer {
      const auto json = protocol::parse_json(body.toStdString());
      if (route == QStringLiteral("POST /api/v1/auth/native/begin")) {
        asked = *protocol::decode<rest::BeginNativeSignIn::Body>(*json, "body");
        return {200, protocol::to_text(protocol::encode(rest::BeginNativeSignIn::Result{url}))};
      }
      if (route != QStringLiteral("POST /api/v1/auth/native/token")) return {404, "{}"};
      traded = *protocol::decode<rest::TakeNativeSignIn::Body>(*json, "body");
      if (client::challenge_of(QByteArray::fromStdString(traded->verifier)).toStdString() != asked->challenge)
        return {401, R"({"error":{"code":"unauthenticated","message":"That proof is wrong.","data":{}}})"};
      return {200, protocol::to_text(
                       protocol::encode(rest::SignedIn{{"id", "ada@example.org", "Ada", false, 0, true, {}},
                                                       "access-1",
                                                       "refresh-1",
                                                       QDateTime::currentMSecsSinceEpoch() + 600'000}))};
    };
    url = server.origin().toString().toStdString() + "/authorize?request=r1";
  }
  std::unique_ptr<BrowserSignIn> begin(std::chrono::milliseconds patience = BrowserSignIn::usual_patience) {
    auto flow = std::make_unique<BrowserSignIn>(&connection, nullptr, patience);
    QObject::connect(flow.get(), &BrowserSignIn::pageReady, [this](const QUrl& url) { page = url; });
    QObject::connect(flow.get(), &BrowserSignIn::signedIn,
                     [this](const rest::Account& who) { account = who; });
    QObject::connect(flow.get(), &BrowserSignIn::failed, [this](const Error& error) { problem = error; });
    flow->begin(QStringLiteral("house"));
    return flow;
  }
  QByteArray answer(const QByteArray& code) {
    return got(QString::fromStdString(asked->redirect),
               "/signed-in?code=" + code + "&state=" + QByteArray::fromStdString(asked->state));
  }

  QTemporaryDir folder;
  client::SecretStore secrets{folder.filePath(QStringLiteral("secrets.json"))};
  TinyServer server;
  client::ServerConnection connection{server.origin(), &secrets};
  std::string url;
  std::optional<rest::BeginNativeSignIn::Body> asked;
  std::optional<rest::TakeNativeSignIn::Body> traded;
  QUrl page;
  std::optional<rest::Account> account;
  std::optional<Error> problem;
};

TEST_F(BrowserSignInTest, ThePagesAnswerIsTradedForASignInThatIsKept) {
  const auto flow = begin();
  ASSERT_TRUE(wait_for([&] { return !page.isEmpty(); }));
  EXPECT_EQ(page.toString().toStdString(), url);
  EXPECT_EQ(asked->provider, "house");
  EXPECT_TRUE(asked->redirect.starts_with("http://127.0.0.1:"));
  EXPECT_EQ(status_of(answer("the-code")), 200);
  ASSERT_TRUE(wait_for([&] { return account.has_value(); }));
  EXPECT_EQ(traded->code, "the-code");
  EXPECT_EQ(account->email, "ada@example.org");
  EXPECT_TRUE(connection.account());
  QString kept;
  secrets.read(client::ServerConnection::secretKey(server.origin(), QStringLiteral("ada@example.org")),
               &connection, [&](Result<QString> value) { kept = value.value_or(QString()); });
  EXPECT_TRUE(wait_for([&] { return kept == QStringLiteral("refresh-1"); }));
  EXPECT_FALSE(problem);
}

TEST_F(BrowserSignInTest, TwoAtATimeEndEachInItsOwnWindow) {
  const auto first = begin();
  ASSERT_TRUE(wait_for([&] { return !page.isEmpty(); }));
  const auto first_asked = *asked;
  page.clear();
  client::ServerConnection other(server.origin(), &secrets);
  BrowserSignIn second(&other);
  QObject::connect(&second, &BrowserSignIn::pageReady, [this](const QUrl& url) { page = url; });
  second.begin({});
  ASSERT_TRUE(wait_for([&] { return !page.isEmpty(); }));
  EXPECT_NE(asked->redirect, first_asked.redirect);
  EXPECT_NE(asked->state, first_asked.state);
  EXPECT_NE(asked->challenge, first_asked.challenge);
  EXPECT_FALSE(asked->provider);
  // The second one's answer does not open the first window.
  EXPECT_EQ(status_of(got(QString::fromStdString(first_asked.redirect),
                          "/signed-in?code=x&state=" + QByteArray::fromStdString(asked->state))),
            400);
  EXPECT_FALSE(traded);
  answer("second");
  ASSERT_TRUE(wait_for([&] { return other.account().has_value(); }));
  EXPECT_FALSE(connection.account());
}

TEST_F(BrowserSignInTest, CancellingClosesTheAddressAndTradesNothing) {
  auto flow = begin();
  ASSERT_TRUE(wait_for([&] { return !page.isEmpty(); }));
  flow.reset();
  EXPECT_EQ(answer("late"), QByteArray());
  EXPECT_FALSE(traded);
  EXPECT_FALSE(account);
  EXPECT_FALSE(problem) << "who cancels knows it";
}

TEST_F(BrowserSignInTest, NobodyAgreesForEver) {
  const auto flow = begin(std::chrono::milliseconds(300));
  ASSERT_TRUE(wait_for([&] { return problem.has_value(); }));
  EXPECT_EQ(problem->code, ErrorCode::timeout);
  EXPECT_TRUE(wait_for([&] { return answer("late").isEmpty(); }));
  EXPECT_FALSE(traded);
}

TEST_F(BrowserSignInTest, ARefusalIsAFailureOfItsOwn) {
  const auto flow = begin();
  ASSERT_TRUE(wait_for([&] { return !page.isEmpty(); }));
  got(QString::fromStdString(asked->redirect),
      "/signed-in?error=access_denied&state=" + QByteArray::fromStdString(asked->state));
  ASSERT_TRUE(wait_for([&] { return problem.has_value(); }));
  EXPECT_EQ(problem->code, ErrorCode::permission_denied);
  EXPECT_FALSE(traded);
}

TEST_F(BrowserSignInTest, AServersRefusalIsTold) {
  const auto flow = begin();
  ASSERT_TRUE(wait_for([&] { return !page.isEmpty(); }));
  asked->challenge = "another one's";
  answer("the-code");
  ASSERT_TRUE(wait_for([&] { return problem.has_value(); }));
  EXPECT_EQ(problem->message, "That proof is wrong.");
  EXPECT_FALSE(connection.account());
}

TEST_F(BrowserSignInTest, OnlyAPageOfTheWebIsHandedToTheSystem) {
  for (const auto* wrong : {"file:///etc/passwd", "javascript:alert(1)", "smb://evil.example/x", "vscode://x",
                            "", "/authorize?request=1", "http://", "http://ada:secret@localhost/authorize"}) {
    url = wrong;
    problem.reset();
    const auto flow = begin();
    ASSERT_TRUE(wait_for([&] { return problem.has_value(); })) << wrong;
    EXPECT_TRUE(page.isEmpty()) << wrong;
  }
  const QUrl safe(QStringLiteral("https://berth.example"));
  EXPECT_TRUE(client::may_be_opened(QUrl(QStringLiteral("https://berth.example/authorize")), safe));
  EXPECT_FALSE(client::may_be_opened(QUrl(QStringLiteral("http://berth.example/authorize")), safe));
}

}  // namespace
}  // namespace berth::test
