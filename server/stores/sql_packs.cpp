// SPDX-License-Identifier: GPL-3.0-or-later
// Packs and blobs in SQL, for the garbage collection and the checks.
#include <set>

#include "server/stores/sql_groups.hpp"
#include "server/stores/sql_object_rows.hpp"
#include "server/stores/sql_tables.hpp"

namespace berth::server {
namespace {

using protocol::ObjectId;
using soci::into;
using soci::use;

constexpr std::size_t moved_together = 64, sources_together = 8;

/// 0 when the owner has no such pack.
long long pack_number(SqlSession& sql, const std::string& owner, const std::string& name) {
  long long number = 0;
  return sql.run("SELECT number FROM packs WHERE owner = :owner AND name = :name", use(owner), use(name),
                 into(number))
             ? number
             : 0;
}

/// For columns owner, name, size, created, doomed of a prepared statement that `more` completes.
struct PackColumns {
  std::string owner, name;
  long long size = 0, created = 0, doomed = 0;
  PackRecord record() const { return {owner, name, static_cast<std::uint64_t>(size), created, doomed, 0, 0}; }
};

/// Where an object lies in its new pack, as variables of a statement that moves many.
struct MovedSlot {
  std::string id;
  long long place = 0, length = 0;
};

std::string move_query(std::size_t rows, std::size_t sources) {
  std::string query =
      "UPDATE objects SET pack = :pack, place = moved.column2, length = moved.column3 FROM (VALUES ";
  for (std::size_t i = 0; i < rows; ++i) {
    const auto n = std::to_string(i);
    query += (i ? ", (" : "(") + ("CAST(:id" + n + " AS TEXT), CAST(:place" + n +
                                  " AS BIGINT), CAST(:length" + n + " AS BIGINT))");
  }
  return query +
         ") AS moved WHERE objects.owner = :owner AND objects.id = moved.column1 AND objects.pack IN (" +
         sql_placeholders("source", sources) + ")";
}

/// Gives how many of the new pack's objects lay in one of `sources`, and lie in `target` now.
long long move_objects(SqlSession& sql, const std::string& owner, std::vector<long long> sources,
                       long long target, const NewPack& to) {
  sources.resize((sources.size() + sources_together - 1) / sources_together * sources_together,
                 sources.back());
  std::vector<MovedSlot> slots(to.objects.size() <= 1 ? 1 : moved_together);
  auto update = sql.prepare(move_query(slots.size(), sources.size()), use(target));
  for (auto& slot : slots) {
    update.bind(use(slot.id));
    update.bind(use(slot.place));
    update.bind(use(slot.length));
  }
  update.bind(use(owner));
  for (auto& source : sources) update.bind(use(source));
  long long moved = 0;
  for (std::size_t begin = 0; begin < to.objects.size(); begin += slots.size()) {
    for (std::size_t i = 0; i < slots.size(); ++i) {
      const auto& object = to.objects[std::min(begin + i, to.objects.size() - 1)];  // the last one fills up
      slots[i] = {object.id.hex(), static_cast<long long>(object.offset), object.length};
    }
    update.execute();
    moved += update.affected();
  }
  return moved;
}

}  // namespace

Result<std::vector<std::string>> SqlPacks::owners() {
  return database_.read<std::vector<std::string>>([](SqlSession& sql) -> Result<std::vector<std::string>> {
    std::vector<std::string> owners;
    std::string owner;
    auto select = sql.prepare(
        "SELECT owner FROM packs UNION SELECT owner FROM versions "
        "ORDER BY owner",
        into(owner));
    select.start();
    while (select.fetch()) owners.push_back(owner);
    return owners;
  });
}

Result<std::vector<ObjectPlace>> SqlPacks::scan(const std::string& owner, const std::string& after_hex,
                                                std::size_t limit) {
  return database_.read<std::vector<ObjectPlace>>([&](SqlSession& sql) -> Result<std::vector<ObjectPlace>> {
    std::vector<ObjectPlace> places;
    ObjectRow row;
    std::string pack;
    int whole = 0;
    const long long most = static_cast<long long>(limit);
    auto select = sql.prepare(
        "SELECT o.id, o.place, o.length, o.size, o.touched, o.refers, o.whole, p.name "
        "FROM objects o JOIN packs p ON p.number = o.pack "
        "WHERE o.owner = :owner AND o.id > :after ORDER BY o.id LIMIT :most",
        use(owner), use(after_hex), use(most), into(row.id), into(row.place), into(row.length),
        into(row.size), into(row.touched), into(row.refers), into(whole), into(pack));
    select.start();
    while (select.fetch()) {
      const auto id = ObjectId::from_hex(row.id);
      if (!id)
        return failure(ErrorCode::internal, "The server's database has a problem; its log says more.",
                       "object id " + row.id);
      places.push_back({row.object(*id), pack, row.touched, whole != 0});
    }
    return places;
  });
}

Result<std::size_t> SqlPacks::remove(const std::string& owner, const std::vector<ObjectId>& ids,
                                     std::int64_t cutoff, bool all_or_none) {
  const auto removed = database_.transaction<std::size_t>([&](SqlSession& sql) -> Result<std::size_t> {
    std::size_t count = 0;
    const long long before = cutoff;
    IdGroups groups(ids);
    auto remove = sql.prepare("DELETE FROM objects WHERE owner = :owner AND touched < :before AND id IN (" +
                                  groups.placeholders() + ")",
                              use(owner), use(before));
    groups.bind(remove);
    groups.each([&](std::size_t, std::size_t) {
      remove.execute();
      count += static_cast<std::size_t>(remove.affected());
    });
    if (all_or_none && count != ids.size())
      return failure(ErrorCode::conflict, "Some of the objects are needed again.");
    return count;
  });
  if (!removed && removed.error().code == ErrorCode::conflict) return 0u;
  return removed;
}

Result<bool> SqlPacks::move(const std::string& owner, const std::vector<std::string>& from, const NewPack& to,
                            std::int64_t now) {
  return database_.transaction<bool>([&](SqlSession& sql) -> Result<bool> {
    std::vector<long long> sources;
    for (const auto& name : from)
      if (const auto number = pack_number(sql, owner, name)) sources.push_back(number);
    const auto target = insert_pack(sql, owner, to, now);
    const auto moved = sources.empty() ? 0 : move_objects(sql, owner, std::move(sources), target, to);
    if (moved == 0) sql.run("DELETE FROM packs WHERE number = :number", use(target));
    return moved > 0;
  });
}

Result<std::vector<PackRecord>> SqlPacks::settle(const std::string& owner, std::int64_t now) {
  auto settled = database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    const long long time = now;
    sql.run(
        "UPDATE packs SET doomed = :now WHERE owner = :owner AND doomed = 0 AND NOT EXISTS (SELECT 1 FROM "
        "objects WHERE objects.pack = packs.number)",
        use(time), use(owner));
    return {};
  });
  if (!settled) return std::unexpected(settled.error());
  return database_.read<std::vector<PackRecord>>([&](SqlSession& sql) -> Result<std::vector<PackRecord>> {
    std::vector<PackRecord> packs;
    PackColumns columns;
    long long bytes = 0, count = 0;
    auto select = sql.prepare(
        "SELECT p.owner, p.name, p.size, p.created, p.doomed, COALESCE(SUM(o.length), 0), "
        "COUNT(o.id) FROM packs p LEFT JOIN objects o ON o.pack = p.number WHERE p.owner = "
        ":owner GROUP BY p.number, p.owner, p.name, p.size, p.created, p.doomed",
        use(owner), into(columns.owner), into(columns.name), into(columns.size), into(columns.created),
        into(columns.doomed), into(bytes), into(count));
    select.start();
    while (select.fetch()) {
      packs.push_back(columns.record());
      packs.back().live_bytes = static_cast<std::uint64_t>(bytes);
      packs.back().live_objects = static_cast<std::uint64_t>(count);
    }
    return packs;
  });
}

Result<std::vector<PackRecord>> SqlPacks::doomed(std::int64_t cutoff) {
  return database_.read<std::vector<PackRecord>>([&](SqlSession& sql) -> Result<std::vector<PackRecord>> {
    std::vector<PackRecord> packs;
    PackColumns columns;
    const long long before = cutoff;
    auto select = sql.prepare(
        "SELECT owner, name, size, created, doomed FROM packs WHERE doomed > 0 AND doomed < "
        ":before",
        use(before), into(columns.owner), into(columns.name), into(columns.size), into(columns.created),
        into(columns.doomed));
    select.start();
    while (select.fetch()) packs.push_back(columns.record());
    return packs;
  });
}

Result<void> SqlPacks::forget(const std::string& owner, const std::string& pack) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    sql.run("DELETE FROM packs WHERE owner = :owner AND name = :name AND doomed > 0", use(owner), use(pack));
    return {};
  });
}

Result<std::vector<std::string>> SqlBlobs::stray(const std::vector<std::string>& keys, std::int64_t now,
                                                 std::int64_t cutoff) {
  return database_.transaction<std::vector<std::string>>(
      [&](SqlSession& sql) -> Result<std::vector<std::string>> {
        const std::set<std::string> stray(keys.begin(), keys.end());
        std::vector<std::string> known, old;
        std::string name;
        long long seen = 0;
        auto select = sql.prepare("SELECT name, seen FROM stray_blobs", into(name), into(seen));
        select.start();
        while (select.fetch()) {
          known.push_back(name);
          if (seen < cutoff && stray.contains(name)) old.push_back(name);
        }
        for (const auto& one : known)
          if (!stray.contains(one)) sql.run("DELETE FROM stray_blobs WHERE name = :name", use(one));
        const long long time = now;
        for (const auto& one : stray)
          sql.run("INSERT INTO stray_blobs (name, seen) VALUES (:name, :seen) ON CONFLICT (name) DO NOTHING",
                  use(one), use(time));
        return old;
      });
}

Result<void> SqlBlobs::hold(const std::string& id, std::int64_t until) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    const long long time = until;
    if (until == 0)
      sql.run("DELETE FROM blob_holds WHERE id = :id", use(id));
    else
      sql.run(
          "INSERT INTO blob_holds (id, until) VALUES (:id, :until) ON CONFLICT (id) DO UPDATE SET until = "
          "excluded.until",
          use(id), use(time));
    return {};
  });
}

Result<bool> SqlBlobs::held(std::int64_t now) {
  return database_.transaction<bool>([&](SqlSession& sql) -> Result<bool> {
    const long long time = now;
    long long holds = 0;
    sql.run("DELETE FROM blob_holds WHERE until <= :now", use(time));
    sql.run("SELECT COUNT(*) FROM blob_holds", into(holds));
    return holds > 0;
  });
}

Result<void> SqlBlobs::forget_all() {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    for (const auto* table : {"objects", "packs", "versions", "stray_blobs"})
      sql.run(std::string("DELETE FROM ") + table);
    return {};
  });
}

}  // namespace berth::server
