// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QListWidget>
#include <QMessageBox>
#include <QPushButton>
#include <QTest>

#include "berth_server.hpp"
#include "client/core/document.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/diff_pane.hpp"
#include "client/desktop/diff_view.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/history_window.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/status_strip.hpp"
#include "client/desktop/terminal_view.hpp"
#include "client/desktop/version_list.hpp"
#include "desk.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

constexpr int stored_within = 20'000;  // ms; on a machine with other work

TEST(Desktop, an_edit_is_stored_shown_in_the_history_and_taken_back) {
  BerthServer server;
  Desk desk(server.setupLink());
  auto* window = desk.firstWorkspace(QStringLiteral("python"), QStringLiteral("Logbook"));
  ASSERT_NE(window, nullptr);
  const auto path = QStringLiteral("project/log.txt");
  Desk::keys(desk.terminal(), QStringLiteral("printf 'north wind\\n' > log.txt\n"));
  ASSERT_TRUE(wait_for([&] { return window->workspace()->tree()->indexOf(path).isValid(); }, 10'000));
  window->editors()->openFile(path);
  auto* document = window->editors()->current()->document();
  const auto stored = [&] {
    return wait_for([&] { return document->durability() == client::Durability::stored; }, stored_within);
  };
  ASSERT_TRUE(wait_for([&] { return document->isLoaded(); }, 10'000));
  const auto type_line = [&](const QString& line) {
    QTest::keyClick(desk.editor(), Qt::Key_End, Qt::ControlModifier);
    Desk::keys(desk.editor(), line);
    ASSERT_TRUE(stored()) << window->status()->storageText().toStdString();
  };
  type_line(QStringLiteral("calm sea\n"));
  type_line(QStringLiteral("a mistake\n"));
  EXPECT_TRUE(
      wait_for([&] { return window->status()->storageText() == QStringLiteral("Stored ✓"); }, stored_within));

  auto* history = window->showHistory(path);
  ASSERT_TRUE(wait_for([&] { return history->diff()->right()->text().contains(QStringLiteral("a mistake")); },
                       10'000));
  EXPECT_FALSE(history->diff()->left()->text().contains(QStringLiteral("a mistake")));
  Desk::picture(history, QStringLiteral("history"));
  const auto newest = history->history()->chosen()->id;
  QTest::keyClick(history->versions()->list(), Qt::Key_Down);
  ASSERT_TRUE(wait_for(
      [&] {
        return history->history()->chosen()->id != newest &&
               history->diff()->right()->text().contains(QStringLiteral("calm sea"));
      },
      10'000));
  Desk::click(history->restoreButton());
  ASSERT_TRUE(wait_for([&] { return history->findChild<QMessageBox*>(QStringLiteral("restoreQuestion")); }));
  QTest::keyClick(history->findChild<QMessageBox*>(QStringLiteral("restoreQuestion")), Qt::Key_Return);
  ASSERT_TRUE(wait_for([&] { return history->bar()->isVisible(); }, 30'000));
  EXPECT_TRUE(history->bar()->text().contains(QStringLiteral("was brought back")))
      << history->bar()->text().toStdString();
  EXPECT_TRUE(wait_for(
      [&] {
        return QString::fromStdString(desk.editor()->text()) == QStringLiteral("north wind\ncalm sea\n");
      },
      15'000))
      << desk.editor()->text();
  history->close();
}

}  // namespace
}  // namespace berth::test
