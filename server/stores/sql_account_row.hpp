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
    "quota_storage, email_verified";

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
    account.quota = {quota(0), quota(1), quota(2)};
    return account;
  }

 private:
  AccountRecord account_;
  int administrator_ = 0, disabled_ = 0, email_verified_ = 0;
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

/// Ends the sign-ins that `where` names, of administrators who act as somebody else; `bound` is bound there.
template <class... Bound>
void end_impersonations(SqlSession& sql, const std::string& where, const Bound&... bound) {
  auto end = sql.prepare("DELETE FROM sign_ins WHERE " + where);
  (end.bind(soci::use(bound)), ...);
  end.execute();
  if (end.affected() > 0) raise_revision(sql);
}

}  // namespace berth::server
