// SPDX-License-Identifier: GPL-3.0-or-later
// Identity providers that administrators added, in SQL.
#pragma once

#include "server/provider_store.hpp"
#include "server/stores/sql_database.hpp"

namespace berth::server {

class SqlProviders final : public ProviderStore {
 public:
  explicit SqlProviders(SqlDatabase& database) : database_(database) {}
  Result<std::vector<ProviderRecord>> all() override;
  Result<void> put(const ProviderRecord& provider, const std::optional<ProviderRecord>& before,
                   std::size_t most) override;
  Result<void> remove(const std::string& id) override;
  Result<std::map<std::string, std::int64_t>> identities() override;

 private:
  SqlDatabase& database_;
};

}  // namespace berth::server
