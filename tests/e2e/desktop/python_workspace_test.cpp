// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QTest>
#include <QToolButton>
#include <QTreeView>

#include "berth_server.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/file_panel.hpp"
#include "client/desktop/run_control.hpp"
#include "client/desktop/status_strip.hpp"
#include "client/desktop/terminal_panel.hpp"
#include "client/desktop/terminal_view.hpp"
#include "client/desktop/theme.hpp"
#include "desk.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

// Register → create → edit with keys → run and see the output, then the shell, the tree and the trash.
TEST(Desktop, edits_and_runs_a_python_workspace) {
  BerthServer server;
  Desk desk(server.setupLink());
  auto* window = desk.firstWorkspace(QStringLiteral("python"), QStringLiteral("First steps"));
  ASSERT_NE(window, nullptr);
  const auto main = QString::fromStdString(window->workspace()->facts().open_file);
  ASSERT_TRUE(desk.waitForFile(main));

  auto* editor = desk.editor();
  editor->SendScintilla(QsciScintillaBase::SCI_SELECTALL);
  Desk::keys(editor, QStringLiteral("for i in range(3):\nprint(\"ship\", i * 7)\n"));
  ASSERT_TRUE(desk.saved());
  Desk::picture(window, QStringLiteral("ide-dark"));

  // The run button, if the template has a command that ends; the shell in any case.
  ASSERT_TRUE(wait_for([&] { return desk.terminal() && desk.terminal()->terminal()->isAttached(); }, 15'000));
  ASSERT_TRUE(desk.terminalShows(QStringLiteral("$")));
  Desk::keys(desk.terminal(), QStringLiteral("python3 ~/%1; touch made-here.txt\n").arg(main));
  EXPECT_TRUE(desk.terminalShows(QStringLiteral("ship 14")));
  EXPECT_TRUE(wait_for(
      [&] { return window->workspace()->tree()->indexOf(QStringLiteral("project/made-here.txt")).isValid(); },
      10'000));

  // To the trash and back.
  auto* tree = window->files()->tree();
  for (int row = 0; row < tree->model()->rowCount(); ++row)
    if (tree->model()->index(row, 0).data().toString() == QStringLiteral("made-here.txt"))
      tree->setCurrentIndex(tree->model()->index(row, 0));
  window->files()->removeSelected();
  EXPECT_TRUE(wait_for(
      [&] {
        return !window->workspace()->tree()->indexOf(QStringLiteral("project/made-here.txt")).isValid();
      },
      10'000));
  QPushButton* undo = nullptr;
  ASSERT_TRUE(wait_for([&] {
    for (auto* button : window->files()->findChildren<QPushButton*>())
      if (button->text() == QStringLiteral("Undo")) undo = button;
    return undo && undo->isVisible();
  }));
  Desk::click(undo);
  EXPECT_TRUE(wait_for(
      [&] { return window->workspace()->tree()->indexOf(QStringLiteral("project/made-here.txt")).isValid(); },
      10'000));

  // Run and stop.
  Desk::click(window->runControl()->runButton());
  EXPECT_TRUE(desk.terminalShows(QStringLiteral("ship 14")));
  EXPECT_TRUE(wait_for([&] { return window->status()->linkText().startsWith(QStringLiteral("Connected ·")); },
                       10'000));
  Desk::picture(window, QStringLiteral("ide-run-dark"));
  desktop::Theme::instance()->choose(desktop::ThemeChoice::light);
  Desk::picture(window, QStringLiteral("ide-light"));
  window->resize(620, 700);
  Desk::picture(window, QStringLiteral("ide-narrow-light"));

  // Undo is the person's own.
  Desk::keys(editor, QStringLiteral("# gone soon"));
  QTest::keyClick(editor, Qt::Key_Z, Qt::ControlModifier);
  ASSERT_TRUE(desk.saved());
  EXPECT_EQ(editor->text().find("gone soon"), std::string::npos);
}

}  // namespace
}  // namespace berth::test
