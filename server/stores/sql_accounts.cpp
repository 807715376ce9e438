// SPDX-License-Identifier: GPL-3.0-or-later
// Accounts and sign-ins in SQL.
#include "server/identity_store.hpp"
#include "server/stores/sql_account_row.hpp"
#include "server/stores/sql_tables.hpp"

namespace berth::server {
namespace {

using soci::into;
using soci::use;

constexpr const char* sign_in_columns =
    "id, account, salt, generation, rotated, created, expires, client, impersonator, address";

/// What a SELECT of sign_in_columns fills.
class SignInRow {
 public:
  void bind(SqlStatement& select) {
    select.bind(into(sign_in_.id));
    select.bind(into(sign_in_.account));
    select.bind(into(sign_in_.salt));
    select.bind(into(generation_));
    select.bind(into(rotated_));
    select.bind(into(created_));
    select.bind(into(expires_));
    select.bind(into(sign_in_.client));
    select.bind(into(sign_in_.impersonator));
    select.bind(into(sign_in_.address));
  }
  SignInRecord taken() const {
    SignInRecord sign_in = sign_in_;
    sign_in.generation = generation_;
    sign_in.rotated = rotated_;
    sign_in.created = created_;
    sign_in.expires = expires_;
    return sign_in;
  }

 private:
  SignInRecord sign_in_;
  long long generation_ = 0, rotated_ = 0, created_ = 0, expires_ = 0;
};

Result<AccountRecord> read_account(SqlSession& sql, const std::string& where, const std::string& key) {
  AccountRow row;
  auto select = sql.prepare("SELECT " + std::string(account_columns) + " FROM accounts WHERE " + where);
  select.bind(use(key));
  row.bind(select);
  if (!select.execute()) return failure(ErrorCode::not_found, "There is no such account.");
  return row.taken();
}

std::unexpected<Error> no_such_person() { return failure(ErrorCode::not_found, "There is no such account."); }

}  // namespace

void end_sign_ins(SqlDatabase& database, SqlSession& sql, const std::string& account,
                  const std::string& except) {
  end_impersonations(sql,
                     "impersonator IN (SELECT id FROM sign_ins WHERE account = :account AND id <> :except)",
                     account, except);
  sql.run("DELETE FROM sign_ins WHERE account = :account AND id <> :except", use(account), use(except));
  database.announce(
      sql, {.kind = AnnouncementKind::account_ended, .subject = account, .except = except, .reason = {}});
}

Result<void> SqlAccounts::insert(const AccountRecord& account, std::int64_t maximum) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    long long count = 0;
    sql.run("SELECT COUNT(*) FROM accounts WHERE kind = 'person'", into(count));
    if (maximum > 0 && count >= maximum)
      return failure(ErrorCode::limit_exceeded, "No more accounts can be made on this server.");
    if (auto free = refuse_taken(sql, account.email); !free) return free;
    insert_person(sql, account);
    return {};
  });
}

Result<void> SqlAccounts::insert_first_administrator(const AccountRecord& account) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    int administrators = 0;
    sql.run("SELECT COUNT(*) FROM accounts WHERE administrator = 1", into(administrators));
    if (administrators > 0)
      return failure(ErrorCode::conflict, "This server has been set up already; sign in instead.");
    if (auto free = refuse_taken(sql, account.email); !free) return free;
    insert_person(sql, account);
    return {};
  });
}

Result<AccountRecord> SqlAccounts::by_id(const std::string& id) {
  return database_.read<AccountRecord>([&](SqlSession& sql) { return read_account(sql, "id = :id", id); });
}

Result<AccountRecord> SqlAccounts::by_email(const std::string& email) {
  return database_.read<AccountRecord>(
      [&](SqlSession& sql) { return read_account(sql, "email = :email AND kind = 'person'", email); });
}

Result<void> SqlAccounts::update_profile(const std::string& id, const ProfileChange& change) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    std::string email, waiting;
    if (!sql.run("SELECT email, pending_email FROM accounts WHERE id = :id AND kind = 'person'", use(id),
                 into(email), into(waiting)))
      return no_such_person();
    if (auto stands = expect_sign_in(sql, id, change.by); !stands) return stands;
    const auto name = storable(change.name);
    sql.run("UPDATE accounts SET name = :name WHERE id = :id", use(name), use(id));
    if (!change.email) return {};
    if (auto free = refuse_taken(sql, *change.email, id); !free) return free;
    const std::string kind = verification_ticket;
    if (!waiting.empty() || *change.email != email)
      sql.run("DELETE FROM tickets WHERE account = :account AND kind = :kind", use(id), use(kind));
    const std::string pending = change.waits && *change.email != email ? *change.email : std::string();
    sql.run("UPDATE accounts SET pending_email = :pending WHERE id = :id", use(pending), use(id));
    if (pending.empty() && *change.email != email)
      sql.run("UPDATE accounts SET email = :email, email_verified = 0 WHERE id = :id", use(*change.email),
              use(id));
    return {};
  });
}

Result<void> SqlAccounts::change_password(const std::string& id, const PasswordChange& change) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    std::string now;
    if (!sql.run("SELECT password_hash FROM accounts WHERE id = :id AND kind = 'person'", use(id), into(now)))
      return no_such_person();
    if (now != change.before)
      return failure(ErrorCode::unauthenticated, "The password was changed meanwhile; sign in again.");
    if (auto stands = expect_sign_in(sql, id, change.keep); !stands) return stands;
    const std::string kept_kind = verification_ticket;
    sql.run("UPDATE accounts SET password_hash = :hash WHERE id = :id", use(change.after), use(id));
    sql.run("DELETE FROM tickets WHERE account = :account AND kind <> :kind", use(id), use(kept_kind));
    end_sign_ins(database_, sql, id, change.keep);
    return {};
  });
}

Result<bool> SqlAccounts::has_administrator() {
  return database_.read<bool>([&](SqlSession& sql) -> Result<bool> {
    int administrators = 0;
    sql.run("SELECT COUNT(*) FROM accounts WHERE administrator = 1", into(administrators));
    return administrators > 0;
  });
}

Result<void> SqlSignIns::insert(const SignInRecord& sign_in) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    if (auto person = refuse_team(sql, sign_in.account); !person) return person;
    int disabled = 0;
    std::string password_hash;
    sql.run("SELECT disabled, password_hash FROM accounts WHERE id = :id", use(sign_in.account),
            into(disabled), into(password_hash));
    if (disabled != 0)
      return failure(ErrorCode::permission_denied,
                     "This account has been disabled; ask the administrator of this server.");
    // Proving took a while, and what was proven may have ended meanwhile.
    if (sign_in.password_hash && *sign_in.password_hash != password_hash)
      return failure(ErrorCode::unauthenticated, "The password was changed meanwhile; sign in again.");
    if (auto stands = expect_sign_in(sql, sign_in.account, sign_in.agreed_by); !stands) return stands;
    const long long generation = sign_in.generation, rotated = sign_in.rotated, created = sign_in.created,
                    expires = sign_in.expires;
    const auto client = storable(sign_in.client);
    sql.run(
        "INSERT INTO sign_ins (id, account, salt, generation, rotated, created, expires, client, "
        "impersonator, "
        "address) VALUES (:id, :account, :salt, :generation, :rotated, :created, :expires, :client, "
        ":impersonator, :address)",
        use(sign_in.id), use(sign_in.account), use(sign_in.salt), use(generation), use(rotated), use(created),
        use(expires), use(client), use(sign_in.impersonator), use(sign_in.address));
    return {};
  });
}

Result<SignInRecord> SqlSignIns::find(const std::string& id) {
  return database_.read<SignInRecord>([&](SqlSession& sql) -> Result<SignInRecord> {
    SignInRow row;
    auto select =
        sql.prepare("SELECT " + std::string(sign_in_columns) + " FROM sign_ins WHERE id = :id", use(id));
    row.bind(select);
    if (!select.execute()) return failure(ErrorCode::not_found, "This sign-in has ended.");
    return row.taken();
  });
}

Result<std::vector<SignInRecord>> SqlSignIns::list_of(const std::string& account, std::int64_t now) {
  return database_.read<std::vector<SignInRecord>>([&](SqlSession& sql) -> Result<std::vector<SignInRecord>> {
    const long long time = now;
    SignInRow row;
    auto select = sql.prepare("SELECT " + std::string(sign_in_columns) +
                                  " FROM sign_ins WHERE account = :account AND expires > :now "
                                  "ORDER BY rotated DESC, id",
                              use(account), use(time));
    row.bind(select);
    std::vector<SignInRecord> all;
    for (select.start(); select.fetch();) all.push_back(row.taken());
    return all;
  });
}

Result<bool> SqlSignIns::advance(const std::string& id, std::int64_t generation, std::int64_t now,
                                 const std::string& address) {
  return database_.transaction<bool>([&](SqlSession& sql) -> Result<bool> {
    const long long from = generation, rotated = now;
    auto update = sql.prepare(
        "UPDATE sign_ins SET generation = generation + 1, rotated = :now, address = :address "
        "WHERE id = :id AND generation = :generation",
        use(rotated), use(address), use(id), use(from));
    update.execute();
    return update.affected() == 1;
  });
}

Result<void> SqlSignIns::end(const std::string& id) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    sql.run("DELETE FROM sign_ins WHERE id = :id", use(id));
    end_impersonations(sql, "impersonator = :id", id);
    database_.announce(sql,
                       {.kind = AnnouncementKind::sign_in_ended, .subject = id, .except = {}, .reason = {}});
    return {};
  });
}

Result<void> SqlSignIns::end_of(const std::string& account, const std::string& id) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    auto remove =
        sql.prepare("DELETE FROM sign_ins WHERE id = :id AND account = :account", use(id), use(account));
    remove.execute();
    if (remove.affected() == 0) return failure(ErrorCode::not_found, "There is no such sign-in (any more).");
    end_impersonations(sql, "impersonator = :id", id);
    database_.announce(sql,
                       {.kind = AnnouncementKind::sign_in_ended, .subject = id, .except = {}, .reason = {}});
    return {};
  });
}

Result<void> SqlSignIns::end_all(const std::string& account, const std::string& except) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    end_sign_ins(database_, sql, account, except);
    return {};
  });
}

Result<void> SqlSignIns::remove_expired(std::int64_t now) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    const long long time = now;
    sql.run("DELETE FROM sign_ins WHERE expires <= :now", use(time));
    return {};
  });
}

}  // namespace berth::server
