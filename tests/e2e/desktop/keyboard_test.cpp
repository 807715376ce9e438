// SPDX-License-Identifier: GPL-3.0-or-later
// From the first window to a program's output without a mouse: every key goes where the focus is.
#include <gtest/gtest.h>

#include <QApplication>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>
#include <QTreeView>

#include "berth_server.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/file_panel.hpp"
#include "client/desktop/run_control.hpp"
#include "client/desktop/start_window.hpp"
#include "client/desktop/terminal_panel.hpp"
#include "client/desktop/terminal_view.hpp"
#include "client/desktop/workspaces_page.hpp"
#include "desk.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

QWidget* focused() { return QApplication::focusWidget(); }

void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
  if (auto* target = focused()) QTest::keyClick(target, key, modifiers);
}

void type(const QString& text) {
  ASSERT_NE(focused(), nullptr);
  Desk::keys(focused(), text);
}

/// Tab until the widget of this object name has the focus, as often as a person would bear.
bool tab_to(const char* name) {
  for (int times = 0; times < 25; ++times) {
    if (focused() && focused()->objectName() == QLatin1String(name)) return true;
    press(Qt::Key_Tab);
  }
  return false;
}

TEST(Desktop, everything_needed_is_done_by_keys) {
  BerthServer server;
  Desk desk(server.setupLink());
  auto* start = desk.start();
  ASSERT_TRUE(
      wait_for([&] { return focused() && focused()->objectName() == QLatin1String("name"); }, 10'000));
  type(QStringLiteral("Ada"));
  ASSERT_TRUE(tab_to("email"));
  type(QStringLiteral("ada@example.org"));
  ASSERT_TRUE(tab_to("password"));
  type(QStringLiteral("correct horse battery"));
  press(Qt::Key_Return);
  ASSERT_TRUE(
      wait_for([&] { return start->workspacesPage() && start->workspacesPage()->isVisible(); }, 20'000));

  ASSERT_TRUE(wait_for([] { return focused() != nullptr; })) << "the list has no focus to begin with";
  ASSERT_TRUE(tab_to("newWorkspace"));
  press(Qt::Key_Space);
  ASSERT_TRUE(wait_for([] { return focused() && focused()->objectName() == QLatin1String("workspaceName"); },
                       10'000));
  type(QStringLiteral("Keys only"));
  ASSERT_TRUE(wait_for(
      [] {
        const auto* dialog = QApplication::activeModalWidget();
        const auto* row = dialog ? dialog->findChild<QWidget*>(QStringLiteral("templateRow")) : nullptr;
        return row && row->isVisible();
      },
      10'000));
  ASSERT_TRUE(tab_to("templateRow"));
  for (int times = 0; times < 6 && focused()->property("template") != QStringLiteral("python"); ++times)
    press(Qt::Key_Down);
  ASSERT_EQ(focused()->property("template").toString(), QStringLiteral("python"));
  press(Qt::Key_Return);
  ASSERT_TRUE(wait_for([&] { return desk.adopt(QStringLiteral("Keys only")); }, 40'000));
  auto* window = desk.window();
  ASSERT_TRUE(desk.waitForFile(QStringLiteral("project/main.py")));
  ASSERT_TRUE(wait_for([&] { return window->isActiveWindow(); }, 10'000));
  ASSERT_TRUE(desk.terminalShows(QStringLiteral("$")));

  // Text and back: Ctrl+1, Ctrl+`, Ctrl+Shift+E lead to the three places.
  QTest::keyClick(window, Qt::Key_1, Qt::ControlModifier);
  ASSERT_TRUE(wait_for([&] { return focused() == desk.editor(); }));
  press(Qt::Key_A, Qt::ControlModifier);
  type(QStringLiteral("print(6 * 7, \"by keys\")"));
  press(Qt::Key_S, Qt::ControlModifier);
  ASSERT_TRUE(desk.saved());
  press(Qt::Key_F5);
  ASSERT_TRUE(desk.terminalShows(QStringLiteral("42 by keys")));
  QTest::keyClick(window, Qt::Key_1, Qt::ControlModifier);
  ASSERT_TRUE(wait_for([&] { return focused() == desk.editor(); }));
  press(Qt::Key_QuoteLeft, Qt::ControlModifier);
  EXPECT_TRUE(wait_for([&] { return focused() && window->terminals()->isAncestorOf(focused()); }));
  press(Qt::Key_QuoteLeft, Qt::ControlModifier);
  EXPECT_TRUE(wait_for([&] { return focused() == desk.editor() && !window->terminals()->isVisible(); }));

  press(Qt::Key_E, Qt::ControlModifier | Qt::ShiftModifier);
  auto* tree = window->files()->tree();
  ASSERT_TRUE(wait_for([&] { return focused() == tree; }));
  press(Qt::Key_Home);
  type(QStringLiteral(".git"));  // the tree finds what begins so
  ASSERT_EQ(tree->currentIndex().data().toString(), QStringLiteral(".gitignore"));
  press(Qt::Key_Return);
  EXPECT_TRUE(desk.waitForFile(QStringLiteral("project/.gitignore")));
  press(Qt::Key_PageUp, Qt::ControlModifier);
  EXPECT_TRUE(wait_for([&] {
    return window->editors()->current() == window->editors()->tabOf(QStringLiteral("project/main.py"));
  }));
  press(Qt::Key_W, Qt::ControlModifier);
  EXPECT_TRUE(wait_for([&] { return !window->editors()->tabOf(QStringLiteral("project/main.py")); }));
}

}  // namespace
}  // namespace berth::test
