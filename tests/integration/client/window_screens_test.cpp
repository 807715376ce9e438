// SPDX-License-Identifier: GPL-3.0-or-later
// The windows that tell of the program itself, and what stands before a workspace is open.
#include <gtest/gtest.h>

#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QTabWidget>
#include <QTest>

#include "client/core/recent_workspaces.hpp"
#include "client/core/this_machine.hpp"
#include "client/desktop/about_dialog.hpp"
#include "client/desktop/connect_page.hpp"
#include "client/desktop/editor_commands.hpp"
#include "client/desktop/key_field.hpp"
#include "client/desktop/keys_dialog.hpp"
#include "client/desktop/keys_reference.hpp"
#include "client/desktop/start_window.hpp"
#include "client/desktop/workspace_row.hpp"
#include "client/desktop/workspaces_page.hpp"
#include "screens.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

constexpr int window_patience = 30'000;  // ms

TEST_F(Screens, OfTheProgramItself) {
  QSettings().clear();
  desktop::AboutDialog about;
  about.show();
  picture(&about, QStringLiteral("about"));
  auto* parts = about.findChild<QTabWidget*>(QStringLiteral("aboutParts"));
  ASSERT_TRUE(parts);
  for (int part = 1; part < parts->count(); ++part) {
    parts->setCurrentIndex(part);
    picture(&about, QStringLiteral("about-%1").arg(part));
  }
  about.close();

  desktop::KeysReference reference;
  reference.show();
  picture(&reference, QStringLiteral("keys-reference"));
  reference.resize(420, 560);
  picture(&reference, QStringLiteral("keys-reference-narrow"));
  reference.close();

  desktop::KeyBindings::instance()->setKeys(QStringLiteral("window.quit"),
                                            {QKeySequence(QStringLiteral("Ctrl+K"))});
  desktop::KeysDialog keys;
  keys.show();
  auto* key = keys.findChild<desktop::KeyField*>(QStringLiteral("newKey"));
  ASSERT_TRUE(key);
  QTest::keyClick(key, Qt::Key_P, Qt::ControlModifier);
  picture(&keys, QStringLiteral("keys-conflict"));
  keys.resize(480, 520);
  picture(&keys, QStringLiteral("keys-narrow"));
  keys.close();
  desktop::KeyBindings::instance()->reset(QStringLiteral("window.quit"));
}

TEST_F(Screens, OfThisMachine) {
  QSettings().clear();
  client::RecentWorkspaces recent;
  recent.remember({QByteArray("this-machine"), QUrl(QStringLiteral("http://127.0.0.1:4000")),
                   QStringLiteral("me@this-machine"), QStringLiteral("abcdefghij"),
                   QStringLiteral("Tide tables")});
  qputenv("BERTH_BERTHD", "/nowhere/berthd");
  client::ThisMachine machine;
  desktop::StartWindow window(&secrets, &servers, desktop::Places{&recent, &machine});
  window.show();
  picture(&window, QStringLiteral("start"));
  window.resize(460, 640);
  picture(&window, QStringLiteral("start-narrow"));
  window.resize(860, 640);
  machine.open();
  EXPECT_TRUE(
      wait_for([&] { return machine.state() == client::ThisMachine::State::failed; }, window_patience));
  picture(&window, QStringLiteral("start-failed"));
  qunsetenv("BERTH_BERTHD");
  // What needs no server is there before one is known.
  auto* open_about = window.findChild<QPushButton*>(QStringLiteral("startAbout"));
  ASSERT_TRUE(open_about);
  open_about->click();
  auto* about = window.findChild<desktop::AboutDialog*>();
  ASSERT_TRUE(about);
  EXPECT_TRUE(about->isVisible());
  about->close();
}

TEST_F(Screens, DeletingAsksInAWindowThatHoldsNothingUp) {
  QSettings().clear();
  client::ServerConnection connection(server.origin(), &secrets);
  signIn(connection);
  desktop::WorkspacesPage page(&connection);
  page.resize(900, 640);
  page.show();
  ASSERT_TRUE(wait_for([&] { return page.rows().size() == 4; }, window_patience));
  const auto question = [&] { return page.findChild<QMessageBox*>(QStringLiteral("deleteWorkspace")); };
  const auto ask = [&] {
    Q_EMIT page.rows().front()->deleteWanted();  // returns at once
    ASSERT_TRUE(question());
    EXPECT_TRUE(question()->isVisible());
  };
  const auto is_asked = [&] {
    return std::ranges::any_of(server.requests,
                               [](const auto& head) { return head.startsWith(QStringLiteral("DELETE ")); });
  };
  ask();
  picture(question(), QStringLiteral("delete-question"));
  question()->button(QMessageBox::Cancel)->click();
  ASSERT_TRUE(wait_for([&] { return !question(); }, window_patience));
  EXPECT_FALSE(is_asked());
  ask();
  // The page goes on below it: a row that is built anew does not take the question with it.
  for (auto& workspace : workspaces) workspace.name += " again";
  page.refresh();
  const auto is_anew = [&] {
    return std::ranges::any_of(page.rows().front()->findChildren<QLabel*>(),
                               [](const auto* label) { return label->text().endsWith(u"again"); });
  };
  ASSERT_TRUE(wait_for(is_anew, window_patience));
  ASSERT_TRUE(question());
  for (auto* button : question()->buttons())
    if (question()->buttonRole(button) == QMessageBox::DestructiveRole) button->click();
  EXPECT_TRUE(wait_for(is_asked, window_patience));
}

}  // namespace
}  // namespace berth::test
