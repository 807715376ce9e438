// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin_teams.hpp"

#include <boost/describe/enum_to_string.hpp>

#include "server/admin_table.hpp"
#include "server/administration_store.hpp"
#include "server/clock.hpp"
#include "server/maintenance.hpp"
#include "server/opened_storage.hpp"
#include "server/pack_store.hpp"
#include "server/team_store.hpp"

namespace berth::server {
namespace {

constexpr std::size_t teams_page = 200;
constexpr const char* made_owner = "Your role in this team changed.";

std::string shown_limit(std::optional<std::int64_t> limit) {
  return limit ? std::to_string(*limit) : "default";
}

/// Calls `each` with every team whose name or id has `text` in it.
template <class Each>
Result<void> each_team(MetadataStore& store, const std::string& text, Each each) {
  for (AccountSearch search{.text = text, .teams = true, .after = {}};;) {
    const auto page = store.administration().accounts(search, teams_page);
    if (!page) return std::unexpected(page.error());
    for (const auto& one : *page) each(one);
    if (page->size() < teams_page) return {};
    search.after = account_place(page->back().account);
  }
}

}  // namespace

Result<AccountRecord> find_team(MetadataStore& store, const std::string& subject) {
  auto by_id = store.accounts().by_id(subject);
  if (by_id && by_id->team) return by_id;
  if (!by_id && by_id.error().code != ErrorCode::not_found) return by_id;
  std::vector<AccountRecord> named;
  const auto looked = each_team(store, subject, [&](const AdministeredAccount& one) {
    if (one.account.name == subject) named.push_back(one.account);
  });
  if (!looked) return std::unexpected(looked.error());
  if (named.empty()) return failure(ErrorCode::not_found, "There is no team " + printable(subject) + ".");
  if (named.size() > 1)
    return failure(ErrorCode::conflict, "There are " + std::to_string(named.size()) + " teams " +
                                            printable(subject) + "; name one by its id.");
  return std::move(named.front());
}

Result<int> list_teams(MetadataStore& store, const std::string& text) {
  std::vector<TableRow> rows = {{"NAME", "ID", "STATE", "MEMBERS", "WORKSPACES", "RUNNING", "STORED"}};
  const auto looked = each_team(store, text, [&](const AdministeredAccount& one) {
    rows.push_back({one.account.name, one.account.id, one.account.disabled ? "disabled" : "",
                    std::to_string(one.members), std::to_string(one.workspaces), std::to_string(one.running),
                    readable_bytes(static_cast<std::uint64_t>(one.stored_bytes))});
  });
  if (!looked) return std::unexpected(looked.error());
  print_table(std::move(rows));
  return maintenance_good;
}

Result<int> show_team(MetadataStore& store, const std::string& subject) {
  const auto team = find_team(store, subject);
  if (!team) return std::unexpected(team.error());
  const auto figures = store.administration().account(team->id);
  if (!figures) return std::unexpected(figures.error());
  const auto members = store.team_members().list(team->id);
  if (!members) return std::unexpected(members.error());
  const auto templates = store.team_templates().list(team->id);
  if (!templates) return std::unexpected(templates.error());
  const auto& quota = team->quota;
  print_table({{"NAME", team->name},
               {"ID", team->id},
               {"STATE", team->disabled ? "disabled" : "enabled"},
               {"MADE", readable_time(team->created)},
               {"WORKSPACES", std::to_string(figures->workspaces) + " of " + shown_limit(quota.workspaces)},
               {"RUNNING", std::to_string(figures->running) + " of " + shown_limit(quota.running)},
               {"STORED", readable_bytes(static_cast<std::uint64_t>(figures->stored_bytes)) + " of " +
                              shown_limit(quota.storage)}});
  std::vector<TableRow> rows = {{"", ""}, {"MEMBER", "ID", "NAME", "ROLE", "SINCE"}};
  for (const auto& member : *members)
    rows.push_back({member.email, member.account, member.name,
                    boost::describe::enum_to_string(member.role, ""), readable_time(member.since)});
  print_table(std::move(rows));
  if (templates->empty()) return maintenance_good;
  rows = {{"", ""}, {"TEMPLATE", "WORKSPACE", "VERSION"}};
  for (const auto& one : *templates)
    rows.push_back({one.name, one.workspace, one.version.value_or("newest")});
  print_table(std::move(rows));
  return maintenance_good;
}

Result<void> make_team_owner(MetadataStore& store, const std::string& team, const std::string& account) {
  const auto role = store.team_members().role_of(team, account);
  if (!role) return std::unexpected(role.error());
  if (!*role)
    return store.team_members().add(team, account, protocol::Role::owner, system_clock_now(),
                                    most_team_members);
  const auto raised = store.team_members().change(team, account, protocol::Role::owner, made_owner);
  if (!raised) return std::unexpected(raised.error());
  return {};
}

}  // namespace berth::server
