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
    quota->add_option("--workspaces", choice->quota_workspaces,
                      "A number, or `default` for what the settings say.");
    quota->add_option("--running", choice->quota_running, "The same for workspaces that run.");
    quota->add_option("--storage", choice->quota_storage,
                      "The same for bytes of stored versions; 0: no limit.");
    auto* reset =
        add_for_account(accounts, "reset",
                        "Ends its sign-ins and tokens and prints a link by which its person sets a password, "
                        "once, within half an hour.",
                        Command::reset_account);
    reset->add_flag("--remove-second-factor", choice->remove_second_factor,
                    "Takes its second factor away, too.");

    auto* all = add(workspaces, "list", "Shows them.", Command::list_workspaces, "admin workspaces list");
    all->add_option("query", choice->text, "Part of a name or id, or of the owner's e-mail address or name.");
    all->add_option("--state", choice->state, "running, stopped, failed, …");
    auto* stop = add(workspaces, "stop", "Has it stored and stopped by the server that looks after it.",
                     Command::stop_workspace, "admin workspaces stop");
    stop->add_option("workspace", choice->subject, "Its id.")->required();

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
  CLI::App* add_for_account(CLI::App* parent, const char* name, const char* help,
                            AdminChoice::Command command) {
    auto* sub = add(parent, name, help, command, std::string("admin accounts ") + name);
    sub->add_option("account", choice->subject, "Its e-mail address or id.")->required();
    return sub;
  }
};

}  // namespace berth::server
