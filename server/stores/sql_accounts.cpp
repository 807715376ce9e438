// SPDX-License-Identifier: GPL-3.0-or-later
// Accounts and sign-ins in SQL.
#include "server/stores/sql_tables.hpp"

namespace berth::server {
namespace {

using soci::into;
using soci::use;

Result<void> refuse_taken(SqlSession& sql, const std::string& email, const std::string& but = {}) {
  int taken = 0;
  sql.run("SELECT COUNT(*) FROM accounts WHERE email = :email AND id <> :id", use(email), use(but),
          into(taken));
  if (taken > 0)
    return failure(ErrorCode::already_exists, "There is an account with this e-mail address already.");
  return {};
}

void insert_account(SqlSession& sql, const AccountRecord& account) {
  const int administrator = account.administrator ? 1 : 0;
  const long long created = account.created;
  const auto name = storable(account.name);
  sql.run(
      "INSERT INTO accounts (id, email, name, password_hash, administrator, created) VALUES (:id, :email, "
      ":name, :hash, :admin, :created)",
      use(account.id), use(account.email), use(name), use(account.password_hash), use(administrator),
      use(created));
}

Result<AccountRecord> read_account(SqlSession& sql, const char* query, const std::string& key) {
  AccountRecord account;
  int administrator = 0;
  long long created = 0;
  if (!sql.run(query, use(key), into(account.id), into(account.email), into(account.name),
               into(account.password_hash), into(administrator), into(created)))
    return failure(ErrorCode::not_found, "There is no such account.");
  account.administrator = administrator != 0;
  account.created = created;
  return account;
}

/// For an UPDATE of one row.
Result<void> expect_row(SqlStatement& statement) {
  statement.execute();
  if (statement.affected() == 0) return failure(ErrorCode::not_found, "There is no such account.");
  return {};
}

}  // namespace

Result<void> SqlAccounts::insert(const AccountRecord& account, std::int64_t maximum) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    long long count = 0;
    sql.run("SELECT COUNT(*) FROM accounts", into(count));
    if (maximum > 0 && count >= maximum)
      return failure(ErrorCode::limit_exceeded, "No more accounts can be made on this server.");
    if (auto free = refuse_taken(sql, account.email); !free) return free;
    insert_account(sql, account);
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
    insert_account(sql, account);
    return {};
  });
}

Result<AccountRecord> SqlAccounts::by_id(const std::string& id) {
  return database_.read<AccountRecord>([&](SqlSession& sql) {
    return read_account(
        sql, "SELECT id, email, name, password_hash, administrator, created FROM accounts WHERE id = :id",
        id);
  });
}

Result<AccountRecord> SqlAccounts::by_email(const std::string& email) {
  return database_.read<AccountRecord>([&](SqlSession& sql) {
    return read_account(
        sql,
        "SELECT id, email, name, password_hash, administrator, created FROM accounts WHERE email = :email",
        email);
  });
}

Result<void> SqlAccounts::update_profile(const std::string& id, const std::string& name,
                                         const std::string& email) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    if (auto free = refuse_taken(sql, email, id); !free) return free;
    const auto kept_name = storable(name);
    auto update = sql.prepare("UPDATE accounts SET name = :name, email = :email WHERE id = :id",
                              use(kept_name), use(email), use(id));
    return expect_row(update);
  });
}

Result<void> SqlAccounts::update_password(const std::string& id, const std::string& password_hash) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    auto update =
        sql.prepare("UPDATE accounts SET password_hash = :hash WHERE id = :id", use(password_hash), use(id));
    return expect_row(update);
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
    const long long generation = sign_in.generation, rotated = sign_in.rotated, created = sign_in.created,
                    expires = sign_in.expires;
    const auto client = storable(sign_in.client);
    sql.run(
        "INSERT INTO sign_ins (id, account, salt, generation, rotated, created, expires, client) "
        "VALUES (:id, :account, :salt, :generation, :rotated, :created, :expires, :client)",
        use(sign_in.id), use(sign_in.account), use(sign_in.salt), use(generation), use(rotated), use(created),
        use(expires), use(client));
    return {};
  });
}

Result<SignInRecord> SqlSignIns::find(const std::string& id) {
  return database_.read<SignInRecord>([&](SqlSession& sql) -> Result<SignInRecord> {
    SignInRecord sign_in;
    long long generation = 0, rotated = 0, created = 0, expires = 0;
    if (!sql.run("SELECT id, account, salt, generation, rotated, created, expires, client FROM sign_ins "
                 "WHERE id = :id",
                 use(id), into(sign_in.id), into(sign_in.account), into(sign_in.salt), into(generation),
                 into(rotated), into(created), into(expires), into(sign_in.client)))
      return failure(ErrorCode::not_found, "This sign-in has ended.");
    sign_in.generation = generation;
    sign_in.rotated = rotated;
    sign_in.created = created;
    sign_in.expires = expires;
    return sign_in;
  });
}

Result<bool> SqlSignIns::advance(const std::string& id, std::int64_t generation, std::int64_t now) {
  return database_.transaction<bool>([&](SqlSession& sql) -> Result<bool> {
    const long long from = generation, rotated = now;
    auto update = sql.prepare(
        "UPDATE sign_ins SET generation = generation + 1, rotated = :now "
        "WHERE id = :id AND generation = :generation",
        use(rotated), use(id), use(from));
    update.execute();
    return update.affected() == 1;
  });
}

Result<void> SqlSignIns::end(const std::string& id) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    sql.run("DELETE FROM sign_ins WHERE id = :id", use(id));
    database_.announce(sql,
                       {.kind = AnnouncementKind::sign_in_ended, .subject = id, .except = {}, .reason = {}});
    return {};
  });
}

Result<void> SqlSignIns::end_all(const std::string& account, const std::string& except) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    sql.run("DELETE FROM sign_ins WHERE account = :account AND id <> :except", use(account), use(except));
    database_.announce(
        sql, {.kind = AnnouncementKind::account_ended, .subject = account, .except = except, .reason = {}});
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
