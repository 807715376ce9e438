// SPDX-License-Identifier: GPL-3.0-or-later
// A runner that dies and connections that drop, at any moment, round after round.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "edited_text.hpp"
#include "runner_client.hpp"
#include "tests/soak.hpp"

namespace berth::test {
namespace {

using namespace protocol;
using testing::HasSubstr;
using Clock = std::chrono::steady_clock;

/// Kills the runner some time from now.
class LaterKill {
 public:
  LaterKill(RunnerProcess& runner, std::chrono::microseconds after)
      : thread_([&runner, after] {
          std::this_thread::sleep_for(after);
          runner.crash();
        }) {}

 private:
  std::jthread thread_;  // joined at the end
};

TEST(RunnerSoak, no_acknowledged_edit_is_lost_by_kills_and_terminals_say_why_they_ended) {
  Soak soak(15, 3000);
  RunnerProcess runner;
  std::vector<EditedText> texts{EditedText("project/a.txt"), EditedText("b.txt"),
                                EditedText("deep/er/c.txt")};
  std::string terminal;  // of the round before
  std::size_t answered = 0;
  for (int round = 0; round < soak.rounds(); ++round) {
    SCOPED_TRACE(soak.where(round));
    soak.tell(round);
    RunnerClient client(runner);
    for (auto& text : texts) {
      ASSERT_EQ(text.open(client), "");
      ASSERT_EQ(runner.read_file(text.path()), text.acknowledged()) << "what is on disk after a recovery";
    }
    ASSERT_TRUE(client.must<TerminalList>({}).terminals.empty());
    const auto opened = client.must<TerminalOpen>({80, 24, {}, "cat", {}, {}}).terminal.terminal;
    if (!terminal.empty()) {
      ASSERT_NE(opened, terminal) << "keys for the old terminal would be typed into the new one";
      const auto gone = client.call<TerminalAttach>({terminal, 1000, 0});
      ASSERT_FALSE(gone);
      ASSERT_EQ(gone.error().code, ErrorCode::not_found);
      ASSERT_THAT(gone.error().message, HasSubstr("started anew"));
    }
    terminal = opened;
    {
      const LaterKill kill(runner, soak.time_below(std::chrono::milliseconds(soak.one_in(4) ? 700 : 60)));
      while (!client.closed()) {
        auto& text = texts[soak.below(texts.size())];
        if (text.unanswered().size() < 20) text.edit(client, soak);
        if (soak.one_in(30)) text.ask_to_save(client);
        client.wait([] { return false; }, std::chrono::milliseconds(soak.below(3) + 1));
        for (auto& one : texts) {
          const auto before = one.unanswered().size();
          one.take_answers(client);
          if (testing::Test::HasFatalFailure()) return;
          answered += before - one.unanswered().size();
        }
      }
    }
    runner.start();
  }
  EXPECT_GT(answered, static_cast<std::size_t>(soak.rounds())) << "hardly an edit was acknowledged at all";
}

/// A terminal that gives back what is typed, byte for byte.
class Echo {
 public:
  void open(RunnerClient& client) {
    id_ = client.must<TerminalOpen>({80, 24, {}, "stty raw -echo; echo ready; exec cat", {}, {}})
              .terminal.terminal;
  }
  /// After each connect: says what it has and sends again what the runner has not.
  void attach(RunnerClient& client) {
    const auto attached = client.must<TerminalAttach>({id_, 1u << 20, received_.size()});
    ASSERT_FALSE(attached.lost);
    ASSERT_EQ(attached.output_offset, received_.size());
    ASSERT_LE(attached.input_offset, typed_.size());
    channel_ = attached.channel;
    sent_ = attached.input_offset;
    client.channel(channel_).limit = attached.input_limit;
  }
  /// Nothing before the program is ready for it: until then some keys mean something to the terminal.
  void type(std::string_view keys) {
    if (received_.starts_with(start)) typed_ += keys;
  }
  /// Sends what credit allows, takes what has come.
  void pump(RunnerClient& client) {
    auto& channel = client.channel(channel_);
    if (const auto room = std::min<std::uint64_t>(channel.limit, typed_.size()); room > sent_) {
      client.send_data(channel_, sent_, std::string_view(typed_).substr(sent_, room - sent_));
      sent_ = room;
    }
    received_ += std::exchange(channel.bytes, {});
  }
  bool all_came_back() const { return received_.size() >= start.size() + typed_.size(); }
  void expect_exact() const { EXPECT_TRUE(received_ == start + typed_) << received_.size(); }

 private:
  const std::string start = "ready\n";  // raw: no carriage return
  std::string id_, typed_, received_;
  std::uint32_t channel_ = 0;
  std::uint64_t sent_ = 0;
};

/// Files that are sent until the runner has them, each once.
class Uploads {
 public:
  explicit Uploads(const RunnerProcess& runner) : runner_(runner) {}
  /// Begins the next one, or the one that a drop broke off.
  void begin(RunnerClient& client, Soak& soak) {
    if (bytes_.empty()) {
      bytes_.resize(soak.below(400'000) + 1);
      for (auto& byte : bytes_) byte = static_cast<char>(soak.below(256));
    }
    committing_ = 0;
    sent_ = 0;
    ended_ = false;
    const auto begun = client.call<FileWrite>({name(), "", std::nullopt});
    if (!begun) {
      // Only when an earlier commit had been done and its answer was lost.
      ASSERT_EQ(begun.error().code, ErrorCode::conflict) << begun.error().message;
      ASSERT_TRUE(runner_.read_file(name()) == bytes_) << name();
      return done();
    }
    channel_ = begun->channel;
    client.channel(channel_).limit = begun->limit;
  }
  void pump(RunnerClient& client, Soak& soak) {
    if (bytes_.empty()) return begin(client, soak);
    auto& channel = client.channel(channel_);
    ASSERT_FALSE(channel.aborted);
    if (sent_ < bytes_.size()) {
      const auto size = std::min<std::uint64_t>({channel.limit - sent_, bytes_.size() - sent_, 32u << 10});
      if (size == 0) return;
      client.send_data(channel_, sent_, std::string_view(bytes_).substr(sent_, size));
      sent_ += size;
      return;
    }
    if (!std::exchange(ended_, true)) {
      client.send_frame({FrameKind::end, false, channel_, bytes_.size()});
      committing_ = client.send_request("file/commit", {{"channel", channel_}, {"size", bytes_.size()}});
    }
    const auto answer = client.take_reply(committing_);
    if (!answer) return;
    // A conflict is good news when the commit of the connection before was done meanwhile.
    ASSERT_TRUE(*answer || answer->error().code == ErrorCode::conflict) << answer->error().message;
    ASSERT_TRUE(runner_.read_file(name()) == bytes_) << name();
    done();
  }
  int finished() const { return finished_; }

 private:
  std::string name() const { return "project/upload-" + std::to_string(finished_) + ".bin"; }
  void done() {
    ++finished_;
    bytes_.clear();
  }

  const RunnerProcess& runner_;
  std::string bytes_;
  std::uint32_t channel_ = 0;
  std::uint64_t sent_ = 0;
  bool ended_ = false;
  std::int64_t committing_ = 0;
  int finished_ = 0;
};

TEST(RunnerSoak, dropped_connections_lose_and_repeat_nothing) {
  Soak soak(20, 5000);
  RunnerProcess runner;
  Echo echo;
  EditedText text("project/a.txt");
  Uploads uploads(runner);
  std::optional<std::string> session;
  for (int round = 0; round <= soak.rounds(); ++round) {
    SCOPED_TRACE(soak.where(round));
    soak.tell(round);
    RunnerClient client(runner, Role::owner, session);
    ASSERT_EQ(client.hello().resumed, session.has_value());
    session = client.hello().session;
    if (round == 0) {
      echo.open(client);
      ASSERT_EQ(text.open(client), "");
    }
    echo.attach(client);
    text.send_again(client);
    if (round > 0) uploads.begin(client, soak);
    if (testing::Test::HasFatalFailure()) return;
    const bool last = round == soak.rounds();
    const auto until = Clock::now() + soak.time_below(std::chrono::milliseconds(80));
    while (last ? !(echo.all_came_back() && text.unanswered().empty()) : Clock::now() < until) {
      ASSERT_LT(Clock::now(), until + std::chrono::seconds(20)) << "it does not come to an end";
      if (!last) {
        std::string keys(soak.below(3000), '\0');
        for (auto& key : keys) key = static_cast<char>(soak.below(256));
        echo.type(keys);
        if (text.unanswered().size() < 20) text.edit(client, soak);
      }
      echo.pump(client);
      uploads.pump(client, soak);
      text.take_answers(client);
      if (testing::Test::HasFatalFailure()) return;
      client.wait([] { return false; }, std::chrono::milliseconds(soak.below(3) + 1));
    }
    // In the middle of a frame now and then.
    if (!last && soak.one_in(2)) client.send_torn_frame(soak.below(40) + 1);
    client.drop();
  }
  echo.expect_exact();
  RunnerClient client(runner);
  const auto expected = text.acknowledged();
  EXPECT_EQ(text.open(client), "");
  EXPECT_TRUE(text.acknowledged() == expected);
  EXPECT_GT(uploads.finished(), 0);
}

}  // namespace
}  // namespace berth::test
