// SPDX-License-Identifier: GPL-3.0-or-later
// The dialog about a workspace's people, as its owner and as anybody else in it sees it.
#include "client/desktop/share_dialog.hpp"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QTest>
#include <QToolButton>
#include <QTreeWidget>
#include <QWheelEvent>

#include "client/desktop/copy_field.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/role_choice.hpp"
#include "client/desktop/workspace_log_dialog.hpp"
#include "client/desktop/workspace_row.hpp"
#include "client/desktop/workspaces_page.hpp"
#include "scripted_sharing.hpp"

namespace berth::test {
namespace {

using namespace berth::desktop;
using protocol::Role;

class ShareDialogTest : public testing::Test {
 protected:
  void open() {
    dialog = std::make_unique<ShareDialog>(&server.connection, script.facts);
    QObject::connect(dialog.get(), &ShareDialog::left, [this](bool wished) { left = wished; });
    dialog->show();
    ASSERT_TRUE(settled());
  }
  bool settled() {
    return wait_for([this] { return !dialog->sharing()->isBusy(); });
  }
  template <class Widget = QWidget>
  Widget* named(const char* name) {
    return dialog->findChild<Widget*>(QLatin1String(name));
  }
  bool shows(const char* name) { return named(name) && named(name)->isVisible(); }
  /// Answers the question that is open.
  bool confirm(const QString& button) {
    auto* box = dialog->findChild<QMessageBox*>(QStringLiteral("askBefore"));
    if (!box) return false;
    for (auto* choice : box->buttons())
      if (choice->text().remove(u'&') == button) {
        choice->click();
        return true;
      }
    return false;
  }
  void choose(const char* combo, Role role) {
    auto* choice = named<RoleChoice>(combo);
    ASSERT_TRUE(choice);
    choice->setFocus();
    QTest::keyClick(choice, role == Role::editor ? Qt::Key_Down : Qt::Key_Up);
  }

  SignedInServer server;
  ScriptedSharing script{server};
  std::unique_ptr<ShareDialog> dialog;
  std::optional<bool> left;
};

TEST_F(ShareDialogTest, TheOwnerInvitesByKeyboard) {
  open();
  EXPECT_EQ(dialog->windowTitle(), QStringLiteral("Share “Tide tables”"));
  auto* email = named<QLineEdit>("inviteEmail");
  ASSERT_TRUE(email->isVisible());
  EXPECT_FALSE(shows("leave"));
  QTest::keyClicks(email, QStringLiteral("new@example.org"));
  QTest::keyClick(email, Qt::Key_Return);
  ASSERT_TRUE(wait_for([&] { return shows("withdraw-i1"); }));
  EXPECT_TRUE(dialog->isVisible()) << "Return invites and does not close";
  EXPECT_EQ(email->text(), QString());
  EXPECT_TRUE(named<QLabel>("told")->text().contains(QStringLiteral("new@example.org is invited")));
  ASSERT_TRUE(settled());
  QTest::mouseClick(named<QPushButton>("withdraw-i1"), Qt::LeftButton);
  EXPECT_TRUE(wait_for([&] { return !named("withdraw-i1"); }));
}

TEST_F(ShareDialogTest, TabGoesThroughItFromTopToBottom) {
  script.people.invitations = {{"i1", "new@example.org", Role::viewer, 1, 2}};
  script.people.links = {{"l1", Role::viewer, 1, {}, 0}};
  open();
  const QStringList wanted{
      QStringLiteral("inviteEmail"), QStringLiteral("inviteRole"), QStringLiteral("invite"),
      QStringLiteral("role-grace"),  QStringLiteral("more-grace"), QStringLiteral("withdraw-i1"),
      QStringLiteral("endLink-l1"),  QStringLiteral("linkRole"),   QStringLiteral("linkLife"),
      QStringLiteral("makeLink"),    QStringLiteral("public"),     QStringLiteral("done")};
  named("inviteEmail")->setFocus();
  ASSERT_TRUE(wait_for([&] { return QApplication::focusWidget() == named("inviteEmail"); }));
  QStringList met;
  for (qsizetype i = 0; i < wanted.size(); ++i) {
    met.append(QApplication::focusWidget()->objectName());
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
  }
  EXPECT_EQ(met, wanted) << met.join(u' ').toStdString();
}

TEST_F(ShareDialogTest, ARefusedAddressStaysToBeMended) {
  open();
  script.refusal = {400, R"({"error":{"code":"invalid_argument","message":"That is no address","data":{}}})"};
  auto* email = named<QLineEdit>("inviteEmail");
  QTest::keyClicks(email, QStringLiteral("nobody"));
  QTest::keyClick(email, Qt::Key_Return);
  ASSERT_TRUE(wait_for([&] { return dialog->bar()->isVisible(); }));
  EXPECT_EQ(dialog->bar()->text(), QStringLiteral("That is no address."));
  EXPECT_EQ(email->text(), QStringLiteral("nobody"));
}

TEST_F(ShareDialogTest, ARoleIsChangedInItsRowAndTheKeysStayThere) {
  open();
  auto* role = named<RoleChoice>("role-grace");
  ASSERT_TRUE(role);
  EXPECT_EQ(role->role(), Role::viewer);
  EXPECT_EQ(role->accessibleName(), QStringLiteral("What Grace Hopper may do"));
  EXPECT_FALSE(named("role-id")) << "the owner's own role is not changed";
  choose("role-grace", Role::editor);
  ASSERT_TRUE(wait_for([&] { return script.people.members[1].role == Role::editor; }));
  ASSERT_TRUE(settled());
  ASSERT_TRUE(
      wait_for([&] { return named<RoleChoice>("role-grace") && named<RoleChoice>("role-grace") != role; }));
  EXPECT_EQ(named<RoleChoice>("role-grace")->role(), Role::editor);
  QWheelEvent wheel({5, 5}, {5, 5}, {}, {0, 240}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
  QApplication::sendEvent(named("role-grace"), &wheel);
  EXPECT_EQ(named<RoleChoice>("role-grace")->role(), Role::editor) << "scrolling past changes nobody's role";
}

TEST_F(ShareDialogTest, SomebodyIsTakenOutByTheRowsMenu) {
  open();
  auto* take_out = named<QToolButton>("more-grace")->menu()->findChild<QAction*>(QStringLiteral("takeOut"));
  ASSERT_TRUE(take_out);
  take_out->trigger();
  EXPECT_TRUE(wait_for([&] { return script.people.members.size() == 1; }));
  ASSERT_TRUE(settled());
  EXPECT_FALSE(named("role-grace"));
}

TEST_F(ShareDialogTest, HandingOverAsksFirstAndTakesTheOwnersPartsAway) {
  open();
  const auto begin = [&] {
    named<QToolButton>("more-grace")->menu()->findChild<QAction*>(QStringLiteral("makeOwner"))->trigger();
  };
  begin();
  ASSERT_TRUE(confirm(QStringLiteral("Cancel")));
  EXPECT_FALSE(wait_for([&] { return !script.changes.isEmpty(); }, 100));
  begin();
  ASSERT_TRUE(confirm(QStringLiteral("Make Owner")));
  ASSERT_TRUE(wait_for([&] { return !script.changes.isEmpty(); }));
  ASSERT_TRUE(settled());
  EXPECT_EQ(dialog->windowTitle(), QStringLiteral("People in “Tide tables”"));
  for (const auto* part : {"inviteEmail", "makeLink", "public", "role-grace"})
    EXPECT_FALSE(shows(part)) << part;
  EXPECT_TRUE(shows("leave"));
  EXPECT_TRUE(dialog->bar()->text().contains(QStringLiteral("Grace Hopper")));
}

TEST_F(ShareDialogTest, ALinkIsMadeCopiedAndEnded) {
  open();
  named<RoleChoice>("linkRole")->setRole(Role::editor);
  named<QComboBox>("linkLife")->setCurrentIndex(3);
  QTest::mouseClick(named<QPushButton>("makeLink"), Qt::LeftButton);
  ASSERT_TRUE(wait_for([&] { return shows("endLink-l1"); }));
  EXPECT_EQ(script.people.links[0].role, Role::editor);
  EXPECT_FALSE(script.people.links[0].expires);
  auto* made = named<CopyField>("madeLink");
  ASSERT_TRUE(made->isVisible());
  QTest::mouseClick(made->findChild<QPushButton*>(QStringLiteral("copy")), Qt::LeftButton);
  EXPECT_EQ(QGuiApplication::clipboard()->text(), QStringLiteral("https://berth.example/join?token=secret"));
  ASSERT_TRUE(settled());
  QTest::mouseClick(named<QPushButton>("endLink-l1"), Qt::LeftButton);
  ASSERT_TRUE(confirm(QStringLiteral("End the Link")));
  ASSERT_TRUE(wait_for([&] { return script.people.links.empty(); }));
  ASSERT_TRUE(settled());
  EXPECT_FALSE(made->isVisible()) << "an address that leads nowhere";
}

TEST_F(ShareDialogTest, ThePublicPageIsTurnedOnSeenAndTurnedOff) {
  open();
  auto* on = named<QCheckBox>("public");
  EXPECT_FALSE(on->isChecked());
  QTest::mouseClick(on, Qt::LeftButton, {}, {8, on->height() / 2});
  ASSERT_TRUE(wait_for([&] { return shows("publicAddress"); }));
  EXPECT_TRUE(on->isChecked());
  EXPECT_EQ(named<CopyField>("publicAddress")->text(), QStringLiteral("https://berth.example/public/token1"));
  ASSERT_TRUE(settled());
  QTest::mouseClick(on, Qt::LeftButton, {}, {8, on->height() / 2});
  ASSERT_TRUE(wait_for([&] { return !shows("publicAddress"); }));
  ASSERT_TRUE(settled());
  EXPECT_FALSE(script.facts.public_link);
  // What is refused shows what is.
  script.refusal = {409, R"({"error":{"code":"conflict","message":"Nothing is stored yet.","data":{}}})"};
  QTest::mouseClick(on, Qt::LeftButton, {}, {8, on->height() / 2});
  ASSERT_TRUE(wait_for([&] { return dialog->bar()->isVisible(); }));
  ASSERT_TRUE(settled());
  EXPECT_FALSE(on->isChecked());
}

TEST_F(ShareDialogTest, APublicAddressThatNobodyKnowsIsMadeAnew) {
  script.facts.public_link = true;
  open();
  EXPECT_FALSE(shows("publicAddress"));
  ASSERT_TRUE(shows("newPublicAddress"));
  QTest::mouseClick(named<QPushButton>("newPublicAddress"), Qt::LeftButton);
  ASSERT_TRUE(confirm(QStringLiteral("Make a New Address")));
  ASSERT_TRUE(wait_for([&] { return shows("publicAddress"); }));
}

TEST_F(ShareDialogTest, WhoIsNotTheOwnerSeesPeopleAndMayLeave) {
  script.facts.role = Role::editor;
  script.facts.owner = {"grace", "Grace Hopper", "grace@example.org"};
  open();
  EXPECT_EQ(dialog->windowTitle(), QStringLiteral("People in “Tide tables”"));
  for (const auto* part : {"inviteEmail", "makeLink", "public", "role-grace", "more-grace"})
    EXPECT_FALSE(shows(part)) << part;
  QStringList seen;
  for (auto* label : dialog->findChildren<QLabel*>())
    if (label->isVisible()) seen.append(label->text());
  EXPECT_TRUE(seen.contains(QStringLiteral("Grace Hopper")));
  EXPECT_TRUE(seen.contains(QStringLiteral("Ada (you)")));
  QTest::mouseClick(named<QPushButton>("leave"), Qt::LeftButton);
  ASSERT_TRUE(confirm(QStringLiteral("Leave")));
  ASSERT_TRUE(wait_for([&] { return left.has_value(); }));
  EXPECT_EQ(left, true);
  EXPECT_FALSE(dialog->isVisible());
}

TEST_F(ShareDialogTest, AServerThatDoesNotAnswerIsAskedAgain) {
  server.serve = [](const QString&, const QByteArray&) -> TinyServer::Answer {
    return {503, R"({"error":{"code":"unavailable","message":"Not now.","data":{}}})"};
  };
  open();
  ASSERT_TRUE(wait_for([&] { return dialog->bar()->isVisible(); }));
  EXPECT_EQ(dialog->bar()->text(), QStringLiteral("Not now."));
  const ScriptedSharing again(server);
  for (auto* button : dialog->bar()->findChildren<QPushButton*>())
    if (button->text() == QStringLiteral("Try Again")) button->click();
  EXPECT_TRUE(wait_for([&] { return shows("role-grace"); }));
  EXPECT_FALSE(dialog->bar()->isVisible());
}

TEST_F(ShareDialogTest, TheListTellsWhoseAWorkspaceIsAndWhatMayBeDone) {
  WorkspaceRow row(script.facts);
  row.resize(700, 80);
  row.show();
  const auto visible = [&](const char* name) {
    return row.findChild<QAction*>(QLatin1String(name))->isVisible();
  };
  const auto text = [&] {
    QStringList all;
    for (auto* label : row.findChildren<QLabel*>())
      if (label->isVisible()) all.append(label->text());
    return all.join(u'|');
  };
  EXPECT_FALSE(text().contains(QStringLiteral("hared")));
  EXPECT_TRUE(visible("renameWorkspace") && visible("deleteWorkspace"));
  EXPECT_FALSE(visible("leaveWorkspace"));
  script.facts.shared = true;
  row.setFacts(script.facts);
  EXPECT_TRUE(text().contains(QStringLiteral("Shared")));
  script.facts.public_link = true;
  row.setFacts(script.facts);
  EXPECT_TRUE(text().contains(QStringLiteral("Public")));

  script.facts.role = Role::viewer;
  script.facts.owner = {"grace", "Grace Hopper", "grace@example.org"};
  row.setFacts(script.facts);
  EXPECT_TRUE(text().contains(QStringLiteral("Shared with you")));
  EXPECT_TRUE(text().contains(QStringLiteral("Of Grace Hopper, you may look"))) << text().toStdString();
  EXPECT_TRUE(row.accessibleName().contains(QStringLiteral("Grace Hopper")));
  EXPECT_FALSE(visible("renameWorkspace") || visible("deleteWorkspace"));
  EXPECT_TRUE(visible("leaveWorkspace") && visible("shareWorkspace"));
}

TEST_F(ShareDialogTest, TheListTellsHowFarAStartIs) {
  using protocol::rest::StartPhase;
  script.facts.state = protocol::rest::WorkspaceState::starting;
  script.facts.start_steps = {{StartPhase::place, 120, true}, {StartPhase::image, 2'400, false}};
  WorkspaceRow row(script.facts);
  row.resize(700, 80);
  row.show();
  const auto* reason = row.findChild<QLabel*>(QStringLiteral("reason"));
  ASSERT_TRUE(reason->isVisible());
  EXPECT_EQ(reason->text(), QStringLiteral("Place %1 s · Image %2 s…")
                                .arg(QLocale().toString(0.1, 'f', 1), QLocale().toString(2.4, 'f', 1)));
  script.facts.state = protocol::rest::WorkspaceState::running;
  row.setFacts(script.facts);
  EXPECT_FALSE(reason->isVisible()) << "how it went is nothing to look at while it runs";
}

TEST_F(ShareDialogTest, TheLogOfAWorkspaceIsItsOwnersToRead) {
  WorkspaceRow row(script.facts);
  row.show();
  auto* wanted = row.findChild<QAction*>(QStringLiteral("workspaceLogAction"));
  EXPECT_TRUE(wanted->isVisible());
  script.facts.role = Role::editor;
  row.setFacts(script.facts);
  EXPECT_FALSE(wanted->isVisible());
  server.serve = [](const QString& path, const QByteArray&) -> TinyServer::Answer {
    if (!path.endsWith(QStringLiteral("/log"))) return {404, "{}"};
    return {200, R"({"entries":[{"at":1800000000000,"state":"failed","reason":"<b>Out of memory</b>"},
                                {"at":1700000000000,"state":"running","reason":""}]})"};
  };
  WorkspaceLogDialog log(&server.connection, script.facts);
  log.setAttribute(Qt::WA_DeleteOnClose, false);
  log.show();
  auto* list = log.findChild<QTreeWidget*>();
  ASSERT_TRUE(wait_for([&] { return list->isVisible(); }));
  ASSERT_EQ(list->topLevelItemCount(), 2);
  EXPECT_EQ(list->topLevelItem(0)->text(1), QStringLiteral("Failed"));
  EXPECT_EQ(list->topLevelItem(0)->text(2), QStringLiteral("<b>Out of memory</b>"));
  EXPECT_TRUE(log.windowTitle().contains(QString::fromStdString(script.facts.name)));
}

TEST_F(ShareDialogTest, AWorkspaceIsLeftFromTheList) {
  script.facts.role = Role::editor;
  script.facts.owner = {"grace", "Grace Hopper", "grace@example.org"};
  WorkspacesPage page(&server.connection);
  page.show();
  ASSERT_TRUE(wait_for([&] { return page.rows().size() == 1; }));
  page.rows().first()->findChild<QAction*>(QStringLiteral("leaveWorkspace"))->trigger();
  auto* box = page.findChild<QMessageBox*>(QStringLiteral("askBefore"));
  ASSERT_TRUE(box);
  for (auto* choice : box->buttons())
    if (choice->text() == QStringLiteral("Leave")) choice->click();
  EXPECT_TRUE(wait_for([&] {
    return script.changes == QStringList{QStringLiteral("DELETE /api/v1/workspaces/abcdefghij/members/id")};
  }));
}

}  // namespace
}  // namespace berth::test
