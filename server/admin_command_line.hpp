// SPDX-License-Identifier: GPL-3.0-or-later
// The command line of `berthd admin`.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>

#include "server/admin_command.hpp"

namespace berth::server {

struct AdminCommandLine {
  CLI::App* admin = nullptr;
  std::vector<CLI::App*> commands;  // those that take berthd's options
  std::shared_ptr<AdminChoice> choice = std::make_shared<AdminChoice>();

  void add_to(CLI::App& app) {
    using Command = AdminChoice::Command;
    admin = app.add_subcommand(
        "admin",
        "Administers accounts and workspaces on the database itself; a running berthd follows "
        "within a second.");
    admin->require_subcommand(1);
    auto* accounts = admin->add_subcommand("accounts", "Everybody's accounts.");
    accounts->require_subcommand(1);
    auto* workspaces = admin->add_subcommand("workspaces", "Everybody's workspaces.");
    workspaces->require_subcommand(1);

    auto* list = add(accounts, "list", "Shows them.", Command::list_accounts, "admin accounts list");
    list->add_option("query", choice->text, "Part of an e-mail address, a name or an id.");
    add_for_account(accounts, "disable",
                    "Signs it out everywhere and stops its workspaces; nothing is deleted.",
                    Command::disable_account);
    add_for_account(accounts, "enable", "Lets it in again.", Command::enable_account);
    add_for_account(accounts, "promote", "Makes it an administrator.", Command::promote_account);
    add_for_account(accounts, "demote", "Takes an administrator's rights away.", Command::demote_account);
    auto* quota =
        add_for_account(accounts, "quota", "What it may have; what is not named stays.", Command::set_quota);
    add_quota(quota);
    auto* reset = add_for_account(
        accounts, "reset",
        "Ends its password, linked identities, sign-ins and tokens and prints a link by which "
        "its person sets a password, once, within half an hour.",
        Command::reset_account);
    reset->add_flag("--remove-second-factor", choice->remove_second_factor,
                    "Takes its second factor away, too.");

    auto* all = add(workspaces, "list", "Shows them.", Command::list_workspaces, "admin workspaces list");
    all->add_option("query", choice->text, "Part of a name or id, or of the owner's e-mail address or name.");
    all->add_option("--state", choice->state, "running, stopped, failed, …");
    auto* stop = add(workspaces, "stop", "Has it stored and stopped by the server that looks after it.",
                     Command::stop_workspace, "admin workspaces stop");
    stop->add_option("workspace", choice->subject, "Its id.")->required();

    auto* teams = admin->add_subcommand("teams", "Everybody's teams.");
    teams->require_subcommand(1);
    add(teams, "list", "Shows them.", Command::list_teams, "admin teams list")
        ->add_option("query", choice->text, "Part of a name or an id.");
    add_for_team(teams, "show", "A team, who is in it and its templates.", Command::show_team);
    add_for_team(teams, "disable", "Stops its workspaces; nobody can use them. Nothing is deleted.",
                 Command::disable_team);
    add_for_team(teams, "enable", "Lets its members use it again.", Command::enable_team);
    add_quota(
        add_for_team(teams, "quota", "What it may have; what is not named stays.", Command::set_team_quota));
    add_for_team(teams, "add-owner", "Makes somebody an owner, for a team whose owners have gone.",
                 Command::add_team_owner)
        ->add_option("account", choice->person, "The person's e-mail address or id.")
        ->required();

    add(workspaces, "use", "What running ones take, most memory first, as their servers measured last.",
        Command::list_uses, "admin workspaces use");
    add_installation();

    auto* audit =
        add(admin, "audit", "Shows the audit log, newest first.", Command::show_audit, "admin audit");
    audit->add_option("--actor", choice->audit.actor, "Who: an e-mail address or an account's id.");
    audit->add_option("--action", choice->audit.action, "What: SignIn, UpdateAccount, …");
    audit->add_option("--workspace", choice->audit.workspace, "A workspace's id.");
    audit->add_option("--since", choice->since, "From this day on (YYYY-MM-DD, UTC).");
    audit->add_option("--until", choice->until, "To this day.");
    audit->add_option("--limit", choice->limit, "How many lines. [100]");
    audit->add_flag("--export", choice->whole, "All of it, as NDJSON.");
  }

 private:
  CLI::App* add(CLI::App* parent, const char* name, const char* help, AdminChoice::Command command,
                const std::string& whole_name) {
    auto* sub = parent->add_subcommand(name, help);
    sub->callback([choice = choice, command, whole_name] {
      choice->command = command;
      choice->name = whole_name;
    });
    commands.push_back(sub);
    return sub;
  }
  CLI::App* add_for_team(CLI::App* parent, const char* name, const char* help, AdminChoice::Command command) {
    auto* sub = add(parent, name, help, command, std::string("admin teams ") + name);
    sub->add_option("team", choice->subject, "Its name or id.")->required();
    return sub;
  }
  void add_quota(CLI::App* command) const {
    command->add_option("--workspaces", choice->quota_workspaces,
                        "A number, or `default` for what the settings say.");
    command->add_option("--running", choice->quota_running, "The same for workspaces that run.");
    command->add_option("--storage", choice->quota_storage,
                        "The same for bytes of stored versions; 0: no limit.");
  }
  /// Settings, identity providers, templates.
  void add_installation() {
    using Command = AdminChoice::Command;
    auto* settings = admin->add_subcommand("settings", "What holds for everybody.");
    settings->require_subcommand(1);
    add(settings, "show", "Shows them.", Command::show_settings, "admin settings show");
    auto* set = add(settings, "set", "Changes one.", Command::set_setting, "admin settings set");
    set->add_option("setting", choice->subject, "Its name, as `show` has it.")->required();
    set->add_option("value", choice->value, "true, a number, or a list with commas; \"\" for an empty list.")
        ->required();

    auto* providers = admin->add_subcommand("providers", "Identity providers by which people sign in.");
    providers->require_subcommand(1);
    add(providers, "list", "Shows them.", Command::list_providers, "admin providers list");
    auto* put = add(providers, "put", "Adds one, or changes what is named of it.", Command::put_provider,
                    "admin providers put");
    auto& provider = choice->provider;
    put->add_option("provider", provider.id, "Its name in addresses: a-z, 0-9, -.")->required();
    put->add_option("--name", provider.name, "What its button says. [its id]");
    put->add_option("--kind", provider.kind, "oidc, google or github. [oidc]");
    put->add_option("--issuer", provider.issuer, "https://id.example.org. [Google's, GitHub's]");
    put->add_option("--client-id", provider.client_id, "What it knows this server by.");
    put->add_option("--client-secret-file", provider.secret_file,
                    "A file that holds the secret; - is standard input.");
    put->add_flag("--no-secret", provider.no_secret, "It is a public client.")
        ->excludes("--client-secret-file");
    put->add_option("--scopes", provider.scopes, "Scopes to ask for beside those that are needed.");
    put->add_option("--offered", provider.enabled, "false: people can't sign in by it for now. [true]");
    auto* remove = add(providers, "remove", "Takes one away; who is signed in by it stays so.",
                       Command::remove_provider, "admin providers remove");
    remove->add_option("provider", choice->subject, "Its id.")->required();

    auto* templates = admin->add_subcommand("templates", "What workspaces are made from.");
    templates->require_subcommand(1);
    add(templates, "list", "Shows them with their images.", Command::list_templates, "admin templates list");
    auto* image = add(templates, "image",
                      "The image that its workspaces run in from their next start. Whether it can be fetched "
                      "is seen at a start.",
                      Command::set_image, "admin templates image");
    image->add_option("template", choice->subject, "Its id.")->required();
    image->add_option("image", choice->value, "registry.example.org/team/rust:2; none: the installation's.");
  }
  CLI::App* add_for_account(CLI::App* parent, const char* name, const char* help,
                            AdminChoice::Command command) {
    auto* sub = add(parent, name, help, command, std::string("admin accounts ") + name);
    sub->add_option("account", choice->subject, "Its e-mail address or id.")->required();
    return sub;
  }
};

}  // namespace berth::server
