// SPDX-License-Identifier: GPL-3.0-or-later
// A workspace that somebody else shares, in an open window: its role changes, and it ends.
#include <gtest/gtest.h>

#include <QElapsedTimer>
#include <QJsonArray>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

#include "berth_server.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/connection_bar.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/share_dialog.hpp"
#include "client/desktop/start_window.hpp"
#include "client/desktop/workspace_row.hpp"
#include "client/desktop/workspaces_page.hpp"
#include "desk.hpp"
#include "wait_for.hpp"
#include "web_person.hpp"

namespace berth::test {
namespace {

constexpr int changes_patience = 20'000;  // ms

TEST(DesktopSharing, an_open_window_follows_its_role_and_says_when_the_share_ended) {
  BerthServer server;
  const QUrl origin(QStringLiteral("http://localhost:%1").arg(server.port()));
  WebPerson ada(origin);
  ASSERT_TRUE(ada.setUp(server.setupLink(), QStringLiteral("ada@example.org")));
  WebPerson grace(origin);
  ASSERT_TRUE(grace.registerAccount(QStringLiteral("grace@example.org"), QStringLiteral("Grace Hopper")));
  const auto made = ada.call("POST", QStringLiteral("workspaces"),
                             {{QStringLiteral("name"), QStringLiteral("Tides")},
                              {QStringLiteral("template_id"), QStringLiteral("python")}});
  ASSERT_EQ(made.status, 200) << made.body.toStdString();
  const auto id = made.json()[QStringLiteral("id")].toString();
  const auto members = QStringLiteral("workspaces/%1/members").arg(id);
  const auto shared = ada.call("POST", members,
                               {{QStringLiteral("email"), QStringLiteral("grace@example.org")},
                                {QStringLiteral("role"), QStringLiteral("editor")}});
  ASSERT_EQ(shared.status, 200) << shared.body.toStdString();
  const auto account =
      shared.json()[QStringLiteral("member")].toObject()[QStringLiteral("account")].toString();
  ASSERT_FALSE(account.isEmpty()) << shared.body.toStdString();

  Desk desk(origin.toString());
  auto* start = desk.start();
  auto* email = start->findChild<QLineEdit*>(QStringLiteral("email"));
  ASSERT_TRUE(wait_for([&] { return email->isVisible() && email->isEnabled(); }, changes_patience));
  Desk::keys(email, QStringLiteral("grace@example.org"));
  Desk::keys(start->findChild<QLineEdit*>(QStringLiteral("password")), web_password);
  Desk::click(start->findChild<QPushButton*>(QStringLiteral("submit")));
  ASSERT_TRUE(wait_for([&] { return start->workspacesPage() && start->workspacesPage()->rows().size() == 1; },
                       changes_patience));
  auto* row = start->workspacesPage()->rows().first();
  EXPECT_TRUE(row->accessibleName().contains(QStringLiteral("of Ada Lovelace, you may edit")))
      << row->accessibleName().toStdString();
  Desk::picture(start, QStringLiteral("shared-with-me"));
  desk.openWorkspace(id);
  ASSERT_TRUE(wait_for([&] { return desk.adopt(QStringLiteral("Tides")); }, 60'000));
  auto* window = desk.window();
  ASSERT_TRUE(desk.waitForFile(QStringLiteral("project/main.py")));
  Desk::keys(desk.editor(), QStringLiteral("# by grace\n"));
  ASSERT_TRUE(desk.saved());

  auto* dialog = window->showSharing();
  ASSERT_TRUE(wait_for([&] { return dialog->sharing()->isLoaded(); }, changes_patience));
  EXPECT_EQ(dialog->sharing()->members().size(), 2u);
  EXPECT_FALSE(dialog->findChild<QLineEdit*>(QStringLiteral("inviteEmail"))->isVisible());
  dialog->close();

  const auto member = members + u'/' + account;
  QElapsedTimer clock;
  clock.start();
  ASSERT_EQ(ada.call("PATCH", member, {{QStringLiteral("role"), QStringLiteral("viewer")}}).status, 200);
  auto* notice = window->connectionBar()->noticeBar();
  ASSERT_TRUE(wait_for([&] { return notice->isVisible(); }, changes_patience));
  RecordProperty("role_change_ms", static_cast<int>(clock.elapsed()));
  EXPECT_EQ(notice->text(), QStringLiteral("You may only look at this workspace now."));
  ASSERT_TRUE(wait_for([&] { return desk.editor()->isReadOnly(); }, changes_patience));
  const auto text = desk.editor()->text();
  Desk::keys(desk.editor(), QStringLiteral("x"));
  EXPECT_EQ(desk.editor()->text(), text);
  Desk::picture(window, QStringLiteral("role-viewer"));

  ASSERT_EQ(ada.call("PATCH", member, {{QStringLiteral("role"), QStringLiteral("editor")}}).status, 200);
  ASSERT_TRUE(wait_for([&] { return notice->text() == QStringLiteral("You may edit this workspace now."); },
                       changes_patience));
  ASSERT_TRUE(wait_for([&] { return !desk.editor()->isReadOnly(); }, changes_patience));
  Desk::keys(desk.editor(), QStringLiteral("# again\n"));
  ASSERT_TRUE(desk.saved());

  ASSERT_EQ(ada.call("DELETE", member).status, 200);
  auto* link = window->connectionBar()->linkBar();
  ASSERT_TRUE(wait_for([&] { return window->workspace()->isGone() && link->isVisible(); }, changes_patience));
  EXPECT_TRUE(link->text().startsWith(QStringLiteral("This workspace is not shared with you any more")))
      << link->text().toStdString();
  Desk::picture(window, QStringLiteral("share-ended"));
  window->close();
  EXPECT_TRUE(wait_for([&] { return start->isVisible() && start->workspacesPage()->rows().isEmpty(); },
                       changes_patience));
}

}  // namespace
}  // namespace berth::test
