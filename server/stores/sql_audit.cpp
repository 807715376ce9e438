// SPDX-License-Identifier: GPL-3.0-or-later
// The audit log and the servers' loads in SQL.
#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>

#include "protocol/codec.hpp"
#include "server/random_id.hpp"
#include "server/stores/sql_administration.hpp"

namespace berth::server {
namespace {

using soci::into;
using soci::use;

constexpr std::size_t time_digits = 11;  // of base 32: until the year 3084 and more

constexpr std::string_view digits = "234567abcdefghijklmnopqrstuvwxyz";  // as random_id(), in byte order

/// Ids that sort as their times do.
std::string id_at(std::int64_t at) {
  std::string text(time_digits, digits[0]);
  auto left = static_cast<std::uint64_t>(std::max<std::int64_t>(at, 0));
  for (auto digit = text.rbegin(); digit != text.rend() && left > 0; ++digit, left /= 32)
    *digit = digits[left % 32];
  return text;
}

void insert_line(SqlSession& sql, const AuditRecord& record) {
  constexpr std::size_t random_digits = 10;
  const auto id = id_at(record.at) + random_id(random_digits);
  const long long at = record.at;
  const std::string by = boost::describe::enum_to_string(record.by, "");
  const auto data = storable(protocol::to_text(protocol::encode(record.data)));
  const auto actor = storable(record.actor), email = storable(record.actor_email),
             address = storable(record.address), action = storable(record.action),
             workspace = storable(record.workspace), target = storable(record.target),
             outcome = storable(record.outcome);
  sql.run(
      "INSERT INTO audit (id, at, actor, actor_email, by_means, address, action, workspace, target, outcome, "
      "data) VALUES (:id, :at, :actor, :email, :by, :address, :action, :workspace, :target, :outcome, :data)",
      use(id), use(at), use(actor), use(email), use(by), use(address), use(action), use(workspace),
      use(target), use(outcome), use(data));
}

}  // namespace

std::int64_t audit_time(const std::string& id) {
  std::int64_t at = 0;
  for (const char c : id.substr(0, time_digits)) {
    const auto digit = digits.find(c);
    if (digit == digits.npos) return 0;
    at = at * 32 + static_cast<std::int64_t>(digit);
  }
  return at;
}

Result<void> SqlAudit::append(const AuditRecord& record) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    insert_line(sql, record);
    return {};
  });
}

Result<std::int64_t> SqlAudit::shorten(std::int64_t cut, std::size_t most, const AuditRecord& told) {
  return database_.transaction<std::int64_t>([&](SqlSession& sql) -> Result<std::int64_t> {
    const auto newest = id_at(cut);
    const auto limit = static_cast<long long>(most);
    auto remove = sql.prepare(
        "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE id < :newest ORDER BY id LIMIT :limit)",
        use(newest), use(limit));
    remove.execute();
    const std::int64_t gone = remove.affected();
    if (gone == 0) return gone;
    auto line = told;
    line.data["lines"] = std::to_string(gone);
    insert_line(sql, line);
    return gone;
  });
}

Result<std::vector<AuditRecord>> SqlAudit::list(const AuditSearch& search, std::size_t limit) {
  return database_.read<std::vector<AuditRecord>>([&](SqlSession& sql) -> Result<std::vector<AuditRecord>> {
    std::string where = "1 = 1";
    // Bound in the order of their names in the text.
    std::vector<std::string> values;
    values.reserve(6);
    const auto demand = [&](const std::string& condition, const std::string& value) {
      where += " AND " + condition;
      values.push_back(storable(value));
    };
    if (!search.before.empty()) demand("id < :before", search.before);
    if (search.since) demand("id >= :since", id_at(*search.since));
    if (search.until) demand("id < :until", id_at(*search.until + 1));
    const auto at_sign = search.actor.find('@');
    if (!search.actor.empty())
      demand(at_sign == search.actor.npos ? "actor = :actor" : "actor_email = :actor", search.actor);
    if (!search.action.empty()) demand("action = :action", search.action);
    if (!search.workspace.empty()) demand("workspace = :workspace", search.workspace);
    const auto most = static_cast<long long>(limit);
    AuditRecord row;
    std::string by, data;
    long long at = 0;
    auto select = sql.prepare(
        "SELECT id, at, actor, actor_email, by_means, address, action, workspace, target, outcome, data FROM "
        "audit WHERE " +
        where + " ORDER BY id DESC LIMIT :limit");
    for (const auto& value : values) select.bind(use(value));
    select.bind(use(most));
    select.bind(into(row.id));
    select.bind(into(at));
    for (auto* text : {&row.actor, &row.actor_email, &by, &row.address, &row.action, &row.workspace,
                       &row.target, &row.outcome, &data})
      select.bind(into(*text));
    select.start();
    std::vector<AuditRecord> all;
    while (select.fetch()) {
      row.at = at;
      if (!boost::describe::enum_from_string(by.c_str(), row.by)) row.by = protocol::rest::AuditMeans::system;
      row.data.clear();
      if (auto json = protocol::parse_json(data))
        if (auto decoded = protocol::decode<std::map<std::string, std::string>>(*json, "data"))
          row.data = *decoded;
      all.push_back(row);
    }
    return all;
  });
}

Result<void> SqlLoads::put(const LoadRecord& load, std::int64_t cutoff) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    const long long at = load.at, oldest = cutoff;
    const auto data = storable(load.data);
    sql.run("DELETE FROM loads WHERE at < :oldest", use(oldest));
    sql.run(
        "INSERT INTO loads (replica, at, data) VALUES (:replica, :at, :data) ON CONFLICT (replica) DO UPDATE "
        "SET "
        "at = excluded.at, data = excluded.data",
        use(load.replica), use(at), use(data));
    return {};
  });
}

Result<std::vector<LoadRecord>> SqlLoads::all() {
  return database_.read<std::vector<LoadRecord>>([&](SqlSession& sql) -> Result<std::vector<LoadRecord>> {
    LoadRecord row;
    long long at = 0;
    auto select = sql.prepare("SELECT replica, at, data FROM loads ORDER BY replica", into(row.replica),
                              into(at), into(row.data));
    select.start();
    std::vector<LoadRecord> all;
    while (select.fetch()) {
      row.at = at;
      all.push_back(row);
    }
    return all;
  });
}

}  // namespace berth::server
