// SPDX-License-Identifier: GPL-3.0-or-later
// Teams, links to join by, who sees which port and an address that is not confirmed, in both themes.
#include <gtest/gtest.h>

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

#include "client/desktop/connection_bar.hpp"
#include "client/desktop/create_workspace_dialog.hpp"
#include "client/desktop/email_notice.hpp"
#include "client/desktop/ide_window.hpp"
#include "client/desktop/join_dialog.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/ports_panel.hpp"
#include "client/desktop/share_dialog.hpp"
#include "client/desktop/template_list.hpp"
#include "client/desktop/workspaces_page.hpp"
#include "protocol/rest_teams.hpp"
#include "screens.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using namespace berth::protocol;
constexpr int team_patience = 20'000;  // ms

class TeamScreens : public Screens {
 protected:
  void SetUp() override {
    Screens::SetUp();
    for (auto& workspace : workspaces) workspace.owner = {"id", "Ada Lovelace", "ada@example.org"};
    workspaces[0].use = rest::ResourceUse{0, 327'155'712, 4.2, 2, 1};
    workspaces[1].owner = {"harbour", "Harbour authority of Rotterdam", "", true};
    workspaces[1].role = Role::editor;
    workspaces[2].owner = {"harbour", "Harbour authority of Rotterdam", "", true};
    workspaces[2].team_template = true;
    server.handle = [this](const QString& route, const QString&, const QByteArray& body) {
      return answer(route, body);
    };
  }
  template <class T>
  static TinyServer::Answer good(const T& value) {
    return {200, to_text(encode(value))};
  }
  TinyServer::Answer answer(const QString& route, const QByteArray& body) {
    const auto owner = route.endsWith(QStringLiteral("/ports"));
    if (owner && route.startsWith(QStringLiteral("PATCH"))) {
      const auto json = parse_json(body.toStdString());
      const auto change = decode<rest::UpdatePorts::Body>(*json, "body");
      for (const auto& [port, access] : change->ports) ports.ports[port] = access;
      return good(ports);
    }
    if (owner) return good(ports);
    if (route.contains(QStringLiteral("/ports/")))
      return good(rest::CreatePortLink::Result{"https://8000--aaaaaaaaaa.berth.example/?berth=c2lnbmVk"});
    if (route == QStringLiteral("GET /api/v1/me")) {
      rest::Account account{"id", "ada@example.org", "Ada Lovelace", true, 0};
      return good(account);
    }
    if (route == QStringLiteral("GET /api/v1/server")) {
      rest::ServerInfo info{"0.1.0", false, true, "localhost:7070", "", false, {}};
      info.sign_in.mail = true;
      return good(info);
    }
    if (route == QStringLiteral("GET /api/v1/teams"))
      return good(rest::ListTeams::Result{{{"harbour", "Harbour authority of Rotterdam", Role::owner, 0, 12},
                                           {"sea", "Sea", Role::editor, 0, 3}},
                                          1});
    if (route.contains(QStringLiteral("/teams/")))
      return good(rest::ListTeamTemplates::Result{
          {{"cccccccccc", "Chart plotter", "With last week's soundings and all the tools", "cpp", {}, 0},
           {"dddddddddd", "Tide service", "", "python", "v1", 0}}});
    if (route.startsWith(QStringLiteral("GET /api/v1/workspaces?")))
      return good(rest::ListWorkspaces::Result{});
    if (route == QStringLiteral("GET /api/v1/workspaces"))
      return good(rest::ListWorkspaces::Result{workspaces, "more"});
    if (route.endsWith(QStringLiteral("/members")))
      return good(
          rest::ListMembers::Result{{{"id", "Ada Lovelace", "ada@example.org", Role::owner, 0}}, {}, {}});
    return serve(route);
  }
  rest::GetPorts::Result ports{{{"5173", "people"}}};
};

TEST_F(TeamScreens, TheListWithTeamsLaysOut) {
  client::ServerConnection connection(server.origin(), &secrets);
  signIn(connection);
  desktop::WorkspacesPage page(&connection);
  page.resize(860, 760);
  page.show();
  ASSERT_TRUE(wait_for(
      [&] {
        return page.emailNotice()->isVisible() &&
               page.findChild<QWidget*>(QStringLiteral("workspacesOf"))->isVisible();
      },
      team_patience));
  picture(&page, QStringLiteral("workspaces-teams"));
  page.resize(460, 760);
  picture(&page, QStringLiteral("workspaces-teams-narrow"));
  page.resize(860, 760);
  page.findChild<QLineEdit*>(QStringLiteral("findWorkspace"))->setText(QStringLiteral("nothing like this"));
  ASSERT_TRUE(wait_for([&] { return page.findChild<QWidget*>(QStringLiteral("noMatch"))->isVisible(); },
                       team_patience));
  picture(&page, QStringLiteral("workspaces-no-match"));
  auto* join = page.join(server.origin().toString() + QStringLiteral("/join?token=Q0p1bVhHcGZ4"));
  picture(join, QStringLiteral("join-by-link"));
  join->findChild<QLineEdit*>(QStringLiteral("link"))->setText(QStringLiteral("https://elsewhere.example/x"));
  picture(join, QStringLiteral("join-by-no-link"));
}

TEST_F(TeamScreens, MakingAndHandingOverLayOut) {
  client::ServerConnection connection(server.origin(), &secrets);
  signIn(connection);
  desktop::CreateWorkspaceDialog dialog(&connection);
  dialog.show();
  auto* owner = dialog.findChild<QComboBox*>(QStringLiteral("workspaceOwner"));
  ASSERT_TRUE(wait_for([&] { return owner->isVisible(); }, team_patience));
  owner->setCurrentIndex(1);
  ASSERT_TRUE(wait_for([&] { return dialog.findChild<desktop::TemplateList*>()->chosenOfTeam() != nullptr; },
                       team_patience));
  picture(&dialog, QStringLiteral("create-for-team"));
  dialog.setSource(desktop::CreateWorkspaceDialog::Source::folder);
  picture(&dialog, QStringLiteral("create-folder-with-teams"));
  desktop::ShareDialog share(&connection, workspaces[0]);
  share.resize(560, 760);
  share.show();
  ASSERT_TRUE(wait_for(
      [&] {
        auto* button = share.findChild<QWidget*>(QStringLiteral("handOver"));
        return button && button->isVisible() && !share.sharing()->isBusy();
      },
      team_patience));
  picture(&share, QStringLiteral("share-hand-over"));
}

TEST_F(TeamScreens, WhoSeesAPortIsChosenInItsRow) {
  workspaces[0].shared = true;
  client::ServerConnection connection(server.origin(), &secrets);
  signIn(connection);
  desktop::IdeWindow window(&connection, workspaces[0]);
  window.setAttribute(Qt::WA_DeleteOnClose, false);
  window.resize(1000, 760);
  window.show();
  window.showPanel(QStringLiteral("ports"));
  const auto button = [&](const char* name) { return window.findChild<QToolButton*>(QLatin1String(name)); };
  ASSERT_TRUE(
      wait_for([&] { return window.ports()->access()->isKnown() && button("access-of-8000") != nullptr; },
               team_patience));
  EXPECT_TRUE(button("access-of-5173")->accessibleName().contains(QStringLiteral("Everybody whom")));
  EXPECT_TRUE(
      button("access-of-8000")->accessibleName().contains(QStringLiteral("Only people who may edit")));
  const auto choose = [&](const char* action) {
    auto* menu = button("access-of-8000")->menu();
    QMetaObject::invokeMethod(menu, "aboutToShow");
    auto* chosen = menu->findChild<QAction*>(QLatin1String(action));
    if (!chosen)
      for (auto* sub : menu->findChildren<QMenu*>())
        if (auto* found = sub->findChild<QAction*>(QLatin1String(action))) chosen = found;
    ASSERT_TRUE(chosen) << action;
    EXPECT_TRUE(chosen->isEnabled());
    chosen->trigger();
  };
  choose("access-2");
  ASSERT_TRUE(wait_for([&] { return ports.ports["8000"] == "public"; }, team_patience));
  ASSERT_TRUE(wait_for(
      [&] {
        return button("access-of-8000") &&
               button("access-of-8000")->accessibleName().contains(QStringLiteral("Anybody"));
      },
      team_patience));
  choose("link-8");
  ASSERT_TRUE(
      wait_for([&] { return QApplication::clipboard()->text().startsWith(QStringLiteral("https://8000--")); },
               team_patience));
  EXPECT_TRUE(window.connectionBar()->noticeBar()->text().contains(QStringLiteral("link to port 8000")));
  picture(&window, QStringLiteral("ide-ports-access"));
}

TEST_F(TeamScreens, WhoIsNotTheOwnerReadsWhoSeesAPort) {
  runner.role = workspaces[0].role = Role::editor;
  client::ServerConnection connection(server.origin(), &secrets);
  signIn(connection);
  desktop::IdeWindow window(&connection, workspaces[0]);
  window.setAttribute(Qt::WA_DeleteOnClose, false);
  window.show();
  ASSERT_TRUE(wait_for(
      [&] {
        return window.ports()->access()->isKnown() &&
               window.findChild<QToolButton*>(QStringLiteral("access-of-8000"));
      },
      team_patience));
  auto* menu = window.findChild<QToolButton*>(QStringLiteral("access-of-8000"))->menu();
  QMetaObject::invokeMethod(menu, "aboutToShow");
  for (auto* action : menu->actions())
    if (!action->isSeparator()) EXPECT_FALSE(action->isEnabled()) << action->text().toStdString();
}

}  // namespace
}  // namespace berth::test
