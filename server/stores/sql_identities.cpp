// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/stores/sql_identities.hpp"

#include "server/stores/sql_access.hpp"
#include "server/stores/sql_account_row.hpp"
#include "server/stores/sql_tables.hpp"

namespace berth::server {
namespace {

using soci::into;
using soci::use;

std::unexpected<Error> no_such_account() {
  return failure(ErrorCode::not_found, "There is no such account.");
}

std::unexpected<Error> no_such_identity() {
  return failure(ErrorCode::not_found, "There is no such identity.");
}

long long counted(SqlSession& sql, const std::string& what, const std::string& key) {
  long long count = 0;
  sql.run("SELECT COUNT(*) FROM " + what + " = :key", use(key), into(count));
  return count;
}

Result<void> insert_identity(SqlSession& sql, const IdentityRecord& identity) {
  long long linked = 0;
  sql.run("SELECT COUNT(*) FROM identities WHERE issuer = :issuer AND subject = :subject",
          use(identity.issuer), use(identity.subject), into(linked));
  if (linked > 0) return failure(ErrorCode::already_exists, "This identity is linked to an account already.");
  const auto email = storable(identity.email);
  const long long when = identity.linked;
  sql.run(
      "INSERT INTO identities (id, account, issuer, subject, email, linked) VALUES (:id, :account, :issuer, "
      ":subject, :email, :linked)",
      use(identity.id), use(identity.account), use(identity.issuer), use(identity.subject), use(email),
      use(when));
  return {};
}

template <class Bind>
std::vector<IdentityRecord> select_identities(SqlSession& sql, const std::string& where, Bind bind) {
  IdentityRecord row;
  long long linked = 0;
  auto select = sql.prepare(
      "SELECT id, account, issuer, subject, email, linked FROM identities WHERE " + where, into(row.id),
      into(row.account), into(row.issuer), into(row.subject), into(row.email), into(linked));
  bind(select);
  select.start();
  std::vector<IdentityRecord> rows;
  while (select.fetch()) {
    row.linked = linked;
    rows.push_back(row);
  }
  return rows;
}

template <class Bind>
Result<TicketRecord> select_ticket(SqlSession& sql, const std::string& where, Bind bind) {
  TicketRecord row;
  long long created = 0, expires = 0;
  auto select = sql.prepare(
      "SELECT id, kind, handle, account, data, created, expires FROM tickets WHERE " + where, into(row.id),
      into(row.kind), into(row.handle), into(row.account), into(row.data), into(created), into(expires));
  bind(select);
  if (!select.execute()) return failure(ErrorCode::not_found, "This is used up, or too old.");
  row.created = created;
  row.expires = expires;
  return row;
}

Result<TicketRecord> ticket_of(SqlSession& sql, const std::string& kind, const std::string& id,
                               long long now) {
  return select_ticket(sql, "id = :id AND kind = :kind AND expires > :now", [&](SqlStatement& select) {
    select.bind(use(id));
    select.bind(use(kind));
    select.bind(use(now));
  });
}

void insert_ticket(SqlSession& sql, const TicketRecord& ticket) {
  const long long created = ticket.created, expires = ticket.expires;
  sql.run(
      "INSERT INTO tickets (id, kind, handle, account, data, created, expires) VALUES (:id, :kind, "
      ":handle, :account, :data, :created, :expires)",
      use(ticket.id), use(ticket.kind), use(ticket.handle), use(ticket.account), use(ticket.data),
      use(created), use(expires));
}

void remove_second_factor(SqlSession& sql, const std::string& account) {
  sql.run("DELETE FROM recovery_codes WHERE account = :account", use(account));
  sql.run("DELETE FROM second_factors WHERE account = :account", use(account));
}

/// All by which somebody was let in, and what they had begun; the ids of the tokens.
std::vector<std::string> end_access(SqlDatabase& database, SqlSession& sql, const std::string& account,
                                    const std::string& password_hash) {
  sql.run("UPDATE accounts SET password_hash = :hash, pending_email = '' WHERE id = :id", use(password_hash),
          use(account));
  end_sign_ins(database, sql, account, {});
  auto revoked = revoke_tokens(database, sql, account);
  sql.run("DELETE FROM tickets WHERE account = :account", use(account));
  raise_revision(sql);
  return revoked;
}

}  // namespace

Result<void> SqlIdentities::insert(const IdentityRecord& identity) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    if (counted(sql, "accounts WHERE kind = 'person' AND id", identity.account) == 0)
      return no_such_account();
    return insert_identity(sql, identity);
  });
}

Result<void> SqlIdentities::insert_account(const AccountRecord& account, const IdentityRecord& identity,
                                           std::int64_t maximum) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    long long count = 0;
    sql.run("SELECT COUNT(*) FROM accounts WHERE kind = 'person'", into(count));
    if (maximum > 0 && count >= maximum)
      return failure(ErrorCode::limit_exceeded, "No more accounts can be made on this server.");
    if (counted(sql, "accounts WHERE email", account.email) > 0)
      return failure(ErrorCode::conflict, "There is an account with this e-mail address already.");
    insert_person(sql, account);
    return insert_identity(sql, identity);
  });
}

Result<IdentityRecord> SqlIdentities::find(const std::string& issuer, const std::string& subject) {
  return database_.read<IdentityRecord>([&](SqlSession& sql) -> Result<IdentityRecord> {
    auto found = select_identities(sql, "issuer = :issuer AND subject = :subject", [&](SqlStatement& select) {
      select.bind(use(issuer));
      select.bind(use(subject));
    });
    if (found.empty()) return no_such_identity();
    return std::move(found.front());
  });
}

Result<std::vector<IdentityRecord>> SqlIdentities::list_of(const std::string& account) {
  return database_.read<std::vector<IdentityRecord>>(
      [&](SqlSession& sql) -> Result<std::vector<IdentityRecord>> {
        return select_identities(sql, "account = :account ORDER BY linked, id",
                                 [&](SqlStatement& select) { select.bind(use(account)); });
      });
}

Result<void> SqlIdentities::update_email(const std::string& id, const std::string& email) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    const auto kept = storable(email);
    sql.run("UPDATE identities SET email = :email WHERE id = :id", use(kept), use(id));
    return {};
  });
}

Result<void> SqlIdentities::remove(const std::string& account, const std::string& id) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    long long own = 0;
    sql.run("SELECT COUNT(*) FROM identities WHERE account = :account AND id = :id", use(account), use(id),
            into(own));
    if (own == 0) return no_such_identity();
    const auto all = counted(sql, "identities WHERE account", account);
    const auto with_password = counted(sql, "accounts WHERE password_hash <> '' AND id", account);
    if (all < 2 && with_password == 0)
      return failure(ErrorCode::conflict,
                     "This is the only way into your account; set a password or link another one first.");
    sql.run("DELETE FROM identities WHERE id = :id", use(id));
    return {};
  });
}

Result<void> SqlIdentities::verify_email(const std::string& account, const std::string& email) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    auto update = sql.prepare(
        "UPDATE accounts SET email_verified = 1 WHERE id = :id AND email = :email AND kind = 'person'",
        use(account), use(email));
    update.execute();
    if (update.affected() == 1) return {};
    int waits = 0;
    sql.run("SELECT COUNT(*) FROM accounts WHERE id = :id AND pending_email = :email AND kind = 'person'",
            use(account), use(email), into(waits));
    if (waits == 0 || email.empty()) return no_such_account();
    if (auto free = refuse_taken(sql, email, account); !free) return free;
    sql.run("UPDATE accounts SET email = :email, email_verified = 1, pending_email = '' WHERE id = :id",
            use(email), use(account));
    return {};
  });
}

Result<std::vector<std::string>> SqlIdentities::reset_password(const std::string& account,
                                                               const std::string& email,
                                                               const std::string& password_hash,
                                                               bool proves_email) {
  using Revoked = Result<std::vector<std::string>>;
  return database_.transaction<std::vector<std::string>>([&](SqlSession& sql) -> Revoked {
    int verified = 0;
    if (!sql.run("SELECT email_verified FROM accounts WHERE id = :id AND email = :email AND kind = 'person'",
                 use(account), use(email), into(verified)))
      return no_such_account();
    const int verified_now = verified != 0 || proves_email ? 1 : 0;
    sql.run("UPDATE accounts SET email_verified = :verified WHERE id = :id", use(verified_now), use(account));
    auto revoked = end_access(database_, sql, account, password_hash);
    if (verified == 0 && proves_email) {
      sql.run("DELETE FROM identities WHERE account = :account", use(account));
      remove_second_factor(sql, account);
    }
    return revoked;
  });
}

Result<std::vector<std::string>> SqlIdentities::reset_account(const AccountReset& reset) {
  using Revoked = Result<std::vector<std::string>>;
  return database_.transaction<std::vector<std::string>>([&](SqlSession& sql) -> Revoked {
    const auto& account = reset.account;
    if (counted(sql, "accounts WHERE kind = 'person' AND id", account) == 0) return no_such_account();
    auto revoked = end_access(database_, sql, account, {});
    if (reset.remove_identities) sql.run("DELETE FROM identities WHERE account = :account", use(account));
    if (reset.remove_second_factor) remove_second_factor(sql, account);
    insert_ticket(sql, reset.link);
    return revoked;
  });
}

Result<void> SqlTickets::insert(const TicketRecord& ticket, std::int64_t maximum, FullTickets full) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    const long long now = ticket.created;
    sql.run("DELETE FROM tickets WHERE expires <= :now", use(now));
    long long there = 0;
    sql.run("SELECT COUNT(*) FROM tickets WHERE kind = :kind AND account = :account", use(ticket.kind),
            use(ticket.account), into(there));
    if (maximum > 0 && there >= maximum) {
      if (full == FullTickets::refuse)
        return failure(ErrorCode::limit_exceeded, "Too many of these are open; try again later.");
      const long long too_many = there - maximum + 1;
      sql.run(
          "DELETE FROM tickets WHERE id IN (SELECT id FROM tickets WHERE kind = :kind AND account = :account "
          "ORDER BY created, id LIMIT :some)",
          use(ticket.kind), use(ticket.account), use(too_many));
    }
    insert_ticket(sql, ticket);
    return {};
  });
}

Result<TicketRecord> SqlTickets::find(const std::string& kind, const std::string& id, std::int64_t now) {
  return database_.read<TicketRecord>([&](SqlSession& sql) { return ticket_of(sql, kind, id, now); });
}

Result<TicketRecord> SqlTickets::find_handle(const std::string& kind, const std::string& handle,
                                             std::int64_t now) {
  return database_.read<TicketRecord>([&](SqlSession& sql) {
    const long long time = now;
    return select_ticket(sql, "handle = :handle AND kind = :kind AND expires > :now",
                         [&](SqlStatement& select) {
                           select.bind(use(handle));
                           select.bind(use(kind));
                           select.bind(use(time));
                         });
  });
}

Result<TicketRecord> SqlTickets::take(const std::string& kind, const std::string& id, std::int64_t now) {
  return database_.transaction<TicketRecord>([&](SqlSession& sql) -> Result<TicketRecord> {
    auto found = ticket_of(sql, kind, id, now);
    if (!found) return found;
    auto removal = sql.prepare("DELETE FROM tickets WHERE id = :id", use(id));
    removal.execute();
    if (removal.affected() != 1)
      return failure(ErrorCode::not_found, "This is used up, or too old.");  // somebody was first
    return found;
  });
}

Result<bool> SqlTickets::change(const TicketRecord& ticket, const std::string& before) {
  return database_.transaction<bool>([&](SqlSession& sql) -> Result<bool> {
    auto update = sql.prepare(
        "UPDATE tickets SET account = :account, data = :data WHERE id = :id AND kind = :kind AND data = "
        ":before",
        use(ticket.account), use(ticket.data), use(ticket.id), use(ticket.kind), use(before));
    update.execute();
    return update.affected() == 1;
  });
}

Result<void> SqlTickets::remove_all(const std::string& account, const std::string& kind) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    sql.run("DELETE FROM tickets WHERE account = :account AND kind = :kind", use(account), use(kind));
    return {};
  });
}

Result<void> SqlOutbox::insert(const OutboxRecord& mail, std::int64_t maximum) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    long long there = 0;
    sql.run("SELECT COUNT(*) FROM outbox", into(there));
    if (maximum > 0 && there >= maximum)
      return failure(ErrorCode::limit_exceeded, "Too many mails are waiting; try again later.");
    const long long created = mail.created, expires = mail.expires, next = mail.next,
                    attempts = mail.attempts;
    sql.run(
        "INSERT INTO outbox (id, sealed, created, expires, next, attempts) VALUES (:id, :sealed, :created, "
        ":expires, :next, :attempts)",
        use(mail.id), use(mail.sealed), use(created), use(expires), use(next), use(attempts));
    return {};
  });
}

Result<std::vector<OutboxRecord>> SqlOutbox::claim(std::int64_t now, std::int64_t until, int limit) {
  return database_.transaction<std::vector<OutboxRecord>>([&](SqlSession& sql)
                                                              -> Result<std::vector<OutboxRecord>> {
    OutboxRecord row;
    long long created = 0, expires = 0, next = 0, attempts = 0;
    const long long time = now, lease = until;
    std::vector<OutboxRecord> claimed;
    {
      auto select = sql.prepare(
          "SELECT id, sealed, created, expires, next, attempts FROM outbox WHERE next <= :now AND expires > "
          ":now2 ORDER BY next, id LIMIT " +
              std::to_string(limit) + database_.held_rows(),
          use(time), use(time), into(row.id), into(row.sealed), into(created), into(expires), into(next),
          into(attempts));
      select.start();
      while (select.fetch()) {
        row.created = created;
        row.expires = expires;
        row.next = until;
        row.attempts = attempts + 1;
        claimed.push_back(row);
      }
    }
    for (const auto& mail : claimed)
      sql.run("UPDATE outbox SET next = :next, attempts = attempts + 1 WHERE id = :id", use(lease),
              use(mail.id));
    return claimed;
  });
}

Result<void> SqlOutbox::postpone(const std::string& id, std::int64_t next) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    const long long time = next;
    sql.run("UPDATE outbox SET next = :next WHERE id = :id", use(time), use(id));
    return {};
  });
}

Result<void> SqlOutbox::remove(const std::string& id) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    sql.run("DELETE FROM outbox WHERE id = :id", use(id));
    return {};
  });
}

Result<std::int64_t> SqlOutbox::remove_expired(std::int64_t now) {
  return database_.transaction<std::int64_t>([&](SqlSession& sql) -> Result<std::int64_t> {
    const long long time = now;
    auto removal = sql.prepare("DELETE FROM outbox WHERE expires <= :now", use(time));
    removal.execute();
    return removal.affected();
  });
}

}  // namespace berth::server
