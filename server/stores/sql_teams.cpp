// SPDX-License-Identifier: GPL-3.0-or-later
// Teams and who is in them, in SQL.
#include "server/stores/sql_teams.hpp"

#include "server/stores/sql_member_rows.hpp"

namespace berth::server {
namespace {

using protocol::Role;
using soci::into;
using soci::use;

std::unexpected<Error> not_in_team() {
  return failure(ErrorCode::not_found, "This account is not a member of the team.");
}

/// Of accounts `a` and the member `t` who asks.
constexpr const char* team_columns =
    "a.id, a.name, a.created, a.disabled, a.quota_workspaces, a.quota_running, a.quota_storage, t.role, "
    "(SELECT COUNT(*) FROM team_members c WHERE c.team = a.id)";

/// `bind` binds what `where` names.
template <class Bind>
Result<std::vector<TeamRecord>> select_teams(SqlSession& sql, const std::string& where, Bind bind) {
  TeamRecord row;
  std::string role;
  int disabled = 0, members = 0;
  long long created = 0, quota[3] = {};
  soci::indicator has_quota[3] = {soci::i_null, soci::i_null, soci::i_null};
  auto select =
      sql.prepare("SELECT " + std::string(team_columns) +
                      " FROM team_members t JOIN accounts a ON a.id = t.team AND a.kind = 'team' WHERE " +
                      where + " ORDER BY a.name, a.id",
                  into(row.id), into(row.name), into(created), into(disabled));
  for (int i = 0; i < 3; ++i) select.bind(into(quota[i], has_quota[i]));
  select.bind(into(role));
  select.bind(into(members));
  bind(select);
  select.start();
  std::vector<TeamRecord> rows;
  while (select.fetch()) {
    const auto known = stored_role(role);
    if (!known) return std::unexpected(known.error());
    const auto limit = [&](int i) {
      return has_quota[i] == soci::i_ok ? std::optional<std::int64_t>(quota[i]) : std::nullopt;
    };
    row.role = *known;
    row.created = created;
    row.disabled = disabled != 0;
    row.members = members;
    row.quota = {limit(0), limit(1), limit(2)};
    rows.push_back(row);
  }
  return rows;
}

/// Before an owner goes or becomes less.
Result<void> expect_other_owner(SqlSession& sql, const std::string& team, const std::string& account) {
  int others = 0;
  sql.run(
      "SELECT COUNT(*) FROM team_members t JOIN accounts a ON a.id = t.account WHERE t.team = :team AND "
      "t.role = 'owner' AND t.account <> :account AND a.disabled = 0",
      use(team), use(account), into(others));
  if (others == 0)
    return failure(ErrorCode::conflict,
                   "This is the last owner of the team; make somebody else an owner first.");
  return {};
}

}  // namespace

std::unexpected<Error> no_such_team() { return failure(ErrorCode::not_found, "There is no such team."); }

bool team_exists(SqlSession& sql, const std::string& team) {
  int count = 0;
  sql.run("SELECT COUNT(*) FROM accounts WHERE id = :id AND kind = 'team'", use(team), into(count));
  return count > 0;
}

Result<void> insert_team_member(SqlSession& sql, const std::string& team, const std::string& account,
                                protocol::Role role, std::int64_t now, std::size_t maximum) {
  long long count = 0;
  int known = 0;
  sql.run("SELECT COUNT(*) FROM team_members WHERE team = :team", use(team), into(count));
  if (static_cast<std::size_t>(count) >= maximum)
    return failure(ErrorCode::limit_exceeded,
                   "A team can have " + std::to_string(maximum) + " members at most.");
  sql.run("SELECT COUNT(*) FROM accounts WHERE id = :id AND kind = 'person'", use(account), into(known));
  if (known == 0) return failure(ErrorCode::not_found, "There is no such account.");
  const auto name = stored_role_text(role);
  const long long since = now;
  sql.run("INSERT INTO team_members (team, account, role, since) VALUES (:team, :account, :role, :since)",
          use(team), use(account), use(name), use(since));
  return {};
}

void update_team_member(SqlSession& sql, const std::string& team, const std::string& account,
                        protocol::Role role) {
  const auto name = stored_role_text(role);
  sql.run("UPDATE team_members SET role = :role WHERE team = :team AND account = :account", use(name),
          use(team), use(account));
}

TeamWorkspaces announce_team_role(SqlDatabase& database, SqlSession& sql, const std::string& team,
                                  const std::string& account, const std::string& reason) {
  TeamWorkspaces all;
  {
    std::string id;
    auto select =
        sql.prepare("SELECT id FROM workspaces WHERE account = :team ORDER BY id", use(team), into(id));
    select.start();
    while (select.fetch()) all.push_back(id);
  }
  for (const auto& workspace : all) announce_member_end(database, sql, workspace, account, reason);
  return all;
}

// ---- teams

Result<void> SqlTeams::create(const std::string& id, const std::string& name, const std::string& owner,
                              std::int64_t now, std::int64_t maximum) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    long long owned = 0;
    sql.run("SELECT COUNT(*) FROM team_members WHERE account = :account AND role = 'owner'", use(owner),
            into(owned));
    if (owned >= maximum)
      return failure(ErrorCode::limit_exceeded,
                     maximum == 0
                         ? "Only administrators of this server make teams; ask one of them."
                         : "You are the owner of " + std::to_string(owned) +
                               " teams, the most this server allows; delete one first or hand one over.");
    const std::string email = "team:" + id, kept_name = storable(name);
    const long long created = now;
    // What no password's hash is: nobody signs in by it.
    sql.run(
        "INSERT INTO accounts (id, email, name, password_hash, administrator, created, kind) VALUES (:id, "
        ":email, :name, '', 0, :created, 'team')",
        use(id), use(email), use(kept_name), use(created));
    return insert_team_member(sql, id, owner, Role::owner, now, 1);
  });
}

Result<void> SqlTeams::rename(const std::string& team, const std::string& name) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    const auto kept_name = storable(name);
    auto update = sql.prepare("UPDATE accounts SET name = :name WHERE id = :id AND kind = 'team'",
                              use(kept_name), use(team));
    update.execute();
    if (update.affected() == 0) return no_such_team();
    return {};
  });
}

Result<void> SqlTeams::remove(const std::string& team) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    if (!team_exists(sql, team)) return no_such_team();
    long long count = 0;
    sql.run("SELECT COUNT(*) FROM workspaces WHERE account = :team", use(team), into(count));
    if (count > 0)
      return failure(ErrorCode::conflict, "The team has " + std::to_string(count) +
                                              " workspaces; delete them first, or hand them over.");
    sql.run("DELETE FROM accounts WHERE id = :id AND kind = 'team'", use(team));
    return {};
  });
}

Result<TeamRecord> SqlTeams::find(const std::string& team, const std::string& account) {
  return database_.read<TeamRecord>([&](SqlSession& sql) -> Result<TeamRecord> {
    auto found = select_teams(sql, "t.team = :team AND t.account = :account", [&](SqlStatement& select) {
      select.bind(use(team));
      select.bind(use(account));
    });
    if (!found) return std::unexpected(std::move(found.error()));
    if (found->empty()) return no_such_team();
    return std::move(found->front());
  });
}

Result<std::vector<TeamRecord>> SqlTeams::list_of(const std::string& account) {
  return database_.read<std::vector<TeamRecord>>([&](SqlSession& sql) {
    return select_teams(sql, "t.account = :account",
                        [&](SqlStatement& select) { select.bind(use(account)); });
  });
}

Result<TeamFigures> SqlTeams::figures(const std::string& team) {
  return database_.read<TeamFigures>([&](SqlSession& sql) -> Result<TeamFigures> {
    long long workspaces = 0, running = 0, stored = 0;
    sql.run("SELECT COUNT(*) FROM workspaces WHERE account = :team", use(team), into(workspaces));
    sql.run(
        "SELECT COUNT(*) FROM workspaces WHERE account = :team AND state IN ('starting', 'running', "
        "'stopping')",
        use(team), into(running));
    sql.run("SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM packs WHERE owner = :team AND doomed = 0",
            use(team), into(stored));
    return TeamFigures{workspaces, running, stored};
  });
}

// ---- members

Result<std::optional<Role>> SqlTeamMembers::role_of(const std::string& team, const std::string& account) {
  return database_.read<std::optional<Role>>(
      [&](SqlSession& sql) { return role_in_team(sql, team, account); });
}

Result<std::vector<MemberRecord>> SqlTeamMembers::list(const std::string& team) {
  return database_.read<std::vector<MemberRecord>>([&](SqlSession& sql) -> Result<std::vector<MemberRecord>> {
    std::vector<MemberRecord> members;
    MemberRecord row;
    std::string role;
    long long since = 0;
    auto select = sql.prepare(
        "SELECT a.id, a.name, a.email, t.role, t.since FROM team_members t JOIN accounts a ON a.id = "
        "t.account WHERE t.team = :team ORDER BY CASE t.role WHEN 'owner' THEN 0 ELSE 1 END, t.since, a.id",
        use(team), into(row.account), into(row.name), into(row.email), into(role), into(since));
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

Result<void> SqlTeamMembers::add(const std::string& team, const std::string& account, Role role,
                                 std::int64_t now, std::size_t maximum) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    if (!team_exists(sql, team)) return no_such_team();
    const auto there = role_in_team(sql, team, account);
    if (!there) return std::unexpected(there.error());
    if (*there) return failure(ErrorCode::already_exists, "This person is in the team already.");
    return insert_team_member(sql, team, account, role, now, maximum);
  });
}

Result<TeamWorkspaces> SqlTeamMembers::change(const std::string& team, const std::string& account, Role role,
                                              const std::string& reason) {
  return database_.transaction<TeamWorkspaces>([&](SqlSession& sql) -> Result<TeamWorkspaces> {
    const auto there = role_in_team(sql, team, account);
    if (!there) return std::unexpected(there.error());
    if (!*there) return not_in_team();
    if (**there == role) return TeamWorkspaces();
    if (**there == Role::owner)
      if (auto other = expect_other_owner(sql, team, account); !other)
        return std::unexpected(std::move(other.error()));
    update_team_member(sql, team, account, role);
    return announce_team_role(database_, sql, team, account, reason);
  });
}

Result<TeamWorkspaces> SqlTeamMembers::remove(const std::string& team, const std::string& account,
                                              const std::string& reason) {
  return database_.transaction<TeamWorkspaces>([&](SqlSession& sql) -> Result<TeamWorkspaces> {
    const auto there = role_in_team(sql, team, account);
    if (!there) return std::unexpected(there.error());
    if (!*there) return not_in_team();
    if (**there == Role::owner)
      if (auto other = expect_other_owner(sql, team, account); !other)
        return std::unexpected(std::move(other.error()));
    sql.run("DELETE FROM team_members WHERE team = :team AND account = :account", use(team), use(account));
    return announce_team_role(database_, sql, team, account, reason);
  });
}

}  // namespace berth::server
