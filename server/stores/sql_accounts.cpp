// SPDX-License-Identifier: GPL-3.0-or-later
// Accounts and sign-ins in SQL.
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

Result<AccountRecord> read_account(SqlSession& sql, const std::string& where, const std::string& key) {
  AccountRow row;
  auto select = sql.prepare("SELECT " + std::string(account_columns) + " FROM accounts WHERE " + where);
  select.bind(use(key));
  row.bind(select);
  if (!select.execute()) return failure(ErrorCode::not_found, "There is no such account.");
  return row.taken();
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
  return database_.read<AccountRecord>([&](SqlSession& sql) { return read_account(sql, "id = :id", id); });
}

Result<AccountRecord> SqlAccounts::by_email(const std::string& email) {
  return database_.read<AccountRecord>(
      [&](SqlSession& sql) { return read_account(sql, "email = :email", email); });
}

Result<void> SqlAccounts::update_profile(const std::string& id, const std::string& name,
                                         const std::string& email) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    if (auto free = refuse_taken(sql, email, id); !free) return free;
    const auto kept_name = storable(name);
    auto update = sql.prepare(
        "UPDATE accounts SET name = :name, email_verified = CASE WHEN email = :same THEN email_verified ELSE "
        "0 "
        "END, email = :email WHERE id = :id",
        use(kept_name), use(email), use(email), use(id));
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
    int disabled = 0;
    sql.run("SELECT disabled FROM accounts WHERE id = :id", use(sign_in.account), into(disabled));
    if (disabled != 0)
      return failure(ErrorCode::permission_denied,
                     "This account has been disabled; ask the administrator of this server.");
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
    end_impersonations(sql,
                       "impersonator IN (SELECT id FROM sign_ins WHERE account = :account AND id <> :except)",
                       account, except);
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
