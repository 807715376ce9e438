// SPDX-License-Identifier: GPL-3.0-or-later
// Real PTYs through a real runner.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "runner_client.hpp"

namespace berth::test {
namespace {

using namespace protocol;
using Clock = std::chrono::steady_clock;

TEST(RunnerTerminal, runs_a_login_shell_that_echoes_and_answers) {
  const RunnerProcess runner;
  RunnerClient client(runner);
  TestTerminal terminal(client);
  terminal.type("shopt -q login_shell && echo lo''gin; echo $TERM $COLORTERM; pwd\n");
  EXPECT_TRUE(terminal.see("login\r\n")) << terminal.output();
  EXPECT_TRUE(terminal.see("xterm-256color truecolor\r\n"));
  EXPECT_TRUE(terminal.see((runner.home() / "project").string()));
}

TEST(RunnerTerminal, runs_a_command_and_tells_its_exit_status_after_the_last_byte) {
  const RunnerProcess runner;
  RunnerClient client(runner);
  TestTerminal terminal(client, "seq 1 2000; exit 7");
  ASSERT_TRUE(client.wait([&] { return client.channel(terminal.channel_).ended; }));
  EXPECT_THAT(terminal.output(), testing::EndsWith("1999\r\n2000\r\n"));
  const auto changed =
      client.wait_for<TerminalChanged>([](const auto& params) { return !params.terminal.running; });
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->terminal.exit_code, 7);
  const auto listed = client.must<TerminalList>({});
  ASSERT_EQ(listed.terminals.size(), 1u);
  EXPECT_FALSE(listed.terminals[0].running);
}

TEST(RunnerTerminal, tells_which_programs_a_terminal_may_begin_with) {
  const RunnerProcess runner;
  RunnerClient client(runner);
  // The test's own machine has bash; what is told is what its shell finds.
  const auto programs = client.must<TerminalList>({}).programs;
  ASSERT_TRUE(programs);
  EXPECT_THAT(*programs, testing::Contains("bash"));
  for (const auto& program : *programs) {
    TestTerminal terminal(client, "command -v " + program);
    ASSERT_TRUE(client.wait([&] { return client.channel(terminal.channel_).ended; }));
    EXPECT_THAT(terminal.output(), testing::HasSubstr("/" + program));
  }
}

TEST(RunnerTerminal, a_shell_by_its_name_tells_where_its_prompts_are) {
  const RunnerProcess runner;
  RunnerClient client(runner);
  TestTerminal terminal(client, "bash");
  EXPECT_TRUE(client.wait([&] { return terminal.output().find("\x1b]133;A") != std::string::npos; }));
}

TEST(RunnerTerminal, tells_the_signal_that_ended_a_program) {
  const RunnerProcess runner;
  RunnerClient client(runner);
  TestTerminal terminal(client, "kill -9 $$");
  const auto changed =
      client.wait_for<TerminalChanged>([](const auto& params) { return !params.terminal.running; });
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->terminal.exit_signal, 9);
}

TEST(RunnerTerminal, resizing_reaches_the_program_and_the_other_windows) {
  const RunnerProcess runner;
  RunnerClient client(runner), other(runner);
  TestTerminal terminal(client, {}, 80, 24);
  client.must<TerminalResize>({terminal.id, 101, 37});
  terminal.type("stty size\n");
  EXPECT_TRUE(terminal.see("37 101\r\n")) << terminal.output();
  EXPECT_TRUE(
      other.wait_for<TerminalChanged>([](const auto& params) { return params.terminal.columns == 101; }));
  const auto refused = client.call<TerminalResize>({terminal.id, 0, 10});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, testing::HasSubstr("terminal/resize.columns"));
}

TEST(RunnerTerminal, interrupt_answers_at_once_under_a_flood) {
  const RunnerProcess runner;
  RunnerClient client(runner);
  client.set_window(64 << 10);
  client.keep_bytes(false);
  TestTerminal terminal(client);
  auto best = Clock::duration::max();
  for (int i = 0; i < 5 && best > 1s; ++i) {  // a busy machine is slow now and then, a fault always
    const auto before = client.channel(terminal.channel_).total;
    client.keep_bytes(false);
    terminal.type("yes flooding; echo do''ne\n");
    ASSERT_TRUE(client.wait([&] { return client.channel(terminal.channel_).total > before + (4u << 20); }));
    client.keep_bytes(true);
    const auto start = Clock::now();
    terminal.type("\x03");
    // The shell abandons the rest of the line after an interrupt, so the prompt is what tells.
    ASSERT_TRUE(terminal.see("$ "));
    best = std::min(best, Clock::now() - start);
  }
  EXPECT_LT(best, 1s);
}

TEST(RunnerTerminal, what_an_interrupt_has_to_overtake_is_little_for_a_slow_client) {
  const RunnerProcess runner;
  RunnerClient client(runner);
  TestTerminal terminal(client);
  ASSERT_TRUE(terminal.see("$ "));
  client.set_window(0);
  terminal.type("yes flooding the terminal with one line and another\n");
  auto& channel = client.channel(terminal.channel_);
  // 80 KiB each 10 ms, as a view that shows 8 MB/s takes them.
  constexpr std::uint64_t step = 80u << 10;
  std::uint64_t limit = channel.total;
  const auto grant = [&] {
    client.wait([] { return false; }, 10ms);
    limit = std::max(limit, channel.total + step);
    client.send_frame({FrameKind::credit, false, terminal.channel_, limit});
  };
  const auto deadline = Clock::now() + RunnerClient::patience;
  while (channel.total < (4u << 20) && Clock::now() < deadline) grant();
  ASSERT_GE(channel.total, 4u << 20);
  const auto before = channel.total;
  terminal.type("\x03");
  while (!std::string_view(channel.bytes).substr(before).contains("^C") && Clock::now() < deadline) grant();
  const auto at = channel.bytes.find("^C", before);
  ASSERT_NE(at, channel.bytes.npos);
  // Credit that was out, the backlog, one read and what the kernel holds.
  EXPECT_LT(at - before, 2 * step + (96u << 10));
}

TEST(RunnerTerminal, a_slow_client_is_never_sent_more_than_its_credit) {
  const RunnerProcess runner;
  RunnerClient client(runner);
  client.set_window(0);
  const auto opened = client.must<TerminalOpen>({80, 24, std::nullopt, "yes", std::nullopt, std::nullopt});
  const auto attached = client.must<TerminalAttach>({opened.terminal.terminal, 10000, 0});
  ASSERT_TRUE(client.wait([&] { return client.channel(attached.channel).total == 10000; }));
  EXPECT_FALSE(client.wait([&] { return client.channel(attached.channel).total > 10000; }, 300ms));
  client.send_frame({FrameKind::credit, false, attached.channel, 15000});
  EXPECT_TRUE(client.wait([&] { return client.channel(attached.channel).total == 15000; }));
}

TEST(RunnerTerminal, resumes_at_the_exact_byte_after_a_drop) {
  const RunnerProcess runner;
  RunnerClient client(runner);
  const std::string session = client.hello().session;
  TestTerminal terminal(client, "for i in $(seq 1 40000); do echo line $i; done; read answer");
  ASSERT_TRUE(terminal.see("line 500\r\n"));
  const std::string before = terminal.output();
  client.drop();

  RunnerClient again(runner, Role::owner, session);
  ASSERT_TRUE(again.hello().resumed);
  TestTerminal resumed(again, TestTerminal::Existing{terminal.id, before.size()});
  ASSERT_FALSE(resumed.lost);
  EXPECT_EQ(resumed.output_start, before.size());
  ASSERT_TRUE(resumed.see("line 40000\r\n"));
  std::string expected;
  for (int i = 1; i <= 40000; ++i) expected += "line " + std::to_string(i) + "\r\n";
  EXPECT_EQ(before + resumed.output(), expected);
}

TEST(RunnerTerminal, keys_that_are_sent_again_after_a_resume_are_typed_once) {
  const RunnerProcess runner;
  RunnerClient client(runner);
  const std::string session = client.hello().session;
  TestTerminal terminal(client, "stty -echo; echo ready; while read -r line; do echo \"got $line\"; done");
  ASSERT_TRUE(terminal.see("ready"));
  terminal.type("one\ntw");
  ASSERT_TRUE(terminal.see("got one"));
  client.drop();

  RunnerClient again(runner, Role::owner, session);
  TestTerminal resumed(again, TestTerminal::Existing{terminal.id, 0});
  EXPECT_LE(resumed.input_offset, 6u);
  // The client does not know what arrived: it sends everything since the beginning again.
  again.send_data(resumed.channel_, 0, "one\ntwo\nthree\n");
  ASSERT_TRUE(resumed.see("got three"));
  EXPECT_THAT(resumed.output(), testing::HasSubstr("got one\r\ngot two\r\ngot three"));
}

TEST(RunnerTerminal, output_goes_on_while_nobody_watches) {
  const RunnerProcess runner;
  RunnerClient client(runner);
  const auto opened = client.must<TerminalOpen>(
      {80, 24, std::nullopt, "yes | head -c 8000000; touch finished", std::nullopt, std::nullopt});
  ASSERT_TRUE(client.wait_for<TerminalChanged>([](const auto& params) { return !params.terminal.running; }));
  EXPECT_TRUE(std::filesystem::exists(runner.home() / "project/finished"));
  const auto attached = client.must<TerminalAttach>({opened.terminal.terminal, 4u << 20, 0});
  EXPECT_TRUE(attached.lost);
  EXPECT_GT(attached.output_offset, 1000000u);
}

TEST(RunnerTerminal, a_viewer_sees_but_cannot_type_open_or_resize) {
  const RunnerProcess runner;
  RunnerClient owner(runner), viewer(runner, Role::viewer);
  TestTerminal terminal(owner, "cat");
  const auto attached = viewer.must<TerminalAttach>({terminal.id, 1u << 20, 0});
  EXPECT_EQ(attached.input_limit, attached.input_offset);
  viewer.send_data(attached.channel, 0, "intruder\n");
  EXPECT_TRUE(viewer.wait([&] { return viewer.channel(attached.channel).aborted; }));
  terminal.type("hello\n");
  ASSERT_TRUE(terminal.see("hello\r\nhello"));
  EXPECT_THAT(terminal.output(), testing::Not(testing::HasSubstr("intruder")));
  EXPECT_EQ(viewer.call<TerminalOpen>({80, 24, {}, {}, {}, {}}).error().code, ErrorCode::permission_denied);
  EXPECT_EQ(viewer.call<TerminalResize>({terminal.id, 90, 30}).error().code, ErrorCode::permission_denied);
  EXPECT_EQ(viewer.call<TerminalClose>({terminal.id}).error().code, ErrorCode::permission_denied);
}

TEST(RunnerTerminal, two_windows_watch_and_drive_one_terminal) {
  const RunnerProcess runner;
  RunnerClient first(runner), second(runner);
  TestTerminal one(first);
  ASSERT_TRUE(one.see("$ "));
  TestTerminal two(second, TestTerminal::Existing{one.id, 0});
  two.type("echo from''second\n");
  EXPECT_TRUE(one.see("fromsecond\r\n"));
  EXPECT_TRUE(two.see("fromsecond\r\n"));
}

TEST(RunnerTerminal, titles_come_from_the_person_then_the_program) {
  const RunnerProcess runner;
  RunnerClient client(runner);
  TestTerminal terminal(client, "printf '\\033]0;from the program\\007'; read x");
  EXPECT_TRUE(client.wait_for<TerminalChanged>(
      [](const auto& params) { return params.terminal.title == "from the program"; }));
  client.must<TerminalRename>({terminal.id, "mine"});
  EXPECT_EQ(client.must<TerminalList>({}).terminals.at(0).title, "mine");
  client.must<TerminalRename>({terminal.id, ""});
  EXPECT_EQ(client.must<TerminalList>({}).terminals.at(0).title, "from the program");
}

TEST(RunnerTerminal, closing_kills_even_what_ignores_the_hangup) {
  const RunnerProcess runner;
  RunnerClient client(runner);
  TestTerminal terminal(client, "trap '' HUP; echo pid $$ end; while :; do read -t 1 x; done");
  ASSERT_TRUE(terminal.see(" end"));
  const auto text = terminal.output();
  const int pid = std::stoi(text.substr(text.find("pid ") + 4));
  client.must<TerminalClose>({terminal.id});
  EXPECT_TRUE(
      client.wait_for<TerminalClosed>([&](const auto& params) { return params.terminal == terminal.id; }));
  EXPECT_TRUE(client.wait([&] { return ::kill(pid, 0) != 0; }));
  EXPECT_TRUE(client.must<TerminalList>({}).terminals.empty());
}

TEST(RunnerTerminal, a_wrong_directory_is_an_error_and_paths_are_confined) {
  const RunnerProcess runner;
  RunnerClient client(runner);
  const auto open_in = [&](const std::string& cwd) {
    return client.call<TerminalOpen>({80, 24, cwd, {}, {}, {}});
  };
  EXPECT_EQ(open_in("nowhere").error().code, ErrorCode::not_found);
  EXPECT_EQ(open_in("../..").error().code, ErrorCode::permission_denied);
  EXPECT_EQ(open_in("/etc").error().code, ErrorCode::permission_denied);
}

}  // namespace
}  // namespace berth::test
