// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QTest>

#include "berth_server.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/document_notices.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/terminal_view.hpp"
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

}  // namespace
}  // namespace berth::test
