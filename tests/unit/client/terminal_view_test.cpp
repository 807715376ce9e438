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

#include "client/core/workspace_connection.hpp"
#include "client/desktop/terminal_echo.hpp"
#include "client/desktop/terminal_overlay.hpp"
#include "client/desktop/terminal_surface.hpp"
#include "fake_runner.hpp"
#include "shown_lines.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using namespace berth::protocol;

class TerminalViewTest : public testing::Test {
 protected:
  void SetUp() override {
    QSettings().remove(QStringLiteral("terminal"));
    runner.on<TerminalAttach>([this](const TerminalAttach::Params& params) -> Result<TerminalAttach::Result> {
      granted = sent + params.credit;
      columns = params.columns.value_or(0);
      rows = params.rows.value_or(0);
      ++attached;
      std::optional<std::uint32_t> screen;
      if (!params.output_offset) {
        screen = 100;
        QTimer::singleShot(0, &runner, [this] {
          if (picture_first > 0) {
            runner.sendFrame({FrameKind::data, false, 100, 0},
                             std::string_view(picture).substr(0, picture_first));
          } else {
            finishPicture();
          }
        });
      }
      info.columns = shared.isEmpty() ? columns : shared.width();
      info.rows = shared.isEmpty() ? rows : shared.height();
      return TerminalAttach::Result{1, sent, false, screen, keys.size(), 1 << 16, info};
    });
    runner.on<TerminalDetach>([](const TerminalDetach::Params&) -> Result<Empty> { return Empty{}; });
    runner.on<TerminalResize>([this](const TerminalResize::Params& params) -> Result<Empty> {
      columns = params.columns;
      rows = params.rows;
      return Empty{};
    });
    runner.on<TerminalLead>([this](const TerminalLead::Params& params) -> Result<Empty> {
      led = params.lead;
      return Empty{};
    });
    runner.onFrame = [this](const FrameHeader& header, std::string_view payload) {
      if (header.channel != 1) return;
      if (header.kind == FrameKind::data) keys.append(payload);
      if (header.kind == FrameKind::credit) granted = header.offset;
      if (header.kind == FrameKind::credit && flood) pump();
    };
    connection.open();
    ASSERT_TRUE(wait_for([this] { return connection.online(); }));
    show(true);
    ASSERT_TRUE(wait_for([this] { return terminal->isAttached(); }));
  }
  void show(bool fresh) {
    view.reset();
    terminal = std::make_unique<client::Terminal>(&connection, info);
    view = std::make_unique<desktop::TerminalView>(terminal.get(), fresh);
    view->resize(800, 400);
    view->show();
  }
  bool shows(const char* text) {
    return wait_for([&] { return view->allText().contains(QString::fromUtf8(text)); });
  }
  std::string me() { return connection.hello()->session; }
  void tell() { terminal->setInfo(info); }
  /// What is left of the picture.
  void finishPicture() {
    runner.sendFrame({FrameKind::data, false, 100, picture_first},
                     std::string_view(picture).substr(picture_first));
    runner.sendFrame({FrameKind::end, false, 100, picture.size()});
  }
  std::string shownText() { return shown_lines(view.get()).join(u'\n').toStdString(); }
  void print(std::string_view text) {
    runner.sendFrame({FrameKind::data, false, 1, sent}, text);
    sent += text.size();
  }
  void pump() {
    std::string lines;
    for (int i = 0; i < 270; ++i) lines += "a line of output that fills the terminal, again and again\r\n";
    while (sent < granted) print(std::string_view(lines).substr(0, granted - sent));
  }
  QWidget* display() { return view->widget()->focusProxy(); }
  /// Under $BERTH_SCREENSHOTS, where that is set.
  void picture_of(const char* name) {
    if (const auto folder = qEnvironmentVariable("BERTH_SCREENSHOTS"); !folder.isEmpty())
      view->grab().save(QStringLiteral("%1/terminal-%2.png").arg(folder, QLatin1String(name)));
  }

  FakeRunner runner;
  client::WorkspaceConnection connection{runner.dialSource()};
  TerminalInfo info{"t1", "bash", "", 80, 24, true, {}, {}, 0};
  std::unique_ptr<client::Terminal> terminal;
  std::unique_ptr<desktop::TerminalView> view;
  std::string keys;
  std::uint64_t sent = 0;
  std::uint64_t granted = 0;
  int columns = 0;
  int rows = 0;
  int attached = 0;
  QSize shared;  // empty: as large as this window wants it
  std::optional<bool> led;
  std::string picture = "what was there before\r\n$ ";
  std::size_t picture_first = 0;  // bytes of it that come at once; 0: all
  bool flood = false;
};

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
  QElapsedTimer gap;
  gap.start();
  qint64 longest = 0;
  QTimer timer;
  QObject::connect(&timer, &QTimer::timeout, [&] { longest = std::max(longest, gap.restart()); });
  timer.start(0);
  wait_for([this] { return sent > 6'000'000; }, 20'000);
  EXPECT_GT(sent, 2'000'000u);
  EXPECT_LT(longest, 400);  // ms; this machine may be busy
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
  EXPECT_LT(took, 400);  // 20 on a machine with nothing else to do
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
  ASSERT_TRUE(wait_for([&] { return attached == before + 1; }));
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
  EXPECT_TRUE(wait_for([&] { return attached == before + 1; }));
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
  ASSERT_TRUE(wait_for([this] {
    QTest::keyClicks(display(), QStringLiteral("b"));
    if (view->overlay()->prediction()) return true;
    print("b");  // not yet trusted: the echo of the first came after its grace
    return false;
  }));
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
  ASSERT_TRUE(wait_for([&] { return attached == before + 1; }));
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

TEST_F(TerminalViewTest, TellsProgramsOfTheMouse) {
  print("\x1b[?1002h\x1b[?1006hmouse");
  ASSERT_TRUE(shows("mouse"));
  view->surface()->refresh();  // where one clicks is told by what is drawn
  QTest::mouseClick(display(), Qt::LeftButton, Qt::NoModifier, view->surface()->rect(4, 9, 1).center());
  EXPECT_TRUE(wait_for([this] { return keys == "\x1b[<0;10;5M\x1b[<0;10;5m"; })) << keys;
}

TEST_F(TerminalViewTest, TellsWhatAProgramWantsOnTheClipboard) {
  QSignalSpy wanted(view.get(), &desktop::TerminalView::clipboardWanted);
  print("\x1b]52;c;aGVsbG8=\x07\x1b]52;c;?\x07");
  ASSERT_TRUE(wait_for([&] { return wanted.count() == 1; }));
  EXPECT_EQ(wanted[0][0].toString(), QStringLiteral("hello"));
  EXPECT_EQ(keys, "");
}

TEST_F(TerminalViewTest, WideCharactersTakeTwoCells) {
  print("漢字🙂x");
  ASSERT_TRUE(shows("漢字"));
  EXPECT_EQ(view->surface()->cursor(), QPoint(7, 0));
  EXPECT_EQ(view->surface()->cursorLine().substr(0, 7), (std::u32string{U'漢', 0, U'字', 0, U'🙂', 0, U'x'}));
}

TEST_F(TerminalViewTest, CombiningMarksAreShownWithTheirLetters) {
  print("cafe\u0301|");
  ASSERT_TRUE(shows("|"));
  EXPECT_EQ(view->surface()->cursorLine().substr(0, 5), U"caf\u00e9|");
}

TEST_F(TerminalViewTest, ShowsTrueColoursAsTheyAre) {
  print(
      "\x1b[48;2;12;200;34m    \x1b[0m\x1b[48:2::200:10:60m    \x1b[0m\x1b[48;5;21m    \x1b[0m "
      "\x1b[1mbold\x1b[0m \x1b[3mitalic\x1b[0m \x1b[4munder\x1b[0m \x1b[9mstruck\x1b[0m "
      "\x1b[7minverse\x1b[0m\r\n"
      "漢字かな한글 🙂🚀 é ñ ▓▒░ ✓ │├─┐ end\r\n"
      "12345678 │├─┐\r\né234567 │├─┐ e + U+0301 e\u0301\r\n漢345678 │├─┐\r\n🙂345678 │├─┐\r\n❤️234567 │├─┐ "
      "VS16\r\n👩‍👩‍👧12345 │├─┐ ZWJ\r\n|12345678901234567890|\r\n");
  ASSERT_TRUE(shows("12345678901234567890"));
  view->surface()->refresh();
  const auto image = display()->grab().toImage();
  const auto color = [&](int column) {
    return image.pixelColor(view->surface()->rect(0, column, 1).center());
  };
  EXPECT_EQ(color(1), QColor(12, 200, 34));
  EXPECT_EQ(color(5), QColor(200, 10, 60));
  EXPECT_EQ(color(9), QColor(0, 0, 255));
  picture_of("characters");
}

}  // namespace
}  // namespace berth::test
