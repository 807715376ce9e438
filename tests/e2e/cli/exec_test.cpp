// SPDX-License-Identifier: GPL-3.0-or-later
// exec: exit codes, pipes with any bytes, ends of input, signals, in a real workspace.
#include <signal.h>
#include <sys/wait.h>

#include "cli_world.hpp"

namespace berth::test {
namespace {

using testing::HasSubstr;

class CliExec : public CliTest {
 protected:
  static Ended exec(std::vector<std::string> command, std::string_view input = {}) {
    command.insert(command.begin(), {"exec", running(), "--"});
    return ctl(std::move(command), input);
  }
  static std::string every_byte(std::size_t size) {
    std::string bytes(size, '\0');
    std::uint32_t state = 1;
    for (auto& byte : bytes) {
      state = state * 1664525u + 1013904223u;
      byte = static_cast<char>(state >> 24);
    }
    return bytes;
  }
};

TEST_F(CliExec, output_and_errors_come_apart_and_the_exit_code_is_the_command_s) {
  const auto ended = exec({"sh", "-c", "echo out; echo err >&2; exit 42"});
  EXPECT_EQ(ended.code, 42);
  EXPECT_EQ(ended.out, "out\n");
  EXPECT_EQ(ended.error, "err\n");
  EXPECT_EQ(exec({"true"}).code, 0);
  EXPECT_EQ(exec({"no-such-command"}).code, 127);
  EXPECT_EQ(exec({"sh", "-c", "kill -TERM $$"}).code, 128 + SIGTERM);
}

TEST_F(CliExec, every_byte_goes_through_both_ways) {
  const auto bytes = every_byte(1'500'000);
  const auto ended = exec({"cat"}, bytes);
  EXPECT_EQ(ended.code, 0) << ended.error;
  EXPECT_TRUE(ended.out == bytes) << ended.out.size();
  EXPECT_EQ(ended.error, "");
  // Bytes that terminals take for orders, alone and at each end.
  for (const std::string text : {"\x03", "\x04", "\x04\x04", "\x11\x13", "\x16", "\r\n", "\n", "a"}) {
    EXPECT_EQ(
        exec({"od", "-An", "-tx1"}, text).out,
        ctl({"exec", "-n", running(), "--", "sh", "-c", "printf %s \"$1\" | od -An -tx1", "sh", text}).out);
  }
}

TEST_F(CliExec, arguments_are_not_a_shell_s) {
  EXPECT_EQ(exec({"printf", "%s|", "a b", "$HOME", "it's", "\"", "*", ""}).out, "a b|$HOME|it's|\"|*||");
}

TEST_F(CliExec, nothing_is_a_terminal) {
  EXPECT_EQ(exec({"sh", "-c", "for d in 0 1 2; do [ -t $d ] && echo $d; done; true"}).out, "");
}

TEST_F(CliExec, a_conversation_needs_no_end_of_input) {
  Program program(world().ann, {"exec", running(), "--", "sh", "-c",
                                "while read -r word; do echo \"<$word>\"; done; echo end"});
  program.write("one\n");
  program.wait_for_output("<one>\n");
  program.write("two\n");
  program.wait_for_output("<two>\n");
  const auto ended = program.end();
  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.out, "<one>\n<two>\nend\n");
}

TEST_F(CliExec, a_command_that_reads_nothing_ends_while_its_input_is_open) {
  Program program(world().ann, {"exec", running(), "--", "echo", "done"});
  program.wait_for_output("done\n");
  // Without closing its input; end() would.
  siginfo_t ended{};
  EXPECT_TRUE(server::testing::in_time([&] {
    return ::waitid(P_PID, static_cast<id_t>(program.pid()), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           ended.si_pid != 0;
  }));
  EXPECT_EQ(program.end().code, 0);
}

TEST_F(CliExec, the_environment_and_the_folder_are_chosen) {
  EXPECT_EQ(ctl({"exec", running(), "-e", "A=b c", "-C", ".", "--", "sh", "-c",
                 "echo \"$A\"; [ \"$PWD\" = \"$HOME\" ] && echo home; echo \"$BERTHCTL_SCRIPT\""})
                .out,
            "b c\nhome\n\n");
  EXPECT_EQ(ctl({"exec", running(), "-C", "no/such/folder", "true"}).code, 255);
}

TEST_F(CliExec, an_interrupt_is_the_command_s) {
  Program program(world().ann, {"exec", running(), "--", "sh", "-c",
                                "trap 'echo caught; exit 7' INT; echo ready; while :; do sleep 0.1; done"});
  program.wait_for_output("ready\n");
  program.signal(SIGINT);
  program.wait_for_output("caught\n");
  EXPECT_EQ(program.end().code, 7);
}

TEST_F(CliExec, a_flood_waits_for_a_slow_reader_and_comes_whole) {
  Program program(world().ann, {"exec", "-n", running(), "--", "sh", "-c", "seq 1 600000; echo last >&2"});
  program.wait_for_error("last");
  const auto ended = program.end();
  EXPECT_EQ(ended.code, 0);
  std::string expected;
  for (int i = 1; i <= 600'000; ++i) expected += std::to_string(i) + "\n";
  EXPECT_TRUE(ended.out == expected) << ended.out.size() << " of " << expected.size();
}

TEST_F(CliExec, nobody_reading_ends_it) {
  Program program(world().ann, {"exec", "-n", running(), "--", "yes"});
  program.wait_for_output("y\n");
  program.close_output();
  EXPECT_EQ(program.end().code, 128 + SIGPIPE);
  EXPECT_TRUE(server::testing::in_time([&] { return exec({"pgrep", "-x", "yes"}).code == 1; }))
      << "it goes on";
}

TEST_F(CliExec, nothing_of_it_is_left) {
  EXPECT_EQ(exec({"true"}).code, 0);
  EXPECT_TRUE(
      server::testing::in_time([&] { return json({"terminals", "ls", running()}).at("terminals").empty(); }));
  EXPECT_EQ(exec({"sh", "-c", "ls -d /tmp/.berthctl-* 2>/dev/null | wc -l"}).out, "0\n");
}

TEST_F(CliExec, a_stopped_workspace_is_started_and_one_that_is_not_there_is_said) {
  const std::string id = json({"workspaces", "create", "sleeping", "--stopped"}).at("id");
  const auto ended = ctl({"exec", "sleeping", "echo", "awake"});
  EXPECT_EQ(ended.code, 0) << ended.error;
  EXPECT_EQ(ended.out, "awake\n");
  EXPECT_EQ(ctl({"ws", "stop", id}).code, 0);
  EXPECT_EQ(ctl({"exec", "nowhere", "true"}).code, 255);
  EXPECT_EQ(ctl({"exec", running()}).code, 255) << "no command";
}

}  // namespace
}  // namespace berth::test
