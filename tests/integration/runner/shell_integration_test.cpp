// SPDX-License-Identifier: GPL-3.0-or-later
// Shells tell where prompts and commands begin and end, and their directory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "runner_client.hpp"

namespace berth::test {
namespace {

using namespace protocol;
using testing::HasSubstr;
using testing::Not;

std::optional<std::string> directory_of(RunnerClient& client, const std::string& wanted) {
  const auto changed = client.wait_for<TerminalChanged>(
      [&](const auto& params) { return params.terminal.directory == wanted; });
  return changed ? changed->terminal.directory : std::nullopt;
}

/// Types a failing command in a directory of an odd name and looks for all the marks.
void expect_marks(RunnerClient& client, const RunnerProcess& runner, const std::string& prompt) {
  TestTerminal terminal(client);
  ASSERT_TRUE(terminal.see("\x1b]133;A")) << terminal.output();
  ASSERT_TRUE(terminal.see(prompt)) << terminal.output();
  terminal.type("mkdir -p 'an \u00e9 odd% one' && cd an*\r");
  ASSERT_TRUE(terminal.see("\x1b]133;D;0")) << terminal.output();
  ASSERT_TRUE(terminal.see("\x1b]133;A"));
  ASSERT_TRUE(terminal.see(prompt));
  terminal.type("(exit 3)\r");
  ASSERT_TRUE(terminal.see("\x1b]133;C")) << terminal.output();
  ASSERT_TRUE(terminal.see("\x1b]133;D;3")) << terminal.output();
  EXPECT_TRUE(directory_of(client, (runner.home() / "project/an \u00e9 odd% one").string()))
      << terminal.output();
}

TEST(RunnerShellIntegration, bash_tells_prompts_commands_and_its_directory) {
  const RunnerProcess runner;
  runner.write_file(".bash_profile", "echo own''profile; PS1='mine> '\n");
  RunnerClient client(runner);
  expect_marks(client, runner, "mine> \x1b]133;B");
  // Their own files run, it is a login shell, and nothing was written into them.
  TestTerminal terminal(client);
  ASSERT_TRUE(terminal.see("ownprofile\r\n"));
  terminal.type("shopt -q login_shell && echo lo''gin ${ENV-none} $HISTFILE; set -o | grep posix\r");
  EXPECT_TRUE(terminal.see("login none " + (runner.home() / ".bash_history").string())) << terminal.output();
  EXPECT_TRUE(terminal.see("posix          \toff"));
  EXPECT_EQ(runner.read_file(".bash_profile"), "echo own''profile; PS1='mine> '\n");
}

TEST(RunnerShellIntegration, a_prompt_command_of_the_persons_goes_on_and_sees_the_status) {
  const RunnerProcess runner;
  runner.write_file(".bash_profile", "PROMPT_COMMAND='echo \"status was $?\"'\n");
  RunnerClient client(runner);
  TestTerminal terminal(client);
  ASSERT_TRUE(terminal.see("status was 0"));
  terminal.type("(exit 5)\r");
  EXPECT_TRUE(terminal.see("133;D;5"));
  EXPECT_TRUE(terminal.see("status was 5")) << terminal.output();
}

TEST(RunnerShellIntegration, it_can_be_turned_off) {
  const RunnerProcess runner;
  RunnerClient client(runner);
  const auto opened = client.must<TerminalOpen>(
      {80, 24, {}, {}, std::map<std::string, std::string>{{"BERTH_SHELL_INTEGRATION", "0"}}, {}, {}});
  TestTerminal terminal(client, TestTerminal::Existing{opened.terminal.terminal, 0});
  ASSERT_TRUE(terminal.see("$ "));
  terminal.type("echo d''one\r");
  ASSERT_TRUE(terminal.see("done\r\n"));
  ASSERT_TRUE(terminal.see("$ "));
  EXPECT_THAT(terminal.output(), Not(HasSubstr("133;")));
}

TEST(RunnerShellIntegration, zsh_tells_prompts_commands_and_its_directory) {
  if (::access("/bin/zsh", X_OK) != 0) FAIL() << "zsh is in packaging/toolbox/packages";
  RunnerOptions options;
  options.shell = "/bin/zsh";
  const RunnerProcess runner(options);
  runner.write_file(".zshrc", "PS1='mine> '\n");
  RunnerClient client(runner);
  expect_marks(client, runner, "mine> ");
  TestTerminal terminal(client);
  ASSERT_TRUE(terminal.see("133;B"));
  terminal.type("echo dir=${ZDOTDIR-none} $options[login]\r");
  EXPECT_TRUE(terminal.see("dir=none on")) << terminal.output();
}

TEST(RunnerShellIntegration, fish_tells_prompts_commands_and_its_directory) {
  if (::access("/usr/bin/fish", X_OK) != 0) FAIL() << "fish is in packaging/toolbox/packages";
  RunnerOptions options;
  options.shell = "/usr/bin/fish";
  const RunnerProcess runner(options);
  RunnerClient client(runner);
  TestTerminal terminal(client);
  ASSERT_TRUE(terminal.see("\x1b]133;A")) << terminal.output();
  terminal.type("cd ..; false\r");
  EXPECT_TRUE(terminal.see("\x1b]133;C")) << terminal.output();
  EXPECT_TRUE(terminal.see("\x1b]133;D;1")) << terminal.output();
  EXPECT_TRUE(directory_of(client, runner.home().string())) << terminal.output();
}

}  // namespace
}  // namespace berth::test
