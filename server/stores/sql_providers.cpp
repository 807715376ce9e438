// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/stores/sql_providers.hpp"

#include "server/stores/sql_account_row.hpp"

namespace berth::server {
namespace {

using soci::into;
using soci::use;

/// A row of `providers`, bound to a statement.
struct ProviderRow {
  ProviderRecord provider;
  int enabled = 0;
  long long changed = 0;

  void bind(SqlStatement& select) {
    for (auto* text : {&provider.id, &provider.name, &provider.kind, &provider.issuer, &provider.client_id,
                       &provider.secret, &provider.scopes})
      select.bind(into(*text));
    select.bind(into(enabled));
    select.bind(into(changed));
  }
  ProviderRecord taken() const {
    auto record = provider;
    record.enabled = enabled != 0;
    record.changed = changed;
    return record;
  }
};

constexpr const char* provider_columns =
    "id, name, kind, issuer, client_id, secret, scopes, enabled, changed";

std::optional<ProviderRecord> provider_named(SqlSession& sql, const std::string& id) {
  ProviderRow row;
  auto select =
      sql.prepare("SELECT " + std::string(provider_columns) + " FROM providers WHERE id = :id", use(id));
  row.bind(select);
  if (!select.execute()) return std::nullopt;
  return row.taken();
}

}  // namespace

Result<std::vector<ProviderRecord>> SqlProviders::all() {
  return database_.read<std::vector<ProviderRecord>>(
      [&](SqlSession& sql) -> Result<std::vector<ProviderRecord>> {
        ProviderRow row;
        auto select = sql.prepare("SELECT " + std::string(provider_columns) + " FROM providers ORDER BY id");
        row.bind(select);
        select.start();
        std::vector<ProviderRecord> all;
        while (select.fetch()) all.push_back(row.taken());
        return all;
      });
}

Result<void> SqlProviders::put(const ProviderRecord& provider, const std::optional<ProviderRecord>& before,
                               std::size_t most) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    if (provider_named(sql, provider.id) != before)
      return failure(ErrorCode::conflict,
                     "Somebody else changed this provider just now; look at it again before you do.");
    int others = 0;
    sql.run("SELECT COUNT(*) FROM providers WHERE issuer = :issuer AND id <> :id", use(provider.issuer),
            use(provider.id), into(others));
    if (others > 0)
      return failure(ErrorCode::conflict,
                     "There is another provider of this issuer; who somebody is depends "
                     "on the issuer alone.");
    long long count = 0;
    sql.run("SELECT COUNT(*) FROM providers", into(count));
    if (!before && static_cast<std::size_t>(count) >= most)
      return failure(ErrorCode::limit_exceeded,
                     "There are " + std::to_string(count) + " providers; remove one first.");
    const auto name = storable(provider.name), client = storable(provider.client_id),
               scopes = storable(provider.scopes);
    const int enabled = provider.enabled ? 1 : 0;
    const long long changed = provider.changed;
    sql.run(
        "INSERT INTO providers (id, name, kind, issuer, client_id, secret, scopes, enabled, changed) VALUES "
        "(:id, :name, :kind, :issuer, :client, :secret, :scopes, :enabled, :changed) ON CONFLICT (id) DO "
        "UPDATE SET name = excluded.name, kind = excluded.kind, issuer = excluded.issuer, client_id = "
        "excluded.client_id, secret = excluded.secret, scopes = excluded.scopes, enabled = excluded.enabled, "
        "changed = excluded.changed",
        use(provider.id), use(name), use(provider.kind), use(provider.issuer), use(client),
        use(provider.secret), use(scopes), use(enabled), use(changed));
    raise_revision(sql);
    return {};
  });
}

Result<void> SqlProviders::remove(const std::string& id) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    auto remove = sql.prepare("DELETE FROM providers WHERE id = :id", use(id));
    remove.execute();
    if (remove.affected() == 0) return failure(ErrorCode::not_found, "There is no such provider.");
    raise_revision(sql);
    return {};
  });
}

Result<std::map<std::string, std::int64_t>> SqlProviders::identities() {
  return database_.read<std::map<std::string, std::int64_t>>(
      [&](SqlSession& sql) -> Result<std::map<std::string, std::int64_t>> {
        std::string issuer;
        long long count = 0;
        auto select =
            sql.prepare("SELECT issuer, COUNT(*) FROM identities GROUP BY issuer", into(issuer), into(count));
        select.start();
        std::map<std::string, std::int64_t> all;
        while (select.fetch()) all[issuer] = count;
        return all;
      });
}

}  // namespace berth::server
