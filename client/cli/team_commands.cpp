// SPDX-License-Identifier: GPL-3.0-or-later
// teams: those of the account, who is in one, what it has and may have, what its workspaces begin as.
#include "client/cli/context.hpp"
#include "protocol/rest_teams.hpp"

namespace berth::cli {
namespace {

struct Choice {
  std::string team, name, person, role = "viewer";
};

std::string role_text(protocol::Role role) { return boost::describe::enum_to_string(role, ""); }

int list(Context& context, const Choice&) {
  auto server = context.server();
  if (!server) return context.out.fail(server.error());
  return finish(context, (*server)->ask<rest::ListTeams>(), [&](const rest::ListTeams::Result& answer) {
    Table table({"ID", "NAME", "YOUR ROLE", "MEMBERS", ""});
    for (const auto& one : answer.teams)
      table.row({one.id, one.name, role_text(one.role), std::to_string(one.members),
                 one.disabled ? "disabled" : ""});
    table.empty() ? context.out.note("You are in no team.") : table.print();
  });
}

int create(Context& context, const Choice& choice) {
  auto server = context.server();
  if (!server) return context.out.fail(server.error());
  return finish(context, (*server)->ask<rest::CreateTeam>({choice.name}),
                [&](const rest::Team& made) { context.out.say(made.id + "  " + made.name); });
}

int show(Context& context, const Choice& choice) {
  auto found = context.team(choice.team);
  if (!found) return context.out.fail(found.error());
  auto* server = *context.server();
  return finish(
      context, server->ask<rest::GetTeam>({}, {QString::fromStdString(found->id)}),
      [&](const rest::GetTeam::Result& answer) {
        const auto& use = answer.use;
        context.out.say(answer.team.id + "  " + answer.team.name);
        context.out.say("Your role:  " + role_text(answer.team.role));
        context.out.say("Members:    " + std::to_string(answer.team.members));
        context.out.say("Workspaces: " + std::to_string(use.workspaces) + " of " +
                        std::to_string(use.most_workspaces) + ", " + std::to_string(use.running) + " of " +
                        std::to_string(use.most_running) + " running");
        context.out.say("Storage:    " +
                        size_text(static_cast<std::uint64_t>(std::max<std::int64_t>(0, use.stored_bytes))) +
                        (use.most_stored_bytes > 0
                             ? " of " + size_text(static_cast<std::uint64_t>(use.most_stored_bytes))
                             : ""));
      });
}

int members(Context& context, const Choice& choice) {
  auto found = context.team(choice.team);
  if (!found) return context.out.fail(found.error());
  return finish(
      context, (*context.server())->ask<rest::ListTeamMembers>({}, {QString::fromStdString(found->id)}),
      [](const rest::ListTeamMembers::Result& answer) {
        Table table({"KIND", "ID", "WHO", "ROLE", "UNTIL"});
        for (const auto& one : answer.members)
          table.row({"member", one.account, one.name + " <" + one.email + ">", role_text(one.role), "-"});
        for (const auto& one : answer.invitations)
          table.row({"invited", one.id, one.email, role_text(one.role), local_time(one.expires)});
        table.print();
      });
}

int add(Context& context, const Choice& choice) {
  const auto role = role_of_name(choice.role);
  if (!role) return context.out.fail(role.error());
  auto found = context.team(choice.team);
  if (!found) return context.out.fail(found.error());
  return finish(
      context,
      (*context.server())
          ->ask<rest::AddTeamMember>({choice.person, *role}, {QString::fromStdString(found->id)}),
      [&](const rest::AddMember::Result& answer) {
        context.out.say(answer.member ? choice.person + " is in it now." : choice.person + " is invited.");
      });
}

int remove(Context& context, const Choice& choice) {
  auto found = context.team(choice.team);
  if (!found) return context.out.fail(found.error());
  auto* server = *context.server();
  const auto team = QString::fromStdString(found->id);
  const auto people = server->ask<rest::ListTeamMembers>({}, {team});
  if (!people) return context.out.fail(people.error());
  for (const auto& one : people->members)
    if (one.account == choice.person || one.email == choice.person)
      return finish(context,
                    server->ask<rest::RemoveTeamMember>({}, {team, QString::fromStdString(one.account)}),
                    [&](const rest::NoBody&) { context.out.say("Removed."); });
  for (const auto& one : people->invitations)
    if (one.id == choice.person || one.email == choice.person)
      return finish(context,
                    server->ask<rest::DeleteTeamInvitation>({}, {team, QString::fromStdString(one.id)}),
                    [&](const rest::NoBody&) { context.out.say("The invitation is taken back."); });
  return context.out.fail({ErrorCode::not_found, "“" + choice.person + "” is not in this team.", {}, {}});
}

int templates(Context& context, const Choice& choice) {
  auto found = context.team(choice.team);
  if (!found) return context.out.fail(found.error());
  return finish(context,
                (*context.server())->ask<rest::ListTeamTemplates>({}, {QString::fromStdString(found->id)}),
                [&](const rest::ListTeamTemplates::Result& answer) {
                  Table table({"WORKSPACE", "NAME", "VERSION", "DESCRIPTION"});
                  for (const auto& one : answer.templates)
                    table.row({one.workspace, one.name, one.version.value_or("newest"), one.description});
                  table.print();
                  if (!table.empty())
                    context.out.note("To begin as one: berthctl workspaces create NAME --from WORKSPACE");
                });
}

}  // namespace

void add_team_commands(Commands& commands) {
  auto choice = std::make_shared<Choice>();
  auto* group = commands.app.add_subcommand("teams", "Teams: people who have workspaces together.");
  group->require_subcommand(1);
  auto run = [choice](int (*command)(Context&, const Choice&)) {
    return [choice, command](Context& context) { return command(context, *choice); };
  };
  const auto of_team = [&](const char* name, const char* what, int (*command)(Context&, const Choice&)) {
    auto* added = commands.add(group, name, what, run(command));
    added->add_option("TEAM", choice->team, "Its name or id.")->required();
    return added;
  };
  commands.add(group, "ls", "The teams that you are in.", run(list));
  commands.add(group, "create", "Makes a team that is yours.", run(create))
      ->add_option("NAME", choice->name)
      ->required();
  of_team("show", "What a team has and may have.", show);
  of_team("members", "Who is in a team.", members);
  auto* adding = of_team("add", "Takes a person in, or invites one.", add);
  adding->add_option("PERSON", choice->person, "An e-mail address.")->required();
  adding->add_option("--role", choice->role, "viewer, editor or owner.")->capture_default_str();
  of_team("rm", "Takes a member out, or an invitation back.", remove)
      ->add_option("PERSON", choice->person, "An e-mail address or id.")
      ->required();
  of_team("templates", "What its members' workspaces can begin as.", templates);
}

}  // namespace berth::cli
