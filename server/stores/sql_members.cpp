// SPDX-License-Identifier: GPL-3.0-or-later
// Members of workspaces in SQL.
#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>

#include "server/stores/sql_groups.hpp"
#include "server/stores/sql_member_rows.hpp"
#include "server/stores/sql_sharing.hpp"
#include "server/stores/sql_tables.hpp"

namespace berth::server {
namespace {

using protocol::Role;
using soci::into;
using soci::use;

std::unexpected<Error> no_workspace() { return failure(ErrorCode::not_found, "There is no such workspace."); }

std::unexpected<Error> no_member() {
  return failure(ErrorCode::not_found, "This account is not a member of the workspace.");
}

enum class Heir { nobody, person, team };

/// Who gets it, as MemberStore::transfer() says.
Result<Heir> may_get(SqlSession& sql, const Handover& handover) {
  std::string kind;
  int disabled = 0;
  if (!sql.run("SELECT kind, disabled FROM accounts WHERE id = :id", use(handover.to), into(kind),
               into(disabled)))
    return Heir::nobody;
  if (kind == "team") {
    const auto role = role_in_team(sql, handover.to, handover.by);
    if (!role) return std::unexpected(role.error());
    const bool may = disabled == 0 && *role && **role >= Role::editor && handover.to != handover.from;
    return may ? Heir::team : Heir::nobody;
  }
  if (member_role_text(sql, handover.workspace, handover.to)) return Heir::person;
  const auto colleague = role_in_team(sql, handover.from, handover.to);
  if (!colleague) return std::unexpected(colleague.error());
  return *colleague ? Heir::person : Heir::nobody;
}

}  // namespace

std::string role_rank(const std::string& column) {
  return "CASE " + column + " WHEN 'owner' THEN 3 WHEN 'editor' THEN 2 WHEN 'viewer' THEN 1 ELSE 0 END";
}

protocol::Role role_of_rank(int rank) {
  return rank >= 3 ? Role::owner : rank == 2 ? Role::editor : Role::viewer;
}

std::string visible_workspaces() {
  return "(SELECT workspace, MAX(rank) AS rank FROM (SELECT id AS workspace, 3 AS rank FROM workspaces WHERE "
         "account = :owning UNION ALL SELECT workspace, " +
         role_rank("role") +
         " AS rank FROM members WHERE account = :member UNION ALL SELECT o.id AS workspace, " +
         role_rank("t.role") +
         " AS rank FROM team_members t JOIN accounts a ON a.id = t.team AND a.disabled = 0 JOIN workspaces o "
         "ON o.account = t.team WHERE t.account = :team_member) AS roles GROUP BY workspace)";
}

Result<std::optional<Role>> role_in_workspace(SqlSession& sql, const std::string& workspace,
                                              const std::string& account) {
  std::string owner, team, member;
  soci::indicator has_team = soci::i_null, has_member = soci::i_null;
  if (!sql.run("SELECT w.account, t.role, m.role FROM workspaces w JOIN accounts a ON a.id = w.account LEFT "
               "JOIN team_members t ON t.team = w.account AND t.account = :team_member AND a.disabled = 0 "
               "LEFT JOIN members m ON m.workspace = w.id AND m.account = :member WHERE w.id = :id",
               use(account), use(account), use(workspace), into(owner), into(team, has_team),
               into(member, has_member)))
    return std::nullopt;
  if (owner == account) return Role::owner;
  std::optional<Role> highest;
  for (const auto& [name, indicator] : {std::pair(&team, has_team), std::pair(&member, has_member)}) {
    if (indicator != soci::i_ok) continue;
    const auto role = stored_role(*name);
    if (!role) return std::unexpected(role.error());
    if (!highest || *role > *highest) highest = *role;
  }
  return highest;
}

Result<std::optional<Role>> role_in_team(SqlSession& sql, const std::string& team,
                                         const std::string& account) {
  std::string name;
  if (!sql.run("SELECT role FROM team_members WHERE team = :team AND account = :account", use(team),
               use(account), into(name)))
    return std::nullopt;
  const auto role = stored_role(name);
  if (!role) return std::unexpected(role.error());
  return *role;
}

std::string stored_role_text(protocol::Role role) { return boost::describe::enum_to_string(role, ""); }

Result<protocol::Role> stored_role(const std::string& name) {
  protocol::Role role{};
  if (!boost::describe::enum_from_string(name.c_str(), role))
    return failure(ErrorCode::internal, "The server's database has a problem; its log says more.",
                   "role " + name);
  return role;
}

std::optional<std::string> owner_of_workspace(SqlSession& sql, const std::string& workspace) {
  std::string owner;
  if (!sql.run("SELECT account FROM workspaces WHERE id = :id", use(workspace), into(owner)))
    return std::nullopt;
  return owner;
}

std::optional<std::string> member_role_text(SqlSession& sql, const std::string& workspace,
                                            const std::string& account) {
  std::string role;
  if (!sql.run("SELECT role FROM members WHERE workspace = :workspace AND account = :account", use(workspace),
               use(account), into(role)))
    return std::nullopt;
  return role;
}

void announce_member_end(SqlDatabase& database, SqlSession& sql, const std::string& workspace,
                         const std::string& account, const std::string& reason) {
  database.announce(
      sql,
      {.kind = AnnouncementKind::member_ended, .subject = workspace, .except = account, .reason = reason});
}

Result<void> insert_member_row(SqlSession& sql, const std::string& workspace, const std::string& account,
                               protocol::Role role, std::int64_t now, std::size_t maximum) {
  long long count = 0;
  int known = 0;
  sql.run("SELECT COUNT(*) FROM members WHERE workspace = :workspace", use(workspace), into(count));
  if (static_cast<std::size_t>(count) >= maximum)
    return failure(ErrorCode::limit_exceeded,
                   "A workspace can have " + std::to_string(maximum) + " members at most.");
  sql.run("SELECT COUNT(*) FROM accounts WHERE id = :id AND kind = 'person'", use(account), into(known));
  if (known == 0) return failure(ErrorCode::not_found, "There is no such account.");
  const auto name = stored_role_text(role);
  const long long since = now;
  sql.run(
      "INSERT INTO members (workspace, account, role, since) VALUES (:workspace, :account, :role, :since)",
      use(workspace), use(account), use(name), use(since));
  return {};
}

void update_member_role(SqlSession& sql, const std::string& workspace, const std::string& account,
                        protocol::Role role) {
  const auto name = stored_role_text(role);
  sql.run("UPDATE members SET role = :role WHERE workspace = :workspace AND account = :account", use(name),
          use(workspace), use(account));
}

Result<std::optional<Role>> SqlMembers::role_of(const std::string& workspace, const std::string& account) {
  return database_.read<std::optional<Role>>(
      [&](SqlSession& sql) { return role_in_workspace(sql, workspace, account); });
}

Result<std::vector<MemberRecord>> SqlMembers::list(const std::string& workspace) {
  return database_.read<std::vector<MemberRecord>>([&](SqlSession& sql) -> Result<std::vector<MemberRecord>> {
    std::vector<MemberRecord> members;
    MemberRecord row;
    std::string role;
    long long since = 0;
    if (!sql.run("SELECT a.id, a.name, CASE a.kind WHEN 'team' THEN '' ELSE a.email END, w.created FROM "
                 "workspaces w JOIN accounts a ON a.id = w.account WHERE w.id = :id",
                 use(workspace), into(row.account), into(row.name), into(row.email), into(since)))
      return members;
    row.role = Role::owner;
    row.since = since;
    members.push_back(row);
    auto select = sql.prepare(
        "SELECT a.id, a.name, a.email, m.role, m.since FROM members m JOIN accounts a ON a.id = "
        "m.account WHERE m.workspace = :workspace ORDER BY m.since, a.id",
        use(workspace), into(row.account), into(row.name), into(row.email), into(role), into(since));
    select.start();
    while (select.fetch()) {
      const auto known = stored_role(role);
      if (!known) return std::unexpected(known.error());
      row.role = *known;
      row.since = since;
      members.push_back(row);
    }
    return members;
  });
}

Result<std::vector<SharedWorkspace>> SqlMembers::describe(const std::vector<std::string>& workspaces,
                                                          const std::string& account, std::int64_t now) {
  return database_.read<std::vector<SharedWorkspace>>(
      [&](SqlSession& sql) -> Result<std::vector<SharedWorkspace>> {
        std::vector<SharedWorkspace> all;
        SharedWorkspace row;
        int rank = 0, team = 0, members = 0, invitations = 0, links = 0, templates = 0;
        const long long time = now;
        IdGroups group(workspaces);
        auto select = sql.prepare(
            "SELECT w.id, v.rank, a.id, a.name, CASE a.kind WHEN 'team' THEN '' ELSE a.email END, CASE "
            "a.kind WHEN 'team' THEN 1 ELSE 0 END, (SELECT COUNT(*) FROM members s WHERE s.workspace = "
            "w.id), (SELECT COUNT(*) FROM invitations i WHERE i.workspace = w.id AND (i.expires IS NULL OR "
            "i.expires > :now)), (SELECT COUNT(*) FROM public_links p WHERE p.workspace = w.id), (SELECT "
            "COUNT(*) FROM team_templates t WHERE t.workspace = w.id) FROM " +
                visible_workspaces() +
                " AS v JOIN workspaces w ON w.id = v.workspace JOIN accounts a ON a.id = w.account WHERE "
                "v.rank > 0 AND w.id IN (" +
                group.placeholders() + ")",
            into(row.workspace), into(rank), into(row.owner), into(row.owner_name), into(row.owner_email),
            into(team), into(members), into(invitations), into(links), into(templates), use(time),
            use(account), use(account), use(account));
        group.bind(select);
        std::map<std::string, SharedWorkspace> found;  // the last id of a group is asked for repeatedly
        group.each([&](std::size_t, std::size_t) {
          select.start();
          while (select.fetch()) {
            row.role = role_of_rank(rank);
            row.owner_is_team = team != 0;
            row.shared = members > 0 || invitations > 0;
            row.public_link = links > 0;
            row.team_template = templates > 0;
            found[row.workspace] = row;
          }
        });
        for (auto& [id, one] : found) all.push_back(std::move(one));
        return all;
      });
}

Result<void> SqlMembers::add(const std::string& workspace, const std::string& account, Role role,
                             std::int64_t now, std::size_t maximum) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    const auto owner = owner_of_workspace(sql, workspace);
    if (!owner) return no_workspace();
    if (*owner == account || member_role_text(sql, workspace, account))
      return failure(ErrorCode::already_exists, "This person is in the workspace already.");
    return insert_member_row(sql, workspace, account, role, now, maximum);
  });
}

Result<bool> SqlMembers::change(const std::string& workspace, const std::string& account, Role role,
                                const std::string& reason) {
  return database_.transaction<bool>([&](SqlSession& sql) -> Result<bool> {
    const auto now = member_role_text(sql, workspace, account);
    if (!now) return no_member();
    if (*now == stored_role_text(role)) return false;
    update_member_role(sql, workspace, account, role);
    announce_member_end(database_, sql, workspace, account, reason);
    return true;
  });
}

Result<void> SqlMembers::remove(const std::string& workspace, const std::string& account,
                                const std::string& reason) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    auto gone = sql.prepare("DELETE FROM members WHERE workspace = :workspace AND account = :account",
                            use(workspace), use(account));
    gone.execute();
    if (gone.affected() == 0) return no_member();
    announce_member_end(database_, sql, workspace, account, reason);
    return {};
  });
}

Result<void> SqlMembers::transfer(const Handover& handover, std::int64_t now, std::int64_t maximum,
                                  const std::string& reason) {
  const auto& [workspace, from, to, by] = handover;
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    if (auto held = expect_lease(database_, sql, workspace); !held) return held;
    const auto owner = owner_of_workspace(sql, workspace);
    if (!owner) return no_workspace();
    if (*owner != from) return failure(ErrorCode::conflict, "The workspace has another owner by now.");
    const auto heir = may_get(sql, handover);
    if (!heir) return std::unexpected(heir.error());
    if (*heir == Heir::nobody) return no_member();
    long long count = 0, bare = 0;
    sql.run("SELECT COUNT(*) FROM workspaces WHERE account = :account", use(to), into(count));
    if (count >= maximum)
      return failure(ErrorCode::limit_exceeded, "The new owner has " + std::to_string(count) +
                                                    " workspaces, the most this server allows.");
    sql.run(
        "SELECT COUNT(*) FROM versions v WHERE v.workspace = :workspace AND NOT EXISTS (SELECT 1 FROM "
        "objects "
        "o WHERE o.owner = :owner AND o.id = v.root AND o.whole = 1)",
        use(workspace), use(to), into(bare));
    if (bare > 0)
      return failure(ErrorCode::conflict, "The workspace's versions changed meanwhile; try again.");
    sql.run("UPDATE workspaces SET account = :account WHERE id = :id", use(to), use(workspace));
    sql.run("UPDATE versions SET owner = :owner WHERE workspace = :workspace", use(to), use(workspace));
    sql.run("DELETE FROM team_templates WHERE workspace = :workspace", use(workspace));
    sql.run("DELETE FROM members WHERE workspace = :workspace AND account = :account", use(workspace),
            use(to));
    if (*heir == Heir::person && by != to) {
      const auto editor = stored_role_text(Role::editor);
      const long long since = now;
      sql.run(
          "INSERT INTO members (workspace, account, role, since) VALUES (:workspace, :account, :role, "
          ":since) ON CONFLICT (workspace, account) DO UPDATE SET role = excluded.role",
          use(workspace), use(by), use(editor), use(since));
    }
    // Of teams nobody need be told one by one: it is stopped, so that nobody has a window into it.
    announce_member_end(database_, sql, workspace, by, reason);
    if (*heir == Heir::person && by != to) announce_member_end(database_, sql, workspace, to, reason);
    return {};
  });
}

}  // namespace berth::server
