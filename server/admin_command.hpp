// SPDX-License-Identifier: GPL-3.0-or-later
// `berthd admin`: what administrators do from a shell, on the database itself, whether berthd runs or not.
// What a running one must see it does within a second (AdministrationWatch). Each change is in the audit log,
// by the name of who ran the command.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "server/admin_installation.hpp"
#include "server/administration_store.hpp"
#include "server/config.hpp"

namespace berth::server {

struct AdminChoice {
  enum class Command {
    list_accounts,
    disable_account,
    enable_account,
    promote_account,
    demote_account,
    set_quota,
    reset_account,
    list_workspaces,
    stop_workspace,
    show_audit,
    list_uses,
    show_settings,
    set_setting,
    list_providers,
    put_provider,
    remove_provider,
    list_templates,
    set_image,
    list_teams,
    show_team,
    disable_team,
    enable_team,
    set_team_quota,
    add_team_owner,
  };
  Command command{};
  std::string name;     // of the command, for the audit log: "admin accounts disable"
  std::string subject;  // an account's e-mail or id, a team's name or id, a workspace's id
  std::string person;   // beside a team: an account's e-mail or id
  std::string text;     // to look for
  std::string state;    // of workspaces
  // A number, or "default" for what the settings say; "": stays.
  std::string quota_workspaces, quota_running, quota_storage;
  bool remove_second_factor = false;
  std::string value;  // of a setting; an image, "" for the installation's
  ProviderChoice provider;
  AuditSearch audit;
  std::string since, until;  // of the audit log: YYYY-MM-DD, or Unix ms
  bool whole = false;        // the audit log as NDJSON, all of it
  std::size_t limit = 100;
  std::string user;  // who runs it, for the audit log
};

/// Prints what was asked for; gives what the process ends with.
Result<int> run_admin(const Config& config, AdminChoice choice);

/// Who runs this process, under sudo who called that; before it leaves root.
std::string invoking_user();

}  // namespace berth::server
