// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/preference_store.hpp"
#include "server/stores/sql_database.hpp"

namespace berth::server {

class SqlPreferences final : public PreferenceStore {
 public:
  explicit SqlPreferences(SqlDatabase& database) : database_(database) {}
  Result<std::vector<PreferenceRecord>> list(const std::string& account) override;
  Result<std::vector<PreferenceRecord>> merge(const std::string& account,
                                              const std::vector<PreferenceRecord>& changes,
                                              std::size_t maximum) override;

 private:
  SqlDatabase& database_;
};

}  // namespace berth::server
