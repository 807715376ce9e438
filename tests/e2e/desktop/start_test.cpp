// SPDX-License-Identifier: GPL-3.0-or-later
// The program's next start: without a server, with one again, and as it was left.
#include <gtest/gtest.h>

#include <QDockWidget>
#include <QJsonDocument>
#include <QLabel>
#include <QMessageBox>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QPushButton>
#include <QTest>

#include "berth_server.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/connect_page.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/start_window.hpp"
#include "client/desktop/terminal_panel.hpp"
#include "client/desktop/workspaces_page.hpp"
#include "desk.hpp"
#include "tests/fault_proxy.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

TEST(Desktop, starts_without_its_server_and_goes_on_when_that_is_back) {
  BerthServer server;
  FaultProxy proxy(server.port());
  Desk desk(server.setupLink(proxy.port()));
  ASSERT_TRUE(desk.setUp(QStringLiteral("ada@example.org")));

  proxy.set_refusing(true);
  desk.restart();
  auto* page = desk.start()->connectPage();
  auto* submit = page->findChild<QPushButton*>(QStringLiteral("submit"));
  auto* problem = page->findChild<QLabel*>(QStringLiteral("problem"));
  ASSERT_TRUE(wait_for([&] { return problem->isVisible(); }, 10'000));
  EXPECT_TRUE(problem->text().contains(QStringLiteral("Is the server running?")))
      << problem->text().toStdString();
  EXPECT_EQ(submit->text(), QStringLiteral("Try Again"));
  EXPECT_TRUE(wait_for([&] { return QApplication::focusWidget() == submit; }));
  Desk::picture(desk.start(), QStringLiteral("offline"));
  Desk::click(submit);
  ASSERT_TRUE(wait_for([&] { return submit->isEnabled() && problem->isVisible(); }, 10'000))
      << "still refused";

  proxy.set_refusing(false);
  QTest::keyClick(submit, Qt::Key_Space);
  // No password is asked for: the sign-in was kept.
  EXPECT_TRUE(wait_for(
      [&] { return desk.start()->workspacesPage() && desk.start()->workspacesPage()->isVisible(); }, 20'000));
}

/// As another client of the same person does; the answer's body.
QByteArray post(quint16 port, const QString& path, const QByteArray& body, const QByteArray& token = {}) {
  QNetworkAccessManager network;
  QNetworkRequest request(QUrl(QStringLiteral("http://localhost:%1/api/v1/%2").arg(port).arg(path)));
  request.setRawHeader("Berth-Client", "native");
  request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArrayLiteral("application/json"));
  if (!token.isEmpty()) request.setRawHeader("Authorization", "Bearer " + token);
  auto* reply = network.post(request, body);
  EXPECT_TRUE(wait_for([&] { return reply->isFinished(); }, 10'000));
  EXPECT_EQ(reply->error(), QNetworkReply::NoError) << reply->errorString().toStdString();
  return reply->readAll();
}

TEST(Desktop, text_on_its_way_when_the_sign_in_ends_elsewhere_is_kept_in_a_file) {
  BerthServer server;
  FaultProxy proxy(server.port());
  Desk desk(server.setupLink(proxy.port()));
  ASSERT_NE(desk.firstWorkspace(QStringLiteral("python"), QStringLiteral("Cut short")), nullptr);
  ASSERT_TRUE(desk.waitForFile(QStringLiteral("project/main.py")));
  proxy.set_refusing(true);
  Desk::keys(desk.editor(), QStringLiteral("# only in this window\n"));
  const auto signed_in =
      QJsonDocument::fromJson(post(server.port(), QStringLiteral("auth/sign_in"),
                                   R"({"email":"ada@example.org","password":"correct horse battery"})"));
  post(server.port(), QStringLiteral("auth/sign_out_everywhere"), "{}",
       signed_in[QStringLiteral("access_token")].toString().toLatin1());
  proxy.set_refusing(false);

  QMessageBox* told = nullptr;
  ASSERT_TRUE(wait_for(
      [&] { return (told = desk.start()->findChild<QMessageBox*>(QStringLiteral("rescued"))) != nullptr; },
      30'000));
  Desk::picture(told, QStringLiteral("rescued"));
  QFile file(told->text().section(QLatin1Char('\n'), -1));
  ASSERT_TRUE(file.open(QIODevice::ReadOnly)) << told->text().toStdString();
  EXPECT_TRUE(file.readAll().startsWith("# only in this window\n"));
  EXPECT_EQ(file.permissions() & (QFileDevice::ReadGroup | QFileDevice::ReadOther),
            QFileDevice::Permissions());
  EXPECT_TRUE(desk.start()->isVisible());
  told->close();
}

TEST(Desktop, opens_as_it_was_left) {
  BerthServer server;
  Desk desk(server.setupLink());
  auto* window = desk.firstWorkspace(QStringLiteral("python"), QStringLiteral("Left so"));
  ASSERT_NE(window, nullptr);
  ASSERT_TRUE(desk.waitForFile(QStringLiteral("project/main.py")));
  window->editors()->openFile(QStringLiteral("project/.gitignore"));
  ASSERT_TRUE(desk.waitForFile(QStringLiteral("project/.gitignore")));
  window->editors()->openFile(QStringLiteral("project/main.py"));
  window->resize(1000, 640);
  window->panel(QStringLiteral("terminals"))->hide();
  ASSERT_TRUE(wait_for([&] { return window->size() == QSize(1000, 640); }));

  desk.quit();
  desk.restart();
  ASSERT_TRUE(wait_for([&] { return desk.adopt(QStringLiteral("Left so")); }, 30'000))
      << "the window is not opened again";
  window = desk.window();
  EXPECT_TRUE(wait_for([&] { return window->size() == QSize(1000, 640); }))
      << window->width() << " x " << window->height();
  EXPECT_FALSE(window->terminals()->isVisible());
  EXPECT_TRUE(desk.waitForFile(QStringLiteral("project/main.py")));
  EXPECT_TRUE(desk.waitForFile(QStringLiteral("project/.gitignore")));
  EXPECT_EQ(window->editors()->current(), window->editors()->tabOf(QStringLiteral("project/main.py")));
}

}  // namespace
}  // namespace berth::test
