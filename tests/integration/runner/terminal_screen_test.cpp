// SPDX-License-Identifier: GPL-3.0-or-later
// What a viewer gets that comes late: the screen, then the output from there on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "memory_of.hpp"
#include "runner_client.hpp"

namespace berth::test {
namespace {

using namespace protocol;
using testing::HasSubstr;
using Existing = TestTerminal::Existing;

TEST(RunnerTerminalScreen, a_viewer_without_the_bytes_gets_the_screen_and_then_what_follows) {
  const RunnerProcess runner;
  RunnerClient client(runner), late(runner);
  TestTerminal terminal(client, "for i in $(seq 1 100); do echo line $i; done; read x; echo got $x; read y");
  ASSERT_TRUE(terminal.see("line 100\r\n"));
  TestTerminal viewer(late, Existing{terminal.id, std::nullopt});
  EXPECT_FALSE(viewer.lost);
  EXPECT_THAT(viewer.screen, HasSubstr("line 1\r\nline 2\r\n"));
  EXPECT_THAT(viewer.screen, HasSubstr("line 100\r\n"));
  terminal.type("this\n");
  ASSERT_TRUE(viewer.see("got this"));
  EXPECT_THAT(viewer.output(), testing::Not(HasSubstr("line")));
}

TEST(RunnerTerminalScreen, a_viewer_that_was_left_behind_by_the_ring_gets_the_screen) {
  const RunnerProcess runner;
  RunnerClient client(runner);
  const auto opened = client.must<TerminalOpen>({80, 24, {}, "seq 1 400000; read x", {}, {}, {}});
  const auto id = opened.terminal.terminal;
  ASSERT_TRUE(client.wait([&] {
    const TestTerminal viewer(client, Existing{id, std::nullopt, {}, {}, 0});
    return viewer.screen.contains("400000");
  }));
  TestTerminal viewer(client, Existing{id, 10});
  EXPECT_TRUE(viewer.lost);
  EXPECT_GT(viewer.output_start, 2'000'000u);
  EXPECT_THAT(viewer.screen, HasSubstr("\r\n399999\r\n400000\r\n"));
  // 10,000 lines above the screen, no more.
  EXPECT_THAT(viewer.screen, HasSubstr("\r\n390100\r\n"));
  EXPECT_THAT(viewer.screen, testing::Not(HasSubstr("\r\n389900\r\n")));
}

TEST(RunnerTerminalScreen, scrollback_is_what_was_asked_for) {
  const RunnerProcess runner;
  RunnerClient client(runner);
  const auto rows_of = [&](std::optional<int> kept, std::optional<int> wanted) {
    const auto opened =
        client.must<TerminalOpen>({80, 24, {}, "seq 1 2000; echo e''nd; read x", {}, {}, kept});
    TestTerminal all(client, Existing{opened.terminal.terminal, 0});
    if (!all.see("end")) throw std::runtime_error("no output");
    const TestTerminal viewer(client, Existing{opened.terminal.terminal, {}, {}, {}, wanted});
    return std::ranges::count(viewer.screen, '\n');
  };
  EXPECT_GE(rows_of({}, {}), 2000);
  EXPECT_EQ(rows_of({}, 0), 23);
  EXPECT_EQ(rows_of({}, 100), 123);
  EXPECT_EQ(rows_of(0, {}), 23);
  EXPECT_EQ(rows_of(50, {}), 73);
  EXPECT_EQ(client.call<TerminalOpen>({80, 24, {}, {}, {}, {}, 100'001}).error().code,
            ErrorCode::invalid_argument);
  EXPECT_EQ(client.call<TerminalOpen>({80, 24, {}, {}, {}, {}, -1}).error().code,
            ErrorCode::invalid_argument);
}

TEST(RunnerTerminalScreen, the_screen_comes_by_credit_and_the_output_after_it) {
  const RunnerProcess runner;
  RunnerClient client(runner), late(runner);
  TestTerminal terminal(client, "seq 1 5000; while read x; do echo got $x; done");
  ASSERT_TRUE(terminal.see("5000\r\n"));
  late.set_window(0);
  const auto attached = late.must<TerminalAttach>({terminal.id, 1000, {}, {}, {}, {}, {}});
  ASSERT_TRUE(attached.screen);
  auto& screen = late.channel(*attached.screen);
  ASSERT_TRUE(late.wait([&] { return screen.total == 1000; }));
  terminal.type("one\n");
  ASSERT_TRUE(terminal.see("got one"));
  EXPECT_FALSE(
      late.wait([&] { return screen.total > 1000 || late.channel(attached.channel).total > 0; }, 300ms));
  late.send_frame({FrameKind::credit, false, *attached.screen, 1u << 20});
  ASSERT_TRUE(late.wait([&] { return screen.ended; }));
  ASSERT_TRUE(late.wait([&] { return late.channel(attached.channel).bytes.contains("got one"); }));
}

TEST(RunnerTerminalScreen, a_screen_puts_no_more_in_front_of_keys_than_its_viewer_asked_for) {
  const RunnerProcess runner;
  RunnerClient client(runner), late(runner);
  TestTerminal terminal(client, "seq 1 20000; read x");
  ASSERT_TRUE(terminal.see("20000\r\n"));
  TestTerminal other(late);
  ASSERT_TRUE(other.see("$ "));
  late.set_window(0);
  constexpr std::uint64_t credit = 32u << 10;
  const auto attached = late.must<TerminalAttach>({terminal.id, credit, {}, {}, {}, {}, {}});
  ASSERT_TRUE(attached.screen);
  auto& screen = late.channel(*attached.screen);
  std::uint64_t limit = credit;
  // What is under way is never more, and what is typed elsewhere comes right behind that.
  for (int piece = 0; piece < 2; ++piece) {
    ASSERT_TRUE(late.wait([&] { return screen.total == limit; }));
    other.type("echo typed''" + std::to_string(piece) + "\n");
    EXPECT_TRUE(other.see("typed" + std::to_string(piece)));
    EXPECT_EQ(screen.total, limit);
    EXPECT_EQ(late.channel(attached.channel).total, 0u);
    limit += credit;
    late.send_frame({FrameKind::credit, false, *attached.screen, limit});
  }
  EXPECT_FALSE(screen.ended);
}

TEST(RunnerTerminalScreen, a_client_that_wants_no_more_of_the_screen_gets_the_output) {
  const RunnerProcess runner;
  RunnerClient client(runner), late(runner);
  TestTerminal terminal(client, "seq 1 5000; while read x; do echo got $x; done");
  ASSERT_TRUE(terminal.see("5000\r\n"));
  late.set_window(0);
  const auto attached = late.must<TerminalAttach>({terminal.id, 1000, {}, {}, {}, {}, {}});
  late.send_frame({FrameKind::abort, false, *attached.screen, 0});
  terminal.type("one\n");
  EXPECT_TRUE(late.wait([&] { return late.channel(attached.channel).bytes.contains("got one"); }));
}

TEST(RunnerTerminalScreen, attaching_again_ends_a_screen_that_nobody_took) {
  const RunnerProcess runner;
  RunnerClient client(runner), late(runner);
  TestTerminal terminal(client, "seq 1 5000; read x");
  ASSERT_TRUE(terminal.see("5000\r\n"));
  late.set_window(0);
  for (int i = 0; i < 300; ++i) {
    const auto attached = late.must<TerminalAttach>({terminal.id, 100, {}, {}, {}, {}, {}});
    const auto next = late.must<TerminalAttach>({terminal.id, 100, 0, {}, {}, {}, {}});
    ASSERT_TRUE(late.wait([&] { return late.channel(*attached.screen).aborted; }));
    ASSERT_FALSE(next.screen);
  }
}

TEST(RunnerTerminalScreen, a_program_that_has_ended_still_shows_its_screen) {
  const RunnerProcess runner;
  RunnerClient client(runner), late(runner);
  TestTerminal terminal(client, "echo the last words; exit 3");
  ASSERT_TRUE(client.wait([&] { return client.channel(terminal.channel_).ended; }));
  TestTerminal viewer(late, Existing{terminal.id, std::nullopt});
  EXPECT_THAT(viewer.screen, HasSubstr("the last words"));
  EXPECT_TRUE(late.wait([&] { return late.channel(viewer.channel_).ended; }));
}

TEST(RunnerTerminalScreen, the_other_screen_comes_with_the_one_under_it) {
  const RunnerProcess runner;
  RunnerClient client(runner), late(runner);
  TestTerminal terminal(client, "echo beneath; printf '\\033[?1049h\\033[5;5Habove'; read x");
  ASSERT_TRUE(terminal.see("above"));
  TestTerminal viewer(late, Existing{terminal.id, std::nullopt});
  const auto beneath = viewer.screen.find("beneath"), switched = viewer.screen.find("\x1b[?1049h"),
             above = viewer.screen.find("above");
  ASSERT_NE(above, viewer.screen.npos);
  EXPECT_LT(beneath, switched);
  EXPECT_LT(switched, above);
}

TEST(RunnerTerminalScreen, terminals_outlive_sessions_that_are_forgotten) {
  RunnerOptions options;
  options.resumable = 100;
  const RunnerProcess runner(options);
  std::string id, session;
  {
    RunnerClient client(runner);
    session = client.hello().session;
    TestTerminal terminal(client);
    id = terminal.id;
    ASSERT_TRUE(terminal.see("$ "));
    terminal.type("echo still''here\n");
    ASSERT_TRUE(terminal.see("stillhere"));
    client.drop();
  }
  // To look whether it is gone is to take it up again: so seldom.
  RunnerClient other(runner);
  bool forgotten = false;
  for (const auto deadline = std::chrono::steady_clock::now() + 20s;
       !forgotten && std::chrono::steady_clock::now() < deadline;) {
    other.wait([] { return false; }, 500ms);
    const RunnerClient again(runner, Role::owner, session);
    forgotten = !again.hello().resumed;
  }
  ASSERT_TRUE(forgotten);
  TestTerminal terminal(other, Existing{id, std::nullopt});
  EXPECT_THAT(terminal.screen, HasSubstr("stillhere"));
  terminal.type("echo and''on\n");
  EXPECT_TRUE(terminal.see("andon"));
}

TEST(RunnerTerminalScreen, ten_idle_terminals_cost_little_memory) {
  const RunnerProcess runner;
  RunnerClient client(runner);
  std::vector<TestTerminal> terminals;
  const auto open_one = [&] {
    terminals.emplace_back(client);
    if (!terminals.back().see("$ ")) throw std::runtime_error("no prompt");
    // A late viewer, so that the model is there for sure.
    const TestTerminal late(client, Existing{terminals.back().id, std::nullopt});
  };
  open_one();
  const auto before = memory_of(runner.pid());
  for (int i = 0; i < 10; ++i) open_one();
  const auto after = memory_of(runner.pid());
  RecordProperty("kib_of_the_runner", static_cast<int>(after));
  EXPECT_LT(after - before, 4096) << before << " KiB with one, " << after << " KiB with eleven";
}

TEST(RunnerTerminalScreen, a_slow_link_gets_deflated_output_where_it_asked) {
  const RunnerProcess runner;
  for (const bool asked : {true, false}) {
    RunnerClient client(runner);
    client.set_window(0);
    const auto opened = client.must<TerminalOpen>({80, 24, {}, "yes some words that repeat", {}, {}, {}});
    TerminalAttach::Params params{opened.terminal.terminal, 16 << 10, 0, {}, {}, {}, {}};
    if (asked) params.deflate = true;
    const auto attached = client.must<TerminalAttach>(params);
    auto& channel = client.channel(attached.channel);
    // 16 KiB each 50 ms: 320 KB/s.
    std::uint64_t limit = 16 << 10;
    const bool smaller = client.wait(
        [&] {
          if (channel.total < limit) return false;
          limit += 16 << 10;
          client.wait([] { return false; }, 50ms);
          client.send_frame({FrameKind::credit, false, attached.channel, limit});
          return channel.total > (512u << 10) || channel.wire_bytes < channel.total / 2;
        },
        10s);
    ASSERT_TRUE(smaller);
    if (asked)
      EXPECT_LT(channel.wire_bytes, channel.total / 2);
    else
      EXPECT_EQ(channel.wire_bytes, channel.total);
    client.must<TerminalClose>({opened.terminal.terminal});
  }
}

TEST(RunnerTerminalScreen, a_fast_link_gets_its_output_as_it_is_and_keys_never_wait) {
  const RunnerProcess runner;
  RunnerClient client(runner);
  const auto opened = client.must<TerminalOpen>({80, 24, {}, "seq 1 300000; cat", {}, {}, {}});
  TestTerminal terminal(client, Existing{opened.terminal.terminal, 0, {}, {}, {}, true});
  ASSERT_TRUE(terminal.see("300000\r\n"));
  const auto& channel = client.channel(terminal.channel_);
  EXPECT_EQ(channel.wire_bytes, channel.total);
  terminal.type("typed\n");
  ASSERT_TRUE(terminal.see("typed\r\ntyped"));
  EXPECT_EQ(channel.wire_bytes, channel.total);
}

}  // namespace
}  // namespace berth::test
