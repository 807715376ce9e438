// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/stores/sql_access.hpp"

#include "server/standing.hpp"
#include "server/stores/sql_account_row.hpp"

namespace berth::server {
namespace {

using soci::into;
using soci::use;

constexpr const char* token_columns = "id, account, name, hash, scopes, created, expires, last_used";

/// What a SELECT of token_columns fills.
class TokenRow {
 public:
  void bind(SqlStatement& select) {
    select.bind(into(token_.id));
    select.bind(into(token_.account));
    select.bind(into(token_.name));
    select.bind(into(token_.hash));
    select.bind(into(token_.scopes));
    select.bind(into(created_));
    select.bind(into(expires_, expires_given_));
    select.bind(into(last_used_, last_used_given_));
  }
  TokenRecord taken() const {
    TokenRecord token = token_;
    token.created = created_;
    if (expires_given_ == soci::i_ok) token.expires = expires_;
    if (last_used_given_ == soci::i_ok) token.last_used = last_used_;
    return token;
  }

 private:
  TokenRecord token_;
  long long created_ = 0, expires_ = 0, last_used_ = 0;
  soci::indicator expires_given_ = soci::i_null, last_used_given_ = soci::i_null;
};

std::unexpected<Error> no_such_token() {
  return failure(ErrorCode::not_found, "There is no such access token (any more).");
}

void insert_codes(SqlSession& sql, const std::string& account, const std::vector<std::string>& hashes) {
  sql.run("DELETE FROM recovery_codes WHERE account = :account", use(account));
  for (const auto& hash : hashes)
    sql.run("INSERT INTO recovery_codes (account, hash) VALUES (:account, :hash)", use(account), use(hash));
}

}  // namespace

std::vector<std::string> revoke_tokens(SqlDatabase& database, SqlSession& sql, const std::string& account) {
  std::vector<std::string> removed;
  {
    std::string id;
    auto remove = sql.prepare("DELETE FROM access_tokens WHERE account = :account RETURNING id", use(account),
                              into(id));
    for (remove.start(); remove.fetch();) removed.push_back(id);
  }
  for (const auto& token : removed)
    database.announce(sql, {.kind = AnnouncementKind::sign_in_ended,
                            .subject = standing_of_token(token),
                            .except = {},
                            .reason = "This access token was revoked."});
  return removed;
}

Result<void> SqlTokens::insert(const TokenRecord& token, std::int64_t maximum) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    if (auto person = refuse_team(sql, token.account); !person) return person;
    if (auto stands = expect_sign_in(sql, token.account, token.made_by); !stands) return stands;
    long long count = 0;
    sql.run("SELECT COUNT(*) FROM access_tokens WHERE account = :account", use(token.account), into(count));
    if (count >= maximum)
      return failure(ErrorCode::limit_exceeded,
                     "An account can have " + std::to_string(maximum) + " access tokens; remove some first.");
    const long long created = token.created, expires = token.expires.value_or(0);
    soci::indicator expires_given = token.expires ? soci::i_ok : soci::i_null;
    const auto name = storable(token.name);
    sql.run(
        "INSERT INTO access_tokens (id, account, name, hash, scopes, created, expires) "
        "VALUES (:id, :account, :name, :hash, :scopes, :created, :expires)",
        use(token.id), use(token.account), use(name), use(token.hash), use(token.scopes), use(created),
        use(expires, expires_given));
    return {};
  });
}

Result<TokenRecord> SqlTokens::find(const std::string& id) {
  return database_.read<TokenRecord>([&](SqlSession& sql) -> Result<TokenRecord> {
    TokenRow row;
    auto select =
        sql.prepare("SELECT " + std::string(token_columns) + " FROM access_tokens WHERE id = :id", use(id));
    row.bind(select);
    if (!select.execute()) return no_such_token();
    return row.taken();
  });
}

Result<std::vector<TokenRecord>> SqlTokens::list_of(const std::string& account) {
  return database_.read<std::vector<TokenRecord>>([&](SqlSession& sql) -> Result<std::vector<TokenRecord>> {
    TokenRow row;
    auto select = sql.prepare("SELECT " + std::string(token_columns) +
                                  " FROM access_tokens WHERE account = :account ORDER BY created DESC, id",
                              use(account));
    row.bind(select);
    std::vector<TokenRecord> all;
    for (select.start(); select.fetch();) all.push_back(row.taken());
    return all;
  });
}

Result<void> SqlTokens::touch(const std::string& id, std::int64_t now) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    const long long time = now;
    sql.run("UPDATE access_tokens SET last_used = :now WHERE id = :id", use(time), use(id));
    return {};
  });
}

Result<void> SqlTokens::remove(const std::string& account, const std::string& id) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    auto remove =
        sql.prepare("DELETE FROM access_tokens WHERE id = :id AND account = :account", use(id), use(account));
    remove.execute();
    if (remove.affected() == 0) return no_such_token();
    database_.announce(sql, {.kind = AnnouncementKind::sign_in_ended,
                             .subject = standing_of_token(id),
                             .except = {},
                             .reason = "This access token was revoked."});
    return {};
  });
}

Result<std::vector<std::string>> SqlTokens::remove_all(const std::string& account) {
  return database_.transaction<std::vector<std::string>>(
      [&](SqlSession& sql) -> Result<std::vector<std::string>> {
        return revoke_tokens(database_, sql, account);
      });
}

Result<std::optional<SecondFactorRecord>> SqlSecondFactors::find(const std::string& account) {
  return database_.read<std::optional<SecondFactorRecord>>(
      [&](SqlSession& sql) -> Result<std::optional<SecondFactorRecord>> {
        SecondFactorRecord factor;
        int enabled = 0;
        long long last_step = 0, created = 0, codes = 0;
        if (!sql.run(
                "SELECT account, secret, enabled, last_step, created FROM second_factors WHERE account = "
                ":account",
                use(account), into(factor.account), into(factor.secret), into(enabled), into(last_step),
                into(created)))
          return std::optional<SecondFactorRecord>{};
        sql.run("SELECT COUNT(*) FROM recovery_codes WHERE account = :account", use(account), into(codes));
        factor.enabled = enabled != 0;
        factor.last_step = last_step;
        factor.created = created;
        factor.codes_left = codes;
        return std::optional(std::move(factor));
      });
}

Result<void> SqlSecondFactors::begin(const SecondFactorRecord& factor) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    int enabled = 0;
    sql.run("SELECT COUNT(*) FROM second_factors WHERE account = :account AND enabled = 1",
            use(factor.account), into(enabled));
    if (enabled > 0)
      return failure(ErrorCode::conflict,
                     "This account has a second factor already; disable that one first.");
    const long long created = factor.created;
    sql.run("DELETE FROM second_factors WHERE account = :account", use(factor.account));
    sql.run(
        "INSERT INTO second_factors (account, secret, enabled, last_step, created) "
        "VALUES (:account, :secret, 0, 0, :created)",
        use(factor.account), use(factor.secret), use(created));
    return {};
  });
}

Result<void> SqlSecondFactors::enable(const std::string& account, const std::string& secret,
                                      std::int64_t step, const std::vector<std::string>& code_hashes) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    const long long used = step;
    auto update = sql.prepare(
        "UPDATE second_factors SET enabled = 1, last_step = :step "
        "WHERE account = :account AND secret = :secret AND enabled = 0",
        use(used), use(account), use(secret));
    update.execute();
    if (update.affected() == 0)
      return failure(ErrorCode::conflict,
                     "The second factor was begun anew or is in force already; begin again.");
    insert_codes(sql, account, code_hashes);
    return {};
  });
}

Result<bool> SqlSecondFactors::use_step(const std::string& account, std::int64_t step) {
  return database_.transaction<bool>([&](SqlSession& sql) -> Result<bool> {
    const long long used = step;
    auto update = sql.prepare(
        "UPDATE second_factors SET last_step = :step WHERE account = :account AND enabled = 1 AND last_step "
        "< "
        ":later",
        use(used), use(account), use(used));
    update.execute();
    return update.affected() == 1;
  });
}

Result<bool> SqlSecondFactors::use_code(const std::string& account, const std::string& code_hash) {
  return database_.transaction<bool>([&](SqlSession& sql) -> Result<bool> {
    auto remove = sql.prepare("DELETE FROM recovery_codes WHERE account = :account AND hash = :hash",
                              use(account), use(code_hash));
    remove.execute();
    return remove.affected() == 1;
  });
}

Result<void> SqlSecondFactors::replace_codes(const std::string& account,
                                             const std::vector<std::string>& code_hashes) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    int enabled = 0;
    sql.run("SELECT COUNT(*) FROM second_factors WHERE account = :account AND enabled = 1", use(account),
            into(enabled));
    if (enabled == 0) return failure(ErrorCode::not_found, "This account has no second factor.");
    insert_codes(sql, account, code_hashes);
    return {};
  });
}

Result<void> SqlSecondFactors::remove(const std::string& account) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    sql.run("DELETE FROM recovery_codes WHERE account = :account", use(account));
    sql.run("DELETE FROM second_factors WHERE account = :account", use(account));
    return {};
  });
}

}  // namespace berth::server
