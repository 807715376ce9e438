// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QLineEdit>
#include <QPushButton>
#include <QTest>
#include <QTreeView>

#include "berth_server.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/search_fields.hpp"
#include "client/desktop/search_panel.hpp"
#include "client/desktop/terminal_view.hpp"
#include "desk.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

constexpr int search_wait = 60'000;  // ms

TEST(Desktop, all_files_are_searched_and_replaced_in_and_it_is_taken_back) {
  BerthServer server;
  Desk desk(server.setupLink());
  auto* window = desk.firstWorkspace(QStringLiteral("python"), QStringLiteral("Cargo"));
  ASSERT_NE(window, nullptr);
  Desk::keys(desk.terminal(),
             QStringLiteral("mkdir -p hold; printf 'crate one\\nno\\nthe crate\\n' > hold/a.txt; "
                            "printf 'crate\\n' > hold/b.md; echo filled\n"));
  ASSERT_TRUE(desk.terminalShows(QStringLiteral("filled")));
  window->editors()->openFile(QStringLiteral("project/hold/b.md"));
  ASSERT_TRUE(desk.waitForFile(QStringLiteral("project/hold/b.md")));

  QTest::keyClick(desk.editor(), Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
  auto* panel = window->search();
  ASSERT_TRUE(
      wait_for([&] { return panel->isVisible() && panel->fields()->pattern()->hasFocus(); }, search_wait));
  Desk::keys(panel->fields()->pattern(), QStringLiteral("crate\n"));
  auto* results = panel->search()->results();
  ASSERT_TRUE(wait_for([&] { return panel->told() == QStringLiteral("3 matches in 2 files"); }, search_wait))
      << panel->told().toStdString();
  // What is typed counts before it is anywhere else.
  Desk::keys(desk.editor(), QStringLiteral("crate of tea\n"));
  ASSERT_TRUE(wait_for(
      [&] {
        if (panel->search()->state() == client::Search::State::ended && results->matchCount() < 4)
          panel->search()->again();
        return results->matchCount() == 4;
      },
      search_wait));
  Desk::picture(window, QStringLiteral("search"));

  // The third line of the first file, by keys.
  QTest::keyClick(desk.editor(), Qt::Key_F4);
  QTest::keyClick(window->focusWidget(), Qt::Key_F4);
  ASSERT_TRUE(wait_for(
      [&] {
        auto* tab = window->editors()->current();
        return tab && tab->document()->path() == QStringLiteral("project/hold/a.txt") &&
               tab->editor()->selectedText() == QStringLiteral("crate") && tab->editor()->cursorLine() == 3;
      },
      search_wait));

  QTest::keyClick(desk.editor(), Qt::Key_H, Qt::ControlModifier | Qt::ShiftModifier);
  auto* replacement = panel->findChild<QLineEdit*>(QStringLiteral("searchReplacement"));
  ASSERT_TRUE(wait_for([&] { return replacement->hasFocus(); }, search_wait));
  Desk::keys(replacement, QStringLiteral("barrel"));
  ASSERT_TRUE(wait_for(
      [&] {
        return results->hasReplacements() && results->matchCount() == 4 &&
               panel->search()->state() == client::Search::State::ended;
      },
      search_wait));
  Desk::picture(window, QStringLiteral("replace"));
  QTest::keyClick(replacement, Qt::Key_Return, Qt::ControlModifier | Qt::AltModifier);
  ASSERT_TRUE(wait_for([&] { return panel->message()->isVisible(); }, search_wait));
  EXPECT_EQ(panel->message()->text(), QStringLiteral("Replaced: 4 matches in 2 files."));
  ASSERT_TRUE(wait_for([&] { return desk.editor()->text().contains("the barrel"); }, search_wait));
  Desk::keys(desk.terminal(), QStringLiteral("clear; until grep -q barrel hold/a.txt && grep -q barrel "
                                             "hold/b.md; do sleep 0.1; done; cat hold/*\n"));
  EXPECT_TRUE(desk.terminalShows(QStringLiteral("barrel one")));
  EXPECT_TRUE(desk.terminalShows(QStringLiteral("barrel of tea")));

  QPushButton* undo = nullptr;
  for (auto* button : panel->message()->findChildren<QPushButton*>())
    if (button->text() == QStringLiteral("Undo")) undo = button;
  ASSERT_TRUE(undo);
  Desk::click(undo);
  EXPECT_TRUE(wait_for([&] { return desk.editor()->text().contains("the crate"); }, search_wait));
  EXPECT_TRUE(wait_for([&] { return panel->told() == QStringLiteral("4 matches in 2 files"); }, search_wait));
  Desk::picture(window, QStringLiteral("taken-back"));
}

}  // namespace
}  // namespace berth::test
