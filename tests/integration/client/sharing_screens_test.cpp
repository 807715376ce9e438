// SPDX-License-Identifier: GPL-3.0-or-later
// The ways in, and whom a workspace is shared with, in both themes: forms, dialogs, the list, and a window
// whose role changes while it is open.
#include <gtest/gtest.h>

#include <QAction>
#include <QDesktopServices>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

#include "client/desktop/code_editor.hpp"
#include "client/desktop/connect_page.hpp"
#include "client/desktop/connection_bar.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/ide_window.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/share_dialog.hpp"
#include "client/desktop/start_window.hpp"
#include "client/desktop/terminal_panel.hpp"
#include "client/desktop/terminal_surface.hpp"
#include "client/desktop/terminal_view.hpp"
#include "client/desktop/workspace_row.hpp"
#include "client/desktop/workspaces_page.hpp"
#include "protocol/rest_sharing.hpp"
#include "protocol/rest_sign_in.hpp"
#include "screens.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using namespace berth::protocol;
constexpr int sharing_patience = 20'000;  // ms

/// Takes the pages that would be opened in a browser.
class NoBrowser : public QObject {
  Q_OBJECT
 public:
  NoBrowser() { QDesktopServices::setUrlHandler(QStringLiteral("http"), this, "open"); }
  ~NoBrowser() override { QDesktopServices::unsetUrlHandler(QStringLiteral("http")); }
  QList<QUrl> opened;
 public Q_SLOTS:
  void open(const QUrl& url) { opened.append(url); }
};

class SharingScreens : public Screens {
 protected:
  void SetUp() override {
    Screens::SetUp();
    for (auto& workspace : workspaces) workspace.owner = {"id", "Ada Lovelace", "ada@example.org"};
    workspaces[0].shared = true;
    workspaces[1].shared = workspaces[1].public_link = true;
    workspaces[2].role = Role::editor;
    workspaces[2].owner = {"grace", "Grace Hopper", "grace@example.org"};
    workspaces[3].role = Role::viewer;
    workspaces[3].owner = {"alan", "Alan Mathison Turing of Wilmslow", "alan@example.org"};
    const auto now = QDateTime::currentMSecsSinceEpoch();
    people.members = {{"id", "Ada Lovelace", "ada@example.org", Role::owner, now},
                      {"grace", "Grace Hopper", "grace@example.org", Role::editor, now},
                      {"alan", "Alan Mathison Turing of Wilmslow, Cheshire, and Bletchley",
                       "alan.mathison.turing@a-long-domain-name.example.org", Role::viewer, now}};
    people.invitations = {{"i1", "katherine@example.org", Role::viewer, now, now + 1'000'000'000}};
    people.links = {{"l1", Role::viewer, now, now + 500'000'000, 3}, {"l2", Role::editor, now, {}, 1}};
    server.onUpgrade = [this](QTcpSocket* socket) {
      if (!gone) return runner.handle(socket);
      socket->readAll();
      socket->write("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
      socket->disconnectFromHost();
    };
    server.handle = [this](const QString& route, const QString&, const QByteArray&) { return answer(route); };
  }
  template <class T>
  static TinyServer::Answer good(const T& value) {
    return {200, to_text(encode(value))};
  }
  TinyServer::Answer answer(const QString& route) {
    if (route == QStringLiteral("GET /api/v1/server")) {
      rest::ServerInfo info{"0.1.0", false, true, "localhost:7070", "", false, {}};
      info.sign_in = {password, {{"google", "Google"}, {"github", "GitHub"}}, true};
      return good(info);
    }
    if (route.endsWith(QStringLiteral("/native/begin")))
      return good(rest::BeginNativeSignIn::Result{server.origin().toString().toStdString() + "/authorize"});
    if (route.endsWith(QStringLiteral("/forgot_password"))) return {200, "{}"};
    if (route.endsWith(QStringLiteral("/sign_in")) && !factor.empty())
      return {401, R"({"error":{"code":"unauthenticated","message":"A code","data":{"second_factor":")" +
                       factor + "\"}}}"};
    if (gone && route.contains(QStringLiteral("/workspaces/")))
      return {404, R"({"error":{"code":"not_found","message":"There is no such workspace.","data":{}}})"};
    if (route.endsWith(QStringLiteral("/members"))) return good(people);
    if (route.endsWith(QStringLiteral("/links"))) {
      people.links.push_back({"l3", Role::viewer, 0, {}, 0});
      return good(
          rest::CreateLink::Result{people.links.back(), "https://berth.example.org/join?token=Q0p1bVhHcGZ4"});
    }
    if (route.endsWith(QStringLiteral("/public"))) {
      workspaces[0].public_link = true;
      return good(rest::SetPublic::Result{"https://berth.example.org/public/b2xkIGhhcmJvdXIgc29uZw"});
    }
    return serve(route);
  }

  rest::ListMembers::Result people;
  std::string factor;  // what signing in says of the second one
  bool password = true;
  bool gone = false;
};

TEST_F(SharingScreens, TheWaysInLayOut) {
  NoBrowser browser;
  desktop::StartWindow start(&secrets, &servers);
  start.resize(860, 760);
  start.show();
  auto* page = start.connectPage();
  const auto named = [&](const char* name) { return start.findChild<QWidget*>(QLatin1String(name)); };
  const auto press = [&](const char* name) { start.findChild<QPushButton*>(QLatin1String(name))->click(); };
  const auto shown = [&](const char* name) {
    return wait_for([&] { return named(name) && named(name)->isVisible(); }, sharing_patience);
  };
  page->offer(server.origin().toString());
  ASSERT_TRUE(shown("provider-github"));
  picture(&start, QStringLiteral("sign-in-ways"));
  start.resize(460, 700);
  picture(&start, QStringLiteral("sign-in-ways-narrow"));
  start.resize(860, 760);
  press("forgot");
  picture(&start, QStringLiteral("forgot-password"));
  start.findChild<QLineEdit*>(QStringLiteral("email"))->setText(QStringLiteral("ada@example.org"));
  press("submit");
  ASSERT_TRUE(wait_for(
      [&] {
        return start.findChild<QLabel*>(QStringLiteral("hint"))
            ->text()
            .contains(QStringLiteral("on its way"));
      },
      sharing_patience));
  picture(&start, QStringLiteral("forgot-password-sent"));
  press("submit");
  press("provider-google");
  ASSERT_TRUE(shown("copyPage"));
  EXPECT_EQ(browser.opened.size(), 1);
  picture(&start, QStringLiteral("sign-in-browser"));
  press("back");
  factor = "required";
  start.findChild<QLineEdit*>(QStringLiteral("password"))->setText(QStringLiteral("correct horse battery"));
  press("submit");
  ASSERT_TRUE(shown("code"));
  factor = "wrong";
  start.findChild<QLineEdit*>(QStringLiteral("code"))->setText(QStringLiteral("123456"));
  press("submit");
  ASSERT_TRUE(shown("problem"));
  picture(&start, QStringLiteral("second-factor"));
  press("back");
  press("back");
  password = false;
  page->offer(server.origin().toString());
  ASSERT_TRUE(wait_for(
      [&] {
        return named("browserSignIn") && named("browserSignIn")->isVisible() && !named("submit")->isVisible();
      },
      sharing_patience));
  picture(&start, QStringLiteral("sign-in-providers"));
}

TEST_F(SharingScreens, PeopleOfAWorkspaceLayOut) {
  NoBrowser browser;
  desktop::StartWindow start(&secrets, &servers);
  start.resize(860, 700);
  start.show();
  start.connectPage()->offer(server.origin().toString());
  auto* email = start.findChild<QLineEdit*>(QStringLiteral("email"));
  ASSERT_TRUE(wait_for([&] { return email->isVisible(); }, sharing_patience));
  email->setText(QStringLiteral("ada@example.org"));
  start.findChild<QLineEdit*>(QStringLiteral("password"))->setText(QStringLiteral("correct horse battery"));
  start.findChild<QPushButton*>(QStringLiteral("submit"))->click();
  ASSERT_TRUE(wait_for([&] { return start.workspacesPage() && start.workspacesPage()->rows().size() == 4; },
                       sharing_patience));
  auto* list = start.workspacesPage();
  picture(&start, QStringLiteral("workspaces-shared"));
  start.resize(470, 640);
  picture(&start, QStringLiteral("workspaces-shared-narrow"));
  for (auto* row : list->rows()) EXPECT_LE(row->mapTo(list, QPoint(row->width(), 0)).x(), list->width());
  start.findChild<QAction*>(QStringLiteral("account"))->trigger();
  ASSERT_EQ(browser.opened.size(), 1);
  EXPECT_EQ(browser.opened[0].toString(), server.origin().toString() + QStringLiteral("/account"));

  auto* dialog = list->share(workspaces[0]);
  ASSERT_TRUE(wait_for([&] { return dialog->sharing()->isLoaded(); }, sharing_patience));
  wait_for([&] { return !dialog->sharing()->isBusy(); }, sharing_patience);
  picture(dialog, QStringLiteral("share"));
  dialog->findChild<QPushButton*>(QStringLiteral("makeLink"))->click();
  ASSERT_TRUE(wait_for([&] { return dialog->findChild<QWidget*>(QStringLiteral("madeLink"))->isVisible(); },
                       sharing_patience));
  dialog->sharing()->setPublic(true);
  ASSERT_TRUE(
      wait_for([&] { return dialog->findChild<QWidget*>(QStringLiteral("publicAddress"))->isVisible(); },
               sharing_patience));
  dialog->resize(560, 900);
  picture(dialog, QStringLiteral("share-links"));
  dialog->close();
  auto* guest = list->share(workspaces[2]);
  ASSERT_TRUE(wait_for([&] { return guest->sharing()->isLoaded(); }, sharing_patience));
  picture(guest, QStringLiteral("share-guest"));
  guest->close();
}

TEST_F(SharingScreens, AnOpenWindowFollowsItsRole) {
  client::ServerConnection connection{server.origin(), &secrets};
  signIn(connection);
  runner.role = workspaces[0].role = Role::editor;
  runner.on<TerminalList>(
      [this](const Empty&) -> Result<TerminalList::Result> { return TerminalList::Result{{shell}}; });
  desktop::IdeWindow window(&connection, workspaces[0]);
  window.setAttribute(Qt::WA_DeleteOnClose, false);
  window.resize(1280, 820);
  window.show();
  ASSERT_TRUE(wait_for(
      [&] {
        auto* tab = window.editors()->current();
        auto* view = window.terminals()->current();
        return tab && tab->document()->isLoaded() && view && view->allText().contains(QStringLiteral("hint"));
      },
      sharing_patience));
  const auto action = [&](const char* name) { return window.findChild<QAction*>(QLatin1String(name)); };
  auto* share = window.findChild<QToolButton*>(QStringLiteral("share"));
  auto* notice = window.connectionBar()->noticeBar();
  EXPECT_TRUE(action("stopWorkspace")->isEnabled());
  EXPECT_FALSE(action("renameWorkspace")->isEnabled()) << "the owner's";
  EXPECT_EQ(share->text(), QStringLiteral("People"));
  EXPECT_FALSE(window.editors()->current()->editor()->isReadOnly());

  runner.role = workspaces[0].role = Role::viewer;
  documents.read_only = ReadOnlyReason::role;
  runner.drop();
  ASSERT_TRUE(wait_for([&] { return notice->isVisible(); }, sharing_patience));
  EXPECT_EQ(notice->text(), QStringLiteral("You may only look at this workspace now."));
  EXPECT_TRUE(
      wait_for([&] { return window.editors()->current()->editor()->isReadOnly(); }, sharing_patience));
  EXPECT_FALSE(action("stopWorkspace")->isEnabled());
  EXPECT_FALSE(window.findChild<QToolButton*>(QStringLiteral("newTerminal"))->isEnabled());
  EXPECT_FALSE(window.findChild<QToolButton*>(QStringLiteral("runButton"))->isEnabled());
  picture(&window, QStringLiteral("ide-role-viewer"));
  auto* view = window.terminals()->current();
  QTest::keyClicks(view->surface()->display(), QStringLiteral("ls"));
  EXPECT_TRUE(view->bar()->isVisible());

  runner.role = workspaces[0].role = Role::owner;
  documents.read_only.reset();
  runner.drop();
  ASSERT_TRUE(wait_for([&] { return notice->text() == QStringLiteral("This workspace is yours now."); },
                       sharing_patience));
  EXPECT_TRUE(
      wait_for([&] { return !window.editors()->current()->editor()->isReadOnly(); }, sharing_patience));
  EXPECT_TRUE(action("renameWorkspace")->isEnabled());
  EXPECT_EQ(share->text(), QStringLiteral("Share"));
  EXPECT_FALSE(window.terminals()->current()->bar()->isVisible()) << "keys are sent again";

  workspaces[0].role = Role::editor;
  ASSERT_TRUE(wait_for(
      [&] {
        window.workspace()->refresh();
        return window.workspace()->facts().role == Role::editor;
      },
      sharing_patience));
  gone = true;
  runner.drop();
  auto* link = window.connectionBar()->linkBar();
  ASSERT_TRUE(wait_for(
      [&] { return link->isVisible() && link->text().contains(QStringLiteral("not shared with you")); },
      sharing_patience));
  picture(&window, QStringLiteral("ide-share-ended"));
  window.resize(600, 760);
  picture(&window, QStringLiteral("ide-share-ended-narrow"));
  bool closed = false;
  QObject::connect(&window, &desktop::IdeWindow::closed, [&] { closed = true; });
  for (auto* button : link->findChildren<QPushButton*>())
    if (button->text() == QStringLiteral("Close Window")) button->click();
  EXPECT_TRUE(closed);
}

}  // namespace
}  // namespace berth::test

#include "sharing_screens_test.moc"
