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

/// The runner's side of one terminal: a ring of output, and what arrived of the keys.
class TerminalTest : public testing::Test {
 protected:
  static constexpr std::uint64_t input_window = 64 * 1024;

  void SetUp() override {
    runner.on<TerminalAttach>([this](const TerminalAttach::Params& params) -> Result<TerminalAttach::Result> {
      ++attached;
      channel = static_cast<std::uint32_t>(attached);
      const auto asked = params.output_offset.value_or(0);
      const bool lost = asked < ring.begin();
      sent = lost ? ring.begin() : asked;
      granted = sent + params.credit;
      QTimer::singleShot(0, &runner, [this] { pump(); });
      return TerminalAttach::Result{channel, sent, lost, {}, keys.size(), keys.size() + input_window, info};
    });
    runner.onFrame = [this](const FrameHeader& header, std::string_view payload) {
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
    terminal->attach();
    ASSERT_TRUE(wait_for([this] { return terminal->isAttached(); }));
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

TEST_F(TerminalTest, TellsTheViewWhenBytesAreGone) {
  bool lost = false;
  QObject::connect(terminal.get(), &client::Terminal::screenLost, [&] {
    lost = true;
    shown.clear();
  });
  print("early");
  ASSERT_TRUE(wait_for([this] { return shown == "early"; }));
  runner.setRefusing(true);
  ring.append(std::string(3 << 20, 'y'));  // more than the ring keeps
  runner.setRefusing(false);
  connection.retryNow();
  ASSERT_TRUE(wait_for([&] { return lost && shown.size() == ring.end() - ring.begin(); }));
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

}  // namespace
}  // namespace berth::test
