// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/terminal_view.hpp"

#include <gtest/gtest.h>
#include <qtermwidget6/qtermwidget.h>

#include <QClipboard>
#include <QTest>

#include "client/core/workspace_connection.hpp"
#include "fake_runner.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using namespace berth::protocol;

class TerminalViewTest : public testing::Test {
 protected:
  void SetUp() override {
    runner.on<TerminalAttach>([this](const TerminalAttach::Params& params) -> Result<TerminalAttach::Result> {
      granted = params.credit;
      return TerminalAttach::Result{1, 0, false, {}, 0, 1 << 16, info};
    });
    runner.on<TerminalResize>([this](const TerminalResize::Params& params) -> Result<Empty> {
      columns = params.columns;
      return Empty{};
    });
    runner.onFrame = [this](const FrameHeader& header, std::string_view payload) {
      if (header.kind == FrameKind::data) keys.append(payload);
      if (header.kind == FrameKind::credit) granted = header.offset;
      if (header.kind == FrameKind::credit && flood) pump();
    };
    connection.open();
    ASSERT_TRUE(wait_for([this] { return connection.online(); }));
    terminal = std::make_unique<client::Terminal>(&connection, info);
    view = std::make_unique<desktop::TerminalView>(terminal.get(), true);
    view->resize(800, 400);
    view->show();
    ASSERT_TRUE(wait_for([this] { return terminal->isAttached(); }));
  }
  void print(std::string_view text) {
    runner.sendFrame({FrameKind::data, false, 1, sent}, text);
    sent += text.size();
  }
  void pump() {
    while (sent + 16'000 < granted) {
      std::string lines;
      for (int i = 0; i < 200; ++i) lines += "a line of output that fills the terminal, again and again\r\n";
      print(lines);
    }
  }
  QWidget* display() { return view->widget()->focusProxy(); }

  FakeRunner runner;
  client::WorkspaceConnection connection{runner.dialSource()};
  TerminalInfo info{"t1", "bash", "", 80, 24, true, {}, {}, 0};
  std::unique_ptr<client::Terminal> terminal;
  std::unique_ptr<desktop::TerminalView> view;
  std::string keys;
  std::uint64_t sent = 0;
  std::uint64_t granted = 0;
  int columns = 0;
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

TEST_F(TerminalViewTest, AnswersTheQuestionsOfAProgram) {
  print("\x1b[c\x1b]11;?\x07");
  EXPECT_TRUE(wait_for([this] {
    return keys.starts_with("\x1b[?") && keys.find("\x1b]11;rgb:") != std::string::npos;
  })) << keys;
}

// A second window gets the old output again; the old questions were answered long ago.
TEST_F(TerminalViewTest, DoesNotAnswerTheQuestionsOfAReplay) {
  view = std::make_unique<desktop::TerminalView>(terminal.get(), false);
  view->resize(800, 400);
  view->show();
  print("\x1b[c\x1b]11;?\x07replayed");
  ASSERT_TRUE(wait_for([this] { return view->allText().contains(QStringLiteral("replayed")); }));
  EXPECT_EQ(keys, "");
}

}  // namespace
}  // namespace berth::test
