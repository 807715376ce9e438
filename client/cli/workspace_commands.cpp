// SPDX-License-Identifier: GPL-3.0-or-later
// workspaces ls, create, start, stop, rm, rename, show; templates; open; logs.
#include <QProcess>
#include <QStandardPaths>

#include "client/cli/context.hpp"
#include "client/cli/page.hpp"
#include "client/cli/start_progress.hpp"
#include "client/cli/tty.hpp"
#include "client/cli/workspace_link.hpp"
#include "client/core/server_address.hpp"
#include "client/core/workspace_creation.hpp"
#include "protocol/rest_admin.hpp"

namespace berth::cli {
namespace {

using protocol::rest::Workspace;

struct Choice {
  std::string workspace, name, part, owner, template_id = "empty", git, from, version, team;
  bool stopped = false, yes = false, no_wait = false, print = false, desktop = false;
  int port = 0;
};

std::string state_text(const Workspace& workspace) {
  return boost::describe::enum_to_string(workspace.state, "unknown");
}

void show(const Context& context, const Workspace& one) {
  context.out.say(one.id + "  " + one.name + "  " + state_text(one) +
                  (one.reason.empty() ? "" : "  (" + one.reason + ")"));
}

int list(Context& context, const Choice& choice) {
  auto found = context.workspaces(choice.part, choice.owner);
  if (!found) return context.out.fail(found.error());
  if (context.out.json) {
    Output::print_json({{"workspaces", protocol::encode(*found)}});
    return exit_good;
  }
  Table table({"ID", "NAME", "STATE", "ROLE", "OWNER", "LAST USED"});
  for (const auto& one : *found)
    table.row({one.id, one.name, state_text(one), boost::describe::enum_to_string(one.role, ""),
               one.owner.name, local_time(one.last_used)});
  table.empty() ? context.out.note("There are no workspaces. Make one: berthctl workspaces create NAME")
                : table.print();
  return exit_good;
}

int create(Context& context, const Choice& choice) {
  auto server = context.server();
  if (!server) return context.out.fail(server.error());
  rest::CreateWorkspace::Body body{choice.name, choice.template_id};
  if (choice.stopped) body.start = false;
  if (!choice.git.empty())
    body.git_url = client::git_url_of(QString::fromStdString(choice.git)).toStdString();
  if (!choice.from.empty()) {
    const auto from = context.workspace(choice.from);
    if (!from) return context.out.fail(from.error());
    body.from_workspace = from->id;
    if (!choice.version.empty()) body.from_version = choice.version;
  }
  if (!choice.team.empty()) {
    const auto team = context.team(choice.team);
    if (!team) return context.out.fail(team.error());
    body.team = team->id;
  }
  auto made = (*server)->ask<rest::CreateWorkspace>(body);
  if (made && !choice.stopped && !choice.no_wait) {
    StartProgress progress(context.out);
    const auto running =
        wait_while_starting(**server, *made, [&](const Workspace& now) { progress.show(now); });
    if (!running) return context.out.fail(running.error());
    made = running;
  }
  return finish(context, made, [&](const Workspace& one) { show(context, one); });
}

int start(Context& context, const Choice& choice) {
  auto found = context.workspace(choice.workspace);
  if (!found) return context.out.fail(found.error());
  StartProgress progress(context.out);
  const auto running = started(**context.server(), *found, [&](const Workspace& now) { progress.show(now); });
  return finish(context, running, [&](const Workspace& one) { show(context, one); });
}

int stop(Context& context, const Choice& choice) {
  auto found = context.workspace(choice.workspace);
  if (!found) return context.out.fail(found.error());
  auto* server = *context.server();
  const QStringList id{QString::fromStdString(found->id)};
  auto answer = server->ask<rest::StopWorkspace>({}, id);
  // Storing may take longer than one request waits.
  while (answer && answer->state == rest::WorkspaceState::stopping) {
    wait_until([] { return false; }, 500);
    answer = server->ask<rest::GetWorkspace>({}, id);
  }
  if (answer && answer->state == rest::WorkspaceState::running)
    return context.out.fail({ErrorCode::conflict,
                             answer->reason.empty() ? "It was not stopped. Try again." : answer->reason,
                             {},
                             {}});
  return finish(context, answer, [&](const Workspace& one) { show(context, one); });
}

int remove(Context& context, const Choice& choice) {
  auto found = context.workspace(choice.workspace);
  if (!found) return context.out.fail(found.error());
  if (!choice.yes && !agreed("Delete “" + plain(found->name) + "” (" + found->id +
                             ") and all its files and versions for good?"))
    return context.out.fail(
        {ErrorCode::invalid_argument, "Nothing was deleted. Say --yes to mean it.", {}, {}});
  return finish(context,
                (*context.server())->ask<rest::DeleteWorkspace>({}, {QString::fromStdString(found->id)}),
                [&](const rest::NoBody&) { context.out.say("Deleted."); });
}

int rename(Context& context, const Choice& choice) {
  auto found = context.workspace(choice.workspace);
  if (!found) return context.out.fail(found.error());
  return finish(
      context,
      (*context.server())->ask<rest::UpdateWorkspace>({choice.name}, {QString::fromStdString(found->id)}),
      [&](const Workspace& one) { show(context, one); });
}

int show_one(Context& context, const Choice& choice) {
  return finish(context, context.workspace(choice.workspace), [&](const Workspace& one) {
    show(context, one);
    context.out.say("Owner:     " + one.owner.name);
    context.out.say("Your role: " + std::string(boost::describe::enum_to_string(one.role, "")));
    context.out.say("Template:  " + one.template_id);
    context.out.say("Created:   " + local_time(one.created));
    context.out.say("Last used: " + local_time(one.last_used));
    if (one.use)
      context.out.say("Memory:    " +
                      size_text(static_cast<std::uint64_t>(std::max<std::int64_t>(0, one.use->memory))));
  });
}

int templates(Context& context) {
  auto server = context.server();
  if (!server) return context.out.fail(server.error());
  return finish(context, (*server)->ask<rest::ListTemplates>(),
                [](const rest::ListTemplates::Result& answer) {
                  Table table({"ID", "NAME", "DESCRIPTION"});
                  for (const auto& one : answer.templates) table.row({one.id, one.name, one.description});
                  table.print();
                });
}

int logs(Context& context, const Choice& choice) {
  auto server = context.server();
  if (!server) return context.out.fail(server.error());
  // An administrator need not be a member, so an id may be of a workspace that is in no list of theirs; and
  // who is a member may be an administrator.
  auto found = context.workspace(choice.workspace);
  if (!found && found.error().code != ErrorCode::not_found) return context.out.fail(found.error());
  const auto id = QString::fromStdString(found ? found->id : choice.workspace);
  Result<rest::GetWorkspaceLog::Result> log = failure(ErrorCode::permission_denied, "");
  if (found) log = (*server)->ask<rest::GetOwnWorkspaceLog>({}, {id});
  if (!log && log.error().code == ErrorCode::permission_denied) {
    auto any = (*server)->ask<rest::GetWorkspaceLog>({}, {id});
    if (any || !found) log = std::move(any);
  }
  return finish(context, log, [&](const rest::GetWorkspaceLog::Result& answer) {
    if (answer.entries.empty()) return context.out.note("It was never started.");
    Table table({"WHEN", "STATE", "REASON"});
    for (const auto& one : answer.entries)
      table.row({local_time(one.at), boost::describe::enum_to_string(one.state, ""), one.reason});
    table.print();
  });
}

int open_workspace(Context& context, const Choice& choice) {
  auto found = context.workspace(choice.workspace);
  if (!found) return context.out.fail(found.error());
  auto* server = *context.server();
  if (choice.desktop) {
    const auto program = QStandardPaths::findExecutable(QStringLiteral("berth"));
    if (program.isEmpty() ||
        !QProcess::startDetached(program, {QStringLiteral("--server"), server->origin().toString(),
                                           QStringLiteral("--workspace"), QString::fromStdString(found->id)}))
      return context.out.fail(
          {ErrorCode::not_found, "The desktop IDE (berth) is not installed here.", {}, {}});
    return exit_good;
  }
  QUrl page = server->origin();
  page.setPath(QStringLiteral("/w/") + QString::fromStdString(found->id));
  if (choice.port != 0) {
    rest::CreatePreview::Body body{};
    body.port = static_cast<std::uint16_t>(choice.port);
    const auto made = server->ask<rest::CreatePreview>(body, {QString::fromStdString(found->id)});
    if (!made) return context.out.fail(made.error());
    page = QUrl(QString::fromStdString(made->url), QUrl::StrictMode);
    if (!client::may_be_opened(page, server->origin()))
      return context.out.fail(
          {ErrorCode::unavailable, "The server named a page that is not safe to open.", {}, {}});
  }
  const auto address = page.toString(QUrl::FullyEncoded).toStdString();
  if (context.out.json) {
    Output::print_json({{"url", address}});
  } else if (choice.print || !open_page(page)) {
    context.out.say(address);
  }
  return exit_good;
}

}  // namespace

void add_workspace_commands(Commands& commands) {
  auto choice = std::make_shared<Choice>();
  auto run = [choice](int (*command)(Context&, const Choice&)) {
    return [choice, command](Context& context) { return command(context, *choice); };
  };
  auto* group = commands.app.add_subcommand("workspaces", "Workspaces: list, make, start, stop, share.");
  group->alias("ws")->require_subcommand(1);
  auto named = [choice](CLI::App* command) {
    command->add_option("WORKSPACE", choice->workspace, "Its name or id.")->required();
    return command;
  };
  auto* ls = commands.add(group, "ls", "Your workspaces, your teams' and those shared with you.", run(list));
  ls->add_option("PART", choice->part, "Only those with this in their name or id.");
  ls->add_option("--owner", choice->owner, "Only those of this person or team (id).");
  named(commands.add(group, "show", "One workspace.", run(show_one)));
  auto* make = commands.add(group, "create", "Makes a workspace and starts it.", run(create));
  make->add_option("NAME", choice->name, "Up to 80 characters.")->required();
  make->add_option("--template", choice->template_id, "See: berthctl templates")->capture_default_str();
  make->add_option("--git", choice->git, "Clones this repository into it.");
  auto* from = make->add_option("--from", choice->from, "Begins as this workspace (name or id) …");
  make->add_option("--version", choice->version, "… with this version (id).")->needs(from);
  make->add_option("--team", choice->team, "It is this team's (name or id).");
  make->add_flag("--stopped", choice->stopped, "Does not start it.");
  make->add_flag("--no-wait", choice->no_wait, "Does not wait until it runs.");
  named(commands.add(group, "start", "Starts it and waits until it runs.", run(start)));
  named(commands.add(group, "stop", "Stores everything and stops it.", run(stop)));
  named(commands.add(group, "rm", "Deletes it and its files for good.", run(remove)))
      ->add_flag("--yes,-y", choice->yes, "Does not ask.");
  named(commands.add(group, "rename", "Gives it another name.", run(rename)))
      ->add_option("NAME", choice->name)
      ->required();
  add_share_commands(group, commands);
  commands.add(&commands.app, "templates", "What a workspace can be made from.", templates);
  auto* open = named(commands.add(&commands.app, "open", "Opens it in the browser.", run(open_workspace)));
  auto* port = open->add_option("--port", choice->port, "The preview of this port instead.")
                   ->check(CLI::Range(1, 65535));
  open->add_flag("--desktop", choice->desktop, "In the desktop IDE.")->excludes(port);
  open->add_flag("--print", choice->print, "Prints the address and opens nothing.");
  named(commands.add(&commands.app, "logs",
                     "Its starts, stops and failures (for its owner and administrators).", run(logs)));
}

}  // namespace berth::cli
