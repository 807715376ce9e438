// SPDX-License-Identifier: GPL-3.0-or-later
// Goes through every screen of the desktop client with a scripted server, in both themes and two widths, and
// checks that each lays out; with $BERTH_SCREENSHOTS the pictures are kept to be looked at.
#include <gtest/gtest.h>

#include <QLineEdit>
#include <QListWidget>
#include <QLocale>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QTest>
#include <QTreeView>

#include "client/desktop/code_editor.hpp"
#include "client/desktop/connect_page.hpp"
#include "client/desktop/connection_bar.hpp"
#include "client/desktop/create_workspace_dialog.hpp"
#include "client/desktop/diff_pane.hpp"
#include "client/desktop/diff_view.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/file_panel.hpp"
#include "client/desktop/find_bar.hpp"
#include "client/desktop/history_window.hpp"
#include "client/desktop/ide_window.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/start_window.hpp"
#include "client/desktop/status_strip.hpp"
#include "client/desktop/terminal_panel.hpp"
#include "client/desktop/terminal_view.hpp"
#include "client/desktop/version_list.hpp"
#include "client/desktop/workspaces_page.hpp"
#include "screens.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using namespace berth::protocol;

TEST_F(Screens, EveryScreenLaysOutInBothThemesWideAndNarrow) {
  servers.remember({QUrl(QStringLiteral("https://berth.example.org")), QStringLiteral("ada@example.org")});
  desktop::StartWindow start(&secrets, &servers);
  start.resize(860, 700);
  start.show();
  picture(&start, QStringLiteral("connect"));
  start.connectPage()->offer(server.origin().toString());
  auto* email = start.findChild<QLineEdit*>(QStringLiteral("email"));
  ASSERT_TRUE(wait_for([&] { return email->isVisible(); }));
  picture(&start, QStringLiteral("sign-in"));
  start.findChild<QPushButton*>(QStringLiteral("switch"))->click();
  start.connectPage()->showProblem(QStringLiteral("That e-mail is taken already. Sign in instead."));
  picture(&start, QStringLiteral("register"));
  email->setText(QStringLiteral("ada@example.org"));
  start.findChild<QLineEdit*>(QStringLiteral("password"))->setText(QStringLiteral("correct horse battery"));
  start.findChild<QPushButton*>(QStringLiteral("submit"))->click();
  ASSERT_TRUE(wait_for([&] { return start.workspacesPage() && start.workspacesPage()->rows().size() == 4; }));
  picture(&start, QStringLiteral("workspaces"));
  start.resize(470, 640);
  picture(&start, QStringLiteral("workspaces-narrow"));
  {
    desktop::CreateWorkspaceDialog dialog(start.server());
    dialog.show();
    ASSERT_TRUE(
        wait_for([&] { return dialog.findChildren<QFrame*>(QStringLiteral("templateRow")).size() == 5; }));
    picture(&dialog, QStringLiteral("create"));
  }

  // Gone before the start window's server, however this ends.
  const auto owned = std::make_unique<desktop::IdeWindow>(start.server(), workspaces.front());
  auto* ide = owned.get();
  ide->resize(1280, 820);
  ide->show();
  picture(ide, QStringLiteral("ide-connecting"));
  ASSERT_TRUE(wait_for(
      [&] { return ide->editors()->current() && ide->editors()->current()->document()->isLoaded(); }));
  ASSERT_TRUE(wait_for([&] {
    return ide->terminals()->current() &&
           ide->terminals()->current()->allText().contains(QStringLiteral("hint"));
  }));
  QMenu menu;
  const auto choose = [&](const QMenu* of, const QString& text) {
    for (auto* action : of->actions())
      if (action->text() == text) return action->trigger();
    ADD_FAILURE() << "no " << text.toStdString();
  };
  ide->terminals()->addChoices(&menu);
  choose(menu.findChild<QMenu*>(QStringLiteral("linesKept")), QLocale().toString(50'000));
  EXPECT_EQ(desktop::TerminalView::scrollback(), 50'000);
  choose(menu.findChild<QMenu*>(QStringLiteral("linesKept")), QLocale().toString(10'000));
  // What was allowed or refused once can be decided anew.
  const auto answer = QStringLiteral("terminal/clipboard/") + ide->workspace()->id();
  choose(&menu, QStringLiteral("Programs May Put Text on the Clipboard"));
  EXPECT_EQ(QSettings().value(answer), true);
  choose(&menu, QStringLiteral("Programs May Put Text on the Clipboard"));
  EXPECT_EQ(QSettings().value(answer), false);
  QSettings().remove(answer);

  auto* tree = ide->files()->tree();
  tree->expand(tree->model()->index(0, 0));
  ide->editors()->openFile(QStringLiteral("project/README.md"));
  ide->editors()->openFile(QStringLiteral("project/main.py"))->editor()->goToLine(12);
  picture(ide, QStringLiteral("ide"));
  auto* tab = ide->editors()->current();
  tab->editor()->findNext({QStringLiteral("tide")}, true);
  tab->findBar()->open(true);
  picture(ide, QStringLiteral("ide-find"));
  tab->findBar()->hide();
  runner.notify<SessionNotice>(
      {NoticeKind::idle_warning, "Nobody has used this workspace for a while; it will be stopped.", 118});
  picture(ide, QStringLiteral("ide-idle-warning"));
  ide->resize(600, 760);
  picture(ide, QStringLiteral("ide-narrow"));
  ide->resize(1280, 820);
  runner.setRefusing(true);
  ASSERT_TRUE(
      wait_for([&] { return ide->workspace()->connection()->state() == client::LinkState::waiting; }));
  wait_for([] { return false; }, 900);
  picture(ide, QStringLiteral("ide-disconnected"));
  EXPECT_TRUE(ide->connectionBar()->isVisible());
}

TEST_F(Screens, HistoryShowsWhatChangedAndBringsItBack) {
  client::ServerConnection connection(server.origin(), &secrets);
  signIn(connection);
  desktop::IdeWindow ide(&connection, workspaces.front());
  ide.setAttribute(Qt::WA_DeleteOnClose, false);
  ide.resize(1280, 820);
  ide.show();
  ASSERT_TRUE(wait_for([&] { return ide.workspace()->connection()->online(); }));
  runner.notify<WorkspaceStorage>({StorageProgress::stored, "v4", QDateTime::currentMSecsSinceEpoch(), ""});
  ASSERT_TRUE(wait_for([&] { return ide.status()->storageText() == QStringLiteral("Stored ✓"); }));
  runner.notify<WorkspaceStorage>(
      {StorageProgress::waiting, "v4", 1, "The storage of your account is full."});
  ASSERT_TRUE(
      wait_for([&] { return ide.status()->storageText().startsWith(QStringLiteral("Not stored (")); }));
  picture(&ide, QStringLiteral("ide-not-stored"));

  auto* window = ide.showHistory({});
  ASSERT_TRUE(wait_for([&] { return window->changedFiles()->count() == 4; }));
  picture(window, QStringLiteral("history"));
  // By the keys alone: to the changed files, the first of them, then its changes.
  QTest::keyClick(window->versions()->list(), Qt::Key_Down);
  ASSERT_TRUE(wait_for([&] { return window->history()->chosen()->id == "v3"; }));
  ASSERT_TRUE(wait_for([&] { return window->changedFiles()->count() == 4; }));
  QTest::keyClick(window->versions()->list(), Qt::Key_Up);
  ASSERT_TRUE(wait_for(
      [&] { return window->history()->chosen()->id == "v4" && window->changedFiles()->count() == 4; }));
  window->changedFiles()->setFocus();
  QTest::keyClick(window->changedFiles(), Qt::Key_Home);
  ASSERT_TRUE(wait_for([&] { return window->diff()->changes().size() >= 3; }));
  EXPECT_TRUE(window->diff()->right()->text().contains(QStringLiteral("self.period")));
  EXPECT_FALSE(window->diff()->left()->text().contains(QStringLiteral("self.period")));
  picture(window, QStringLiteral("history-diff"));
  window->resize(560, 720);
  picture(window, QStringLiteral("history-narrow"));
  window->resize(1180, 300);
  wait_for([] { return false; }, 60);
  QTest::keyClick(window->diff()->right(), Qt::Key_End, Qt::ControlModifier);
  EXPECT_TRUE(wait_for([&] {
    return window->diff()->left()->firstRow() > 0 &&
           window->diff()->left()->firstRow() == window->diff()->right()->firstRow();
  })) << "both sides scroll together: "
      << window->diff()->left()->firstRow() << " and " << window->diff()->right()->firstRow();

  window->restoreButton()->click();
  auto* question = window->findChild<QMessageBox*>(QStringLiteral("restoreQuestion"));
  ASSERT_TRUE(question);
  EXPECT_TRUE(question->informativeText().contains(QStringLiteral("Nothing is lost")));
  picture(question, QStringLiteral("history-restore"));
  EXPECT_TRUE(restored.isEmpty());
  QTest::keyClick(question, Qt::Key_Return);
  ASSERT_TRUE(wait_for([&] { return window->bar()->isVisible(); }));
  EXPECT_EQ(restored, QStringList{QStringLiteral("POST /api/v1/workspaces/aaaaaaaaaa/versions/v4/restore")});
  EXPECT_TRUE(window->bar()->text().contains(QStringLiteral("was brought back")));
  ASSERT_TRUE(wait_for([&] { return window->changedFiles()->count() == 4; }));
  window->changedFiles()->setCurrentRow(0);
  ASSERT_TRUE(wait_for([&] { return window->diff()->left()->isVisible(); }));
  QTest::keyClick(window->diff()->left(), Qt::Key_Escape);
  EXPECT_TRUE(wait_for([&] { return !window->isVisible(); }));
}

}  // namespace
}  // namespace berth::test
