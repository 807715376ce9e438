// SPDX-License-Identifier: GPL-3.0-or-later
// Objects in SQL, for whoever stores and reads them.
#include <sodium.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "server/fault_points.hpp"
#include "server/stores/sql_groups.hpp"
#include "server/stores/sql_object_rows.hpp"
#include "server/stores/sql_tables.hpp"

namespace berth::server {
namespace {

using protocol::ObjectId;
using soci::into;
using soci::use;

Result<void> refuse_over_limit(SqlSession& sql, const std::string& owner, const std::vector<NewPack>& packs,
                               std::uint64_t limit) {
  if (limit == 0) return {};
  long long used = 0;
  sql.run("SELECT COALESCE(SUM(size), 0) FROM packs WHERE owner = :owner AND doomed = 0", use(owner),
          into(used));
  std::uint64_t wanted = static_cast<std::uint64_t>(used);
  for (const auto& pack : packs) wanted += pack.size;
  if (wanted > limit)
    return failure(ErrorCode::limit_exceeded, "The account's stored versions would take more than they may.");
  return {};
}

/// Variables of one row in a statement that inserts many.
struct ObjectSlot {
  std::string id;  // hexadecimal
  long long place = 0, length = 0, size = 0;
  int refers = 0;
};

std::string insert_query(std::size_t rows) {
  std::string query =
      "INSERT INTO objects (owner, pack, touched, whole, id, place, length, size, refers) VALUES ";
  for (std::size_t i = 0; i < rows; ++i) {
    const auto n = std::to_string(i);
    query += (i ? ", (" : "(") + (":owner" + n) + ", :pack" + n + ", :touched" + n + ", 1, :id" + n +
             ", :place" + n + ", :length" + n + ", :size" + n + ", :refers" + n + ")";
  }
  return query +
         " ON CONFLICT (owner, id) DO UPDATE SET touched = excluded.touched, whole = 1, "
         "pack = CASE objects.whole WHEN 0 THEN excluded.pack ELSE objects.pack END, "
         "place = CASE objects.whole WHEN 0 THEN excluded.place ELSE objects.place END, "
         "length = CASE objects.whole WHEN 0 THEN excluded.length ELSE objects.length END, "
         "size = CASE objects.whole WHEN 0 THEN excluded.size ELSE objects.size END";
}

/// Inserts the rows of one pack's objects; gives how many of them the pack now holds.
long long insert_objects(SqlSession& sql, const std::string& owner, long long number, const NewPack& pack,
                         long long now) {
  std::vector<const PackedObject*> objects;  // each once: a statement may not meet a row twice
  std::unordered_set<ObjectId> met;
  for (const auto& object : pack.objects)
    if (met.insert(object.id).second) objects.push_back(&object);
  for (std::size_t done = 0; done < objects.size();) {
    const auto left = objects.size() - done;
    const std::size_t rows = left >= 64 ? 64 : left >= 8 ? 8 : 1;
    std::vector<ObjectSlot> slots(rows);
    auto insert = sql.prepare(insert_query(rows));
    for (auto& slot : slots) {
      insert.bind(use(owner));
      insert.bind(use(number));
      insert.bind(use(now));
      insert.bind(use(slot.id));
      insert.bind(use(slot.place));
      insert.bind(use(slot.length));
      insert.bind(use(slot.size));
      insert.bind(use(slot.refers));
    }
    for (; objects.size() - done >= rows; done += rows) {
      for (std::size_t i = 0; i < rows; ++i) {
        const auto& object = *objects[done + i];
        slots[i] = {object.id.hex(), static_cast<long long>(object.offset), object.length, object.size,
                    object.refers ? 1 : 0};
      }
      insert.execute();
    }
  }
  long long held = 0;
  sql.run("SELECT COUNT(*) FROM objects WHERE pack = :pack", use(number), into(held));
  return held;
}

}  // namespace

long long insert_pack(SqlSession& sql, const std::string& owner, const NewPack& pack, long long now) {
  long long number = 0;
  randombytes_buf(&number, sizeof number);
  number &= 0x7fffffffffffffff;
  const long long size = static_cast<long long>(pack.size), in_use = 0;
  sql.run(
      "INSERT INTO packs (number, owner, name, size, created, doomed) VALUES (:number, :owner, :name, "
      ":size, :created, :doomed)",
      use(number), use(owner), use(pack.name), use(size), use(now), use(in_use));
  return number;
}

Result<std::vector<ObjectPlace>> SqlObjects::find(const std::string& owner,
                                                  const std::vector<ObjectId>& ids) {
  return database_.read<std::vector<ObjectPlace>>([&](SqlSession& sql) -> Result<std::vector<ObjectPlace>> {
    std::unordered_map<std::string, ObjectId> asked;
    std::vector<ObjectId> once;
    for (const auto& id : ids)
      if (asked.try_emplace(id.hex(), id).second) once.push_back(id);
    std::vector<ObjectPlace> places;
    places.reserve(once.size());
    ObjectRow row;
    int whole = 0;
    std::string pack;
    IdGroups groups(once);
    auto select = sql.prepare(
        "SELECT o.id, o.place, o.length, o.size, o.touched, o.refers, o.whole, p.name FROM objects o "
        "JOIN packs p ON p.number = o.pack WHERE o.owner = :owner AND o.id IN (" +
            groups.placeholders() + ")",
        use(owner), into(row.id), into(row.place), into(row.length), into(row.size), into(row.touched),
        into(row.refers), into(whole), into(pack));
    groups.bind(select);
    groups.each([&](std::size_t, std::size_t) {
      select.start();
      while (select.fetch()) places.push_back({row.object(asked.at(row.id)), pack, row.touched, whole != 0});
    });
    return places;
  });
}

Result<std::vector<ObjectId>> SqlObjects::touch(const std::string& owner, const std::vector<ObjectId>& ids,
                                                std::int64_t now) {
  return database_.transaction<std::vector<ObjectId>>([&](SqlSession& sql) -> Result<std::vector<ObjectId>> {
    std::unordered_set<std::string> there;
    std::string id;
    const long long time = now;
    IdGroups groups(ids);
    auto update = sql.prepare("UPDATE objects SET touched = :touched WHERE owner = :owner AND id IN (" +
                                  groups.placeholders() + ") RETURNING id",
                              use(time), use(owner), into(id));
    groups.bind(update);
    groups.each([&](std::size_t, std::size_t) {
      update.start();
      while (update.fetch()) there.insert(id);
    });
    std::vector<ObjectId> gone;
    for (const auto& one : ids)
      if (!there.contains(one.hex())) gone.push_back(one);
    return gone;
  });
}

Result<std::vector<std::string>> SqlObjects::insert(const std::string& owner,
                                                    const std::vector<NewPack>& packs, std::int64_t now,
                                                    std::uint64_t limit) {
  return database_.transaction<std::vector<std::string>>(
      [&](SqlSession& sql) -> Result<std::vector<std::string>> {
        if (auto room = refuse_over_limit(sql, owner, packs, limit); !room)
          return std::unexpected(room.error());
        std::vector<std::string> superfluous;
        for (const auto& pack : packs) {
          const auto number = insert_pack(sql, owner, pack, now);
          if (insert_objects(sql, owner, number, pack, now) > 0) continue;
          sql.run("DELETE FROM packs WHERE number = :number", use(number));
          superfluous.push_back(pack.name);
        }
        fault_point("index.insert");
        return superfluous;
      });
}

Result<void> SqlObjects::lose(const std::string& owner, const std::vector<ObjectId>& ids) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    if (ids.empty()) return {};
    IdGroups groups(ids);
    auto remove = sql.prepare(
        "DELETE FROM objects WHERE owner = :owner AND id IN (" + groups.placeholders() + ")", use(owner));
    groups.bind(remove);
    groups.each([&](std::size_t, std::size_t) { remove.execute(); });
    sql.run("UPDATE objects SET whole = 0 WHERE owner = :owner AND refers = 1", use(owner));
    return {};
  });
}

Result<std::size_t> SqlObjects::doubt(const std::string& owner, const std::vector<ObjectId>& ids) {
  return database_.transaction<std::size_t>([&](SqlSession& sql) -> Result<std::size_t> {
    std::size_t believed = 0;
    IdGroups groups(ids);
    auto mark = sql.prepare("UPDATE objects SET whole = 0 WHERE owner = :owner AND whole = 1 AND id IN (" +
                                groups.placeholders() + ")",
                            use(owner));
    groups.bind(mark);
    groups.each([&](std::size_t, std::size_t) {
      mark.execute();
      believed += static_cast<std::size_t>(mark.affected());
    });
    if (believed > 0) sql.run("UPDATE objects SET whole = 0 WHERE owner = :owner AND refers = 1", use(owner));
    return believed;
  });
}

Result<std::size_t> SqlObjects::trust(const std::string& owner, const std::vector<ReadObject>& objects) {
  return database_.transaction<std::size_t>([&](SqlSession& sql) -> Result<std::size_t> {
    std::string id;
    int whole = 0;
    auto look = sql.prepare("SELECT COUNT(*) FROM objects WHERE owner = :owner AND id = :id AND whole = 1",
                            use(owner), use(id), into(whole));
    auto mark = sql.prepare("UPDATE objects SET whole = 1 WHERE owner = :owner AND id = :id AND whole = 0",
                            use(owner), use(id));
    std::unordered_set<ObjectId> known;  // to be whole
    const auto is_whole = [&](const ObjectId& one) {
      if (known.contains(one)) return true;
      id = one.hex();
      look.execute();
      if (whole != 0) known.insert(one);
      return whole != 0;
    };
    std::vector<const ReadObject*> open;
    for (const auto& object : objects) open.push_back(&object);
    std::size_t trusted = 0;
    const auto settles = [&](const ReadObject* object) {
      if (!std::ranges::all_of(object->names, is_whole)) return false;
      id = object->id.hex();
      mark.execute();
      trusted += static_cast<std::size_t>(mark.affected());
      return true;
    };
    while (std::erase_if(open, settles) > 0) {
    }
    return trusted;
  });
}

Result<std::uint64_t> SqlObjects::used(const std::string& owner) {
  return database_.read<std::uint64_t>([&](SqlSession& sql) -> Result<std::uint64_t> {
    long long used = 0;
    sql.run("SELECT COALESCE(SUM(size), 0) FROM packs WHERE owner = :owner AND doomed = 0", use(owner),
            into(used));
    return static_cast<std::uint64_t>(used);
  });
}

}  // namespace berth::server
