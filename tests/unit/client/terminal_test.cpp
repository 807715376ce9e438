// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/terminal.hpp"

#include <gtest/gtest.h>

#include "client/core/workspace_connection.hpp"
#include "fake_runner.hpp"
#include "protocol/replay_buffer.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using namespace berth::protocol;

/// The runner's side of one terminal: a ring of output, a picture of the screen for whom the ring does not
/// reach back, and what arrived of the keys.
class TerminalTest : public testing::Test {
 protected:
  static constexpr std::uint64_t input_window = 64 * 1024;

  void SetUp() override {
    runner.on<TerminalAttach>([this](const TerminalAttach::Params& params) -> Result<TerminalAttach::Result> {
      ++attached;
      asked = params;
      channel = static_cast<std::uint32_t>(attached);
      const bool lost = params.output_offset && *params.output_offset < ring.begin();
      std::optional<std::uint32_t> screen;
      if (lost || !params.output_offset) screen = screen_channel = channel + 100;
      sent = screen ? ring.end() : *params.output_offset;
      granted = sent + params.credit;
      picture_sent = 0;
      picture_granted = params.credit;
      QTimer::singleShot(0, &runner, [this, painted = screen.has_value()] {
        if (painted) pumpPicture();
        pump();
      });
      return TerminalAttach::Result{channel, sent, lost, screen, keys.size(), keys.size() + input_window,
                                    info};
    });
    runner.on<TerminalDetach>([this](const TerminalDetach::Params&) -> Result<Empty> {
      ++detached;
      return Empty{};
    });
    runner.on<TerminalResize>([this](const TerminalResize::Params& params) -> Result<Empty> {
      resized = params;
      return Empty{};
    });
    runner.onFrame = [this](const FrameHeader& header, std::string_view payload) {
      if (header.channel == screen_channel && header.kind == FrameKind::credit) {
        picture_granted = std::max(picture_granted, header.offset);
        pumpPicture();
      }
      if (header.channel != channel) return;
      if (header.kind == FrameKind::credit) {
        granted = std::max(granted, header.offset);
        pump();
      } else if (header.kind == FrameKind::data) {
        EXPECT_EQ(header.offset, keys.size()) << "keys out of order";
        keys.append(payload);
        if (acknowledgeKeys)
          runner.sendFrame({FrameKind::credit, false, channel, keys.size() + input_window});
      }
    };
    connection.open();
    ASSERT_TRUE(wait_for([this] { return connection.online(); }));
    terminal = std::make_unique<client::Terminal>(&connection, info);
    QObject::connect(terminal.get(), &client::Terminal::outputReady, [this] {
      if (reading) read();
    });
    QObject::connect(terminal.get(), &client::Terminal::screenLost, [this] {
      ++resets;
      shown.clear();
    });
    QObject::connect(terminal.get(), &client::Terminal::screenPainted, [this] { shown += '|'; });
    terminal->attach(true);
    ASSERT_TRUE(wait_for([this] { return terminal->isAttached(); }));
  }
  /// As another window that comes later has it.
  void attachAnother() {
    terminal = std::make_unique<client::Terminal>(&connection, info);
    QObject::connect(terminal.get(), &client::Terminal::outputReady, [this] {
      if (reading) read();
    });
    QObject::connect(terminal.get(), &client::Terminal::screenLost, [this] { shown.clear(); });
    QObject::connect(terminal.get(), &client::Terminal::screenPainted, [this] { shown += '|'; });
    terminal->attach();
  }
  void pumpPicture() {
    while (picture_sent < picture.size() && picture_sent < picture_granted && picture_sent < picture_stops) {
      const auto bytes = std::string_view(picture).substr(
          picture_sent, std::min<std::size_t>(picture_granted - picture_sent, 5'000));
      runner.sendFrame({FrameKind::data, false, screen_channel, picture_sent}, bytes);
      picture_sent += bytes.size();
    }
    if (picture_sent == picture.size())
      runner.sendFrame({FrameKind::end, false, screen_channel, picture_sent});
  }
  void read() {
    while (terminal->hasOutput()) {
      const auto bytes = terminal->take(4096);
      shown.append(bytes.constData(), static_cast<std::size_t>(bytes.size()));
      terminal->drained(bytes.size());
    }
  }
  void print(const std::string& text) {
    ring.append(text);
    pump();
  }
  void pump() {
    while (sent < ring.end() && sent < granted) {
      const auto bytes = ring.read(sent, std::min<std::size_t>(granted - sent, 16'384));
      runner.sendFrame({FrameKind::data, false, channel, sent}, bytes);
      sent += bytes.size();
      most_outstanding = std::max(most_outstanding, sent - shown.size());
    }
  }

  FakeRunner runner;
  client::WorkspaceConnection connection{runner.dialSource()};
  TerminalInfo info{"t1", "bash", "", 80, 24, true, {}, {}, 0};
  std::unique_ptr<client::Terminal> terminal;
  ReplayBuffer ring{1 << 20};
  std::string keys;
  std::string shown;
  std::uint32_t channel = 0;
  std::uint64_t sent = 0;
  std::uint64_t granted = 0;
  std::uint64_t most_outstanding = 0;
  int attached = 0;
  int detached = 0;
  int resets = 0;
  TerminalAttach::Params asked;
  std::optional<TerminalResize::Params> resized;
  std::string picture = "PICTURE";
  std::uint32_t screen_channel = 0;
  std::uint64_t picture_sent = 0;
  std::uint64_t picture_granted = 0;
  std::uint64_t picture_stops = UINT64_MAX;
  bool reading = true;
  bool acknowledgeKeys = true;
};

TEST_F(TerminalTest, ShowsOutputAndSendsKeys) {
  print("hello\r\n");
  EXPECT_TRUE(terminal->send("ls\r"));
  EXPECT_TRUE(wait_for([this] { return shown == "hello\r\n" && keys == "ls\r"; }));
}

TEST_F(TerminalTest, ResumesAtTheExactByteAfterDrops) {
  std::string all;
  for (int i = 0; i < 12; ++i) {
    std::string text(10'000, static_cast<char>('a' + i));
    all += text;
    print(text);
    if (i % 3 == 1) runner.drop();
    wait_for([] { return false; }, 5);
  }
  ASSERT_TRUE(wait_for([&] { return shown.size() >= all.size(); }));
  EXPECT_EQ(shown, all);
  EXPECT_GT(attached, 1);
}

TEST_F(TerminalTest, KeysArriveExactlyOnceAcrossDrops) {
  acknowledgeKeys = false;
  std::string all;
  for (int i = 0; i < 200; ++i) {
    const auto text = "key" + std::to_string(i) + ";";
    all += text;
    ASSERT_TRUE(terminal->send(text));
    if (i % 40 == 20) runner.drop();
    wait_for([] { return false; }, 1);
  }
  ASSERT_TRUE(wait_for([&] { return keys.size() >= all.size(); })) << keys.size() << " of " << all.size();
  EXPECT_EQ(keys, all);
}

TEST_F(TerminalTest, AFloodIsBoundedByCreditWhileTheViewIsBusy) {
  reading = false;
  for (int i = 0; i < 64; ++i) ring.append(std::string(16'384, 'x'));
  pump();
  wait_for([] { return false; }, 100);
  EXPECT_LE(most_outstanding, client::AdaptiveWindow::largest + 16'384);
  reading = true;
  read();
  EXPECT_TRUE(wait_for([this] { return shown.size() == ring.end(); }));
}

TEST_F(TerminalTest, ASlowViewGetsASmallWindow) {
  reading = false;
  for (int i = 0; i < 64; ++i) ring.append(std::string(16'384, 'x'));
  pump();
  // About 1 MB/s: 10 ms of it is 10 KB.
  for (int i = 0; i < 40; ++i) {
    wait_for([] { return false; }, 8);
    const auto bytes = terminal->take(8'192);
    shown.append(bytes.constData(), static_cast<std::size_t>(bytes.size()));
    if (!bytes.isEmpty()) terminal->drained(bytes.size());
  }
  EXPECT_LE(terminal->adaptiveWindow().window(), 32u << 10);
  EXPECT_LE(terminal->outstanding(), 64u << 10);
}

TEST_F(TerminalTest, PaintsTheScreenWhenBytesAreGone) {
  print("early");
  ASSERT_TRUE(wait_for([this] { return shown == "early"; }));
  runner.setRefusing(true);
  ring.append(std::string(3 << 20, 'y'));  // more than the ring keeps
  runner.setRefusing(false);
  connection.retryNow();
  ASSERT_TRUE(wait_for([&] { return shown == "PICTURE|"; })) << shown.size();
  EXPECT_EQ(resets, 1);
  print("later");
  EXPECT_TRUE(wait_for([&] { return shown == "PICTURE|later"; }));
}

TEST_F(TerminalTest, TheWindowThatOpenedItTakesAllBytes) {
  EXPECT_EQ(asked.output_offset, 0u);
  EXPECT_EQ(resets, 0);
}

TEST_F(TerminalTest, ALaterWindowBeginsWithTheScreen) {
  print("history that the picture stands for");
  ASSERT_TRUE(wait_for([this] { return !shown.empty(); }));
  picture = std::string(300'000, 'p');  // several windows of credit
  picture_stops = 100'000;
  attachAnother();
  ASSERT_TRUE(wait_for([this] { return shown.size() >= 100'000; }));
  EXPECT_TRUE(terminal->isPainting());
  print("what is printed meanwhile");
  picture_stops = UINT64_MAX;
  pumpPicture();
  EXPECT_TRUE(wait_for([&] { return shown == picture + "|what is printed meanwhile"; })) << shown.size();
  EXPECT_FALSE(asked.output_offset);
  EXPECT_TRUE(asked.deflate.value_or(false));
}

TEST_F(TerminalTest, AnEmptyScreenIsPaintedToo) {
  picture.clear();
  attachAnother();
  EXPECT_TRUE(wait_for([&] { return shown == "|"; })) << shown;
}

TEST_F(TerminalTest, HalfAPictureIsPaintedAnewAfterADrop) {
  picture = std::string(40'000, 'p');
  picture_stops = 10'000;
  attachAnother();
  ASSERT_TRUE(wait_for([&] { return shown.size() == 10'000; }));
  picture_stops = UINT64_MAX;
  runner.drop();
  ASSERT_TRUE(wait_for([&] { return shown == picture + "|"; })) << shown.size();
  print("on");
  EXPECT_TRUE(wait_for([&] { return shown == picture + "|on"; }));
}

TEST_F(TerminalTest, RepaintsFromTheRunnersModel) {
  print("torn");
  ASSERT_TRUE(wait_for([this] { return shown == "torn"; }));
  terminal->repaint();
  terminal->send("k");
  ASSERT_TRUE(wait_for([this] { return shown == "PICTURE|" && keys == "k"; })) << shown;
  EXPECT_EQ(detached, 0) << "it would give up the lead";
  EXPECT_EQ(attached, 2);
  print("on");
  EXPECT_TRUE(wait_for([this] { return shown == "PICTURE|on"; }));
}

TEST_F(TerminalTest, IgnoresTheOldChannelWhileItRepaints) {
  print("torn");
  ASSERT_TRUE(wait_for([this] { return shown == "torn"; }));
  const auto old = channel;
  terminal->repaint();
  runner.sendFrame({FrameKind::data, false, old, sent}, "late");
  ASSERT_TRUE(wait_for([this] { return shown == "PICTURE|"; })) << shown;
  runner.sendFrame({FrameKind::data, false, old, sent}, "later");
  runner.sendFrame({FrameKind::credit, false, old, 1 << 30});
  runner.sendFrame({FrameKind::abort, false, old, 0});
  print("on");
  EXPECT_TRUE(wait_for([this] { return shown == "PICTURE|on"; })) << shown;
  EXPECT_EQ(attached, 2);
}

TEST_F(TerminalTest, TellsItsSizeWithEveryAttach) {
  terminal->resize(100, 30);
  ASSERT_TRUE(wait_for([this] { return resized && resized->columns == 100; }));
  runner.setRefusing(true);
  terminal->resize(90, 20);
  runner.setRefusing(false);
  connection.retryNow();
  ASSERT_TRUE(wait_for([this] { return attached == 2 && terminal->isAttached(); }));
  EXPECT_EQ(asked.columns, 90);
  EXPECT_EQ(asked.rows, 20);
  EXPECT_EQ(resized->columns, 100) << "told twice";
}

TEST_F(TerminalTest, KnowsWhoDecidesItsSize) {
  const auto me = connection.hello()->session;
  EXPECT_TRUE(terminal->decidesSize());
  info.viewers = {"somebody", me};
  terminal->setInfo(info);
  EXPECT_FALSE(terminal->decidesSize());
  EXPECT_FALSE(terminal->answersQuestions()) << "two answers to one question";
  info.leader = me;
  terminal->setInfo(info);
  EXPECT_TRUE(terminal->decidesSize());
  info.viewers = {me, "somebody"};  // the runner names the leader first
  terminal->setInfo(info);
  EXPECT_TRUE(terminal->answersQuestions());
  info.leader = "dropped";
  terminal->setInfo(info);
  EXPECT_FALSE(terminal->decidesSize());
  EXPECT_TRUE(terminal->answersQuestions()) << "the leader is not there to do so";
}

TEST_F(TerminalTest, TellsWhenKeysArrivedOverADrop) {
  int arrived = 0;
  terminal->send("a");
  terminal->whenKeysArrived(terminal.get(), [&] { ++arrived; });
  ASSERT_TRUE(wait_for([&] { return arrived == 1; }));
  EXPECT_EQ(keys, "a");
  runner.answerPings = false;
  terminal->send("b");
  terminal->whenKeysArrived(terminal.get(), [&] { ++arrived; });
  ASSERT_TRUE(wait_for([&] { return keys == "ab"; }));
  runner.answerPings = true;
  runner.drop();
  ASSERT_TRUE(wait_for([&] { return arrived == 2; }));
}

TEST_F(TerminalTest, AsksNowAndThenWhileAProgramReadsNoKeys) {
  acknowledgeKeys = false;
  int arrived = 0;
  terminal->send(std::string(input_window + 10, 'k'));
  terminal->whenKeysArrived(terminal.get(), [&] { ++arrived; });
  ASSERT_TRUE(wait_for([this] { return keys.size() == input_window; }));
  const int before = runner.pings;
  wait_for([] { return false; }, 350);
  EXPECT_LE(runner.pings - before, 5);
  EXPECT_EQ(arrived, 0);
  runner.sendFrame({FrameKind::credit, false, channel, keys.size() + input_window});
  EXPECT_TRUE(wait_for([&] { return arrived == 1 && keys.size() == input_window + 10; }));
}

TEST_F(TerminalTest, ANewSessionDoesNotRepeatKeys) {
  acknowledgeKeys = false;
  terminal->send("rm x\r");
  ASSERT_TRUE(wait_for([this] { return keys == "rm x\r"; }));
  runner.forgetSession();
  keys.clear();  // the new session counts from its own start
  runner.drop();
  ASSERT_TRUE(wait_for([this] { return attached == 2 && terminal->isAttached(); }));
  terminal->send("y");
  ASSERT_TRUE(wait_for([this] { return !keys.empty(); }));
  EXPECT_EQ(keys, "y");
}

class WatchedTerminalTest : public TerminalTest {
 protected:
  void SetUp() override {
    runner.role = Role::viewer;
    TerminalTest::SetUp();
  }
};

TEST_F(WatchedTerminalTest, AViewerOnlyWatches) {
  EXPECT_FALSE(terminal->mayType());
  EXPECT_FALSE(terminal->send("rm -rf .\r"));
  terminal->resize(20, 5);
  print("to be seen");
  ASSERT_TRUE(wait_for([this] { return shown == "to be seen"; }));
  EXPECT_EQ(keys, "");
  EXPECT_FALSE(resized);
}

}  // namespace
}  // namespace berth::test
