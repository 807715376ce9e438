// SPDX-License-Identifier: GPL-3.0-or-later
// A row of accounts as every query reads it, and what ends with a sign-in.
#pragma once

#include <optional>
#include <string>

#include "server/metadata_store.hpp"
#include "server/stores/sql_session.hpp"

namespace berth::server {

inline constexpr const char* account_columns =
    "id, email, name, password_hash, administrator, created, disabled, quota_workspaces, quota_running, "
    "quota_storage, email_verified, kind, pending_email";

/// What a SELECT of account_columns fills.
class AccountRow {
 public:
  void bind(SqlStatement& select) {
    select.bind(soci::into(account_.id));
    select.bind(soci::into(account_.email));
    select.bind(soci::into(account_.name));
    select.bind(soci::into(account_.password_hash));
    select.bind(soci::into(administrator_));
    select.bind(soci::into(created_));
    select.bind(soci::into(disabled_));
    for (int i = 0; i < 3; ++i) select.bind(soci::into(quota_[i], has_quota_[i]));
    select.bind(soci::into(email_verified_));
    select.bind(soci::into(kind_));
    select.bind(soci::into(account_.pending_email));
  }
  AccountRecord taken() const {
    const auto quota = [&](int i) {
      return has_quota_[i] == soci::i_ok ? std::optional<std::int64_t>(quota_[i]) : std::nullopt;
    };
    AccountRecord account = account_;
    account.administrator = administrator_ != 0;
    account.created = created_;
    account.disabled = disabled_ != 0;
    account.email_verified = email_verified_ != 0;
    account.team = kind_ == "team";
    account.quota = {quota(0), quota(1), quota(2)};
    return account;
  }

 private:
  AccountRecord account_;
  int administrator_ = 0, disabled_ = 0, email_verified_ = 0;
  std::string kind_;
  long long created_ = 0;
  long long quota_[3] = {};
  soci::indicator has_quota_[3] = {soci::i_null, soci::i_null, soci::i_null};
};

/// Those who look again whether what they serve may go on (AdministrationStore::revision) do so within a
/// second.
inline void raise_revision(SqlSession& sql) {
  sql.run(
      "INSERT INTO settings (name, value) VALUES ('administration', '1') ON CONFLICT (name) DO UPDATE SET "
      "value = CAST(CAST(settings.value AS BIGINT) + 1 AS TEXT)");
}

/// permission_denied for a team: nobody signs in as one, by whatever way in.
inline Result<void> refuse_team(SqlSession& sql, const std::string& account) {
  int teams = 0;
  sql.run("SELECT COUNT(*) FROM accounts WHERE id = :id AND kind = 'team'", soci::use(account),
          soci::into(teams));
  if (teams > 0) return failure(ErrorCode::permission_denied, "Nobody can sign in as a team.");
  return {};
}

/// A person's; whoever calls it has looked whether the address is free.
inline void insert_person(SqlSession& sql, const AccountRecord& account) {
  const int administrator = account.administrator ? 1 : 0, verified = account.email_verified ? 1 : 0;
  const long long created = account.created;
  const auto name = storable(account.name);
  sql.run(
      "INSERT INTO accounts (id, email, name, password_hash, administrator, created, email_verified) VALUES "
      "(:id, :email, :name, :hash, :admin, :created, :verified)",
      soci::use(account.id), soci::use(account.email), soci::use(name), soci::use(account.password_hash),
      soci::use(administrator), soci::use(created), soci::use(verified));
}

/// already_exists when an account other than `but` has the address.
inline Result<void> refuse_taken(SqlSession& sql, const std::string& email, const std::string& but = {}) {
  int taken = 0;
  sql.run("SELECT COUNT(*) FROM accounts WHERE email = :email AND id <> :id", soci::use(email),
          soci::use(but), soci::into(taken));
  if (taken > 0)
    return failure(ErrorCode::already_exists, "There is an account with this e-mail address already.");
  return {};
}

/// unauthenticated when the account's sign-in has ended; "" is not looked at.
inline Result<void> expect_sign_in(SqlSession& sql, const std::string& account, const std::string& sign_in) {
  if (sign_in.empty()) return {};
  int stands = 0;
  sql.run("SELECT COUNT(*) FROM sign_ins WHERE id = :id AND account = :account", soci::use(sign_in),
          soci::use(account), soci::into(stands));
  if (stands == 0)
    return failure(ErrorCode::unauthenticated, "You are signed out; sign in again.", "a sign-in that ended");
  return {};
}

/// Ends the sign-ins that `where` names, of administrators who act as somebody else; `bound` is bound there.
template <class... Bound>
void end_impersonations(SqlSession& sql, const std::string& where, const Bound&... bound) {
  auto end = sql.prepare("DELETE FROM sign_ins WHERE " + where);
  (end.bind(soci::use(bound)), ...);
  end.execute();
  if (end.affected() > 0) raise_revision(sql);
}

}  // namespace berth::server
