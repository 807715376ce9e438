// SPDX-License-Identifier: GPL-3.0-or-later
// Replicas, leases and what replicas count together, in SQL. Whoever takes a lease from a dead replica
// removes that one's row in the same transaction: a heartbeat that came too late for it fails then, whatever
// the clocks said in between.
#include <algorithm>
#include <iterator>
#include <set>

#include "server/stores/sql_groups.hpp"
#include "server/stores/sql_tables.hpp"

namespace berth::server {
namespace {

using soci::into;
using soci::use;

std::unexpected<Error> taken_over() {
  return failure(ErrorCode::conflict, "Another server looks after this now. Try again in a moment.");
}

/// A lease with its living holder.
Result<std::optional<LeaseRecord>> read_lease(SqlDatabase& database, SqlSession& sql, const std::string& name,
                                              std::string& remembered_holder) {
  LeaseRecord lease{.name = name, .holder = {}, .address = {}, .number = 0, .data = {}};
  long long number = 0, until = 0, now = 0;
  const bool there =
      sql.run("SELECT l.holder, l.number, l.data, COALESCE(r.until, 0), COALESCE(r.address, ''), " +
                  std::string(database.clock()) +
                  " FROM leases l LEFT JOIN replicas r ON r.id = l.holder WHERE l.name = :name",
              use(name), into(remembered_holder), into(number), into(lease.data), into(until),
              into(lease.address), into(now));
  if (!there) return std::nullopt;
  lease.number = number;
  if (until > now)
    lease.holder = remembered_holder;
  else
    lease.address.clear();
  return lease;
}

}  // namespace

Result<void> expect_lease(SqlDatabase& database, SqlSession& sql, const std::string& workspace) {
  const auto writer = database.writer();
  if (writer.empty()) return {};
  const auto name = workspace_lease(workspace);
  long long number = 0;
  // Whoever takes it over reads the workspace next, which must hold what is written now: so he waits.
  const bool held = sql.run(
      "SELECT number FROM leases WHERE name = :name AND holder = :holder" + std::string(database.held_rows()),
      use(name), use(writer), into(number));
  if (!held) return taken_over();
  return {};
}

Result<void> SqlReplicas::join(const ReplicaRecord& replica, std::int64_t life, bool alone) {
  return database_.urgent<void>([&](SqlSession& sql) -> Result<void> {
    const std::string now = database_.clock();
    const auto address = storable(replica.address), release = storable(replica.release);
    const long long lasts = life;
    sql.run("DELETE FROM replicas WHERE until <= " + now + " OR (place = :place AND place <> '')",
            use(replica.place));
    int others = 0;
    sql.run("SELECT COUNT(*) FROM replicas", into(others));
    if (alone && others > 0)
      return failure(ErrorCode::conflict,
                     "Another berthd serves from this database, and workspaces in containers of one machine "
                     "can't be shared. Stop the other one, or use the Kubernetes backend.");
    sql.run(
        "INSERT INTO replicas (id, address, place, release, since, until) VALUES (:id, :address, :place, "
        ":release, " +
            now + ", " + now + " + :life)",
        use(replica.id), use(address), use(replica.place), use(release), use(lasts));
    return {};
  });
}

Result<bool> SqlReplicas::renew(const std::string& id, std::int64_t life) {
  return database_.urgent<bool>([&](SqlSession& sql) -> Result<bool> {
    const std::string now = database_.clock();
    const long long lasts = life;
    auto update =
        sql.prepare("UPDATE replicas SET until = " + now + " + :life WHERE id = :id AND until > " + now,
                    use(lasts), use(id));
    update.execute();
    return update.affected() == 1;
  });
}

Result<void> SqlReplicas::leave(const std::string& id) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    sql.run("UPDATE leases SET holder = '' WHERE holder = :id", use(id));
    sql.run("DELETE FROM replicas WHERE id = :id", use(id));
    database_.announce(sql,
                       {.kind = AnnouncementKind::leases_free, .subject = id, .except = {}, .reason = {}});
    return {};
  });
}

Result<std::vector<ReplicaRecord>> SqlReplicas::living() {
  return database_.read<std::vector<ReplicaRecord>>(
      [&](SqlSession& sql) -> Result<std::vector<ReplicaRecord>> {
        ReplicaRecord row;
        long long since = 0, until = 0;
        auto select = sql.prepare(
            "SELECT id, address, place, release, since, until FROM replicas WHERE until > " +
                std::string(database_.clock()) + " ORDER BY since, id",
            into(row.id), into(row.address), into(row.place), into(row.release), into(since), into(until));
        select.start();
        std::vector<ReplicaRecord> rows;
        while (select.fetch()) {
          row.since = since;
          row.until = until;
          rows.push_back(row);
        }
        return rows;
      });
}

namespace {

/// The address of a replica; nothing unless it lives.
std::optional<std::string> living_address(SqlDatabase& database, SqlSession& sql,
                                          const std::string& replica) {
  std::string address;
  if (!sql.run("SELECT address FROM replicas WHERE id = :id AND until > " + std::string(database.clock()),
               use(replica), into(address)))
    return std::nullopt;
  return address;
}

Result<LeaseRecord> take_lease(SqlDatabase& database, SqlSession& sql, const std::string& name,
                               const std::string& replica, const std::string& address) {
  std::string before;
  auto found = read_lease(database, sql, name, before);
  if (!found) return std::unexpected(found.error());
  if (!*found) {
    sql.run("INSERT INTO leases (name, holder, number, data) VALUES (:name, :holder, 1, '')", use(name),
            use(replica));
    return LeaseRecord{.name = name, .holder = replica, .address = address, .number = 1, .data = {}};
  }
  auto lease = std::move(**found);
  if (!lease.holder.empty()) return lease;
  if (!before.empty()) sql.run("DELETE FROM replicas WHERE id = :id", use(before));
  sql.run("UPDATE leases SET holder = :holder, number = number + 1 WHERE name = :name", use(replica),
          use(name));
  lease.holder = replica;
  lease.address = address;
  ++lease.number;
  return lease;
}

}  // namespace

Result<LeaseRecord> SqlLeases::take(const std::string& name, const std::string& replica) {
  return database_.transaction<LeaseRecord>([&](SqlSession& sql) -> Result<LeaseRecord> {
    const auto address = living_address(database_, sql, replica);
    if (!address) return taken_over();
    return take_lease(database_, sql, name, replica, *address);
  });
}

namespace {

/// Leases of workspaces by whom they can be had.
struct SortedLeases {
  std::vector<LeaseRecord> mine, free, never;  // never: nobody ever had them
  std::set<std::string> dead;                  // who had those that are free
};

SortedLeases sort_leases(SqlDatabase& database, SqlSession& sql, const std::vector<std::string>& workspaces,
                         const std::string& replica) {
  SortedLeases sorted;
  IdGroups groups(workspaces);
  std::string id, holder, data;
  long long number = 0, until = 0, now = 0;
  auto select = sql.prepare(
      "SELECT w.id, COALESCE(l.holder, ''), COALESCE(l.number, 0), COALESCE(l.data, ''), COALESCE(r.until, "
      "0), " +
          std::string(database.clock()) +
          " FROM workspaces w LEFT JOIN leases l ON l.name = 'workspace/' || w.id LEFT JOIN replicas r ON "
          "r.id = l.holder WHERE w.id IN (" +
          groups.placeholders() + ")",
      into(id), into(holder), into(number), into(data), into(until), into(now));
  groups.bind(select);
  groups.each([&](std::size_t, std::size_t) {
    select.start();
    while (select.fetch()) {
      LeaseRecord lease{
          .name = workspace_lease(id), .holder = holder, .address = {}, .number = number, .data = data};
      if (number == 0) {
        sorted.never.push_back(std::move(lease));
      } else if (until > now) {
        if (holder == replica) sorted.mine.push_back(std::move(lease));
      } else {
        if (!holder.empty()) sorted.dead.insert(holder);
        sorted.free.push_back(std::move(lease));
      }
    }
  });
  return sorted;
}

}  // namespace

Result<std::vector<LeaseRecord>> SqlLeases::take_workspaces(const std::vector<std::string>& workspaces,
                                                            const std::string& replica) {
  return database_.transaction<std::vector<LeaseRecord>>(
      [&](SqlSession& sql) -> Result<std::vector<LeaseRecord>> {
        const auto address = living_address(database_, sql, replica);
        if (!address) return taken_over();
        auto sorted = sort_leases(database_, sql, workspaces, replica);
        for (const auto& dead : sorted.dead) sql.run("DELETE FROM replicas WHERE id = :id", use(dead));
        std::vector<std::string> names;
        for (const auto& lease : sorted.free) names.push_back(lease.name);
        IdGroups groups(names);
        auto update = sql.prepare("UPDATE leases SET holder = :holder, number = number + 1 WHERE name IN (" +
                                      groups.placeholders() + ")",
                                  use(replica));
        groups.bind(update);
        groups.each([&](std::size_t, std::size_t) { update.execute(); });
        for (const auto& lease : sorted.never)
          sql.run("INSERT INTO leases (name, holder, number, data) VALUES (:name, :holder, 1, '')",
                  use(lease.name), use(replica));
        auto taken = std::move(sorted.mine);
        std::ranges::move(sorted.free, std::back_inserter(taken));
        std::ranges::move(sorted.never, std::back_inserter(taken));
        for (auto& lease : taken) {
          if (lease.holder != replica) ++lease.number;
          lease.holder = replica;
          lease.address = *address;
        }
        return taken;
      });
}

Result<void> SqlLeases::give_back(const std::vector<std::string>& names, const std::string& replica) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    std::string name;
    auto update = sql.prepare("UPDATE leases SET holder = '' WHERE name = :name AND holder = :holder",
                              use(name), use(replica));
    bool any = false;
    for (const auto& each : names) {
      name = each;
      update.execute();
      any = update.affected() > 0 || any;
    }
    if (any)
      database_.announce(
          sql, {.kind = AnnouncementKind::leases_free, .subject = replica, .except = {}, .reason = {}});
    return {};
  });
}

Result<void> SqlLeases::put_data(const std::string& name, const std::string& replica,
                                 const std::string& data) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    auto update = sql.prepare("UPDATE leases SET data = :data WHERE name = :name AND holder = :holder",
                              use(data), use(name), use(replica));
    update.execute();
    if (update.affected() == 0) return taken_over();
    return {};
  });
}

Result<std::optional<LeaseRecord>> SqlLeases::find(const std::string& name) {
  return database_.read<std::optional<LeaseRecord>>([&](SqlSession& sql) {
    std::string holder;
    return read_lease(database_, sql, name, holder);
  });
}

Result<std::vector<std::string>> SqlLeases::held_by(const std::string& replica) {
  return database_.read<std::vector<std::string>>([&](SqlSession& sql) -> Result<std::vector<std::string>> {
    std::vector<std::string> names;
    std::string name;
    auto select =
        sql.prepare("SELECT name FROM leases WHERE holder = :holder ORDER BY name", use(replica), into(name));
    select.start();
    while (select.fetch()) names.push_back(name);
    return names;
  });
}

Result<std::vector<std::string>> SqlLeases::untended_workspaces(std::size_t limit) {
  return database_.read<std::vector<std::string>>([&](SqlSession& sql) -> Result<std::vector<std::string>> {
    std::vector<std::string> ids;
    std::string id;
    const long long most = static_cast<long long>(limit);
    auto select = sql.prepare(
        "SELECT w.id FROM workspaces w LEFT JOIN leases l ON l.name = 'workspace/' || w.id LEFT JOIN "
        "replicas "
        "r ON r.id = l.holder AND r.until > " +
            std::string(database_.clock()) +
            " WHERE r.id IS NULL AND w.state NOT IN ('stopped', 'failed') LIMIT :most",
        use(most), into(id));
    select.start();
    while (select.fetch()) ids.push_back(id);
    return ids;
  });
}

Result<std::map<std::string, bool>> SqlLeases::tended(const std::vector<std::string>& workspaces) {
  return database_.read<std::map<std::string, bool>>(
      [&](SqlSession& sql) -> Result<std::map<std::string, bool>> {
        std::map<std::string, bool> all;
        IdGroups groups(workspaces);
        std::string id;
        int living = 0;
        auto select = sql.prepare(
            "SELECT w.id, CASE WHEN r.id IS NULL THEN 0 ELSE 1 END FROM workspaces w LEFT JOIN leases l ON "
            "l.name = 'workspace/' || w.id LEFT JOIN replicas r ON r.id = l.holder AND r.until > " +
                std::string(database_.clock()) + " WHERE w.id IN (" + groups.placeholders() + ")",
            into(id), into(living));
        groups.bind(select);
        groups.each([&](std::size_t, std::size_t) {
          select.start();
          while (select.fetch()) all[id] = living != 0;
        });
        return all;
      });
}

Result<void> SqlCounts::change(const std::vector<std::string>& names,
                               const std::function<void(Counts&)>& change) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    Counts before;
    for (const auto& name : names) {
      long long failures = 0, last = 0;
      if (sql.run("SELECT failures, last FROM counts WHERE name = :name", use(name), into(failures),
                  into(last)))
        before[name] = {failures, last};
    }
    auto after = before;
    change(after);
    for (const auto& name : names) {
      const auto old = before.find(name);
      const auto made = after.find(name);
      const bool zero = made == after.end() || (made->second.failures == 0 && made->second.last == 0);
      if (zero) {
        if (old != before.end()) sql.run("DELETE FROM counts WHERE name = :name", use(name));
        continue;
      }
      const long long failures = made->second.failures, last = made->second.last;
      if (old != before.end() && old->second.failures == failures && old->second.last == last) continue;
      sql.run(
          "INSERT INTO counts (name, failures, last) VALUES (:name, :failures, :last) ON CONFLICT (name) DO "
          "UPDATE SET failures = excluded.failures, last = excluded.last",
          use(name), use(failures), use(last));
    }
    return {};
  });
}

Result<void> SqlCounts::forget(std::int64_t cutoff, const std::string& but) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    const long long time = cutoff, length = static_cast<long long>(but.size());
    if (but.empty())
      sql.run("DELETE FROM counts WHERE last < :cutoff", use(time));
    else
      sql.run("DELETE FROM counts WHERE last < :cutoff AND SUBSTR(name, 1, " + std::to_string(length) +
                  ") <> :but",
              use(time), use(but));
    return {};
  });
}

Result<bool> SqlCounts::first_use(const std::string& name, std::int64_t until, std::int64_t now) {
  return database_.transaction<bool>([&](SqlSession& sql) -> Result<bool> {
    const long long time = now, end = until;
    sql.run("DELETE FROM used_once WHERE until <= :now", use(time));
    auto insert = sql.prepare(
        "INSERT INTO used_once (name, until) VALUES (:name, :until) ON CONFLICT (name) DO NOTHING", use(name),
        use(end));
    insert.execute();
    return insert.affected() == 1;
  });
}

Result<void> SqlAnnouncements::announce(const Announcement& announcement) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    database_.announce(sql, announcement);
    return {};
  });
}

}  // namespace berth::server
