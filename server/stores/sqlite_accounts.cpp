// SPDX-License-Identifier: GPL-3.0-or-later
// Accounts and sign-ins in SQL.
#include <soci/soci.h>

#include "server/stores/sqlite_tables.hpp"

namespace berth::server {
namespace {

using soci::into;
using soci::use;

Result<void> refuse_taken(soci::session& sql, const std::string& email, const std::string& but = {}) {
  int taken = 0;
  sql << "SELECT COUNT(*) FROM accounts WHERE email = :email AND id <> :id", use(email), use(but),
      into(taken);
  if (taken > 0)
    return failure(ErrorCode::already_exists, "There is an account with this e-mail address already.");
  return {};
}

void insert_account(soci::session& sql, const AccountRecord& account) {
  const int administrator = account.administrator ? 1 : 0;
  const long long created = account.created;
  sql << "INSERT INTO accounts (id, email, name, password_hash, administrator, created) VALUES (:id, :email, "
         ":name, :hash, :admin, :created)",
      use(account.id), use(account.email), use(account.name), use(account.password_hash), use(administrator),
      use(created);
}

Result<AccountRecord> read_account(soci::session& sql, const char* query, const std::string& key) {
  AccountRecord account;
  int administrator = 0;
  long long created = 0;
  sql << query, use(key), into(account.id), into(account.email), into(account.name),
      into(account.password_hash), into(administrator), into(created);
  if (!sql.got_data()) return failure(ErrorCode::not_found, "There is no such account.");
  account.administrator = administrator != 0;
  account.created = created;
  return account;
}

/// For an UPDATE of one row.
Result<void> expect_row(soci::statement& statement) {
  statement.execute(true);
  if (statement.get_affected_rows() == 0) return failure(ErrorCode::not_found, "There is no such account.");
  return {};
}

}  // namespace

Result<void> SqliteAccounts::insert(const AccountRecord& account, std::int64_t maximum) {
  return database_.transaction<void>([&](soci::session& sql) -> Result<void> {
    long long count = 0;
    sql << "SELECT COUNT(*) FROM accounts", into(count);
    if (maximum > 0 && count >= maximum)
      return failure(ErrorCode::limit_exceeded, "No more accounts can be made on this server.");
    if (auto free = refuse_taken(sql, account.email); !free) return free;
    insert_account(sql, account);
    return {};
  });
}

Result<void> SqliteAccounts::insert_first_administrator(const AccountRecord& account) {
  return database_.transaction<void>([&](soci::session& sql) -> Result<void> {
    int administrators = 0;
    sql << "SELECT COUNT(*) FROM accounts WHERE administrator = 1", into(administrators);
    if (administrators > 0)
      return failure(ErrorCode::conflict, "This server has been set up already; sign in instead.");
    if (auto free = refuse_taken(sql, account.email); !free) return free;
    insert_account(sql, account);
    return {};
  });
}

Result<AccountRecord> SqliteAccounts::by_id(const std::string& id) {
  return database_.read<AccountRecord>([&](soci::session& sql) {
    return read_account(
        sql, "SELECT id, email, name, password_hash, administrator, created FROM accounts WHERE id = :id",
        id);
  });
}

Result<AccountRecord> SqliteAccounts::by_email(const std::string& email) {
  return database_.read<AccountRecord>([&](soci::session& sql) {
    return read_account(
        sql,
        "SELECT id, email, name, password_hash, administrator, created FROM accounts WHERE email = :email",
        email);
  });
}

Result<void> SqliteAccounts::update_profile(const std::string& id, const std::string& name,
                                            const std::string& email) {
  return database_.transaction<void>([&](soci::session& sql) -> Result<void> {
    if (auto free = refuse_taken(sql, email, id); !free) return free;
    soci::statement update =
        (sql.prepare << "UPDATE accounts SET name = :name, email = :email WHERE id = :id", use(name),
         use(email), use(id));
    return expect_row(update);
  });
}

Result<void> SqliteAccounts::update_password(const std::string& id, const std::string& password_hash) {
  return database_.transaction<void>([&](soci::session& sql) -> Result<void> {
    soci::statement update = (sql.prepare << "UPDATE accounts SET password_hash = :hash WHERE id = :id",
                              use(password_hash), use(id));
    return expect_row(update);
  });
}

Result<bool> SqliteAccounts::has_administrator() {
  return database_.read<bool>([&](soci::session& sql) -> Result<bool> {
    int administrators = 0;
    sql << "SELECT COUNT(*) FROM accounts WHERE administrator = 1", into(administrators);
    return administrators > 0;
  });
}

Result<void> SqliteSignIns::insert(const SignInRecord& sign_in) {
  return database_.transaction<void>([&](soci::session& sql) -> Result<void> {
    const long long generation = sign_in.generation, rotated = sign_in.rotated, created = sign_in.created,
                    expires = sign_in.expires;
    sql << "INSERT INTO sign_ins (id, account, salt, generation, rotated, created, expires, client) "
           "VALUES (:id, :account, :salt, :generation, :rotated, :created, :expires, :client)",
        use(sign_in.id), use(sign_in.account), use(sign_in.salt), use(generation), use(rotated), use(created),
        use(expires), use(sign_in.client);
    return {};
  });
}

Result<SignInRecord> SqliteSignIns::find(const std::string& id) {
  return database_.read<SignInRecord>([&](soci::session& sql) -> Result<SignInRecord> {
    SignInRecord sign_in;
    long long generation = 0, rotated = 0, created = 0, expires = 0;
    sql << "SELECT id, account, salt, generation, rotated, created, expires, client FROM sign_ins WHERE id = "
           ":id",
        use(id), into(sign_in.id), into(sign_in.account), into(sign_in.salt), into(generation), into(rotated),
        into(created), into(expires), into(sign_in.client);
    if (!sql.got_data()) return failure(ErrorCode::not_found, "This sign-in has ended.");
    sign_in.generation = generation;
    sign_in.rotated = rotated;
    sign_in.created = created;
    sign_in.expires = expires;
    return sign_in;
  });
}

Result<bool> SqliteSignIns::advance(const std::string& id, std::int64_t generation, std::int64_t now) {
  return database_.transaction<bool>([&](soci::session& sql) -> Result<bool> {
    const long long from = generation, rotated = now;
    soci::statement update =
        (sql.prepare << "UPDATE sign_ins SET generation = generation + 1, rotated = :now "
                        "WHERE id = :id AND generation = :generation",
         use(rotated), use(id), use(from));
    update.execute(true);
    return update.get_affected_rows() == 1;
  });
}

Result<void> SqliteSignIns::end(const std::string& id) {
  return database_.transaction<void>([&](soci::session& sql) -> Result<void> {
    sql << "DELETE FROM sign_ins WHERE id = :id", use(id);
    return {};
  });
}

Result<void> SqliteSignIns::end_all(const std::string& account, const std::string& except) {
  return database_.transaction<void>([&](soci::session& sql) -> Result<void> {
    sql << "DELETE FROM sign_ins WHERE account = :account AND id <> :except", use(account), use(except);
    return {};
  });
}

Result<void> SqliteSignIns::remove_expired(std::int64_t now) {
  return database_.transaction<void>([&](soci::session& sql) -> Result<void> {
    const long long time = now;
    sql << "DELETE FROM sign_ins WHERE expires <= :now", use(time);
    return {};
  });
}

}  // namespace berth::server
