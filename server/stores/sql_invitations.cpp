// SPDX-License-Identifier: GPL-3.0-or-later
// Invitations and links to join, in SQL.
#include "server/stores/sql_member_rows.hpp"
#include "server/stores/sql_sharing.hpp"

namespace berth::server {
namespace {

using soci::into;
using soci::use;

std::unexpected<Error> no_invitation() {
  return failure(ErrorCode::not_found,
                 "This link has expired or was taken back. Ask for a new one, or to be invited again.");
}

constexpr const char* invitation_columns =
    "SELECT id, workspace, email, role, secret, invited_by, created, expires, uses FROM invitations ";

/// `bind` binds what `where` names.
template <class Bind>
Result<std::vector<InvitationRecord>> select_invitations(SqlSession& sql, const std::string& where,
                                                         Bind bind) {
  InvitationRecord row;
  std::string role;
  long long created = 0, expires = 0, uses = 0;
  soci::indicator has_expiry = soci::i_null;
  auto select = sql.prepare(invitation_columns + where + " ORDER BY created, id", into(row.id),
                            into(row.workspace), into(row.email), into(role), into(row.secret),
                            into(row.invited_by), into(created), into(expires, has_expiry), into(uses));
  bind(select);
  select.start();
  std::vector<InvitationRecord> rows;
  while (select.fetch()) {
    const auto known = stored_role(role);
    if (!known) return std::unexpected(known.error());
    row.role = *known;
    row.created = created;
    row.expires = has_expiry == soci::i_ok ? std::optional<std::int64_t>(expires) : std::nullopt;
    row.uses = uses;
    rows.push_back(row);
  }
  return rows;
}

Result<InvitationRecord> select_invitation(SqlSession& sql, const std::string& id) {
  auto found = select_invitations(sql, "WHERE id = :id", [&](SqlStatement& select) { select.bind(use(id)); });
  if (!found) return std::unexpected(std::move(found.error()));
  if (found->empty()) return no_invitation();
  return std::move(found->front());
}

/// True when the account's role rose.
Result<bool> take_invitation(SqlDatabase& database, SqlSession& sql, const InvitationRecord& invitation,
                             const std::string& account, std::int64_t now, std::size_t maximum,
                             const std::string& reason) {
  const auto owner = owner_of_workspace(sql, invitation.workspace);
  if (!owner) return no_invitation();
  if (*owner == account) return false;  // opened by who made it
  // A role in the team that has it counts: who has that needs no place beside, which would outlast it.
  const auto role = role_in_workspace(sql, invitation.workspace, account);
  if (!role) return std::unexpected(role.error());
  const bool rises = !*role || invitation.role > **role;
  const bool member = member_role_text(sql, invitation.workspace, account).has_value();
  if (rises && member) {
    update_member_role(sql, invitation.workspace, account, invitation.role);
  } else if (rises) {
    auto added = insert_member_row(sql, invitation.workspace, account, invitation.role, now, maximum);
    if (!added) return std::unexpected(std::move(added.error()));
  }
  if (rises && *role) announce_member_end(database, sql, invitation.workspace, account, reason);
  if (!invitation.email.empty())
    sql.run("DELETE FROM invitations WHERE id = :id", use(invitation.id));
  else if (rises && !member)
    sql.run("UPDATE invitations SET uses = uses + 1 WHERE id = :id", use(invitation.id));
  return rises;
}

}  // namespace

Result<void> SqlInvitations::insert(const InvitationRecord& invitation, std::size_t maximum) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    if (!owner_of_workspace(sql, invitation.workspace))
      return failure(ErrorCode::not_found, "There is no such workspace.");
    const long long created = invitation.created, expires = invitation.expires.value_or(0),
                    uses = invitation.uses;
    soci::indicator has_expiry = invitation.expires ? soci::i_ok : soci::i_null;
    const auto email = storable(invitation.email), role = stored_role_text(invitation.role);
    sql.run("DELETE FROM invitations WHERE workspace = :workspace AND expires <= :now",
            use(invitation.workspace), use(created));
    long long count = 0;
    if (email.empty()) {
      sql.run("SELECT COUNT(*) FROM invitations WHERE workspace = :workspace AND email = ''",
              use(invitation.workspace), into(count));
    } else {
      sql.run("DELETE FROM invitations WHERE workspace = :workspace AND email = :email",
              use(invitation.workspace), use(email));
      sql.run("SELECT COUNT(*) FROM invitations WHERE workspace = :workspace AND email <> ''",
              use(invitation.workspace), into(count));
    }
    if (static_cast<std::size_t>(count) >= maximum)
      return failure(ErrorCode::limit_exceeded,
                     "A workspace can have " + std::to_string(maximum) +
                         (email.empty() ? " links at most; end one first."
                                        : " open invitations at most; take one back first."));
    sql.run(
        "INSERT INTO invitations (id, workspace, email, role, secret, invited_by, created, expires, uses) "
        "VALUES (:id, :workspace, :email, :role, :secret, :invited_by, :created, :expires, :uses)",
        use(invitation.id), use(invitation.workspace), use(email), use(role), use(invitation.secret),
        use(invitation.invited_by), use(created), use(expires, has_expiry), use(uses));
    return {};
  });
}

Result<InvitationRecord> SqlInvitations::find(const std::string& id) {
  return database_.read<InvitationRecord>([&](SqlSession& sql) { return select_invitation(sql, id); });
}

Result<std::vector<InvitationRecord>> SqlInvitations::list(const std::string& workspace, std::int64_t now) {
  return database_.read<std::vector<InvitationRecord>>([&](SqlSession& sql) {
    const long long time = now;
    return select_invitations(sql, "WHERE workspace = :workspace AND (expires IS NULL OR expires > :now)",
                              [&](SqlStatement& select) {
                                select.bind(use(workspace));
                                select.bind(use(time));
                              });
  });
}

Result<void> SqlInvitations::remove(const std::string& workspace, const std::string& id) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    auto gone = sql.prepare("DELETE FROM invitations WHERE id = :id AND workspace = :workspace", use(id),
                            use(workspace));
    gone.execute();
    if (gone.affected() == 0)
      return failure(ErrorCode::not_found, "There is no such invitation or link any more.");
    return {};
  });
}

Result<bool> SqlInvitations::accept(const std::string& id, const std::string& secret,
                                    const std::string& account, std::int64_t now, std::size_t maximum,
                                    const std::string& reason) {
  return database_.transaction<bool>([&](SqlSession& sql) -> Result<bool> {
    const auto invitation = select_invitation(sql, id);
    if (!invitation) return std::unexpected(invitation.error());
    if (invitation->secret != secret || (invitation->expires && *invitation->expires <= now))
      return no_invitation();
    return take_invitation(database_, sql, *invitation, account, now, maximum, reason);
  });
}

Result<std::vector<std::string>> SqlInvitations::accept_all(const std::string& email,
                                                            const std::string& account, std::int64_t now,
                                                            std::size_t maximum, const std::string& reason) {
  if (email.empty()) return std::vector<std::string>();
  // Asked for each list of workspaces, nearly always in vain; what stays because its workspace is full must
  // not have every list wait for whoever writes.
  const auto waiting = database_.read<bool>([&](SqlSession& sql) -> Result<bool> {
    int count = 0;
    const long long time = now;
    const auto most = static_cast<long long>(maximum);
    sql.run(
        "SELECT COUNT(*) FROM invitations i WHERE i.email = :email AND i.expires > :now AND ((SELECT "
        "COUNT(*) FROM members m WHERE m.workspace = i.workspace) < :most OR EXISTS (SELECT 1 FROM members "
        "n WHERE n.workspace = i.workspace AND n.account = :account))",
        use(email), use(time), use(most), use(account), into(count));
    return count > 0;
  });
  if (!waiting) return std::unexpected(waiting.error());
  if (!*waiting) return std::vector<std::string>();
  return database_.transaction<std::vector<std::string>>(
      [&](SqlSession& sql) -> Result<std::vector<std::string>> {
        const long long time = now;
        const auto all =
            select_invitations(sql, "WHERE email = :email AND expires > :now", [&](SqlStatement& select) {
              select.bind(use(email));
              select.bind(use(time));
            });
        if (!all) return std::unexpected(all.error());
        std::vector<std::string> changed;
        for (const auto& invitation : *all) {
          const auto taken = take_invitation(database_, sql, invitation, account, now, maximum, reason);
          if (!taken && taken.error().code == ErrorCode::limit_exceeded) continue;
          if (!taken) return std::unexpected(taken.error());
          if (*taken) changed.push_back(invitation.workspace);
        }
        return changed;
      });
}

}  // namespace berth::server
