// SPDX-License-Identifier: GPL-3.0-or-later
// What the SQL of members and of invitations share: the rows of members, inside a transaction.
#pragma once

#include <optional>
#include <string>

#include "server/sharing_store.hpp"
#include "server/stores/sql_database.hpp"

namespace berth::server {

// ---- what an account is in a workspace: the highest of its owner's, a member's, and its role in the team
// that owns it. A team that is disabled gives none. Here in SQL for lists, in role_in_workspace() for one.

/// An expression: 3 for owner, 2 for editor, 1 for viewer, 0 for none, of a column with a stored role.
std::string role_rank(const std::string& column);
protocol::Role role_of_rank(int rank);
/// A table for FROM with the columns `workspace` and `rank` (role_rank) of all that an account may see, each
/// workspace once. Binds the account's id visible_workspaces_uses times in a row.
std::string visible_workspaces();
inline constexpr int visible_workspaces_uses = 3;  // of the account's id
/// nullopt for strangers, and where there is no such workspace.
Result<std::optional<protocol::Role>> role_in_workspace(SqlSession& sql, const std::string& workspace,
                                                        const std::string& account);
/// In a team itself, disabled or not; nullopt for who is not in it.
Result<std::optional<protocol::Role>> role_in_team(SqlSession& sql, const std::string& team,
                                                   const std::string& account);

std::string stored_role_text(protocol::Role role);
/// internal for what no release of ours wrote.
Result<protocol::Role> stored_role(const std::string& text);
/// The owner's account; nullopt without such a workspace.
std::optional<std::string> owner_of_workspace(SqlSession& sql, const std::string& workspace);
/// As stored; nullopt for who is no member (the owner is none).
std::optional<std::string> member_role_text(SqlSession& sql, const std::string& workspace,
                                            const std::string& account);
/// limit_exceeded when there are `maximum` already, not_found without such an account.
Result<void> insert_member_row(SqlSession& sql, const std::string& workspace, const std::string& account,
                               protocol::Role role, std::int64_t now, std::size_t maximum);
void update_member_role(SqlSession& sql, const std::string& workspace, const std::string& account,
                        protocol::Role role);
void announce_member_end(SqlDatabase& database, SqlSession& sql, const std::string& workspace,
                         const std::string& account, const std::string& reason);

}  // namespace berth::server
