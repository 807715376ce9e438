// SPDX-License-Identifier: GPL-3.0-or-later
// The SQL side of personal access tokens and second factors.
#pragma once

#include "server/metadata_store.hpp"
#include "server/stores/sql_database.hpp"

namespace berth::server {

/// All of the account, announced; their ids.
std::vector<std::string> revoke_tokens(SqlDatabase& database, SqlSession& sql, const std::string& account);

class SqlTokens final : public TokenStore {
 public:
  explicit SqlTokens(SqlDatabase& database) : database_(database) {}
  Result<void> insert(const TokenRecord& token, std::int64_t maximum) override;
  Result<TokenRecord> find(const std::string& id) override;
  Result<std::vector<TokenRecord>> list_of(const std::string& account) override;
  Result<void> touch(const std::string& id, std::int64_t now) override;
  Result<void> remove(const std::string& account, const std::string& id) override;
  Result<std::vector<std::string>> remove_all(const std::string& account) override;

 private:
  SqlDatabase& database_;
};

class SqlSecondFactors final : public SecondFactorStore {
 public:
  explicit SqlSecondFactors(SqlDatabase& database) : database_(database) {}
  Result<std::optional<SecondFactorRecord>> find(const std::string& account) override;
  Result<void> begin(const SecondFactorRecord& factor) override;
  Result<void> enable(const std::string& account, const std::string& secret, std::int64_t step,
                      const std::vector<std::string>& code_hashes) override;
  Result<bool> use_step(const std::string& account, std::int64_t step) override;
  Result<bool> use_code(const std::string& account, const std::string& code_hash) override;
  Result<void> replace_codes(const std::string& account,
                             const std::vector<std::string>& code_hashes) override;
  Result<void> remove(const std::string& account) override;

 private:
  SqlDatabase& database_;
};

}  // namespace berth::server
