// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QTest>
#include <QWindow>

#include "berth_server.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/terminal_panel.hpp"
#include "client/desktop/terminal_view.hpp"
#include "desk.hpp"
#include "tests/fault_proxy.hpp"
#include "wait_for.hpp"
#include "watched_application.hpp"

namespace berth::test {
namespace {

using namespace std::chrono_literals;

TEST(DesktopWayland, starts_types_and_shows_and_never_waits_over_200_ms) {
  ASSERT_EQ(QGuiApplication::platformName(), QStringLiteral("wayland"));
  auto* application = static_cast<WatchedApplication*>(qApp);
  BerthServer server;
  FaultProxy proxy(server.port());
  Desk desk(server.setupLink(proxy.port()));
  auto* window = desk.firstWorkspace(QStringLiteral("python"), QStringLiteral("Far away"));
  ASSERT_NE(window, nullptr);
  EXPECT_TRUE(wait_for([&] { return window->windowHandle() && window->windowHandle()->isExposed(); }));
  const auto main = QString::fromStdString(window->workspace()->facts().open_file);
  ASSERT_TRUE(desk.waitForFile(main));

  // From here on every answer takes 200 ms, and no handler may wait for one.
  proxy.set_delay(100ms);
  application->beginAnew();
  auto* editor = desk.editor();
  editor->SendScintilla(QsciScintillaBase::SCI_CLEARALL);
  Desk::keys(editor, QStringLiteral("print(6 * 7, 'over the sea')\n"));
  EXPECT_TRUE(wait_for(
      [&] { return window->editors()->current()->document()->durability() >= client::Durability::on_disk; },
      60'000));
  Desk::keys(desk.terminal(), QStringLiteral("python3 ~/%1\n").arg(main));
  EXPECT_TRUE(desk.terminalShows(QStringLiteral("42 over the sea"), 60'000));
  window->editors()->openFile(QStringLiteral("project/.gitignore"));
  EXPECT_TRUE(wait_for(
      [&] {
        auto* tab = window->editors()->tabOf(QStringLiteral("project/.gitignore"));
        return tab && tab->document()->isLoaded();
      },
      60'000));
  window->showHistory({});
  window->terminals()->open();
  EXPECT_TRUE(wait_for([&] { return desk.terminal() && desk.terminal()->terminal()->isAttached(); }, 60'000));
  window->workspace()->rename(QStringLiteral("Farther away"));
  EXPECT_TRUE(
      wait_for([&] { return window->windowTitle().contains(QStringLiteral("Farther away")); }, 60'000));
  EXPECT_LT(application->longestSleep(), 150ms) << "in " << application->longestIn();

  // What is shown is in the window's own pixels.
  const auto image = window->grab().toImage();
  EXPECT_GT(image.width(), 600);
  Desk::picture(window, QStringLiteral("wayland"));
}

}  // namespace
}  // namespace berth::test
