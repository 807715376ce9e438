// SPDX-License-Identifier: GPL-3.0-or-later
// shell: a terminal of the workspace in this one; terminals ls and close.
#include "client/cli/context.hpp"
#include "client/cli/terminal_session.hpp"
#include "client/cli/workspace_link.hpp"

namespace berth::cli {
namespace {

struct Choice {
  std::string workspace, attach, directory, title, escape = "~", terminal;
};

int failed(const Context& context, const Error& error) {
  context.out.fail(error);
  return exit_exec_failed;
}

int shell(Context& context, const Choice& choice) {
  if (!has_terminal())
    return failed(context,
                  {ErrorCode::unsupported,
                   "A shell needs a terminal as standard input and output; for pipes there is berthctl exec.",
                   {},
                   {}});
  std::optional<char> escape;
  if (choice.escape != "none") {
    if (choice.escape.size() != 1 || choice.escape[0] <= ' ' || choice.escape[0] > '~')
      return failed(context,
                    {ErrorCode::invalid_argument, "--escape is one printable character, or none.", {}, {}});
    escape = choice.escape[0];
  }
  auto link = WorkspaceLink::open(context, choice.workspace);
  if (!link) return failed(context, link.error());
  TerminalSession session(&context, link->get(), escape);
  if (!choice.attach.empty()) return session.attach(choice.attach);
  client::Terminals::Start start;
  if (!choice.directory.empty()) start.cwd = QString::fromStdString(choice.directory);
  if (!choice.title.empty()) start.title = QString::fromStdString(choice.title);
  return session.run(start);
}

int list(Context& context, const Choice& choice) {
  auto link = WorkspaceLink::open(context, choice.workspace);
  if (!link) return context.out.fail(link.error());
  const auto listed = awaited<protocol::Json>([&](QObject* waiting, client::Reply<protocol::Json> done) {
    (*link)->connection()->sendRequest(protocol::TerminalList::method, protocol::Json::object(), waiting,
                                       std::move(done));
  });
  if (!listed) return context.out.fail(listed.error());
  return finish(
      context, protocol::decode<protocol::TerminalList::Result>(*listed, "terminal/list"),
      [](const protocol::TerminalList::Result& answer) {
        Table table({"ID", "TITLE", "SIZE", "STATE", "WINDOWS", "SINCE"});
        for (const auto& one : answer.terminals)
          table.row({one.terminal, one.title, std::to_string(one.columns) + "x" + std::to_string(one.rows),
                     one.running ? "running" : "ended " + std::to_string(one.exit_code.value_or(-1)),
                     std::to_string(one.viewers ? one.viewers->size() : 0), local_time(one.created)});
        table.print();
      });
}

int close(Context& context, const Choice& choice) {
  auto link = WorkspaceLink::open(context, choice.workspace);
  if (!link) return context.out.fail(link.error());
  const auto answer = awaited<protocol::Json>([&](QObject* waiting, client::Reply<protocol::Json> done) {
    (*link)->connection()->sendRequest(protocol::TerminalClose::method,
                                       protocol::encode(protocol::TerminalClose::Params{choice.terminal}),
                                       waiting, std::move(done));
  });
  if (!answer) return context.out.fail(answer.error());
  if (!context.out.answer(protocol::Empty{})) context.out.say("Closed.");
  return exit_good;
}

}  // namespace

void add_shell_commands(Commands& commands) {
  auto choice = std::make_shared<Choice>();
  auto run = [choice](int (*command)(Context&, const Choice&)) {
    return [choice, command](Context& context) { return command(context, *choice); };
  };
  auto* shell_command = commands.add(
      &commands.app, "shell", "A terminal of the workspace, here. Ends as its shell does.", run(shell));
  shell_command
      ->add_option("WORKSPACE", choice->workspace, "Its name or id; it is started where it does not run.")
      ->required();
  auto* attach =
      shell_command->add_option("--attach", choice->attach, "One that is there (its id), or last.");
  shell_command->add_option("--directory,-C", choice->directory, "Where a new one begins, below the home.")
      ->excludes(attach);
  shell_command->add_option("--title", choice->title, "What a new one is called in every window.")
      ->excludes(attach);
  shell_command
      ->add_option("--escape", choice->escape,
                   "The key for orders at a line's begin: ~. detaches, ~? tells more; or none.")
      ->capture_default_str();
  auto* group = commands.app.add_subcommand("terminals", "The terminals of a workspace.");
  group->require_subcommand(1);
  commands.add(group, "ls", "All of them, whoever opened them.", run(list))
      ->add_option("WORKSPACE", choice->workspace, "Its name or id.")
      ->required();
  auto* end = commands.add(group, "close", "Hangs one up.", run(close));
  end->add_option("WORKSPACE", choice->workspace, "Its name or id.")->required();
  end->add_option("TERMINAL", choice->terminal, "Its id.")->required();
}

}  // namespace berth::cli
