// SPDX-License-Identifier: GPL-3.0-or-later
// What the SQL of members and of invitations share: the rows of members, inside a transaction.
#pragma once

#include <optional>
#include <string>

#include "server/sharing_store.hpp"
#include "server/stores/sql_database.hpp"

namespace berth::server {

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
