// SPDX-License-Identifier: GPL-3.0-or-later
// The SQL side of team_store.hpp.
#pragma once

#include "server/stores/sql_database.hpp"
#include "server/team_store.hpp"

namespace berth::server {

class SqlTeams final : public TeamStore {
 public:
  explicit SqlTeams(SqlDatabase& database) : database_(database) {}
  Result<void> create(const std::string& id, const std::string& name, const std::string& owner,
                      std::int64_t now, std::int64_t maximum) override;
  Result<void> rename(const std::string& team, const std::string& name) override;
  Result<void> remove(const std::string& team) override;
  Result<TeamRecord> find(const std::string& team, const std::string& account) override;
  Result<std::vector<TeamRecord>> list_of(const std::string& account) override;
  Result<TeamFigures> figures(const std::string& team) override;

 private:
  SqlDatabase& database_;
};

class SqlTeamMembers final : public TeamMemberStore {
 public:
  explicit SqlTeamMembers(SqlDatabase& database) : database_(database) {}
  Result<std::optional<protocol::Role>> role_of(const std::string& team, const std::string& account) override;
  Result<std::vector<MemberRecord>> list(const std::string& team) override;
  Result<void> add(const std::string& team, const std::string& account, protocol::Role role, std::int64_t now,
                   std::size_t maximum) override;
  Result<TeamWorkspaces> change(const std::string& team, const std::string& account, protocol::Role role,
                                const std::string& reason) override;
  Result<TeamWorkspaces> remove(const std::string& team, const std::string& account,
                                const std::string& reason) override;

 private:
  SqlDatabase& database_;
};

class SqlTeamInvitations final : public TeamInvitationStore {
 public:
  explicit SqlTeamInvitations(SqlDatabase& database) : database_(database) {}
  Result<void> insert(const TeamInvitationRecord& invitation, std::size_t maximum) override;
  Result<TeamInvitationRecord> find(const std::string& id) override;
  Result<std::vector<TeamInvitationRecord>> list(const std::string& team, std::int64_t now) override;
  Result<void> remove(const std::string& team, const std::string& id) override;
  Result<TeamWorkspaces> accept(const std::string& id, const std::string& secret, const std::string& account,
                                std::int64_t now, std::size_t maximum, const std::string& reason) override;
  Result<TeamWorkspaces> accept_all(const std::string& email, const std::string& account, std::int64_t now,
                                    std::size_t maximum, const std::string& reason) override;

 private:
  SqlDatabase& database_;
};

class SqlTeamTemplates final : public TeamTemplateStore {
 public:
  explicit SqlTeamTemplates(SqlDatabase& database) : database_(database) {}
  Result<TeamTemplateRecord> put(const TeamTemplateRecord& record, std::size_t maximum) override;
  Result<std::vector<TeamTemplateRecord>> list(const std::string& team) override;
  Result<std::optional<TeamTemplateRecord>> find(const std::string& workspace) override;
  Result<void> remove(const std::string& team, const std::string& workspace) override;

 private:
  SqlDatabase& database_;
};

// What members and invitations of teams share, inside a transaction.
std::unexpected<Error> no_such_team();
bool team_exists(SqlSession& sql, const std::string& team);
/// limit_exceeded when there are `maximum` already, not_found without such a person.
Result<void> insert_team_member(SqlSession& sql, const std::string& team, const std::string& account,
                                protocol::Role role, std::int64_t now, std::size_t maximum);
void update_team_member(SqlSession& sql, const std::string& team, const std::string& account,
                        protocol::Role role);
/// Tells of every workspace of the team that the account's role in it is another now.
TeamWorkspaces announce_team_role(SqlDatabase& database, SqlSession& sql, const std::string& team,
                                  const std::string& account, const std::string& reason);

}  // namespace berth::server
