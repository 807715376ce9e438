// SPDX-License-Identifier: GPL-3.0-or-later
// workspaces share: people, links to join, the public link, handing over.
#include <QDateTime>

#include "client/cli/context.hpp"
#include "protocol/rest_sharing.hpp"

namespace berth::cli {
namespace {

struct Choice {
  std::string workspace, person, role = "viewer", link, life, state;
};

struct Shared {
  Server* server;
  rest::Workspace workspace;
  QString id() const { return QString::fromStdString(workspace.id); }
};

Result<Shared> shared(Context& context, const Choice& choice) {
  auto found = context.workspace(choice.workspace);
  if (!found) return std::unexpected(found.error());
  return Shared{*context.server(), *found};
}

std::string role_text(protocol::Role role) { return boost::describe::enum_to_string(role, ""); }

int list(Context& context, const Choice& choice) {
  auto at = shared(context, choice);
  if (!at) return context.out.fail(at.error());
  return finish(
      context, at->server->ask<rest::ListMembers>({}, {at->id()}),
      [](const rest::ListMembers::Result& answer) {
        Table table({"KIND", "ID", "WHO", "ROLE", "UNTIL"});
        for (const auto& one : answer.members)
          table.row({"member", one.account, one.name + " <" + one.email + ">", role_text(one.role), "-"});
        for (const auto& one : answer.invitations)
          table.row({"invited", one.id, one.email, role_text(one.role), local_time(one.expires)});
        for (const auto& one : answer.links)
          table.row({"link", one.id, std::to_string(one.uses) + " joined", role_text(one.role),
                     local_time(one.expires.value_or(0))});
        table.print();
      });
}

int add(Context& context, const Choice& choice) {
  const auto role = role_of_name(choice.role);
  if (!role) return context.out.fail(role.error());
  auto at = shared(context, choice);
  if (!at) return context.out.fail(at.error());
  return finish(
      context, at->server->ask<rest::AddMember>({choice.person, *role}, {at->id()}),
      [&](const rest::AddMember::Result& answer) {
        context.out.say(answer.member ? choice.person + " is in it now." : choice.person + " is invited.");
      });
}

/// A member by e-mail address or id, or an invitation by its address or id.
struct Found {
  std::string member, invitation;
};
Result<Found> find(const Shared& at, const std::string& person) {
  const auto people = at.server->ask<rest::ListMembers>({}, {at.id()});
  if (!people) return std::unexpected(people.error());
  for (const auto& one : people->members)
    if (one.account == person || one.email == person) return Found{one.account, {}};
  for (const auto& one : people->invitations)
    if (one.id == person || one.email == person) return Found{{}, one.id};
  return failure(ErrorCode::not_found, "“" + person + "” is not in this workspace.");
}

int change_role(Context& context, const Choice& choice) {
  const auto role = role_of_name(choice.role);
  if (!role) return context.out.fail(role.error());
  auto at = shared(context, choice);
  if (!at) return context.out.fail(at.error());
  const auto who = find(*at, choice.person);
  if (!who) return context.out.fail(who.error());
  if (who->member.empty())
    return context.out.fail(
        {ErrorCode::conflict, "That is an invitation: remove it and invite again.", {}, {}});
  return finish(context,
                at->server->ask<rest::UpdateMember>({*role}, {at->id(), QString::fromStdString(who->member)}),
                [&](const rest::Member& member) {
                  context.out.say(member.email + " is " + role_text(member.role) + " now.");
                });
}

int remove(Context& context, const Choice& choice) {
  auto at = shared(context, choice);
  if (!at) return context.out.fail(at.error());
  const auto who = find(*at, choice.person);
  if (!who) return context.out.fail(who.error());
  const auto answer =
      who->member.empty()
          ? at->server->ask<rest::DeleteInvitation>({}, {at->id(), QString::fromStdString(who->invitation)})
          : at->server->ask<rest::RemoveMember>({}, {at->id(), QString::fromStdString(who->member)});
  return finish(context, answer, [&](const rest::NoBody&) { context.out.say("Removed."); });
}

int link(Context& context, const Choice& choice) {
  const auto role = role_of_name(choice.role);
  if (!role) return context.out.fail(role.error());
  rest::CreateLink::Body body{*role, {}};
  if (!choice.life.empty()) {
    const auto life = duration_of(choice.life);
    if (!life)
      return context.out.fail(
          {ErrorCode::invalid_argument, "A time is a number with d, h, m or s: 7d.", {}, {}});
    body.expires = QDateTime::currentMSecsSinceEpoch() + *life;
  }
  auto at = shared(context, choice);
  if (!at) return context.out.fail(at.error());
  return finish(context, at->server->ask<rest::CreateLink>(body, {at->id()}),
                [&](const rest::CreateLink::Result& answer) { context.out.say(answer.url); });
}

int unlink(Context& context, const Choice& choice) {
  auto at = shared(context, choice);
  if (!at) return context.out.fail(at.error());
  return finish(context,
                at->server->ask<rest::DeleteLink>({}, {at->id(), QString::fromStdString(choice.link)}),
                [&](const rest::NoBody&) { context.out.say("The link is ended."); });
}

int make_public(Context& context, const Choice& choice) {
  auto at = shared(context, choice);
  if (!at) return context.out.fail(at.error());
  return finish(context, at->server->ask<rest::SetPublic>({choice.state == "on"}, {at->id()}),
                [&](const rest::SetPublic::Result& answer) {
                  context.out.say(answer.url.value_or("It is not public any more."));
                });
}

int transfer(Context& context, const Choice& choice) {
  auto at = shared(context, choice);
  if (!at) return context.out.fail(at.error());
  auto account = choice.person;
  if (const auto who = find(*at, choice.person); who && !who->member.empty()) account = who->member;
  return finish(context, at->server->ask<rest::TransferWorkspace>({account}, {at->id()}),
                [&](const rest::Workspace& now) { context.out.say("It is " + now.owner.name + "'s now."); });
}

}  // namespace

void add_share_commands(CLI::App* workspaces, Commands& commands) {
  auto choice = std::make_shared<Choice>();
  auto* group = workspaces->add_subcommand("share", "Who is in a workspace, and how others come.");
  group->require_subcommand(1);
  auto add_command = [&](const char* name, const char* what, int (*command)(Context&, const Choice&)) {
    auto* added = commands.add(group, name, what,
                               [choice, command](Context& context) { return command(context, *choice); });
    added->add_option("WORKSPACE", choice->workspace, "Its name or id.")->required();
    return added;
  };
  const auto person = [choice](CLI::App* command, const char* what) {
    command->add_option("PERSON", choice->person, what)->required();
    return command;
  };
  const auto role = [choice](CLI::App* command) {
    command->add_option("--role", choice->role, "viewer or editor.")->capture_default_str();
    return command;
  };
  add_command("ls", "Members, invitations and links.", list);
  role(person(add_command("add", "Shares with a person, or invites one.", add), "An e-mail address."));
  role(person(add_command("role", "Changes what a member may do.", change_role), "An e-mail address or id."));
  person(add_command("rm", "Takes a member out, or an invitation back.", remove), "An e-mail address or id.");
  role(add_command("link", "Makes a link by which anybody with an account joins; it is shown this once.",
                   link))
      ->add_option("--expires", choice->life, "In how long (7d, 12h); never when absent.");
  add_command("unlink", "Ends a link; who joined by it stays.", unlink)
      ->add_option("LINK", choice->link, "Its id.")
      ->required();
  add_command("public", "Whether anybody with a link sees its code.", make_public)
      ->add_option("STATE", choice->state)
      ->required()
      ->check(CLI::IsMember({"on", "off"}));
  person(add_command("transfer", "Makes a member, or a team of yours, its owner.", transfer),
         "A member's e-mail address or id, or a team's id.");
}

}  // namespace berth::cli
