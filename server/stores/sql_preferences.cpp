// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/stores/sql_preferences.hpp"

namespace berth::server {
namespace {

using soci::into;
using soci::use;

std::vector<PreferenceRecord> read_preferences(SqlSession& sql, const std::string& account) {
  std::vector<PreferenceRecord> all;
  PreferenceRecord row;
  long long changed = 0;
  auto rows =
      sql.prepare("SELECT name, value, changed FROM preferences WHERE account = :account ORDER BY name",
                  use(account), into(row.name), into(row.value), into(changed));
  rows.start();
  while (rows.fetch()) {
    row.changed = changed;
    all.push_back(row);
  }
  return all;
}

}  // namespace

Result<std::vector<PreferenceRecord>> SqlPreferences::list(const std::string& account) {
  return database_.read<std::vector<PreferenceRecord>>(
      [&](SqlSession& sql) -> Result<std::vector<PreferenceRecord>> {
        return read_preferences(sql, account);
      });
}

Result<std::vector<PreferenceRecord>> SqlPreferences::merge(const std::string& account,
                                                            const std::vector<PreferenceRecord>& changes,
                                                            std::size_t maximum) {
  return database_.transaction<std::vector<PreferenceRecord>>(
      [&](SqlSession& sql) -> Result<std::vector<PreferenceRecord>> {
        for (const auto& change : changes) {
          const long long changed = change.changed;
          const auto value = storable(change.value);
          sql.run(
              "INSERT INTO preferences (account, name, value, changed) VALUES (:account, :name, :value, "
              ":changed) "
              "ON CONFLICT (account, name) DO UPDATE SET value = excluded.value, changed = excluded.changed "
              "WHERE preferences.changed < excluded.changed",
              use(account), use(change.name), use(value), use(changed));
        }
        auto all = read_preferences(sql, account);
        if (all.size() > maximum)
          return failure(ErrorCode::limit_exceeded,
                         "No more than " + std::to_string(maximum) + " settings are kept for a person.");
        return all;
      });
}

}  // namespace berth::server
