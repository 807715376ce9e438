// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QTest>

#include "berth_server.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/connection_bar.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/terminal_panel.hpp"
#include "client/desktop/terminal_view.hpp"
#include "desk.hpp"
#include "tests/fault_proxy.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

TEST(Desktop, a_running_terminal_and_unsaved_text_survive_lost_connections) {
  BerthServer server;
  FaultProxy proxy(server.port());
  Desk desk(server.setupLink(proxy.port()));
  auto* window = desk.firstWorkspace(QStringLiteral("python"), QStringLiteral("Rough seas"));
  ASSERT_NE(window, nullptr);
  const auto main = QString::fromStdString(window->workspace()->facts().open_file);
  ASSERT_TRUE(desk.waitForFile(main));
  ASSERT_TRUE(wait_for([&] { return desk.terminal() && desk.terminal()->terminal()->isAttached(); }, 15'000));
  ASSERT_TRUE(desk.terminalShows(QStringLiteral("$")));
  auto* connection = window->workspace()->connection();
  auto* shell = desk.terminal();

  Desk::keys(shell, QStringLiteral(
                        "for i in $(seq 1 300); do echo wave-$i-; sleep 0.02; done; read x; echo got=$x\n"));
  ASSERT_TRUE(desk.terminalShows(QStringLiteral("wave-3-")));
  auto* editor = desk.editor();
  editor->SendScintilla(QsciScintillaBase::SCI_CLEARALL);
  std::string expected;
  for (int round = 0; round < 4; ++round) {
    const auto text = "# typed in round " + std::to_string(round) + "\n";
    expected += text;
    const auto half = QString::fromStdString(text).left(9);
    Desk::keys(editor, half);
    proxy.reset();  // in the middle of a line
    Desk::keys(editor, QString::fromStdString(text).mid(9));
    ASSERT_TRUE(wait_for([&] { return connection->online(); }, 15'000)) << "round " << round;
  }
  // A longer outage is shown, with what is typed meanwhile kept.
  proxy.set_refusing(true);
  ASSERT_TRUE(wait_for([&] { return window->connectionBar()->linkBar()->isVisible(); }, 10'000));
  Desk::picture(window, QStringLiteral("lost-connection"));
  Desk::keys(editor, QStringLiteral("# typed offline\n"));
  expected += "# typed offline\n";
  Desk::keys(shell, QStringLiteral("keys-kept\n"));
  EXPECT_EQ(window->editors()->current()->document()->durability(), client::Durability::typed);
  proxy.set_refusing(false);
  ASSERT_TRUE(wait_for([&] { return connection->online(); }, 20'000));
  EXPECT_FALSE(window->connectionBar()->linkBar()->isVisible());

  ASSERT_TRUE(desk.saved());
  EXPECT_EQ(editor->text(), expected);
  EXPECT_TRUE(desk.terminalShows(QStringLiteral("got=keys-kept"), 30'000));
  // Every line once and in order: nothing was lost and nothing came twice.
  const auto shown = shell->allText();
  qsizetype at = 0;
  for (int i = 1; i <= 300; ++i) {
    const auto line = QStringLiteral("\nwave-%1-").arg(i);
    const auto found = shown.indexOf(line, at);
    ASSERT_GE(found, 0) << "line " << i << " is missing";
    EXPECT_EQ(shown.count(line), 1) << "line " << i;
    at = found;
  }
  Desk::keys(shell, QStringLiteral("clear; cat ~/%1\n").arg(main));
  EXPECT_TRUE(desk.terminalShows(QStringLiteral("# typed offline")));
}

}  // namespace
}  // namespace berth::test
