// SPDX-License-Identifier: GPL-3.0-or-later
// Invitations to teams, in SQL.
#include <algorithm>
#include <iterator>

#include "server/stores/sql_member_rows.hpp"
#include "server/stores/sql_teams.hpp"

namespace berth::server {
namespace {

using soci::into;
using soci::use;

std::unexpected<Error> no_team_invitation() {
  return failure(ErrorCode::not_found,
                 "This invitation has expired, was used or was taken back. Ask to be invited again.");
}

/// `bind` binds what `where` names.
template <class Bind>
Result<std::vector<TeamInvitationRecord>> select_team_invitations(SqlSession& sql, const std::string& where,
                                                                  Bind bind) {
  TeamInvitationRecord row;
  std::string role;
  long long created = 0, expires = 0;
  auto select = sql.prepare(
      "SELECT id, team, email, role, secret, invited_by, created, expires FROM team_invitations WHERE " +
          where + " ORDER BY created, id",
      into(row.id), into(row.team), into(row.email), into(role), into(row.secret), into(row.invited_by),
      into(created), into(expires));
  bind(select);
  select.start();
  std::vector<TeamInvitationRecord> rows;
  while (select.fetch()) {
    const auto known = stored_role(role);
    if (!known) return std::unexpected(known.error());
    row.role = *known;
    row.created = created;
    row.expires = expires;
    rows.push_back(row);
  }
  return rows;
}

Result<TeamInvitationRecord> select_team_invitation(SqlSession& sql, const std::string& id) {
  auto found = select_team_invitations(sql, "id = :id", [&](SqlStatement& select) { select.bind(use(id)); });
  if (!found) return std::unexpected(std::move(found.error()));
  if (found->empty()) return no_team_invitation();
  return std::move(found->front());
}

Result<TeamWorkspaces> take_team_invitation(SqlDatabase& database, SqlSession& sql,
                                            const TeamInvitationRecord& invitation,
                                            const std::string& account, std::int64_t now, std::size_t maximum,
                                            const std::string& reason) {
  const auto there = role_in_team(sql, invitation.team, account);
  if (!there) return std::unexpected(there.error());
  TeamWorkspaces changed;
  if (!*there) {
    if (auto added = insert_team_member(sql, invitation.team, account, invitation.role, now, maximum); !added)
      return std::unexpected(std::move(added.error()));
    // Who was in one of its workspaces already may be more there now.
    changed = announce_team_role(database, sql, invitation.team, account, reason);
  } else if (invitation.role > **there) {
    update_team_member(sql, invitation.team, account, invitation.role);
    changed = announce_team_role(database, sql, invitation.team, account, reason);
  }
  sql.run("DELETE FROM team_invitations WHERE id = :id", use(invitation.id));
  return changed;
}

}  // namespace

Result<void> SqlTeamInvitations::insert(const TeamInvitationRecord& invitation, std::size_t maximum) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    if (!team_exists(sql, invitation.team)) return no_such_team();
    const long long created = invitation.created, expires = invitation.expires;
    const auto email = storable(invitation.email), role = stored_role_text(invitation.role);
    sql.run("DELETE FROM team_invitations WHERE team = :team AND (expires <= :now OR email = :email)",
            use(invitation.team), use(created), use(email));
    long long count = 0;
    sql.run("SELECT COUNT(*) FROM team_invitations WHERE team = :team", use(invitation.team), into(count));
    if (static_cast<std::size_t>(count) >= maximum)
      return failure(ErrorCode::limit_exceeded, "A team can have " + std::to_string(maximum) +
                                                    " open invitations at most; take one back first.");
    sql.run(
        "INSERT INTO team_invitations (id, team, email, role, secret, invited_by, created, expires) VALUES "
        "(:id, :team, :email, :role, :secret, :invited_by, :created, :expires)",
        use(invitation.id), use(invitation.team), use(email), use(role), use(invitation.secret),
        use(invitation.invited_by), use(created), use(expires));
    return {};
  });
}

Result<TeamInvitationRecord> SqlTeamInvitations::find(const std::string& id) {
  return database_.read<TeamInvitationRecord>(
      [&](SqlSession& sql) { return select_team_invitation(sql, id); });
}

Result<std::vector<TeamInvitationRecord>> SqlTeamInvitations::list(const std::string& team,
                                                                   std::int64_t now) {
  return database_.read<std::vector<TeamInvitationRecord>>([&](SqlSession& sql) {
    const long long time = now;
    return select_team_invitations(sql, "team = :team AND expires > :now", [&](SqlStatement& select) {
      select.bind(use(team));
      select.bind(use(time));
    });
  });
}

Result<void> SqlTeamInvitations::remove(const std::string& team, const std::string& id) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    auto gone =
        sql.prepare("DELETE FROM team_invitations WHERE id = :id AND team = :team", use(id), use(team));
    gone.execute();
    if (gone.affected() == 0) return failure(ErrorCode::not_found, "There is no such invitation any more.");
    return {};
  });
}

Result<TeamWorkspaces> SqlTeamInvitations::accept(const std::string& id, const std::string& secret,
                                                  const std::string& account, std::int64_t now,
                                                  std::size_t maximum, const std::string& reason) {
  return database_.transaction<TeamWorkspaces>([&](SqlSession& sql) -> Result<TeamWorkspaces> {
    const auto invitation = select_team_invitation(sql, id);
    if (!invitation) return std::unexpected(invitation.error());
    if (invitation->secret != secret || invitation->expires <= now) return no_team_invitation();
    return take_team_invitation(database_, sql, *invitation, account, now, maximum, reason);
  });
}

Result<TeamWorkspaces> SqlTeamInvitations::accept_all(const std::string& email, const std::string& account,
                                                      std::int64_t now, std::size_t maximum,
                                                      const std::string& reason) {
  if (email.empty()) return TeamWorkspaces();
  const long long time = now;
  const auto waiting = database_.read<bool>([&](SqlSession& sql) -> Result<bool> {
    int count = 0;
    sql.run("SELECT COUNT(*) FROM team_invitations WHERE email = :email AND expires > :now", use(email),
            use(time), into(count));
    return count > 0;
  });
  if (!waiting) return std::unexpected(waiting.error());
  if (!*waiting) return TeamWorkspaces();
  return database_.transaction<TeamWorkspaces>([&](SqlSession& sql) -> Result<TeamWorkspaces> {
    const auto all =
        select_team_invitations(sql, "email = :email AND expires > :now", [&](SqlStatement& select) {
          select.bind(use(email));
          select.bind(use(time));
        });
    if (!all) return std::unexpected(all.error());
    TeamWorkspaces changed;
    for (const auto& invitation : *all) {
      auto taken = take_team_invitation(database_, sql, invitation, account, now, maximum, reason);
      if (!taken && taken.error().code == ErrorCode::limit_exceeded) continue;
      if (!taken) return taken;
      std::ranges::move(*taken, std::back_inserter(changed));
    }
    return changed;
  });
}

}  // namespace berth::server
