// SPDX-License-Identifier: GPL-3.0-or-later
// Teams, links to join by, many workspaces and an address that is not confirmed, in the first window's views.
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QTest>

#include "client/desktop/connect_page.hpp"
#include "client/desktop/create_workspace_dialog.hpp"
#include "client/desktop/email_notice.hpp"
#include "client/desktop/join_dialog.hpp"
#include "client/desktop/share_dialog.hpp"
#include "client/desktop/start_window.hpp"
#include "client/desktop/template_list.hpp"
#include "client/desktop/workspace_row.hpp"
#include "client/desktop/workspaces_page.hpp"
#include "scripted_sharing.hpp"
#include "scripted_teams.hpp"

namespace berth::test {
namespace {

using namespace berth::desktop;
using protocol::Role;
namespace rest = protocol::rest;

class TeamViewsTest : public testing::Test {
 protected:
  void SetUp() override {
    QGuiApplication::clipboard()->clear();
    script.teams = {{"harbour", "Harbour", Role::editor, 0, 3},
                    {"yard", "Shipyard", Role::viewer, 0, 9},
                    {"closed", "Closed", Role::owner, 0, 1, true}};
    script.templates = {{"tttttttttt", "Tides", "With the sea's model", "python", "v7", 0}};
  }
  template <class Widget = QWidget>
  static Widget* named(QWidget& in, const char* name) {
    return in.findChild<Widget*>(QLatin1String(name));
  }
  static bool shows(QWidget& in, const char* name) { return named(in, name) && named(in, name)->isVisible(); }

  SignedInServer server;
  ScriptedTeams script{server};
};

TEST_F(TeamViewsTest, TheListIsFilteredByNameAndOwnerAndShowsMoreWhenAsked) {
  script.fill(5);
  script.workspaces[1].owner = {"harbour", "Harbour", "", true};
  script.workspaces[1].role = Role::editor;
  WorkspacesPage page(&server.connection);
  page.resize(900, 700);
  page.show();
  ASSERT_TRUE(wait_for([&] { return page.rows().size() == 3 && shows(page, "workspacesOf"); }));
  ASSERT_TRUE(shows(page, "moreWorkspaces"));
  QTest::mouseClick(named(page, "moreWorkspaces"), Qt::LeftButton);
  ASSERT_TRUE(wait_for([&] { return page.rows().size() == 5; }));
  EXPECT_FALSE(shows(page, "moreWorkspaces"));
  QString texts;
  for (auto* label : page.rows()[1]->findChildren<QLabel*>()) texts += label->text() + u'|';
  EXPECT_TRUE(texts.contains(QStringLiteral("Team Harbour, you may edit"))) << texts.toStdString();

  auto* owner = named<QComboBox>(page, "workspacesOf");
  owner->setCurrentIndex(owner->findText(QStringLiteral("Harbour")));
  ASSERT_TRUE(wait_for([&] { return page.rows().size() == 1; }));
  EXPECT_EQ(page.rows().first()->facts().id, "w1");
  QTest::keyClicks(named<QLineEdit>(page, "findWorkspace"), QStringLiteral("nowhere"));
  ASSERT_TRUE(wait_for([&] { return shows(page, "noMatch"); }));
  EXPECT_TRUE(page.rows().isEmpty());
  for (auto* button : named(page, "noMatch")->findChildren<QPushButton*>()) button->click();
  EXPECT_TRUE(wait_for([&] { return page.rows().size() == 3; }));
  EXPECT_FALSE(shows(page, "noMatch"));
}

TEST_F(TeamViewsTest, AFewWorkspacesWithoutATeamHaveNoFilter) {
  script.teams.clear();
  script.fill(2);
  WorkspacesPage page(&server.connection);
  page.show();
  ASSERT_TRUE(wait_for([&] { return page.rows().size() == 2; }));
  EXPECT_FALSE(shows(page, "findWorkspace"));
}

TEST_F(TeamViewsTest, AWorkspaceIsMadeForATeamFromItsTemplate) {
  CreateWorkspaceDialog dialog(&server.connection);
  std::optional<rest::Workspace> made;
  QObject::connect(&dialog, &CreateWorkspaceDialog::created,
                   [&](const auto& workspace) { made = workspace; });
  dialog.show();
  auto* owner = named<QComboBox>(dialog, "workspaceOwner");
  ASSERT_TRUE(wait_for([&] { return owner->isVisible(); }));
  EXPECT_EQ(owner->count(), 2) << "only where this person makes workspaces";
  auto* list = dialog.findChild<TemplateList*>();
  ASSERT_TRUE(wait_for([&] { return list->rows().size() == 2; }));
  owner->setCurrentIndex(1);
  ASSERT_TRUE(wait_for([&] { return list->rows().size() == 3; }));
  ASSERT_TRUE(list->chosenOfTeam());
  EXPECT_EQ(named<QLineEdit>(dialog, "workspaceName")->text(), QStringLiteral("Tides"));
  // One of the server's is the team's, too.
  list->choose(QStringLiteral("node"));
  EXPECT_FALSE(list->chosenOfTeam());
  list->choose(QStringLiteral("team:tttttttttt"));
  QTest::mouseClick(named(dialog, "create"), Qt::LeftButton);
  ASSERT_TRUE(wait_for([&] { return made.has_value(); }));
  const auto body = script.body<rest::CreateWorkspace::Body>(QStringLiteral("POST /api/v1/workspaces"));
  EXPECT_EQ(body.team, "harbour");
  EXPECT_EQ(body.from_workspace, "tttttttttt");
  EXPECT_EQ(body.from_version, "v7");
}

TEST_F(TeamViewsTest, BackToOneselfTheTeamsTemplatesGo) {
  CreateWorkspaceDialog dialog(&server.connection);
  dialog.show();
  auto* owner = named<QComboBox>(dialog, "workspaceOwner");
  auto* list = dialog.findChild<TemplateList*>();
  ASSERT_TRUE(wait_for([&] { return owner->isVisible() && list->rows().size() == 2; }));
  owner->setCurrentIndex(1);
  ASSERT_TRUE(wait_for([&] { return list->chosenOfTeam() != nullptr; }));
  owner->setCurrentIndex(0);
  EXPECT_EQ(list->rows().size(), 2);
  EXPECT_EQ(list->chosen(), QStringLiteral("python"));
  dialog.setSource(CreateWorkspaceDialog::Source::folder);
  EXPECT_TRUE(owner->isVisible()) << "an upload may be a team's, too";
}

TEST_F(TeamViewsTest, AWorkspaceIsHandedOverToATeam) {
  ScriptedSharing sharing(server);
  sharing.teams = script.teams;
  ShareDialog dialog(&server.connection, sharing.facts);
  dialog.show();
  ASSERT_TRUE(wait_for([&] { return shows(dialog, "handOver") && !dialog.sharing()->isBusy(); }));
  EXPECT_EQ(named<QComboBox>(dialog, "handOverTo")->count(), 1);
  QTest::mouseClick(named(dialog, "handOver"), Qt::LeftButton);
  auto* box = dialog.findChild<QMessageBox*>(QStringLiteral("askBefore"));
  ASSERT_TRUE(box);
  EXPECT_TRUE(box->text().contains(QStringLiteral("Harbour")));
  EXPECT_TRUE(sharing.changes.isEmpty()) << "asked first";
  for (auto* button : box->buttons())
    if (button->text().remove(u'&') == QStringLiteral("Hand Over")) button->click();
  ASSERT_TRUE(wait_for([&] { return sharing.facts.owner.team && !dialog.sharing()->isBusy(); }));
  EXPECT_EQ(sharing.bodies.constLast(), R"({"account":"harbour"})");
  EXPECT_FALSE(shows(dialog, "handOver")) << "an editor of the team does not decide about it";
}

TEST_F(TeamViewsTest, AnOwnerOfTheTeamTakesAWorkspaceOutOfIt) {
  ScriptedSharing sharing(server);
  sharing.teams = {{"harbour", "Harbour", Role::owner, 0, 3}};
  sharing.facts.owner = {"harbour", "Harbour", "", true};
  ShareDialog dialog(&server.connection, sharing.facts);
  dialog.show();
  ASSERT_TRUE(wait_for([&] { return shows(dialog, "handOver") && !dialog.sharing()->isBusy(); }));
  auto* to = named<QComboBox>(dialog, "handOverTo");
  ASSERT_EQ(to->count(), 1);
  EXPECT_EQ(to->currentText(), QStringLiteral("Me"));
  EXPECT_EQ(to->currentData().toString(), QStringLiteral("id"));
}

TEST_F(TeamViewsTest, WithoutTeamsNothingIsHandedOver) {
  ScriptedSharing sharing(server);
  ShareDialog dialog(&server.connection, sharing.facts);
  dialog.show();
  ASSERT_TRUE(wait_for([&] { return shows(dialog, "makeLink") && !dialog.sharing()->isBusy(); }));
  EXPECT_FALSE(wait_for([&] { return shows(dialog, "handOver"); }, 100));
}

TEST_F(TeamViewsTest, APastedLinkJoinsAfterThePersonSaysSo) {
  QGuiApplication::clipboard()->setText(server.http.origin().toString() + QStringLiteral("/join?token=a.b"));
  JoinDialog dialog(&server.connection, {});
  std::optional<rest::Workspace> joined;
  QObject::connect(&dialog, &JoinDialog::joined, [&](const auto& workspace) { joined = workspace; });
  dialog.show();
  EXPECT_TRUE(named<QLineEdit>(dialog, "link")->text().endsWith(QStringLiteral("/join?token=a.b")))
      << "what was copied is most likely meant";
  EXPECT_TRUE(script.asked(QStringLiteral("/join")).isEmpty()) << "nothing is joined before";
  QTest::keyClick(named(dialog, "link"), Qt::Key_Return);
  ASSERT_TRUE(wait_for([&] { return joined.has_value(); }));
  EXPECT_EQ(joined->name, "Tide tables");
  EXPECT_EQ(script.body<rest::Join::Body>(QStringLiteral("/join")).token, "a.b");
  EXPECT_FALSE(dialog.isVisible());
}

TEST_F(TeamViewsTest, ALinkThatEndedSaysSoAndStaysToBeMended) {
  script.link_works = false;
  JoinDialog dialog(&server.connection, server.http.origin().toString() + QStringLiteral("/join?token=a"));
  dialog.show();
  named<QPushButton>(dialog, "join")->click();
  auto* about = named<QLabel>(dialog, "aboutLink");
  ASSERT_TRUE(wait_for([&] { return about->text().contains(QStringLiteral("does not work any more")); }));
  EXPECT_TRUE(dialog.isVisible());
  EXPECT_TRUE(named(dialog, "link")->isEnabled());
  named<QLineEdit>(dialog, "link")->setText(QStringLiteral("what is this"));
  EXPECT_FALSE(named(dialog, "join")->isEnabled());
}

TEST_F(TeamViewsTest, ALinkToATeamShowsItsWorkspaces) {
  WorkspacesPage page(&server.connection);
  page.show();
  auto* dialog = page.join(server.http.origin().toString() + QStringLiteral("/teams/join?token=a"));
  named<QPushButton>(*dialog, "join")->click();
  ASSERT_TRUE(wait_for([&] { return page.findChild<JoinDialog*>() == nullptr; }));
  QString told;
  for (auto* label : page.findChildren<QLabel*>())
    if (label->isVisible()) told += label->text();
  EXPECT_TRUE(told.contains(QStringLiteral("You are in the team “Harbour” now")));
}

TEST_F(TeamViewsTest, ALinkOfAnotherServerIsNeverAskedOfThisOne) {
  JoinDialog dialog(&server.connection, QStringLiteral("berth://other.example/join?token=secret"));
  QString wanted;
  QObject::connect(&dialog, &JoinDialog::serverWanted, [&](const QString& link) { wanted = link; });
  dialog.show();
  EXPECT_TRUE(named<QLabel>(dialog, "aboutLink")->text().contains(QStringLiteral("https://other.example")));
  EXPECT_EQ(named<QPushButton>(dialog, "join")->text(), QStringLiteral("Sign In There"));
  named<QPushButton>(dialog, "join")->click();
  EXPECT_EQ(wanted, QStringLiteral("berth://other.example/join?token=secret"));
  EXPECT_TRUE(script.routes.filter(QStringLiteral("join")).isEmpty());
}

TEST_F(TeamViewsTest, ALinkGivenAtTheSignInIsOfferedAfterItAndOnce) {
  client::RememberedServers servers;
  StartWindow start(&server.secrets, &servers);
  const auto link = server.http.origin().toString() + QStringLiteral("/join?token=a");
  start.connectPage()->keepLink(link);
  EXPECT_EQ(start.connectPage()->takeLink(QUrl(QStringLiteral("https://other.example"))), QString())
      << "another server's";
  start.connectPage()->keepLink(link);
  EXPECT_EQ(start.connectPage()->takeLink(server.http.origin()), link);
  EXPECT_EQ(start.connectPage()->takeLink(server.http.origin()), QString());
  start.connectPage()->keepLink(server.http.origin().toString());
  EXPECT_EQ(start.connectPage()->takeLink(server.http.origin()), QString()) << "no link, but an address";
}

TEST_F(TeamViewsTest, AnAddressThatIsNotConfirmedGetsItsMailAgain) {
  WorkspacesPage page(&server.connection);
  page.resize(900, 600);
  page.show();
  auto* notice = page.emailNotice();
  ASSERT_TRUE(wait_for([&] { return notice->isVisible(); }));
  EXPECT_TRUE(notice->text().contains(QStringLiteral("ada@example.org is not confirmed")));
  notice->findChild<QPushButton*>()->click();
  ASSERT_TRUE(wait_for([&] { return notice->text().contains(QStringLiteral("on its way")); }));
  EXPECT_EQ(script.asked(QStringLiteral("POST /api/v1/me/email/verification")).size(), 1);
}

TEST_F(TeamViewsTest, NothingIsSaidOfAConfirmedAddressOrByAServerWithoutMail) {
  script.verified = true;
  WorkspacesPage confirmed(&server.connection);
  confirmed.show();
  EXPECT_FALSE(wait_for([&] { return confirmed.emailNotice()->isVisible(); }, 300));
  script.verified = script.mail = false;
  WorkspacesPage silent(&server.connection);
  silent.show();
  ASSERT_TRUE(wait_for([&] { return !script.asked(QStringLiteral("/teams")).isEmpty(); }));
  EXPECT_FALSE(wait_for([&] { return silent.emailNotice()->isVisible(); }, 300));
}

}  // namespace
}  // namespace berth::test
