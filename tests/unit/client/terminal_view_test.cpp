// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/terminal_view.hpp"

#include <gtest/gtest.h>
#include <qtermwidget6/qtermwidget.h>

#include <QApplication>
#include <QClipboard>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTest>
#include <ctime>

#include "client/desktop/terminal_echo.hpp"
#include "terminal_view_fixture.hpp"

namespace berth::test {
namespace {

using namespace berth::protocol;

TEST_F(TerminalViewTest, ShowsOutputAndTellsItsSize) {
  print("hello from far away\r\n");
  EXPECT_TRUE(wait_for([this] { return view->allText().contains(QStringLiteral("hello from far away")); }));
  EXPECT_TRUE(wait_for([this] { return columns > 60; }));
}

TEST_F(TerminalViewTest, SendsTheKeysThatProgramsExpect) {
  QTest::keyClicks(display(), QStringLiteral("ls"));
  QTest::keyClick(display(), Qt::Key_Backspace);
  QTest::keyClick(display(), Qt::Key_Tab);
  QTest::keyClick(display(), Qt::Key_Backtab, Qt::ShiftModifier);
  QTest::keyClick(display(), Qt::Key_C, Qt::ControlModifier);
  QTest::keyClick(display(), Qt::Key_Up);
  EXPECT_TRUE(wait_for([this] { return keys == "ls\x7f\t\x1b[Z\x03\x1b[A"; })) << keys;
}

TEST_F(TerminalViewTest, PastedTextCanNotPressKeys) {
  print("\x1b[?2004hready");  // the program asked for brackets
  ASSERT_TRUE(wait_for([this] { return view->allText().contains(QStringLiteral("ready")); }));
  QGuiApplication::clipboard()->setText(QStringLiteral("echo a\x1b[201~\nrm x\x03"));
  view->paste();
  ASSERT_TRUE(wait_for([this] { return keys.ends_with("\x1b[201~"); })) << keys;
  EXPECT_EQ(keys, "\x1b[200~echo a[201~\rrm x\x1b[201~");
}

// As when another window closes the terminal.
TEST_F(TerminalViewTest, DialogsOutliveTheirTerminal) {
  const auto open_dialog = [] {
    return QApplication::activePopupWidget() ? QApplication::activePopupWidget()
                                             : QApplication::activeModalWidget();
  };
  QGuiApplication::clipboard()->setText(QStringLiteral("one\ntwo\nthree"));
  for (const bool menu : {false, true})
    for (const bool alone : {false, true}) {
      show(true);
      ASSERT_TRUE(wait_for([this] { return terminal->isAttached(); }));
      QWidget window;
      window.resize(800, 400);
      if (!alone) {
        view->setParent(&window);
        window.show();
        view->show();
      }
      bool opened = false;
      QTimer looks;
      QObject::connect(&looks, &QTimer::timeout, [&] {
        if (!open_dialog()) return;
        looks.stop();
        opened = true;
        view.reset();
      });
      looks.start(5);
      if (menu) {
        Q_EMIT view->widget()->customContextMenuRequested({5, 5});
      } else {
        view->paste();
      }
      EXPECT_TRUE(opened);
      EXPECT_FALSE(view);
      EXPECT_FALSE(open_dialog());
    }
  EXPECT_EQ(keys, "");
}

TEST_F(TerminalViewTest, AFloodDoesNotStopTheWindow) {
  flood = true;
  pump();
  std::clock_t last = std::clock();
  std::clock_t longest = 0;  // of this process' own work: the machine may be busy
  QTimer timer;
  QObject::connect(&timer, &QTimer::timeout, [&] {
    const auto now = std::clock();
    longest = std::max(longest, now - std::exchange(last, now));
  });
  QElapsedTimer gap;
  gap.start();
  qint64 longest_wait = 0;
  QObject::connect(&timer, &QTimer::timeout, [&] { longest_wait = std::max(longest_wait, gap.restart()); });
  timer.start(0);
  wait_for([this] { return sent > 6'000'000; }, 60'000);
  EXPECT_GT(sent, 2'000'000u);
  EXPECT_LT(longest * 1'000 / CLOCKS_PER_SEC, 400);
  EXPECT_LT(longest_wait, 10'000) << "it waited without working";
  EXPECT_LE(terminal->outstanding(), 512u << 10);
}

TEST_F(TerminalViewTest, AFloodIsInterruptedAtOnce) {
  flood = true;
  pump();
  ASSERT_TRUE(wait_for([this] { return sent > 2'000'000; }, 20'000));
  QElapsedTimer clock;
  qint64 took = -1;
  std::clock_t worked = 0;
  QTimer looks;
  QObject::connect(&looks, &QTimer::timeout, [&] {
    if (flood && keys.ends_with('\x03')) {  // as a shell does that hears of it
      flood = false;
      print("^C\r\nready> ");
    }
    if (flood || took >= 0 || terminal->shown() != sent) return;
    took = clock.elapsed();
    worked = std::clock() - worked;
  });
  looks.start(1);
  worked = std::clock();
  clock.start();
  QTest::keyClick(display(), Qt::Key_C, Qt::ControlModifier);
  ASSERT_TRUE(wait_for([&] { return took >= 0; }, 20'000));
  EXPECT_TRUE(QString::fromStdU32String(view->surface()->cursorLine()).startsWith(QStringLiteral("ready> ")));
  std::cout << "prompt " << took << " ms after Ctrl-C (" << worked * 1'000 / CLOCKS_PER_SEC
            << " ms of work), window " << terminal->adaptiveWindow().window() / 1024 << " KiB" << std::endl;
  EXPECT_LT(worked * 1'000 / CLOCKS_PER_SEC, 400);  // took 20 on a machine with nothing else to do
}

TEST_F(TerminalViewTest, AnswersTheQuestionsOfAProgram) {
  print("\x1b[c\x1b]11;?\x07");
  EXPECT_TRUE(wait_for([this] {
    return keys.starts_with("\x1b[?") && keys.find("\x1b]11;rgb:") != std::string::npos;
  })) << keys;
}

// Another window answered them long ago.
TEST_F(TerminalViewTest, DoesNotAnswerTheQuestionsOfAPicture) {
  picture = "\x1b[c\x1b]11;?\x07painted";
  show(false);
  ASSERT_TRUE(shows("painted"));
  EXPECT_EQ(keys, "");
}

TEST_F(TerminalViewTest, OneOfSeveralWindowsAnswersQuestions) {
  info.viewers = {"another", me()};
  tell();
  print("\x1b[c\x1b]11;?\x07printed");
  ASSERT_TRUE(shows("printed"));
  EXPECT_EQ(keys, "");
}

TEST_F(TerminalViewTest, ALaterWindowShowsTheScreenAndGoesOn) {
  picture = "line above\r\n\x1b[31mred\x1b[0m $ ";
  show(false);
  ASSERT_TRUE(shows("red $ "));
  print("typed");
  EXPECT_TRUE(shows("red $ typed"));
  EXPECT_TRUE(view->allText().startsWith(QStringLiteral("line above")));
}

TEST_F(TerminalViewTest, TellsExactlyAsManyCellsAsItShows) {
  for (const auto& size : {QSize(800, 400), QSize(801, 413), QSize(1033, 287), QSize(640, 222)}) {
    view->resize(size);
    ASSERT_TRUE(wait_for([&] { return view->surface()->cells() == QSize(columns, rows); }))
        << size.width() << ": told " << columns << "x" << rows << ", shows "
        << view->surface()->cells().width() << "x" << view->surface()->cells().height();
  }
}

TEST_F(TerminalViewTest, ShowsASharedTerminalWithTheSizeItHas) {
  const QSize own(columns, rows);
  info.viewers = {me(), "smaller"};
  info.columns = 50;
  info.rows = 10;
  tell();
  ASSERT_TRUE(wait_for([this] { return view->surface()->cells() == QSize(50, 10); }));
  EXPECT_TRUE(view->sizeStrip()->isVisible());
  EXPECT_EQ(QSize(columns, rows), own) << "a smaller terminal does not make this window's wish smaller";

  picture_of("shared");
  QTest::mouseClick(view->sizeStrip()->findChild<QPushButton*>(QStringLiteral("useMySize")), Qt::LeftButton);
  ASSERT_TRUE(wait_for([this] { return led == true; }));
  info.leader = me();
  info.columns = own.width();
  info.rows = own.height();
  tell();
  EXPECT_TRUE(wait_for([&] { return view->surface()->cells() == own && !view->sizeStrip()->isVisible(); }));

  info.leader = "larger";
  info.columns = 180;
  info.rows = 60;
  tell();
  EXPECT_TRUE(wait_for([this] { return view->surface()->cells() == QSize(180, 60); }));
  EXPECT_EQ(QSize(columns, rows), own);
}

// In the middle of it a new size would put what follows in other lines.
TEST_F(TerminalViewTest, APictureKeepsTheSizeThatItWasMadeForUntilItIsWhole) {
  std::string expected;
  picture.clear();
  for (int i = 1; i < 30; ++i) {
    picture += "line " + std::to_string(i) + "\r\n";
    expected += "line " + std::to_string(i) + "\n";
  }
  picture += "\x1b[10;1H$ here";
  expected += "$ here";
  picture_first = picture.find("line 15");
  for (const bool alone : {false, true}) {
    info.viewers = {me()};
    if (!alone) info.viewers->push_back("another");
    shared = {60, 10};  // alone: what was asked for before a resize that is still on its way
    show(false);
    ASSERT_TRUE(shows("line 14"));
    EXPECT_EQ(view->surface()->cells(), QSize(60, 10));
    info.columns = 90;
    info.rows = 20;
    tell();
    view->resize(700, 300);
    wait_for([] { return false; }, 100);  // long enough for a size to be taken
    EXPECT_EQ(view->surface()->cells(), QSize(60, 10));
    finishPicture();
    ASSERT_TRUE(shows("$ here"));
    EXPECT_EQ(shownText(), expected);
    ASSERT_TRUE(
        wait_for([&] { return view->surface()->cells() == (alone ? QSize(columns, rows) : QSize(90, 20)); }));
    EXPECT_EQ(shownText(), expected);
  }
}

TEST_F(TerminalViewTest, AfterAPictureOfAnotherSizeTheWindowHasItsOwnAgain) {
  info.viewers = {me()};
  const QSize own(columns, rows);
  shared = {60, 10};
  picture_first = 4;
  terminal->repaint();
  ASSERT_TRUE(wait_for([&] { return view->surface()->cells() == QSize(60, 10); }));
  finishPicture();
  ASSERT_TRUE(shows("what was there before"));
  EXPECT_TRUE(wait_for([&] { return view->surface()->cells() == own; }));
}

TEST_F(TerminalViewTest, WhatCameForAnotherSizeWhileItWasHiddenIsPaintedAnew) {
  info.viewers = {me(), "another"};
  tell();
  view->hide();
  info.columns = 50;
  info.rows = 10;
  shared = {50, 10};
  tell();
  const int before = attached;
  view->show();
  ASSERT_TRUE(wait_for([&] { return attached > before; }));
  ASSERT_TRUE(shows("what was there before"));
  EXPECT_EQ(view->surface()->cells(), QSize(50, 10));
}

TEST_F(TerminalViewTest, RepaintsTheMainScreenThatAResizeBehindTheAlternateOneTore) {
  print("one\r\ntwo\r\n\x1b[?1049hfull screen");
  ASSERT_TRUE(shows("full screen"));
  view->resize(800, 200);
  ASSERT_TRUE(wait_for([this] { return view->surface()->cells() == QSize(columns, rows); }));
  const int before = attached;
  print("\x1b[?1049l");
  EXPECT_TRUE(wait_for([&] { return attached > before; }));
  EXPECT_TRUE(shows("what was there before"));
}

TEST_F(TerminalViewTest, PredictsWhatIsTypedAndTakesTheTruth) {
  desktop::TerminalEcho::choose(client::EchoSwitch::Choice::on);
  print("$ ");
  ASSERT_TRUE(shows("$ "));
  QTest::keyClicks(display(), QStringLiteral("a"));
  ASSERT_TRUE(wait_for([this] { return keys == "a"; }));
  EXPECT_FALSE(view->overlay()->prediction());
  print("a");
  ASSERT_TRUE(shows("$ a"));
  // Trust comes with an echo within its grace, which a busy machine may miss: each is over before the next.
  for (int key = 0; key < 40 && !view->overlay()->prediction(); ++key) {
    const auto before = keys.size();
    QTest::keyClicks(display(), QStringLiteral("b"));
    if (view->overlay()->prediction()) break;
    ASSERT_TRUE(wait_for([&] { return keys.size() > before; }));
    print("b");
    ASSERT_TRUE(shows(("$ a" + keys.substr(1)).c_str()));
    wait_for([] { return false; }, 2 * client::EchoPredictor::grace);
  }
  ASSERT_TRUE(view->overlay()->prediction());
  picture_of("predicted");
  const auto prediction = *view->overlay()->prediction();
  EXPECT_EQ(prediction.cells.back().text, U'b');
  EXPECT_EQ(prediction.cursor, prediction.cells.back().column + 1);
  print("b");
  EXPECT_TRUE(wait_for([this] { return !view->overlay()->prediction(); }));
}

TEST_F(TerminalViewTest, OpensLinksWithControlAndAClick) {
  print(
      "see \x1b]8;;https://example.org/a?b=1\x1b\\the page\x1b]8;;\x1b\\ and "
      "\x1b]8;;file:///etc/passwd\x07"
      "a file\x1b]8;;\x07.\r\n");
  ASSERT_TRUE(shows("a file."));
  QSignalSpy opened(view.get(), &desktop::TerminalView::linkActivated);
  const auto at = [this](int column) { return view->surface()->rect(0, column, 1).center(); };
  EXPECT_EQ(view->linkAt(at(4)), QUrl(QStringLiteral("https://example.org/a?b=1")));
  EXPECT_EQ(view->linkAt(at(11)), QUrl(QStringLiteral("https://example.org/a?b=1")));
  EXPECT_TRUE(view->linkAt(at(3)).isEmpty());
  EXPECT_TRUE(view->linkAt(at(12)).isEmpty());
  QTest::mouseClick(display(), Qt::LeftButton, Qt::ControlModifier, at(5));
  QTest::mouseClick(display(), Qt::LeftButton, Qt::ControlModifier, at(18));
  ASSERT_EQ(opened.count(), 1);
  EXPECT_EQ(opened[0][0].toUrl(), QUrl(QStringLiteral("https://example.org/a?b=1")));
  print("\x1b[1;1Hsomething else here\r\n");
  ASSERT_TRUE(shows("something else"));
  EXPECT_TRUE(view->linkAt(at(5)).isEmpty()) << "another text stands there";
}

TEST_F(TerminalViewTest, LinksOfAFullScreenProgramGoWithItsNextDrawing) {
  print("\x1b[?1049h\x1b[H\x1b]8;;https://example.org/\x07top\x1b]8;;\x07");
  ASSERT_TRUE(shows("top"));
  const auto at = [this](int column) { return view->surface()->rect(0, column, 1).center(); };
  EXPECT_TRUE(wait_for([&] { return !view->linkAt(at(1)).isEmpty(); }));
  wait_for([] { return false; }, 150);
  print(std::string(60, '\n') + "scrolled");
  ASSERT_TRUE(shows("scrolled"));
  EXPECT_TRUE(view->linkAt(at(1)).isEmpty());
}

TEST_F(TerminalViewTest, JumpsBetweenPromptsAndKnowsHowCommandsEnded) {
  QSignalSpy finished(view.get(), &desktop::TerminalView::commandFinished);
  for (int i = 0; i < 5; ++i) {
    print("\x1b]133;A\x07$ \x1b]133;B\x07run " + std::to_string(i) + "\r\n\x1b]133;C\x07");
    for (int line = 0; line < 60; ++line) print("output\r\n");
    print("\x1b]133;D;" + std::to_string(i % 2) + "\x07");
  }
  print("\x1b]133;A\x07$ end");
  ASSERT_TRUE(shows("$ end"));
  EXPECT_EQ(finished.count(), 5);
  ASSERT_EQ(view->marks().prompts().size(), 6u);
  EXPECT_EQ(view->marks().prompts()[0].state, desktop::PromptMark::State::succeeded);
  EXPECT_EQ(view->marks().prompts()[1].exit_code, 1);
  picture_of("prompts");
  QTest::keyClick(display(), Qt::Key_Up, Qt::ControlModifier | Qt::ShiftModifier);
  EXPECT_EQ(view->surface()->topLine(), view->marks().prompts()[4].line);
  view->jumpToPrompt(-1);
  EXPECT_EQ(view->surface()->topLine(), view->marks().prompts()[3].line);
  view->jumpToPrompt(1);
  EXPECT_EQ(view->surface()->topLine(), view->marks().prompts()[4].line);
  EXPECT_EQ(keys, "");
}

TEST_F(TerminalViewTest, FetchesThePictureWhenTheHistoryIsFull) {
  QSettings().setValue(QStringLiteral("terminal/scrollback"), 100);
  show(true);
  ASSERT_TRUE(wait_for([this] { return terminal->isAttached(); }));
  const auto command = [this](int number) {
    print("\x1b]133;A\x07$ command-" + std::to_string(number) +
          "-\r\n\x1b]133;C\x07"
          "one\r\ntwo\r\n\x1b]133;D;0\x07");
  };
  for (int i = 0; i < 50; ++i) command(i);
  ASSERT_TRUE(shows("command-49-"));
  const auto lines = view->allText().split(u'\n');
  ASSERT_EQ(view->marks().prompts().size(), 50u);
  for (const auto& mark : view->marks().prompts())
    EXPECT_TRUE(lines.value(mark.line).startsWith(QStringLiteral("$ command-")))
        << mark.line << ": " << lines.value(mark.line).toStdString();

  picture = "\x1b]133;A\x07$ painted";
  const int before = attached;
  for (int i = 50; i < 400; ++i) command(i);
  ASSERT_TRUE(wait_for([&] { return attached > before; }));
  ASSERT_TRUE(shows("$ painted"));
  EXPECT_EQ(view->marks().prompts().size(), 1u);
}

// A window that opens an hour after the command was begun, or sleeps meanwhile, calls for its person all the
// same.
TEST_F(TerminalViewTest, KnowsHowLongACommandRanBeforeItLooked) {
  const std::string ended = "\x1b]133;A\x07$ ls\r\n\x1b]133;C;age=7200000\x07\x1b]133;D;0\x07";
  for (const bool running : {true, false}) {
    picture = ended + (running ? "\x1b]133;A\x07$ make\r\n\x1b]133;C;age=3600000\x07" : "") + "painted";
    show(false);
    QSignalSpy finished(view.get(), &desktop::TerminalView::commandFinished);
    ASSERT_TRUE(shows("painted"));
    EXPECT_EQ(finished.count(), 0) << "that is past";
    print("\r\n\x1b]133;D;2\x1b\\done");
    ASSERT_TRUE(shows("done"));
    ASSERT_EQ(finished.count(), running ? 1 : 0);
    if (!running) continue;
    EXPECT_EQ(finished[0][0].toInt(), 2);
    EXPECT_GE(finished[0][1].toLongLong(), 3'600'000);
    EXPECT_LT(finished[0][1].toLongLong(), 3'700'000);
  }
}

}  // namespace
}  // namespace berth::test
