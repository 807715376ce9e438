// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QFile>
#include <QMessageBox>
#include <QPushButton>
#include <QTest>

#include "berth_server.hpp"
#include "client/core/server_connection.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/document_notices.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/start_window.hpp"
#include "client/desktop/terminal_view.hpp"
#include "client/desktop/workspaces_page.hpp"
#include "desk.hpp"
#include "second_desk.hpp"
#include "tests/fault_proxy.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

// The program is killed while the connection is cut, and once in the middle of coming back: its text is there
// when it is started again, and arrives in the file once.
TEST(Desktop, text_typed_offline_survives_a_killed_program_and_arrives_once) {
  BerthServer server;
  FaultProxy proxy(server.port());
  Desk desk(server.setupLink(proxy.port()));
  auto* window = desk.firstWorkspace(QStringLiteral("python"), QStringLiteral("Tunnel"));
  ASSERT_NE(window, nullptr);
  const auto main = QString::fromStdString(window->workspace()->facts().open_file);
  ASSERT_TRUE(desk.waitForFile(main));
  const auto id = window->workspace()->id();
  for (int round = 1; round <= 3; ++round) {
    ASSERT_TRUE(window->close());
    wait_for([] { return false; }, 50);
    const auto text = QStringLiteral("#tunnel-%1-").arg(round);
    auto second = start_second_desk(id, text);
    ASSERT_EQ(second.line(), "open") << "round " << round;
    proxy.set_refusing(true);
    ASSERT_EQ(second.line(), "kept") << "round " << round;
    if (round > 1) {
      // Somewhere between dialling and the last acknowledgement.
      proxy.set_refusing(false);
      wait_for([] { return false; }, round * 120);
    }
    second.kill();
    proxy.set_refusing(false);
    desk.restart();
    if (round == 1) {
      // The window comes by itself, because something is unsent.
      ASSERT_TRUE(wait_for([&] { return desk.adopt(QStringLiteral("Tunnel")); }, 30'000));
      window = desk.window();
      ASSERT_TRUE(desk.waitForFile(main));
      EXPECT_TRUE(wait_for(
          [&] { return window->editors()->tabOf(main)->notices()->restoredBar()->isVisible(); }, 20'000));
      Desk::picture(window, QStringLiteral("restored"));
    } else {
      wait_for([&] { return desk.adopt(QStringLiteral("Tunnel")); }, 3'000);
      if (!desk.window()) desk.openWorkspace(id);
      ASSERT_TRUE(wait_for([&] { return desk.adopt(QStringLiteral("Tunnel")); }, 30'000));
      window = desk.window();
      ASSERT_TRUE(desk.waitForFile(main));
    }
    auto* tab = window->editors()->tabOf(main);
    ASSERT_TRUE(
        wait_for([&] { return !tab->document()->hasUnsent() || tab->document()->inConflict(); }, 20'000));
    EXPECT_FALSE(tab->document()->inConflict());
    EXPECT_TRUE(
        wait_for([&] { return tab->document()->durability() >= client::Durability::on_disk; }, 20'000));
    const auto shown = QString::fromStdString(tab->editor()->text());
    EXPECT_EQ(shown.count(text), 1) << shown.toStdString();
    ASSERT_TRUE(
        wait_for([&] { return desk.terminal() && desk.terminal()->terminal()->isAttached(); }, 20'000));
    Desk::keys(desk.terminal(),
               QStringLiteral("clear; echo times=$(grep -o '%1' ~/%2 | wc -l)\n").arg(text, main));
    EXPECT_TRUE(desk.terminalShows(QStringLiteral("times=1")));
  }
}

// The workspace is deleted before the text reached it: the person is told, and gets it as a file.
TEST(Desktop, text_typed_offline_for_a_workspace_that_is_deleted_becomes_a_file) {
  BerthServer server;
  FaultProxy proxy(server.port());
  Desk desk(server.setupLink(proxy.port()));
  auto* window = desk.firstWorkspace(QStringLiteral("python"), QStringLiteral("Sunk"));
  ASSERT_NE(window, nullptr);
  const auto id = window->workspace()->id();
  ASSERT_TRUE(window->close());
  wait_for([] { return false; }, 50);
  auto second = start_second_desk(id, QStringLiteral("#sunk-"));
  ASSERT_EQ(second.line(), "open");
  proxy.set_refusing(true);
  ASSERT_EQ(second.line(), "kept");
  second.kill();
  proxy.set_refusing(false);
  bool deleted = false;
  desk.start()->server()->deleteWorkspace(
      id, desk.start(), [&](Result<protocol::rest::NoBody> answer) { deleted = answer.has_value(); });
  ASSERT_TRUE(wait_for([&] { return deleted; }, 30'000));

  desk.restart();
  const auto offer = [&]() -> QPushButton* {
    auto* page = desk.start()->workspacesPage();
    if (!page || !page->bar()->isVisible()) return nullptr;
    for (auto* button : page->bar()->findChildren<QPushButton*>())
      if (button->text() == QStringLiteral("Keep as Files")) return button;
    return nullptr;
  };
  ASSERT_TRUE(wait_for([&] { return offer(); }, 30'000));
  Desk::picture(desk.start(), QStringLiteral("abandoned"));
  Desk::click(offer());
  QMessageBox* box = nullptr;
  ASSERT_TRUE(wait_for(
      [&] { return (box = desk.start()->findChild<QMessageBox*>(QStringLiteral("rescued"))); }, 20'000));
  QFile file(box->text().section(u'\n', -1));
  ASSERT_TRUE(file.open(QIODevice::ReadOnly)) << box->text().toStdString();
  EXPECT_TRUE(file.readAll().startsWith("#sunk-"));
  Desk::picture(box, QStringLiteral("abandoned-kept"));
  box->close();

  desk.restart();
  ASSERT_TRUE(wait_for(
      [&] { return desk.start()->workspacesPage() && desk.start()->workspacesPage()->isVisible(); }, 20'000));
  wait_for([] { return false; }, 1'000);
  EXPECT_EQ(offer(), nullptr) << "it is told once";
}

// Another program changes the line that a person changes offline: both sides are shown, and what is chosen is
// what the file becomes.
TEST(Desktop, one_place_changed_on_both_sides_while_offline_is_chosen_from) {
  BerthServer server;
  FaultProxy proxy(server.port());
  Desk desk(server.setupLink(proxy.port()));
  auto* window = desk.firstWorkspace(QStringLiteral("python"), QStringLiteral("Two sides"));
  ASSERT_NE(window, nullptr);
  const auto main = QString::fromStdString(window->workspace()->facts().open_file);
  ASSERT_TRUE(desk.waitForFile(main));
  auto* tab = window->editors()->tabOf(main);
  Desk::keys(desk.terminal(),
             QStringLiteral("(sleep 4; sed -i '1s/^/# theirs /' ~/%1) & clear; echo started\n").arg(main));
  ASSERT_TRUE(desk.terminalShows(QStringLiteral("started")));
  proxy.set_refusing(true);
  ASSERT_TRUE(wait_for([&] { return !window->workspace()->connection()->online(); }, 20'000));
  tab->editor()->SendScintilla(QsciScintillaBase::SCI_GOTOPOS, 0ul);
  Desk::keys(tab->editor(), QStringLiteral("# mine "));
  const auto mine = tab->editor()->text();
  wait_for([] { return false; }, 6'000);  // the other side has done it, and the absence is noticed
  proxy.set_refusing(false);
  auto* bar = tab->notices()->conflictBar();
  ASSERT_TRUE(wait_for([&] { return bar->isVisible(); }, 30'000));
  EXPECT_EQ(tab->editor()->text(), mine);
  EXPECT_EQ(tab->document()->theirText()->substr(0, 9), "# theirs ");
  Desk::picture(window, QStringLiteral("both-sides"));
  for (auto* button : bar->findChildren<QPushButton*>())
    if (button->text() == QStringLiteral("Keep Both")) Desk::click(button);
  ASSERT_TRUE(desk.saved());
  EXPECT_EQ(tab->editor()->text().substr(0, 16), "# theirs # mine ");
  Desk::keys(desk.terminal(), QStringLiteral("clear; head -c 16 ~/%1; echo '<'\n").arg(main));
  EXPECT_TRUE(desk.terminalShows(QStringLiteral("# theirs # mine <")));
}

// Another program moves the file that a person types into offline: the text arrives where the file is now.
TEST(Desktop, a_file_that_is_moved_while_one_is_offline_is_followed) {
  BerthServer server;
  FaultProxy proxy(server.port());
  Desk desk(server.setupLink(proxy.port()));
  auto* window = desk.firstWorkspace(QStringLiteral("python"), QStringLiteral("Moved berth"));
  ASSERT_NE(window, nullptr);
  const auto main = QString::fromStdString(window->workspace()->facts().open_file);
  const auto moved = QStringLiteral("project/harbour/moved.py");
  ASSERT_TRUE(desk.waitForFile(main));
  auto* tab = window->editors()->tabOf(main);
  Desk::keys(desk.terminal(),
             QStringLiteral("mkdir ~/project/harbour; (sleep 3; mv ~/%1 ~/%2) & clear; echo started\n")
                 .arg(main, moved));
  ASSERT_TRUE(desk.terminalShows(QStringLiteral("started")));
  proxy.set_refusing(true);
  ASSERT_TRUE(wait_for([&] { return !window->workspace()->connection()->online(); }, 20'000));
  tab->editor()->SendScintilla(QsciScintillaBase::SCI_GOTOPOS, 0ul);
  Desk::keys(tab->editor(), QStringLiteral("# offline "));
  wait_for([] { return false; }, 5'000);  // the other side has done it
  proxy.set_refusing(false);
  ASSERT_TRUE(wait_for([&] { return tab->document()->path() == moved; }, 30'000))
      << tab->document()->path().toStdString();
  EXPECT_EQ(window->editors()->tabOf(moved), tab);
  ASSERT_TRUE(desk.saved());
  ASSERT_TRUE(wait_for([&] { return desk.terminal() && desk.terminal()->terminal()->isAttached(); }, 20'000));
  Desk::keys(desk.terminal(), QStringLiteral("clear; ls ~/%1; head -c 10 ~/%2; echo '<'\n").arg(main, moved));
  EXPECT_TRUE(desk.terminalShows(QStringLiteral("# offline <")));
  EXPECT_TRUE(desk.terminalShows(QStringLiteral("No such file")));
}

TEST(Desktop, lines_that_a_program_removes_from_an_open_file_are_shown) {
  BerthServer server;
  Desk desk(server.setupLink());
  auto* window = desk.firstWorkspace(QStringLiteral("python"), QStringLiteral("Cleaned"));
  ASSERT_NE(window, nullptr);
  const auto main = QString::fromStdString(window->workspace()->facts().open_file);
  ASSERT_TRUE(desk.waitForFile(main));
  auto* tab = window->editors()->tabOf(main);
  tab->editor()->SendScintilla(QsciScintillaBase::SCI_GOTOPOS, 0ul);
  Desk::keys(tab->editor(), QStringLiteral("# first\n# second\n"));
  ASSERT_TRUE(desk.saved());
  Desk::keys(desk.terminal(), QStringLiteral("sed -i 1d ~/%1\n").arg(main));
  ASSERT_TRUE(wait_for([&] { return tab->notices()->removedBar()->isVisible(); }, 20'000));
  EXPECT_TRUE(tab->notices()->removedBar()->text().contains(QStringLiteral("1 line removed")))
      << tab->notices()->removedBar()->text().toStdString();
  EXPECT_TRUE(tab->editor()->text().starts_with("# second\n"));
}

}  // namespace
}  // namespace berth::test
