// SPDX-License-Identifier: GPL-3.0-or-later
// Terminals as two windows and a slow network see them.
#include <gtest/gtest.h>

#include <QApplication>
#include <QClipboard>
#include <QPushButton>
#include <QTabWidget>
#include <QTest>

#include "berth_server.hpp"
#include "client/core/workspace.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/terminal_echo.hpp"
#include "client/desktop/terminal_overlay.hpp"
#include "client/desktop/terminal_panel.hpp"
#include "client/desktop/terminal_surface.hpp"
#include "client/desktop/terminal_view.hpp"
#include "desk.hpp"
#include "shown_lines.hpp"
#include "tests/fault_proxy.hpp"
#include "tests/soak.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

constexpr int terminal_patience = 20'000;  // ms

/// The same workspace in another window, with terminals only.
class SecondWindow {
 public:
  SecondWindow(desktop::IdeWindow* first, const QSize& size)
      : workspace_(first->workspace()->server(), first->workspace()->facts()), panel_(&workspace_) {
    panel_.resize(size);
    panel_.setWindowTitle(QStringLiteral("Second window"));
    panel_.setVisible(true);
    workspace_.open();
  }
  desktop::TerminalView* view() { return panel_.current(); }
  desktop::TerminalPanel* panel() { return &panel_; }
  bool isAttached() { return view() && view()->terminal() && view()->terminal()->isAttached(); }

 private:
  client::Workspace workspace_;
  desktop::TerminalPanel panel_;
};

testing::AssertionResult same_screen(desktop::TerminalView* one, desktop::TerminalView* other) {
  if (wait_for(
          [&] {
            return shown_lines(one) == shown_lines(other) &&
                   one->surface()->cursor() == other->surface()->cursor();
          },
          terminal_patience))
    return testing::AssertionSuccess();
  return testing::AssertionFailure() << "one shows (cursor " << one->surface()->cursor().x() << ","
                                     << one->surface()->cursor().y() << "):\n"
                                     << shown_lines(one).join(u'\n').right(3'000).toStdString()
                                     << "\n--- the other (cursor " << other->surface()->cursor().x() << ","
                                     << other->surface()->cursor().y() << "):\n"
                                     << shown_lines(other).join(u'\n').right(3'000).toStdString();
}

TEST(DesktopTerminals, a_second_window_shows_the_same_screen_and_both_type) {
  BerthServer server;
  Desk desk(server.setupLink());
  auto* window = desk.firstWorkspace(QStringLiteral("python"), QStringLiteral("Two bridges"));
  ASSERT_NE(window, nullptr);
  auto* first = desk.terminal();
  Desk::keys(first,
             QStringLiteral("seq 1 400; printf '\\033[31mred\\033[0m \\033[1;4mbold\\033[0m 漢字\\n'\n"));
  ASSERT_TRUE(desk.terminalShows(QStringLiteral("\nred bold 漢字")));
  Desk::keys(first, QStringLiteral("echo half a li"));
  ASSERT_TRUE(desk.terminalShows(QStringLiteral("half a li")));

  SecondWindow second(window, first->size() + QSize(60, 60));
  ASSERT_TRUE(wait_for([&] { return second.isAttached(); }, terminal_patience));
  EXPECT_TRUE(same_screen(first, second.view()));
  Desk::picture(second.panel(), QStringLiteral("terminal-second"));
  Desk::keys(second.view(), QStringLiteral("ne\n"));
  ASSERT_TRUE(desk.terminalShows(QStringLiteral("\nhalf a line")));
  EXPECT_TRUE(same_screen(first, second.view()));

  // A program with the whole screen, and the way back from it.
  Desk::keys(first, QStringLiteral("printf '\\033[?1049h\\033[2J\\033[5;10Hdeck\\040plan\\033[7;3H'; read x; "
                                   "printf '\\033[?1049l'\n"));
  ASSERT_TRUE(desk.terminalShows(QStringLiteral("deck plan")));
  {
    SecondWindow third(window, first->size() + QSize(20, 20));
    ASSERT_TRUE(wait_for([&] { return third.isAttached(); }, terminal_patience));
    EXPECT_TRUE(wait_for([&] { return third.view()->allText().contains(QStringLiteral("deck plan")); },
                         terminal_patience));
    EXPECT_EQ(third.view()->surface()->cursor(), QPoint(2, 6));
    Desk::keys(third.view(), QStringLiteral("\n"));
    ASSERT_TRUE(
        wait_for([&] { return !first->allText().contains(QStringLiteral("deck plan")); }, terminal_patience));
  }
  EXPECT_TRUE(same_screen(first, second.view()));
}

TEST(DesktopTerminals, the_smallest_window_or_the_leader_gives_the_size) {
  BerthServer server;
  Desk desk(server.setupLink());
  auto* window = desk.firstWorkspace(QStringLiteral("python"), QStringLiteral("Shared helm"));
  ASSERT_NE(window, nullptr);
  auto* first = desk.terminal();
  const auto own = first->surface()->cells();
  SecondWindow second(window, {460, 200});
  ASSERT_TRUE(wait_for([&] { return second.isAttached(); }, terminal_patience));
  const auto small = second.view()->surface()->cells();
  ASSERT_LT(small.width(), own.width());
  const QSize least(small.width(), std::min(small.height(), own.height()));
  EXPECT_TRUE(wait_for([&] { return first->surface()->cells() == least; }, terminal_patience));
  EXPECT_TRUE(first->sizeStrip()->isVisible());
  Desk::keys(first, QStringLiteral("echo size=$(stty size)\n"));
  EXPECT_TRUE(desk.terminalShows(QStringLiteral("size=%1 %2").arg(least.height()).arg(least.width())));
  Desk::picture(window, QStringLiteral("terminal-sized-by-another"));

  Desk::click(first->sizeStrip()->findChild<QPushButton*>(QStringLiteral("useMySize")));
  EXPECT_TRUE(wait_for([&] { return first->surface()->cells() == own && !first->sizeStrip()->isVisible(); },
                       terminal_patience));
  EXPECT_TRUE(wait_for([&] { return second.view()->surface()->cells() == own; }, terminal_patience));
  EXPECT_TRUE(second.view()->sizeStrip()->isVisible());
  Desk::picture(second.panel(), QStringLiteral("terminal-led"));
  Desk::keys(first, QStringLiteral("echo led=$(stty size)\n"));
  EXPECT_TRUE(desk.terminalShows(QStringLiteral("led=%1 %2").arg(own.height()).arg(own.width())));
}

/// How long the window had no turn, and how much output was under way at most, while it lives.
class Liveliness {
 public:
  explicit Liveliness(const client::Terminal* terminal) {
    gap_.start();
    QObject::connect(&ticks_, &QTimer::timeout, [this, terminal] {
      longest_ = std::max(longest_, gap_.restart());
      most_ = std::max(most_, terminal->outstanding());
    });
    ticks_.start(0);
  }
  qint64 longest() const { return longest_; }   // ms
  std::uint64_t most() const { return most_; }  // bytes

 private:
  QElapsedTimer gap_;
  QTimer ticks_;
  qint64 longest_ = 0;
  std::uint64_t most_ = 0;
};

TEST(DesktopTerminals, a_flood_is_interrupted_at_once_and_freezes_nothing) {
  BerthServer server;
  Desk desk(server.setupLink());
  auto* window = desk.firstWorkspace(QStringLiteral("python"), QStringLiteral("Spring tide"));
  ASSERT_NE(window, nullptr);
  auto* view = desk.terminal();
  Desk::keys(view, QStringLiteral("PS1='ready> '\n"));
  ASSERT_TRUE(desk.terminalShows(QStringLiteral("\nready> ")));
  for (const auto* command :
       {"yes", "yes a line of some length that comes again and again", "seq 1 100000000"}) {
    Desk::keys(view, QString::fromLatin1(command) + QLatin1Char('\n'));
    const auto start = view->terminal()->received();
    ASSERT_TRUE(
        wait_for([&] { return view->terminal()->received() > start + 3'000'000; }, terminal_patience));
    const Liveliness window_is(view->terminal());
    wait_for([] { return false; }, 500);
    EXPECT_LT(window_is.longest(), 500) << command;
    EXPECT_LE(window_is.most(), 512u << 10) << command;
    QElapsedTimer clock;
    qint64 took = -1;
    QTimer looks;
    QObject::connect(&looks, &QTimer::timeout, [&] {
      if (took >= 0 || view->terminal()->hasOutput()) return;
      const auto line = QString::fromStdU32String(view->surface()->cursorLine());
      if (line.contains(QStringLiteral("ready> "))) took = clock.elapsed();
    });
    clock.start();
    QTest::keyClick(view->surface()->display(), Qt::Key_C, Qt::ControlModifier);
    looks.start(1);
    ASSERT_TRUE(wait_for([&] { return took >= 0; }, terminal_patience)) << command;
    std::cout << command << ": prompt " << took << " ms after Ctrl-C, longest turn " << window_is.longest()
              << " ms, window " << view->terminal()->adaptiveWindow().window() / 1024 << " KiB, round trip "
              << view->terminal()->roundTrip() << " ms" << std::endl;
    EXPECT_LT(took, 1'000) << command;
  }
  // Still in order, and still alive.
  Desk::keys(view, QStringLiteral("echo still=$((40 + 2))\n"));
  EXPECT_TRUE(desk.terminalShows(QStringLiteral("still=42")));
}

TEST(DesktopTerminals, a_large_file_is_shown_to_its_end_and_the_window_lives) {
  const Soak soak(8, 1'000);  // megabytes
  BerthServer server;
  Desk desk(server.setupLink());
  ASSERT_NE(desk.firstWorkspace(QStringLiteral("python"), QStringLiteral("Neap tide")), nullptr);
  auto* view = desk.terminal();
  Desk::keys(view, QStringLiteral("yes $(printf %090d 7) | head -c %1 > large; echo made=$?\n")
                       .arg(std::int64_t{soak.rounds()} * 1'000'000));
  ASSERT_TRUE(wait_for([&] { return shown_lines(view).contains(QStringLiteral("made=0")); }, 120'000));
  const auto start = view->terminal()->received();
  Desk::keys(view, QStringLiteral("cat large; echo over=$?\n"));
  const Liveliness window_is(view->terminal());
  QElapsedTimer clock;
  clock.start();
  const auto length = std::uint64_t(soak.rounds()) * 1'000'000;
  ASSERT_TRUE(wait_for(
      [&] { return view->terminal()->received() - start >= length && !view->terminal()->hasOutput(); },
      terminal_patience + soak.rounds() * 2'000));
  EXPECT_LT(window_is.longest(), 1'000);
  EXPECT_LE(window_is.most(), 512u << 10);
  std::cout << soak.rounds() << " MB in " << clock.elapsed() << " ms, longest turn " << window_is.longest()
            << " ms, " << window_is.most() / 1024 << " KiB under way at most" << std::endl;
  EXPECT_TRUE(desk.terminalShows(QStringLiteral("over=0")));
}

TEST(DesktopTerminals, keys_show_before_their_echo_on_a_slow_connection) {
  BerthServer server;
  FaultProxy proxy(server.port());
  Desk desk(server.setupLink(proxy.port()));
  auto* window = desk.firstWorkspace(QStringLiteral("python"), QStringLiteral("Long swell"));
  ASSERT_NE(window, nullptr);
  auto* view = desk.terminal();
  Desk::keys(view, QStringLiteral("PS1='> '\n"));
  ASSERT_TRUE(desk.terminalShows(QStringLiteral("\n> ")));
  if (view->terminal()->roundTrip() < 35) {
    EXPECT_FALSE(view->echo()->isOn());  // a busy machine is slow itself
  }
  proxy.set_delay(std::chrono::milliseconds(150));
  ASSERT_TRUE(wait_for([&] { return view->echo()->isOn(); }, 30'000)) << view->terminal()->roundTrip();

  // The first echo earns trust; from then on keys show at once.
  Desk::keys(view, QStringLiteral("e"));
  const auto line = [&] { return QString::fromStdU32String(view->surface()->cursorLine()); };
  ASSERT_TRUE(wait_for([&] { return line().startsWith(QStringLiteral("> e")); }, terminal_patience));
  bool early = false;
  for (int attempt = 0; attempt < 20 && !early; ++attempt) {
    const auto before = line().trimmed();
    Desk::keys(view, QStringLiteral("x"));
    early = view->overlay()->prediction().has_value() && line().trimmed() == before;
    if (early) Desk::picture(window, QStringLiteral("terminal-predicted"));
    wait_for([&] { return line().trimmed().size() > before.size(); }, terminal_patience);
  }
  EXPECT_TRUE(early) << "a key showed before its echo came";
  ASSERT_TRUE(wait_for([&] { return !view->overlay()->prediction(); }, terminal_patience));

  // What is typed without echo never shows.
  QTest::keyClick(view->surface()->display(), Qt::Key_U, Qt::ControlModifier);
  Desk::keys(view, QStringLiteral("read -s secret; echo \"length=${#secret}\"\n"));
  for (const auto c : QStringLiteral("anchor")) {
    Desk::keys(view, QString(c));
    wait_for([&] { return false; }, 60);
    const auto& prediction = view->overlay()->prediction();
    EXPECT_TRUE(!prediction || prediction->cells.empty() || prediction->row != view->surface()->cursor().y())
        << "a secret is shown";
  }
  Desk::keys(view, QStringLiteral("\n"));
  EXPECT_TRUE(desk.terminalShows(QStringLiteral("length=6")));
  EXPECT_TRUE(wait_for([&] { return !view->overlay()->prediction(); }, terminal_patience));
}

TEST(DesktopTerminals, a_program_writes_the_clipboard_after_one_question_and_tells_its_directory) {
  BerthServer server;
  Desk desk(server.setupLink());
  auto* window = desk.firstWorkspace(QStringLiteral("python"), QStringLiteral("Signal flags"));
  ASSERT_NE(window, nullptr);
  auto* first = desk.terminal();

  // The clipboard: asked for once.
  QApplication::clipboard()->setText(QStringLiteral("before"));
  Desk::keys(first, QStringLiteral("printf '\\033]52;c;aGVsbG8=\\007'\n"));
  ASSERT_TRUE(wait_for([&] { return first->bar()->isVisible(); }, terminal_patience));
  EXPECT_EQ(QApplication::clipboard()->text(), QStringLiteral("before"));
  Desk::picture(window, QStringLiteral("terminal-clipboard"));
  Desk::click(first->bar()->findChildren<QPushButton*>().value(0));
  EXPECT_EQ(QApplication::clipboard()->text(), QStringLiteral("hello"));
  // From then on while the person looks.
  window->activateWindow();
  ASSERT_TRUE(wait_for([&] { return window->isActiveWindow(); }, 10'000));
  Desk::keys(first, QStringLiteral("printf '\\033]52;c;YWdhaW4=\\007'\n"));
  EXPECT_TRUE(wait_for([&] { return QApplication::clipboard()->text() == QStringLiteral("again"); },
                       terminal_patience));
  EXPECT_FALSE(first->bar()->isVisible());

  // The directory: in the tab's tip, and where the next terminal begins.
  Desk::keys(first, QStringLiteral("mkdir -p ~/project/hold && cd ~/project/hold\n"));
  ASSERT_TRUE(wait_for([&] { return first->directory().endsWith(QStringLiteral("/project/hold")); },
                       terminal_patience))
      << first->directory().toStdString();
  auto* tabs = window->terminals()->findChild<QTabWidget*>();
  EXPECT_TRUE(wait_for([&] { return tabs->tabToolTip(0).contains(QStringLiteral("/project/hold")); },
                       terminal_patience));
  Desk::keys(first, QStringLiteral("true\nfalse\n"));
  EXPECT_TRUE(wait_for(
      [&] {
        const auto& prompts = first->marks().prompts();
        return prompts.size() > 2 && prompts[prompts.size() - 2].state == desktop::PromptMark::State::failed;
      },
      terminal_patience));
  Desk::picture(window, QStringLiteral("terminal-marks"));
  window->terminals()->open();
  ASSERT_TRUE(wait_for([&] { return desk.terminal() != first && desk.terminal()->terminal()->isAttached(); },
                       terminal_patience));
  auto* second = desk.terminal();
  Desk::keys(second, QStringLiteral("pwd\n"));
  EXPECT_TRUE(desk.terminalShows(QStringLiteral("/project/hold\n")));
}

}  // namespace
}  // namespace berth::test
