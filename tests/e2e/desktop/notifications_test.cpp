// SPDX-License-Identifier: GPL-3.0-or-later
// What reaches a person who looks elsewhere: a real session bus with a notification service on it, a real
// berthd, real windows.
#include <gtest/gtest.h>

#include <QSettings>
#include <QTest>

#include "berth_server.hpp"
#include "client/core/workspace.hpp"
#include "client/desktop/notifier.hpp"
#include "client/desktop/terminal_panel.hpp"
#include "client/desktop/terminal_view.hpp"
#include "desk.hpp"
#include "notification_service.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

constexpr int notification_patience = 20'000;  // ms
constexpr int between_calls = 3'100;           // ms; so long one call follows another at the earliest

TEST(DesktopNotifications, a_long_command_and_a_bell_call_once_each_and_a_click_brings_the_terminal) {
  NotificationService service(true);
  ASSERT_TRUE(service.isThere());
  BerthServer server;
  Desk desk(server.setupLink());
  auto* window = desk.firstWorkspace(QStringLiteral("python"), QStringLiteral("Signal flags"));
  ASSERT_NE(window, nullptr);
  auto* first = desk.terminal();
  first->terminal()->rename(QStringLiteral("<i>deck</i>"));
  window->terminals()->open();
  ASSERT_TRUE(wait_for([&] { return desk.terminal() != first && desk.terminal()->terminal()->isAttached(); },
                       notification_patience));

  // Who looks at it is told nothing; so is who waited for a moment only.
  window->activateWindow();
  ASSERT_TRUE(wait_for([&] { return window->isActiveWindow(); }, notification_patience));
  QSettings().setValue(QStringLiteral("terminal/long_command"), 500);
  Desk::keys(desk.terminal(), QStringLiteral("sleep 1; printf 'looked\\055at\\007\\n'\n"));
  ASSERT_TRUE(desk.terminalShows(QStringLiteral("looked-at")));
  Desk::keys(first, QStringLiteral("true\n"));
  wait_for([] { return false; }, 300);
  EXPECT_TRUE(service.told().empty());

  // A long command in a tab that is not shown.
  Desk::keys(first, QStringLiteral("sleep 1; false\n"));
  ASSERT_TRUE(wait_for([&] { return !service.told().empty(); }, notification_patience));
  const auto failed = service.told().front();
  EXPECT_EQ(failed.application, QStringLiteral("Berth"));
  EXPECT_EQ(failed.icon, QStringLiteral("io.berth.Berth"));
  EXPECT_EQ(failed.title, QStringLiteral("A command failed"));
  EXPECT_TRUE(failed.text.startsWith(QStringLiteral("&lt;i&gt;deck&lt;/i&gt;: exit code 1 after ")))
      << failed.text.toStdString();
  EXPECT_EQ(failed.actions.value(0), QStringLiteral("default"));
  EXPECT_EQ(failed.hints.value(QStringLiteral("desktop-entry")), QStringLiteral("io.berth.Berth"));
  service.click(failed.id);
  EXPECT_TRUE(wait_for([&] { return desk.terminal() == first; }, notification_patience));

  // A bell while the window is put away.
  window->showMinimized();
  ASSERT_TRUE(wait_for([&] { return !window->isActiveWindow(); }, notification_patience));
  wait_for([] { return false; }, between_calls);
  Desk::keys(first, QStringLiteral("printf '\\a\\a\\a'\n"));
  ASSERT_TRUE(wait_for([&] { return service.told().size() > 1; }, notification_patience));
  EXPECT_EQ(service.told()[1].title, QStringLiteral("A terminal rings"));
  EXPECT_EQ(service.told()[1].text, QStringLiteral("&lt;i&gt;deck&lt;/i&gt;"));
  wait_for([] { return false; }, 300);
  EXPECT_EQ(service.told().size(), 2u);
  service.click(failed.id);  // which was clicked already, and is over
  wait_for([] { return false; }, 300);
  EXPECT_TRUE(window->isMinimized());
  service.click(service.told()[1].id);
  EXPECT_TRUE(
      wait_for([&] { return !window->isMinimized() && window->isActiveWindow(); }, notification_patience));

  // Switched off it is silent.
  QSettings().setValue(QStringLiteral("terminal/notifications"), false);
  window->showMinimized();
  ASSERT_TRUE(wait_for([&] { return !window->isActiveWindow(); }, notification_patience));
  wait_for([] { return false; }, between_calls);
  Desk::keys(first, QStringLiteral("printf '\\arang\\055out\\n'\n"));
  ASSERT_TRUE(desk.terminalShows(QStringLiteral("rang-out")));
  wait_for([] { return false; }, 300);
  EXPECT_EQ(service.told().size(), 2u);
}

TEST(DesktopNotifications, a_service_that_reads_no_markup_gets_the_text_as_it_is) {
  QSettings().clear();
  NotificationService service(false);
  ASSERT_TRUE(service.isThere());
  QWidget window;
  bool chosen = false;
  desktop::Notifier::instance()->notify(
      {&window, QStringLiteral("Title"), QStringLiteral("a < b & c"), [&] { chosen = true; }});
  ASSERT_TRUE(wait_for([&] { return !service.told().empty(); }, notification_patience));
  EXPECT_EQ(service.told().front().text, QStringLiteral("a < b & c"));
  service.click(service.told().front().id);
  EXPECT_TRUE(wait_for([&] { return chosen; }, notification_patience));
}

}  // namespace
}  // namespace berth::test
