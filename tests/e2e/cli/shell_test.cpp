// SPDX-License-Identifier: GPL-3.0-or-later
// shell: a terminal of a real workspace in a real terminal here.
#include "cli_world.hpp"
#include "tests/fault_proxy.hpp"

namespace berth::test {
namespace {

using testing::HasSubstr;

class CliShell : public CliTest {
 protected:
  static void ask_for_a_prompt(TerminalProgram& shell) {
    shell.type("PS1='% '; echo ready-$((40+2))\r");
    shell.wait_for("ready-42\r\n");
  }
};

TEST_F(CliShell, it_is_a_terminal_of_this_one_s_size_and_ends_as_its_shell_does) {
  TerminalProgram shell(world().ann, {"shell", running()}, 91, 31);
  ask_for_a_prompt(shell);
  shell.type("stty size\r");
  shell.wait_for("31 91");
  EXPECT_FALSE(shell.is_cooked());
  shell.resize(77, 22);
  EXPECT_TRUE(server::testing::in_time([&] {
    shell.forget();
    shell.type("stty size; echo asked-$((1+1))\r");
    return shell.wait_for("asked-2\r\n").find("22 77") != std::string::npos;
  }));
  shell.type("exit 5\r");
  EXPECT_EQ(shell.end(), 5);
  EXPECT_TRUE(json({"terminals", "ls", running()}).at("terminals").empty()) << "it is not left in the list";
}

TEST_F(CliShell, keys_reach_programs_untouched) {
  TerminalProgram shell(world().ann, {"shell", running()});
  ask_for_a_prompt(shell);
  shell.type("echo on-$((1+1)); cat\r");
  shell.wait_for("on-2\r\n");  // what is typed ahead of it is the shell's
  shell.type("~~tilde and middle ~. of a line\r");
  shell.wait_for("~tilde and middle ~. of a line\r\n~tilde");
  shell.type("\x03");
  shell.wait_for("133;D;130");  // the shell is back: what was typed before the interrupt arrived is gone
  shell.forget();
  shell.type("sh -c 'echo sleeps-$((1+2)); exec sleep 1000'; echo interrupted=$?\r");
  shell.wait_for(
      "sleeps-3\r\n");  // by then it has the terminal: before that the interrupt would be the shell's own
  shell.type("\x03");
  shell.wait_for("133;D;130");
  shell.type("echo still-$((2+2))\r");
  shell.wait_for("still-4");
  shell.type("exit 0\r");
  EXPECT_EQ(shell.end(), 0);
}

TEST_F(CliShell, detached_it_goes_on_and_is_attached_again_as_it_is) {
  std::string id;
  {
    TerminalProgram shell(world().ann, {"shell", running(), "--title", "long work"});
    ask_for_a_prompt(shell);
    shell.type("variable=kept; echo line $((40+2)) to find again\r");
    shell.wait_for("line 42 to find again\r\n");
    shell.type("\r~.");
    EXPECT_EQ(shell.end(), 0);
    EXPECT_THAT(shell.shown(), HasSubstr("Detached"));
  }
  const auto listed = json({"terminals", "ls", running()}).at("terminals");
  ASSERT_EQ(listed.size(), 1u) << listed;
  EXPECT_EQ(listed.at(0).at("title"), "long work");
  id = listed.at(0).at("terminal");
  {
    TerminalProgram shell(world().ann, {"shell", running(), "--attach", id}, 100, 40);
    shell.wait_for("line 42 to find again");
    shell.type("echo $variable-$((1+2)); stty size\r");
    shell.wait_for("kept-3");
    shell.wait_for("40 100");
    shell.type("\r~x");
    EXPECT_EQ(shell.end(), 130);
  }
  EXPECT_TRUE(
      server::testing::in_time([&] { return json({"terminals", "ls", running()}).at("terminals").empty(); }));
  EXPECT_EQ(ctl({"shell", running(), "--attach", id}).code, 255) << "not a terminal, and not there";
}

TEST_F(CliShell, a_drop_of_the_connection_loses_nothing) {
  FaultProxy proxy(world().berthd->port());
  Machine away;
  away.environment["BERTH_TOKEN"] =
      json({"tokens", "create", "away", "--scope", "workspaces_write,connect"}).at("secret");
  TerminalProgram shell(away,
                        {"--server", "http://localhost:" + std::to_string(proxy.port()), "shell", running()});
  ask_for_a_prompt(shell);
  shell.type("for i in $(seq 1 60); do echo line-$i-of-60; sleep 0.05; done; echo all-$((30+30))\r");
  shell.wait_for("line-5-of-60");
  proxy.reset();
  shell.wait_for("line-20-of-60");
  proxy.reset();
  shell.type("echo typed-$((3+4))\r");
  shell.wait_for("all-60\r\n");
  for (int i = 1; i <= 60; ++i)
    EXPECT_THAT(shell.shown(), HasSubstr("line-" + std::to_string(i) + "-of-60\r\n"));
  shell.wait_for("typed-7\r\n");
  shell.type("exit 3\r");
  EXPECT_EQ(shell.end(), 3);
}

TEST_F(CliShell, a_workspace_that_is_stopped_ends_it_and_says_so) {
  const std::string id = json({"workspaces", "create", "to stop"}).at("id");
  TerminalProgram shell(world().ann, {"shell", id});
  ask_for_a_prompt(shell);
  EXPECT_EQ(ctl({"ws", "stop", id}).code, 0);
  EXPECT_EQ(shell.end(), 255);
  EXPECT_THAT(shell.shown(), HasSubstr("berthctl: "));
}

TEST_F(CliShell, a_command_in_a_terminal) {
  TerminalProgram program(world().ann,
                          {"exec", "-t", running(), "--", "sh", "-c",
                           "[ -t 0 ] && [ -t 1 ] && echo a terminal; read -r word; echo got $word; exit 9"});
  program.wait_for("a terminal\r\n");
  program.type("hello\r");
  program.wait_for("got hello\r\n");
  EXPECT_EQ(program.end(), 9);
}

TEST_F(CliShell, without_a_terminal_it_says_what_to_use) {
  const auto ended = ctl({"shell", running()});
  EXPECT_EQ(ended.code, 255);
  EXPECT_THAT(ended.error, HasSubstr("berthctl exec"));
}

}  // namespace
}  // namespace berth::test
