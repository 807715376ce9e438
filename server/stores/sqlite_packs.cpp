// SPDX-License-Identifier: GPL-3.0-or-later
// Packs and blobs in SQL, for the garbage collection and the checks.
#include <soci/soci.h>

#include <set>

#include "server/stores/sqlite_object_rows.hpp"
#include "server/stores/sqlite_tables.hpp"

namespace berth::server {
namespace {

using protocol::ObjectId;
using soci::into;
using soci::use;

/// 0 when the owner has no such pack.
long long pack_number(soci::session& sql, const std::string& owner, const std::string& name) {
  long long number = 0;
  sql << "SELECT number FROM packs WHERE owner = :owner AND name = :name", use(owner), use(name),
      into(number);
  return sql.got_data() ? number : 0;
}

/// For columns owner, name, size, created, doomed of a prepared statement that `more` completes.
struct PackColumns {
  std::string owner, name;
  long long size = 0, created = 0, doomed = 0;
  PackRecord record() const { return {owner, name, static_cast<std::uint64_t>(size), created, doomed, 0, 0}; }
};

}  // namespace

Result<std::vector<std::string>> SqlitePacks::owners() {
  return database_.read<std::vector<std::string>>([](soci::session& sql) -> Result<std::vector<std::string>> {
    std::vector<std::string> owners;
    std::string owner;
    soci::statement select = (sql.prepare << "SELECT owner FROM packs UNION SELECT owner FROM versions "
                                             "ORDER BY owner",
                              into(owner));
    select.execute();
    while (select.fetch()) owners.push_back(owner);
    return owners;
  });
}

Result<std::vector<ObjectPlace>> SqlitePacks::scan(const std::string& owner, const std::string& after_hex,
                                                   std::size_t limit) {
  return database_.read<std::vector<ObjectPlace>>(
      [&](soci::session& sql) -> Result<std::vector<ObjectPlace>> {
        std::vector<ObjectPlace> places;
        ObjectRow row;
        std::string pack;
        int whole = 0;
        const long long most = static_cast<long long>(limit);
        soci::statement select =
            (sql.prepare << "SELECT o.id, o.place, o.length, o.size, o.touched, o.refers, o.whole, p.name "
                            "FROM objects o JOIN packs p ON p.number = o.pack "
                            "WHERE o.owner = :owner AND o.id > :after ORDER BY o.id LIMIT :most",
             use(owner), use(after_hex), use(most), into(row.id), into(row.place), into(row.length),
             into(row.size), into(row.touched), into(row.refers), into(whole), into(pack));
        select.execute();
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

Result<std::size_t> SqlitePacks::remove(const std::string& owner, const std::vector<ObjectId>& ids,
                                        std::int64_t cutoff, bool all_or_none) {
  const auto removed = database_.transaction<std::size_t>([&](soci::session& sql) -> Result<std::size_t> {
    std::string id;
    std::size_t count = 0;
    const long long before = cutoff;
    soci::statement remove =
        (sql.prepare << "DELETE FROM objects WHERE owner = :owner AND id = :id AND touched < :before",
         use(owner), use(id), use(before));
    for (const auto& one : ids) {
      id = one.hex();
      remove.execute(true);
      count += static_cast<std::size_t>(remove.get_affected_rows());
    }
    if (all_or_none && count != ids.size())
      return failure(ErrorCode::conflict, "Some of the objects are needed again.");
    return count;
  });
  if (!removed && removed.error().code == ErrorCode::conflict) return 0u;
  return removed;
}

Result<bool> SqlitePacks::move(const std::string& owner, const std::vector<std::string>& from,
                               const NewPack& to, std::int64_t now) {
  return database_.transaction<bool>([&](soci::session& sql) -> Result<bool> {
    std::set<long long> sources;
    for (const auto& name : from)
      if (const auto number = pack_number(sql, owner, name)) sources.insert(number);
    const auto target = insert_pack(sql, owner, to, now);
    ObjectRow row;
    row.owner = owner;
    row.pack = target;
    long long source = 0, moved = 0;
    soci::statement update =
        (sql.prepare << "UPDATE objects SET pack = :pack, place = :place, length = :length WHERE owner = "
                        ":owner AND id = :id AND pack = :source",
         use(row.pack), use(row.place), use(row.length), use(row.owner), use(row.id), use(source));
    for (const auto& object : to.objects) {
      row.set(object);
      for (const auto number : sources) {
        source = number;
        update.execute(true);
        moved += update.get_affected_rows();
      }
    }
    if (moved == 0) sql << "DELETE FROM packs WHERE number = :number", use(target);
    return moved > 0;
  });
}

Result<std::vector<PackRecord>> SqlitePacks::settle(const std::string& owner, std::int64_t now) {
  auto settled = database_.transaction<void>([&](soci::session& sql) -> Result<void> {
    const long long time = now;
    sql << "UPDATE packs SET doomed = :now WHERE owner = :owner AND doomed = 0 AND NOT EXISTS (SELECT 1 FROM "
           "objects WHERE objects.pack = packs.number)",
        use(time), use(owner);
    return {};
  });
  if (!settled) return std::unexpected(settled.error());
  return database_.read<std::vector<PackRecord>>([&](soci::session& sql) -> Result<std::vector<PackRecord>> {
    std::vector<PackRecord> packs;
    PackColumns columns;
    long long bytes = 0, count = 0;
    soci::statement select =
        (sql.prepare << "SELECT p.owner, p.name, p.size, p.created, p.doomed, COALESCE(SUM(o.length), 0), "
                        "COUNT(o.id) FROM packs p LEFT JOIN objects o ON o.pack = p.number WHERE p.owner = "
                        ":owner GROUP BY p.number, p.owner, p.name, p.size, p.created, p.doomed",
         use(owner), into(columns.owner), into(columns.name), into(columns.size), into(columns.created),
         into(columns.doomed), into(bytes), into(count));
    select.execute();
    while (select.fetch()) {
      packs.push_back(columns.record());
      packs.back().live_bytes = static_cast<std::uint64_t>(bytes);
      packs.back().live_objects = static_cast<std::uint64_t>(count);
    }
    return packs;
  });
}

Result<std::vector<PackRecord>> SqlitePacks::doomed(std::int64_t cutoff) {
  return database_.read<std::vector<PackRecord>>([&](soci::session& sql) -> Result<std::vector<PackRecord>> {
    std::vector<PackRecord> packs;
    PackColumns columns;
    const long long before = cutoff;
    soci::statement select =
        (sql.prepare << "SELECT owner, name, size, created, doomed FROM packs WHERE doomed > 0 AND doomed < "
                        ":before",
         use(before), into(columns.owner), into(columns.name), into(columns.size), into(columns.created),
         into(columns.doomed));
    select.execute();
    while (select.fetch()) packs.push_back(columns.record());
    return packs;
  });
}

Result<void> SqlitePacks::forget(const std::string& owner, const std::string& pack) {
  return database_.transaction<void>([&](soci::session& sql) -> Result<void> {
    sql << "DELETE FROM packs WHERE owner = :owner AND name = :name AND doomed > 0", use(owner), use(pack);
    return {};
  });
}

Result<std::vector<std::string>> SqliteBlobs::stray(const std::vector<std::string>& keys, std::int64_t now,
                                                    std::int64_t cutoff) {
  return database_.transaction<std::vector<std::string>>(
      [&](soci::session& sql) -> Result<std::vector<std::string>> {
        const std::set<std::string> stray(keys.begin(), keys.end());
        std::vector<std::string> known, old;
        std::string name;
        long long seen = 0;
        soci::statement select =
            (sql.prepare << "SELECT name, seen FROM stray_blobs", into(name), into(seen));
        select.execute();
        while (select.fetch()) {
          known.push_back(name);
          if (seen < cutoff && stray.contains(name)) old.push_back(name);
        }
        for (const auto& one : known)
          if (!stray.contains(one)) sql << "DELETE FROM stray_blobs WHERE name = :name", use(one);
        const long long time = now;
        for (const auto& one : stray)
          sql << "INSERT INTO stray_blobs (name, seen) VALUES (:name, :seen) ON CONFLICT (name) DO NOTHING",
              use(one), use(time);
        return old;
      });
}

Result<void> SqliteBlobs::hold(const std::string& id, std::int64_t until) {
  return database_.transaction<void>([&](soci::session& sql) -> Result<void> {
    const long long time = until;
    if (until == 0)
      sql << "DELETE FROM blob_holds WHERE id = :id", use(id);
    else
      sql << "INSERT INTO blob_holds (id, until) VALUES (:id, :until) ON CONFLICT (id) DO UPDATE SET until = "
             "excluded.until",
          use(id), use(time);
    return {};
  });
}

Result<bool> SqliteBlobs::held(std::int64_t now) {
  return database_.transaction<bool>([&](soci::session& sql) -> Result<bool> {
    const long long time = now;
    long long holds = 0;
    sql << "DELETE FROM blob_holds WHERE until <= :now", use(time);
    sql << "SELECT COUNT(*) FROM blob_holds", into(holds);
    return holds > 0;
  });
}

Result<void> SqliteBlobs::forget_all() {
  return database_.transaction<void>([&](soci::session& sql) -> Result<void> {
    for (const auto* table : {"objects", "packs", "versions", "stray_blobs"})
      sql << std::string("DELETE FROM ") + table;
    return {};
  });
}

}  // namespace berth::server
