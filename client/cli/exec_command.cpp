// SPDX-License-Identifier: GPL-3.0-or-later
// exec: a command in the workspace, with pipes or in a terminal; ends as it does.
#include "client/cli/context.hpp"
#include "client/cli/piped_command.hpp"
#include "client/cli/terminal_session.hpp"
#include "client/cli/workspace_link.hpp"

namespace berth::cli {
namespace {

struct Choice {
  std::string workspace, directory;
  std::vector<std::string> command, environment;
  bool terminal = false, no_input = false;
};

int failed(const Context& context, const Error& error) {
  context.out.fail(error);
  return exit_exec_failed;
}

int exec(Context& context, const Choice& choice) {
  auto command = choice.command;
  command.insert(command.end(), context.behind.begin(), context.behind.end());
  if (command.empty())
    return failed(
        context,
        {ErrorCode::invalid_argument, "Name a command: berthctl exec WORKSPACE -- make test", {}, {}});
  std::map<std::string, std::string> environment;
  for (const auto& one : choice.environment) {
    const auto equals = one.find('=');
    if (equals == 0 || equals == std::string::npos)
      return failed(context, {ErrorCode::invalid_argument, "--env takes NAME=VALUE.", {}, {}});
    environment[one.substr(0, equals)] = one.substr(equals + 1);
  }
  if (choice.terminal && !has_terminal())
    return failed(context,
                  {ErrorCode::unsupported, "--tty needs a terminal as standard input and output.", {}, {}});
  auto link = WorkspaceLink::open(context, choice.workspace);
  if (!link) return failed(context, link.error());
  if ((*link)->connection()->hello()->role == protocol::Role::viewer)
    return failed(context, {ErrorCode::permission_denied, "You may only look at this workspace.", {}, {}});
  if (choice.terminal) {
    client::Terminals::Start start;
    start.command = QString::fromLatin1(script_start);
    start.title = QString::fromStdString(plain(shell_words(command))).left(60);
    if (!choice.directory.empty()) start.cwd = QString::fromStdString(choice.directory);
    start.environment = environment;
    start.environment[script_variable] = "unset BERTHCTL_SCRIPT; exec " + shell_words(command);
    TerminalSession session(&context, link->get(), '~');
    return session.run(start);
  }
  PipedCommand piped(link->get(), {command, environment, choice.directory, !choice.no_input});
  const auto ended = piped.run();
  return ended ? *ended : failed(context, ended.error());
}

}  // namespace

void add_exec_command(Commands& commands) {
  auto choice = std::make_shared<Choice>();
  auto* command =
      commands.add(&commands.app, "exec",
                   "Runs a command in the workspace, with this program's standard input, output and error.",
                   [choice](Context& context) { return exec(context, *choice); });
  command->add_option("WORKSPACE", choice->workspace, "Its name or id; it is started where it does not run.")
      ->required();
  command->add_option("COMMAND", choice->command,
                      "The command and its arguments; behind -- where they begin with -.");
  command->add_flag("--tty,-t", choice->terminal, "In a terminal, as shell does.");
  command->add_flag("--no-input,-n", choice->no_input, "Its standard input is empty.");
  command->add_option("--directory,-C", choice->directory,
                      "Where it runs, below the home; the project when absent.");
  command->add_option("--env,-e", choice->environment, "NAME=VALUE; may be given several times.")
      ->allow_extra_args(false);
}

}  // namespace berth::cli
