// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/stores/sql_identities.hpp"

#include "server/metadata_store.hpp"

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

}  // namespace

Result<void> SqlIdentities::insert(const IdentityRecord& identity) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    if (counted(sql, "accounts WHERE id", identity.account) == 0) return no_such_account();
    return insert_identity(sql, identity);
  });
}

Result<void> SqlIdentities::insert_account(const AccountRecord& account, const IdentityRecord& identity,
                                           std::int64_t maximum) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    long long count = 0;
    sql.run("SELECT COUNT(*) FROM accounts", into(count));
    if (maximum > 0 && count >= maximum)
      return failure(ErrorCode::limit_exceeded, "No more accounts can be made on this server.");
    if (counted(sql, "accounts WHERE email", account.email) > 0)
      return failure(ErrorCode::conflict, "There is an account with this e-mail address already.");
    const int administrator = account.administrator ? 1 : 0, verified = account.email_verified ? 1 : 0;
    const long long created = account.created;
    const auto name = storable(account.name);
    sql.run(
        "INSERT INTO accounts (id, email, name, password_hash, administrator, created, email_verified) "
        "VALUES (:id, :email, :name, :hash, :admin, :created, :verified)",
        use(account.id), use(account.email), use(name), use(account.password_hash), use(administrator),
        use(created), use(verified));
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
    auto update = sql.prepare("UPDATE accounts SET email_verified = 1 WHERE id = :id AND email = :email",
                              use(account), use(email));
    update.execute();
    if (update.affected() == 0) return no_such_account();
    return {};
  });
}

Result<void> SqlIdentities::reset_password(const std::string& account, const std::string& email,
                                           const std::string& password_hash, bool proves_email) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    int verified = 0;
    if (!sql.run("SELECT email_verified FROM accounts WHERE id = :id AND email = :email", use(account),
                 use(email), into(verified)))
      return no_such_account();
    const int verified_now = verified != 0 || proves_email ? 1 : 0;
    sql.run("UPDATE accounts SET password_hash = :hash, email_verified = :verified WHERE id = :id",
            use(password_hash), use(verified_now), use(account));
    sql.run("DELETE FROM sign_ins WHERE account = :account", use(account));
    sql.run("DELETE FROM access_tokens WHERE account = :account", use(account));
    sql.run("DELETE FROM tickets WHERE account = :account", use(account));
    if (verified == 0 && proves_email) {
      sql.run("DELETE FROM identities WHERE account = :account", use(account));
      sql.run("DELETE FROM recovery_codes WHERE account = :account", use(account));
      sql.run("DELETE FROM second_factors WHERE account = :account", use(account));
    }
    database_.announce(
        sql, {.kind = AnnouncementKind::account_ended, .subject = account, .except = {}, .reason = {}});
    return {};
  });
}

Result<void> SqlTickets::insert(const TicketRecord& ticket, std::int64_t maximum) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    const long long created = ticket.created, expires = ticket.expires;
    sql.run("DELETE FROM tickets WHERE expires <= :now", use(created));
    long long there = 0;
    sql.run("SELECT COUNT(*) FROM tickets WHERE kind = :kind AND account = :account", use(ticket.kind),
            use(ticket.account), into(there));
    if (maximum > 0 && there >= maximum)
      return failure(ErrorCode::limit_exceeded, "Too many of these are open; try again later.");
    sql.run(
        "INSERT INTO tickets (id, kind, handle, account, data, created, expires) VALUES (:id, :kind, "
        ":handle, :account, :data, :created, :expires)",
        use(ticket.id), use(ticket.kind), use(ticket.handle), use(ticket.account), use(ticket.data),
        use(created), use(expires));
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
