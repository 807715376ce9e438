// SPDX-License-Identifier: GPL-3.0-or-later
// Objects in SQL, for whoever stores and reads them.
#include <soci/soci.h>
#include <sodium.h>

#include <algorithm>
#include <unordered_set>

#include "server/fault_points.hpp"
#include "server/stores/sqlite_object_rows.hpp"
#include "server/stores/sqlite_tables.hpp"

namespace berth::server {
namespace {

using protocol::ObjectId;
using soci::into;
using soci::use;

Result<void> refuse_over_limit(soci::session& sql, const std::string& owner,
                               const std::vector<NewPack>& packs, std::uint64_t limit) {
  if (limit == 0) return {};
  long long used = 0;
  sql << "SELECT COALESCE(SUM(size), 0) FROM packs WHERE owner = :owner AND doomed = 0", use(owner),
      into(used);
  std::uint64_t wanted = static_cast<std::uint64_t>(used);
  for (const auto& pack : packs) wanted += pack.size;
  if (wanted > limit)
    return failure(ErrorCode::limit_exceeded, "The account's stored versions would take more than they may.");
  return {};
}

/// Inserts the rows of one pack's objects; gives how many of them the pack now holds.
long long insert_objects(soci::session& sql, const std::string& owner, long long number, const NewPack& pack,
                         long long now) {
  ObjectRow row;
  row.owner = owner;
  row.pack = number;
  row.touched = now;
  soci::statement insert =
      (sql.prepare << "INSERT INTO objects (owner, id, pack, place, length, size, touched, refers, whole) "
                      "VALUES (:owner, :id, :pack, :place, :length, :size, :touched, :refers, 1) "
                      "ON CONFLICT (owner, id) DO UPDATE SET touched = excluded.touched, whole = 1, "
                      "pack = CASE whole WHEN 0 THEN excluded.pack ELSE pack END, "
                      "place = CASE whole WHEN 0 THEN excluded.place ELSE place END, "
                      "length = CASE whole WHEN 0 THEN excluded.length ELSE length END, "
                      "size = CASE whole WHEN 0 THEN excluded.size ELSE size END",
       use(row.owner), use(row.id), use(row.pack), use(row.place), use(row.length), use(row.size),
       use(row.touched), use(row.refers));
  for (const auto& object : pack.objects) {
    row.set(object);
    insert.execute(true);
  }
  long long held = 0;
  sql << "SELECT COUNT(*) FROM objects WHERE pack = :pack", use(number), into(held);
  return held;
}

}  // namespace

long long insert_pack(soci::session& sql, const std::string& owner, const NewPack& pack, long long now) {
  long long number = 0;
  randombytes_buf(&number, sizeof number);
  number &= 0x7fffffffffffffff;
  const long long size = static_cast<long long>(pack.size), in_use = 0;
  sql << "INSERT INTO packs (number, owner, name, size, created, doomed) VALUES (:number, :owner, :name, "
         ":size, :created, :doomed)",
      use(number), use(owner), use(pack.name), use(size), use(now), use(in_use);
  return number;
}

Result<std::vector<ObjectPlace>> SqliteObjects::find(const std::string& owner,
                                                     const std::vector<ObjectId>& ids) {
  return database_.read<std::vector<ObjectPlace>>([&](soci::session& sql)
                                                      -> Result<std::vector<ObjectPlace>> {
    std::vector<ObjectPlace> places;
    places.reserve(ids.size());
    std::unordered_set<ObjectId> asked;
    ObjectRow row;
    row.owner = owner;
    int whole = 0;
    std::string pack;
    soci::statement select =
        (sql.prepare << "SELECT o.place, o.length, o.size, o.touched, o.refers, o.whole, p.name FROM "
                        "objects o JOIN packs p ON p.number = o.pack WHERE o.owner = :owner AND o.id = :id",
         use(row.owner), use(row.id), into(row.place), into(row.length), into(row.size), into(row.touched),
         into(row.refers), into(whole), into(pack));
    for (const auto& id : ids) {
      if (!asked.insert(id).second) continue;
      row.id = id.hex();
      select.execute();
      if (select.fetch()) places.push_back({row.object(id), pack, row.touched, whole != 0});
    }
    return places;
  });
}

Result<std::vector<ObjectId>> SqliteObjects::touch(const std::string& owner, const std::vector<ObjectId>& ids,
                                                   std::int64_t now) {
  return database_.transaction<std::vector<ObjectId>>(
      [&](soci::session& sql) -> Result<std::vector<ObjectId>> {
        std::vector<ObjectId> gone;
        std::string id;
        const long long time = now;
        soci::statement update =
            (sql.prepare << "UPDATE objects SET touched = :touched WHERE owner = :owner AND id = :id",
             use(time), use(owner), use(id));
        for (const auto& one : ids) {
          id = one.hex();
          update.execute(true);
          if (update.get_affected_rows() == 0) gone.push_back(one);
        }
        return gone;
      });
}

Result<std::vector<std::string>> SqliteObjects::insert(const std::string& owner,
                                                       const std::vector<NewPack>& packs, std::int64_t now,
                                                       std::uint64_t limit) {
  return database_.transaction<std::vector<std::string>>(
      [&](soci::session& sql) -> Result<std::vector<std::string>> {
        if (auto room = refuse_over_limit(sql, owner, packs, limit); !room)
          return std::unexpected(room.error());
        std::vector<std::string> superfluous;
        for (const auto& pack : packs) {
          const auto number = insert_pack(sql, owner, pack, now);
          if (insert_objects(sql, owner, number, pack, now) > 0) continue;
          sql << "DELETE FROM packs WHERE number = :number", use(number);
          superfluous.push_back(pack.name);
        }
        fault_point("index.insert");
        return superfluous;
      });
}

Result<void> SqliteObjects::lose(const std::string& owner, const std::vector<ObjectId>& ids) {
  return database_.transaction<void>([&](soci::session& sql) -> Result<void> {
    std::string id;
    soci::statement remove =
        (sql.prepare << "DELETE FROM objects WHERE owner = :owner AND id = :id", use(owner), use(id));
    for (const auto& one : ids) {
      id = one.hex();
      remove.execute(true);
    }
    if (!ids.empty()) sql << "UPDATE objects SET whole = 0 WHERE owner = :owner AND refers = 1", use(owner);
    return {};
  });
}

Result<std::size_t> SqliteObjects::doubt(const std::string& owner, const std::vector<ObjectId>& ids) {
  return database_.transaction<std::size_t>([&](soci::session& sql) -> Result<std::size_t> {
    std::string id;
    soci::statement mark =
        (sql.prepare << "UPDATE objects SET whole = 0 WHERE owner = :owner AND id = :id AND whole = 1",
         use(owner), use(id));
    std::size_t believed = 0;
    for (const auto& one : ids) {
      id = one.hex();
      mark.execute(true);
      believed += static_cast<std::size_t>(mark.get_affected_rows());
    }
    if (believed > 0) sql << "UPDATE objects SET whole = 0 WHERE owner = :owner AND refers = 1", use(owner);
    return believed;
  });
}

Result<std::size_t> SqliteObjects::trust(const std::string& owner, const std::vector<ReadObject>& objects) {
  return database_.transaction<std::size_t>([&](soci::session& sql) -> Result<std::size_t> {
    std::string id;
    int whole = 0;
    soci::statement look =
        (sql.prepare << "SELECT COUNT(*) FROM objects WHERE owner = :owner AND id = :id AND whole = 1",
         use(owner), use(id), into(whole));
    soci::statement mark =
        (sql.prepare << "UPDATE objects SET whole = 1 WHERE owner = :owner AND id = :id AND whole = 0",
         use(owner), use(id));
    std::unordered_set<ObjectId> known;  // to be whole
    const auto is_whole = [&](const ObjectId& one) {
      if (known.contains(one)) return true;
      id = one.hex();
      look.execute(true);
      if (whole != 0) known.insert(one);
      return whole != 0;
    };
    std::vector<const ReadObject*> open;
    for (const auto& object : objects) open.push_back(&object);
    std::size_t trusted = 0;
    const auto settles = [&](const ReadObject* object) {
      if (!std::ranges::all_of(object->names, is_whole)) return false;
      id = object->id.hex();
      mark.execute(true);
      trusted += static_cast<std::size_t>(mark.get_affected_rows());
      return true;
    };
    while (std::erase_if(open, settles) > 0) {
    }
    return trusted;
  });
}

Result<std::uint64_t> SqliteObjects::used(const std::string& owner) {
  return database_.read<std::uint64_t>([&](soci::session& sql) -> Result<std::uint64_t> {
    long long used = 0;
    sql << "SELECT COALESCE(SUM(size), 0) FROM packs WHERE owner = :owner AND doomed = 0", use(owner),
        into(used);
    return static_cast<std::uint64_t>(used);
  });
}

}  // namespace berth::server
