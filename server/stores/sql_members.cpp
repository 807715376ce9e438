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

}  // namespace

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
  sql.run("SELECT COUNT(*) FROM accounts WHERE id = :id", use(account), into(known));
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
  return database_.read<std::optional<Role>>([&](SqlSession& sql) -> Result<std::optional<Role>> {
    const auto owner = owner_of_workspace(sql, workspace);
    if (!owner) return std::nullopt;
    if (*owner == account) return Role::owner;
    const auto name = member_role_text(sql, workspace, account);
    if (!name) return std::nullopt;
    const auto role = stored_role(*name);
    if (!role) return std::unexpected(role.error());
    return *role;
  });
}

Result<std::vector<MemberRecord>> SqlMembers::list(const std::string& workspace) {
  return database_.read<std::vector<MemberRecord>>([&](SqlSession& sql) -> Result<std::vector<MemberRecord>> {
    std::vector<MemberRecord> members;
    MemberRecord row;
    std::string role;
    long long since = 0;
    if (!sql.run("SELECT a.id, a.name, a.email, w.created FROM workspaces w JOIN accounts a ON a.id = "
                 "w.account WHERE w.id = :id",
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

Result<std::vector<std::string>> SqlMembers::shared_with(const std::string& account) {
  return database_.read<std::vector<std::string>>([&](SqlSession& sql) -> Result<std::vector<std::string>> {
    std::vector<std::string> ids;
    std::string id;
    auto select = sql.prepare("SELECT workspace FROM members WHERE account = :account ORDER BY workspace",
                              use(account), into(id));
    select.start();
    while (select.fetch()) ids.push_back(id);
    return ids;
  });
}

Result<std::vector<SharedWorkspace>> SqlMembers::describe(const std::vector<std::string>& workspaces,
                                                          const std::string& account, std::int64_t now) {
  return database_.read<std::vector<SharedWorkspace>>(
      [&](SqlSession& sql) -> Result<std::vector<SharedWorkspace>> {
        std::vector<SharedWorkspace> all;
        SharedWorkspace row;
        std::string role;
        soci::indicator has_role = soci::i_null;
        int members = 0, invitations = 0, links = 0;
        const long long time = now;
        IdGroups group(workspaces);
        auto select = sql.prepare(
            "SELECT w.id, a.id, a.name, a.email, m.role, (SELECT COUNT(*) FROM members s WHERE s.workspace = "
            "w.id), (SELECT COUNT(*) FROM invitations i WHERE i.workspace = w.id AND (i.expires IS NULL OR "
            "i.expires > :now)), (SELECT COUNT(*) FROM public_links p WHERE p.workspace = w.id) FROM "
            "workspaces w JOIN accounts a ON a.id = w.account LEFT JOIN members m ON m.workspace = w.id AND "
            "m.account = :account WHERE (w.account = :owner OR m.account IS NOT NULL) AND w.id IN (" +
                group.placeholders() + ")",
            into(row.workspace), into(row.owner), into(row.owner_name), into(row.owner_email),
            into(role, has_role), into(members), into(invitations), into(links), use(time), use(account),
            use(account));
        group.bind(select);
        std::optional<Error> wrong;
        std::map<std::string, SharedWorkspace> found;  // the last id of a group is asked for repeatedly
        group.each([&](std::size_t, std::size_t) {
          select.start();
          while (select.fetch()) {
            row.role = Role::owner;
            if (row.owner != account) {
              const auto known = stored_role(has_role == soci::i_ok ? role : "");
              if (!known) wrong = known.error();
              row.role = known.value_or(Role::viewer);
            }
            row.shared = members > 0 || invitations > 0;
            row.public_link = links > 0;
            found[row.workspace] = row;
          }
        });
        if (wrong) return std::unexpected(std::move(*wrong));
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

Result<void> SqlMembers::transfer(const std::string& workspace, const std::string& from,
                                  const std::string& to, std::int64_t now, std::int64_t maximum,
                                  const std::string& reason) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    if (auto held = expect_lease(database_, sql, workspace); !held) return held;
    const auto owner = owner_of_workspace(sql, workspace);
    if (!owner) return no_workspace();
    if (*owner != from) return failure(ErrorCode::conflict, "The workspace has another owner by now.");
    if (!member_role_text(sql, workspace, to)) return no_member();
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
    const auto editor = stored_role_text(Role::editor);
    const long long since = now;
    sql.run("UPDATE workspaces SET account = :account WHERE id = :id", use(to), use(workspace));
    sql.run("UPDATE versions SET owner = :owner WHERE workspace = :workspace", use(to), use(workspace));
    sql.run("DELETE FROM members WHERE workspace = :workspace AND account = :account", use(workspace),
            use(to));
    sql.run(
        "INSERT INTO members (workspace, account, role, since) VALUES (:workspace, :account, :role, :since)",
        use(workspace), use(from), use(editor), use(since));
    announce_member_end(database_, sql, workspace, from, reason);
    announce_member_end(database_, sql, workspace, to, reason);
    return {};
  });
}

}  // namespace berth::server
