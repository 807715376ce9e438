// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QMenu>
#include <QTest>
#include <QToolButton>

#include "berth_server.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/people_strip.hpp"
#include "client/desktop/presence_view.hpp"
#include "client/desktop/remote_cursors.hpp"
#include "client/desktop/terminal_panel.hpp"
#include "client/desktop/terminal_view.hpp"
#include "client/desktop/theme.hpp"
#include "desk.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using client::Presence;

constexpr int patience = 20'000;

desktop::RemoteCursors* cursors_in(desktop::IdeWindow* window) {
  auto* tab = window->editors()->current();
  return tab ? tab->editor()->findChild<desktop::RemoteCursors*>() : nullptr;
}

/// The other's caret shows in `window` where this position of the text is.
bool caret_at(desktop::IdeWindow* window, std::int64_t position) {
  return wait_for(
      [&] {
        auto* cursors = cursors_in(window);
        if (!cursors) return false;
        const auto carets = cursors->carets();
        return carets.size() == 1 &&
               carets[0].place == window->editors()->current()->editor()->caretPlace(position);
      },
      patience);
}

/// Chooses it in the menu of the first person's picture.
bool choose(desktop::IdeWindow* window, const QString& text) {
  const auto pictures = window->people()->pictures();
  if (pictures.isEmpty()) return false;
  auto* menu = pictures[0]->menu();
  Q_EMIT menu->aboutToShow();
  for (auto* action : menu->actions())
    if (action->text() == text && action->isEnabled()) return action->trigger(), true;
  return false;
}

TEST(Desktop, two_windows_see_follow_and_find_each_other) {
  BerthServer server;
  Desk desk(server.setupLink());
  auto* one = desk.firstWorkspace(QStringLiteral("python"), QStringLiteral("Together"));
  ASSERT_NE(one, nullptr);
  const auto main = QString::fromStdString(one->workspace()->facts().open_file);
  ASSERT_TRUE(desk.waitForFile(main));
  EXPECT_TRUE(one->people()->pictures().isEmpty());
  ASSERT_TRUE(
      wait_for([&] { return desk.terminal() && desk.terminal()->terminal()->isAttached(); }, patience));
  ASSERT_TRUE(desk.terminalShows(QStringLiteral("$")));
  Desk::keys(desk.terminal(), QStringLiteral("seq 1 400 > numbers.txt; echo made=$?\n"));
  ASSERT_TRUE(desk.terminalShows(QStringLiteral("made=0")));

  auto* two = new desktop::IdeWindow(one->workspace()->server(), one->workspace()->facts());
  two->resize(1100, 760);
  two->show();
  auto* two_main = two->editors()->openFile(main);
  ASSERT_TRUE(wait_for([&] { return two_main->document()->isLoaded(); }, patience));
  ASSERT_TRUE(wait_for([&] { return one->people()->pictures().size() == 1; }, patience));
  EXPECT_TRUE(one->people()->everybody()->isVisible());
  EXPECT_TRUE(one->people()->pictures()[0]->toolTip().contains(QStringLiteral("(you, another window)")));

  // A caret, moving as the other one moves, and with what is typed here.
  auto* first = one->editors()->current()->editor();
  first->SendScintilla(QsciScintillaBase::SCI_SELECTALL);
  Desk::keys(first, QStringLiteral("first = 1\nsecond = 2\nthird = 3\n"));
  const auto text = first->text();
  ASSERT_TRUE(wait_for([&] { return two_main->editor()->text() == text; }, patience));
  two_main->editor()->goTo(14);
  ASSERT_TRUE(caret_at(one, 14));
  first->goTo(0);
  Desk::keys(first, QStringLiteral("zeroth = 0\n"));
  ASSERT_TRUE(caret_at(one, 25));
  ASSERT_TRUE(caret_at(two, 11));
  two_main->editor()->SendScintilla(QsciScintillaBase::SCI_LINEENDEXTEND);
  ASSERT_TRUE(caret_at(one, 31));
  Desk::picture(one, QStringLiteral("presence-dark"));
  desktop::Theme::instance()->choose(desktop::ThemeChoice::light);
  Desk::picture(one, QStringLiteral("presence-light"));

  // Following: the other's file and lines show here, until something is done here.
  ASSERT_TRUE(choose(one, QStringLiteral("Follow")));
  ASSERT_TRUE(wait_for([&] { return one->followBar()->isVisible(); }, patience));
  auto* numbers = two->editors()->openFile(QStringLiteral("project/numbers.txt"));
  ASSERT_TRUE(wait_for([&] { return numbers->document()->isLoaded(); }, patience));
  numbers->editor()->goTo(static_cast<std::int64_t>(numbers->editor()->text().size()) - 2);
  const auto path_of = [](desktop::IdeWindow* window) {
    auto* tab = window->editors()->current();
    return tab ? tab->document()->path() : QString();
  };
  ASSERT_TRUE(wait_for([&] { return path_of(one) == QStringLiteral("project/numbers.txt"); }, patience));
  const auto top_line = [](desktop::IdeWindow* window) {
    return window->editors()->current()->editor()->SendScintilla(QsciScintillaBase::SCI_GETFIRSTVISIBLELINE);
  };
  EXPECT_TRUE(wait_for([&] { return top_line(one) > 300; }, patience)) << top_line(one);
  EXPECT_TRUE(one->followBar()->text().contains(QStringLiteral("numbers.txt")))
      << one->followBar()->text().toStdString();
  Desk::picture(one, QStringLiteral("following-light"));
  desktop::Theme::instance()->choose(desktop::ThemeChoice::dark);
  Desk::picture(one, QStringLiteral("following-dark"));
  QTest::keyClick(one->editors()->current()->editor(), Qt::Key_Down);
  EXPECT_TRUE(wait_for([&] { return !one->followBar()->isVisible(); }, patience));
  EXPECT_TRUE(one->workspace()->presence()->following().empty());

  // Jumping there, once.
  one->editors()->openFile(main);
  ASSERT_TRUE(choose(one, QStringLiteral("Go to Where They Are")));
  ASSERT_TRUE(wait_for([&] { return path_of(one) == QStringLiteral("project/numbers.txt"); }, patience));
  EXPECT_TRUE(wait_for([&] { return one->editors()->current()->editor()->cursorLine() >= 399; }, patience));

  // Whoever closes the window is gone at once, though the runner would take them back.
  two->close();
  EXPECT_TRUE(wait_for([&] { return one->people()->pictures().isEmpty(); }, patience));
  EXPECT_TRUE(cursors_in(one)->carets().isEmpty());
}

}  // namespace
}  // namespace berth::test
