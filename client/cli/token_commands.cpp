// SPDX-License-Identifier: GPL-3.0-or-later
// tokens ls, create, rm: personal access tokens, for scripts.
#include <QDateTime>

#include "client/cli/context.hpp"
#include "protocol/rest_identity.hpp"

namespace berth::cli {
namespace {

struct Choice {
  std::string name, life;
  std::vector<std::string> scopes;
  std::string token;
};

std::string scopes_text(const std::vector<rest::Scope>& scopes) {
  std::string text;
  for (const auto scope : scopes)
    text += (text.empty() ? "" : ",") + std::string(boost::describe::enum_to_string(scope, ""));
  return text;
}

int list(Context& context, const Choice&) {
  auto server = context.server();
  if (!server) return context.out.fail(server.error());
  return finish(context, (*server)->ask<rest::ListTokens>(), [](const rest::ListTokens::Result& answer) {
    Table table({"ID", "NAME", "SCOPES", "EXPIRES", "LAST USED"});
    for (const auto& one : answer.tokens)
      table.row({one.id, one.name, scopes_text(one.scopes), one.expires ? local_time(*one.expires) : "never",
                 local_time(one.last_used.value_or(0))});
    table.print();
  });
}

int create(Context& context, const Choice& choice) {
  rest::CreateToken::Body body{choice.name, {}, {}};
  for (const auto& name : choice.scopes) {
    rest::Scope scope{};
    if (!boost::describe::enum_from_string(name.c_str(), scope))
      return context.out.fail(
          {ErrorCode::invalid_argument,
           "There is no scope " + name +
               "; there are account_read, account_write, workspaces_read, workspaces_write, "
               "connect and admin.",
           {},
           {}});
    body.scopes.push_back(scope);
  }
  if (choice.life != "never") {
    const auto life = duration_of(choice.life);
    if (!life)
      return context.out.fail(
          {ErrorCode::invalid_argument, "A time is a number with d, h, m or s, or never: 90d.", {}, {}});
    body.expires = QDateTime::currentMSecsSinceEpoch() + *life;
  }
  auto server = context.server();
  if (!server) return context.out.fail(server.error());
  return finish(context, (*server)->ask<rest::CreateToken>(body), [&](const rest::CreateToken::Result& made) {
    context.out.note("This is shown once:");
    context.out.say(made.secret);
  });
}

int remove(Context& context, const Choice& choice) {
  auto server = context.server();
  if (!server) return context.out.fail(server.error());
  auto id = choice.token;
  const auto listed = (*server)->ask<rest::ListTokens>();
  if (!listed) return context.out.fail(listed.error());
  int found = 0;
  for (const auto& one : listed->tokens)
    if (one.id == choice.token || one.name == choice.token) {
      id = one.id;
      ++found;
    }
  if (found != 1)
    return context.out.fail({found == 0 ? ErrorCode::not_found : ErrorCode::invalid_argument,
                             found == 0
                                 ? "There is no token “" + choice.token + "”."
                                 : "Several tokens are called “" + choice.token + "”; name one by its id.",
                             {},
                             {}});
  return finish(context, (*server)->ask<rest::DeleteToken>({}, {QString::fromStdString(id)}),
                [&](const rest::NoBody&) { context.out.say("The token is good for nothing any more."); });
}

}  // namespace

void add_token_commands(Commands& commands) {
  auto choice = std::make_shared<Choice>();
  auto* group = commands.app.add_subcommand("tokens", "Personal access tokens, for scripts.");
  group->require_subcommand(1);
  auto run = [choice](int (*command)(Context&, const Choice&)) {
    return [choice, command](Context& context) { return command(context, *choice); };
  };
  commands.add(group, "ls", "Your tokens.", run(list));
  auto* make = commands.add(group, "create", "Makes a token; its secret is shown this once.", run(create));
  make->add_option("NAME", choice->name, "What it is for.")->required();
  make->add_option("--scope", choice->scopes, "What it may be used for; may be given several times.")
      ->required()
      ->allow_extra_args(false)
      ->delimiter(',');
  make->add_option("--expires", choice->life, "In how long (90d, 12h), or never.")->default_val("90d");
  commands.add(group, "rm", "Revokes a token.", run(remove))
      ->add_option("TOKEN", choice->token, "Its id, or a name that only one has.")
      ->required();
}

}  // namespace berth::cli
